'use strict';

/**
 * How the commands of a handle reach the nodes of a cluster. The native side sends a request with a slot to the node that
 * has it, and follows it when the slot moves; what one request cannot do is done here.
 */

const { setTimeout: startTimer } = require('node:timers');
const bridge = require('../../bridge');
const { joined } = require('../../cluster/joins');
const { ANY, SCAN, keysOf, planOf } = require('../../cluster/plan');
const { nextCursor, parseCursor } = require('../../cluster/scan-cursor');
const { onlySlot } = require('../../cluster/crossing');
const { slotOf } = require('../../cluster/key-slot');
const { lowestSlot, mastersWithSlots, nodesOf, nodesOfSlot } = require('../../cluster/topology');
const { command: commandNamed, FLAGS, SLOT_SHIFT } = require('../../commands');
const { chosenNode } = require('./nodes');

/** @typedef {import('../../commands').Command} Command */
/** @typedef {Pick<import('../sender').Sender, 'view' | 'options' | 'sendTo'>} Sender what is needed of one */
/** @typedef {ReadonlyArray<string | number | Uint8Array>} Args prepared */

/**
 * Where a request goes.
 *
 * @typedef {object} Place
 * @property {number} flags what the request says of it
 * @property {number} slot the hash slot, or ANY
 * @property {number | undefined} link of one node; undefined for the link of the handle's purpose
 * @property {boolean} isShared whether it goes there even where it may wait on the server, and not on a lane
 */

/** @type {Place} Any master; all there is where there is no cluster. */
const ANYWHERE = Object.freeze({ flags: 0, slot: ANY, link: undefined, isShared: false });

const EXISTS = commandNamed('exists');

/** How often a call follows its slot to another node. */
const MAX_MOVES = 16;

/** Between two attempts to find a slot that is on its way, ms. */
const MAX_PAUSE = 500;

/**
 * What the flags of a request say of its slot.
 *
 * @param {number} slot or ANY
 */
function slotFlags(slot) {
  return slot === ANY ? 0 : FLAGS.KEYED | (slot << SLOT_SHIFT);
}

/**
 * Sends a command to where it belongs.
 *
 * @param {Sender} sender
 * @param {Command} command
 * @param {Args} args
 * @param {number} flags all but the slot's
 * @returns {Promise<any>}
 * @throws {import('../../errors').UnifiedRedisError} CROSSSLOT, and nothing was sent
 */
function route(sender, command, args, flags) {
  const plan = planOf(command, args);
  if (typeof plan === 'number') return sendToSlot(sender, plan, command, args, flags, command.replyTransformer);
  if (plan === SCAN) return scan(sender, command, args, flags);
  const replies =
    'parts' in plan
      ? plan.parts.map((part) => sendToSlot(sender, part.slot, command, part.args, flags, undefined))
      : placesOf(sender, plan.nodes).map((place) => sender.sendTo(place, command, args, flags, undefined));
  return join(replies, plan.join, command, flags);
}

/**
 * The same for a command of a pipeline.
 *
 * @param {import('../sender').Sender} sender
 * @param {import('../pipelines/entry').Entry} entry
 * @param {number} flags
 */
function routeEntry(sender, entry, flags) {
  const { command, args } = entry;
  try {
    const plan = planOf(command, args);
    if (typeof plan === 'number' && !choosesNodes(sender)) {
      sender.sendEntries([entry], entry, flags | slotFlags(plan));
      return;
    }
    route(sender, command, args, flags).then(entry.resolve.bind(entry), entry.reject.bind(entry));
  } catch (error) {
    entry.reject(/** @type {Error} */ (error));
  }
}

/**
 * The slot of a transaction, which there must be only one of.
 *
 * @param {ReadonlyArray<{ command: Command, args: Args }>} entries
 * @param {ReadonlyArray<string | number | Uint8Array>} watched keys that it depends on
 * @returns {number} ANY where it has no keys
 * @throws {import('../../errors').UnifiedRedisError} CROSSSLOT
 */
function slotOfTransaction(entries, watched) {
  const keys = [...watched, ...entries.flatMap(({ command, args }) => keysOf(command, args))];
  if (keys.length > 0) return onlySlot('the transaction', keys);
  const unknown = entries.find(({ command, args }) => !command.isKnown && args.length > 0);
  return unknown === undefined ? ANY : slotOf(unknown.args[0]);
}

/**
 * Has the native side learn who has a slot now. A connection to one node only tells that it is not that one any more; what
 * is routed goes where that points to. While a slot is on its way that changes nothing, so it takes longer each time.
 *
 * @param {Sender} sender
 * @param {string | number | Uint8Array} key
 * @param {number} before how often that was done for the same command
 */
async function relearn(sender, key, before) {
  const pause = Math.min(10 * 2 ** before, MAX_PAUSE);
  if (before > 0) await new Promise((resolve) => startTimer(resolve, pause));
  const place = { ...ANYWHERE, slot: slotOf(key), flags: slotFlags(slotOf(key)) };
  await sender.sendTo(place, EXISTS, [key], 0, undefined).catch(() => {});
}

/**
 * Runs a call on a connection to the node of a slot, and runs it again where the slot has moved to another one.
 *
 * @template T
 * @param {import('../sender').Sender} sender
 * @param {() => string | number | Uint8Array} key of the slot
 * @param {() => Promise<T>} call
 * @param {() => boolean} [mayFollow] asked after it was redirected
 * @returns {Promise<T>}
 */
async function followSlot(sender, key, call, mayFollow = () => true) {
  for (let moves = 0; ; moves++) {
    try {
      return await call();
    } catch (error) {
      if (!isRedirection(error) || !sender.isRouted || !mayFollow() || moves === MAX_MOVES) throw error;
      await relearn(sender, key(), moves);
      // The handle may have ended meanwhile.
      if (!sender.isOpen) throw sender.refusal();
    }
  }
}

/**
 * Whether the server has not done anything but say that another node has the slot.
 *
 * @param {any} error
 */
function isRedirection(error) {
  return error?.code === 'MOVED' || error?.code === 'ASK';
}

/**
 * Sends a request to the node of a slot.
 *
 * @param {Sender} sender
 * @param {number} slot or ANY
 * @param {Command} command
 * @param {Args} args
 * @param {number} flags
 * @param {((reply: any) => unknown) | undefined} transform
 * @returns {Promise<any>}
 */
function sendToSlot(sender, slot, command, args, flags, transform) {
  const place = slot === ANY ? ANYWHERE : { ...ANYWHERE, slot, flags: slotFlags(slot) };
  const mayChoose = slot !== ANY && (flags & (FLAGS.READONLY | FLAGS.BLOCKING)) === FLAGS.READONLY;
  const link = mayChoose && choosesNodes(sender) ? chosenNode(sender, nodesOfSlot(slot), command, args) : undefined;
  if (link === undefined) return sender.sendTo(place, command, args, flags, transform);
  // The choice was made by what is known here. Where that is out of date, the master has the answer.
  return sender
    .sendTo({ ...ANYWHERE, link }, command, args, flags, transform)
    .catch((error) =>
      isRedirection(error) || error.retryable === true
        ? sender.sendTo(place, command, args, flags, transform)
        : Promise.reject(error),
    );
}

/** @param {Sender} sender */
function choosesNodes(sender) {
  return typeof sender.options().scaleReads === 'function';
}

/**
 * @param {Sender} sender
 * @param {'all' | 'master'} which
 * @returns {Place[]} at least one
 */
function placesOf(sender, which) {
  const places = which === 'all' ? nodesOf('all') : mastersWithSlots();
  return places.length === 0 ? [ANYWHERE] : places.flatMap((node) => placeOf(sender, node));
}

/**
 * A master is found by its slots, also after a failover that nobody here knows of yet.
 *
 * @param {Sender} sender
 * @param {import('../../cluster/topology').Node} node
 * @returns {Place[]} none for a node that is gone
 */
function placeOf(sender, node) {
  if (node.role === 'master' && node.slots.length > 0) {
    const slot = lowestSlot(node);
    return [{ flags: slotFlags(slot), slot, link: undefined, isShared: true }];
  }
  const link = bridge.nodeLink(sender.view.commandLink, node.address);
  return link < 0 ? [] : [{ ...ANYWHERE, link, isShared: true }];
}

/**
 * @param {Promise<any>[]} replies
 * @param {import('../../cluster/joins').Join} how
 * @param {Command} command
 * @param {number} flags
 */
async function join(replies, how, command, flags) {
  const outcomes = await Promise.allSettled(replies);
  const reply = joined(outcomes, how, (flags & FLAGS.READONLY) === 0);
  return command.replyTransformer === undefined ? reply : command.replyTransformer(reply);
}

/**
 * SCAN over all masters, one after the other.
 *
 * @param {Sender} sender
 * @param {Command} command
 * @param {Args} args
 * @param {number} flags
 * @returns {Promise<any>}
 */
async function scan(sender, command, args, flags) {
  const [given = '', ...options] = args;
  const from = parseCursor(given);
  const masters = mastersWithSlots();
  // What is no cursor, the server says.
  if (from === undefined || masters.length === 0) return sender.sendTo(ANYWHERE, command, args, flags, undefined);
  // Slots that nobody has are passed over.
  const isCovered = nodesOfSlot(from.slot).length > 0;
  const slot = isCovered ? from.slot : lowestAfter(from.slot);
  const transform = command.replyTransformer ?? ((/** @type {any} */ reply) => reply);
  if (slot === undefined) return transform([asText('0', flags), []]);
  const place = { ...ANYWHERE, slot, flags: slotFlags(slot) };
  // Not as something that may be sent again, or to a replica: a cursor means nothing on another node.
  const [cursor, elements] = await sender.sendTo(
    place,
    command,
    [isCovered ? from.cursor : '0', ...options],
    flags & ~FLAGS.READONLY,
    undefined,
  );
  return transform([asText(nextCursor(slot, String(cursor), lowestAfter(slot)), flags), elements]);
}

/** @param {number} slot */
function lowestAfter(slot) {
  return mastersWithSlots()
    .map(lowestSlot)
    .find((lowest) => lowest > slot);
}

/**
 * @param {string} text
 * @param {number} flags
 */
function asText(text, flags) {
  return flags & FLAGS.BUFFERS ? Buffer.from(text) : text;
}

module.exports = {
  route,
  routeEntry,
  sendToSlot,
  slotOfTransaction,
  slotFlags,
  followSlot,
  isRedirection,
  ANYWHERE,
};
