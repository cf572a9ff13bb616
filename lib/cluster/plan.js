'use strict';

/**
 * Where a command goes in a cluster: to the node of its keys' slot, to several of them in parts, or, without keys, where
 * Redis' command tips say. The tips stand in the one command table; here is only what they leave open.
 */

const { textOf } = require('../commands');
const { ReplyError, commandInfo } = require('../errors');
const { crossing } = require('./crossing');
const joins = require('./joins');
const { slotOf } = require('./key-slot');

/** @typedef {import('../commands').Command} Command */
/** @typedef {ReadonlyArray<string | number | Uint8Array>} Args prepared */

/** No slot: any master will do. */
const ANY = -1;

/** A plan for SCAN, whose cursor says where it goes. */
const SCAN = Symbol('scan');

/**
 * Part of a command: some of its keys, which are in one slot.
 *
 * @typedef {{ slot: number, args: Array<string | number | Uint8Array>, positions: number[] }} Part `positions` of its keys
 *   among the keys of the whole command
 *
 * @typedef {{ parts: Part[], join: joins.Join }} Split
 * @typedef {{ nodes: 'all' | 'master', join: joins.Join }} Spread
 */

/** @type {Record<string, Spread | typeof ANY | typeof SCAN>} Where tips say nothing, or a caller expects one reply. */
const ROUTES = {
  scan: SCAN,
  // Of one node, as users of ioredis know it: `nodes()` has the others.
  info: ANY,
  ping: ANY,
  randomkey: { nodes: 'master', join: joins.firstNonEmpty },
  // Which of them knows of a subscriber is up to the clients.
  'pubsub channels': { nodes: 'all', join: joins.union },
  'pubsub shardchannels': { nodes: 'all', join: joins.union },
  'pubsub numpat': { nodes: 'all', join: joins.sum },
  'pubsub numsub': { nodes: 'all', join: joins.sumOfCounts },
  'pubsub shardnumsub': { nodes: 'all', join: joins.sumOfCounts },
};

const SORTS = new Set(['sort', 'sort_ro']);

/** @type {Record<string, Spread['nodes']>} by `requestPolicy` */
const NODES = { all_nodes: 'all', all_shards: 'master' };

/** @type {Record<string, joins.Join>} by `responsePolicy` */
const JOINS = {
  one_succeeded: joins.oneSucceeded,
  all_succeeded: joins.first,
  agg_logical_and: joins.and,
  agg_min: joins.min,
  agg_sum: joins.sum,
};

/**
 * @param {Command} command
 * @param {Args} args
 * @returns {number | Split | Spread | typeof SCAN} a slot, or ANY
 * @throws {import('../errors').UnifiedRedisError} CROSSSLOT
 */
function planOf(command, args) {
  const positions = keyPositions(command, args);
  if (positions.length === 0) return keylessPlan(command, args);
  const slot = slotOf(args[positions[0]]);
  for (let index = 1; index < positions.length; index++) {
    if (slotOf(args[positions[index]]) !== slot) return crossingPlan(command, args, positions);
  }
  return slot;
}

/**
 * The keys of one call that decide where it goes.
 *
 * @param {Command} command
 * @param {Args} args
 * @returns {number[]}
 */
function keyPositions(command, args) {
  // What the table does not have, most of it of modules, has its key first. Where it has none, any node is as good.
  if (!command.isKnown) return args.length > 0 ? [0] : [];
  const positions = command.keys(args).filter((at) => at < args.length);
  if (!SORTS.has(command.lower)) return positions;
  // The others are patterns, of keys that the server looks up by itself.
  return positions.filter((at) => at === 0 || String(args[at - 1]).toUpperCase() === 'STORE');
}

/**
 * The keys of one call that have to be in one slot. Empty where that is not known.
 *
 * @param {Command} command
 * @param {Args} args
 */
function keysOf(command, args) {
  return command.isKnown ? keyPositions(command, args).map((at) => args[at]) : [];
}

/**
 * @param {Command} command
 * @param {Args} args
 * @param {number[]} positions
 * @returns {Split}
 */
function crossingPlan(command, args, positions) {
  const { step, requestPolicy, responsePolicy } = command.entry;
  // MSETEX has the policy too, but its condition is one for all keys.
  if (requestPolicy !== 'multi_shard' || command.entry.keyStart !== 1) {
    const keys = positions.map((at) => args[at]);
    throw crossing(command.name.toUpperCase(), keys, commandInfo(command.name, args));
  }
  // A key without a value. The server would complain of the slots first, and one key less would be fine.
  if (args.length % step !== 0) {
    const message = `ERR wrong number of arguments for '${command.lower}' command`;
    throw new ReplyError(message, commandInfo(command.name, args));
  }
  const parts = partsOf(args, step);
  const join = responsePolicy === undefined ? joins.inOrder(parts) : JOINS[responsePolicy];
  return { parts, join };
}

/**
 * @param {Args} args
 * @param {number} step how many arguments there are to a key
 * @returns {Part[]} by the first key of each
 */
function partsOf(args, step) {
  /** @type {Map<number, Part>} */
  const parts = new Map();
  for (let at = 0; at < args.length; at += step) {
    const slot = slotOf(args[at]);
    let part = parts.get(slot);
    if (part === undefined) parts.set(slot, (part = { slot, args: [], positions: [] }));
    for (let index = at; index < at + step; index++) part.args.push(args[index]);
    part.positions.push(at / step);
  }
  return [...parts.values()];
}

/**
 * @param {Command} command
 * @param {Args} args
 * @returns {typeof ANY | Spread | typeof SCAN}
 */
function keylessPlan(command, args) {
  const entry = command.entryOf(args);
  const name = entry === command.entry ? command.lower : `${command.lower} ${textOf(args[0]).toLowerCase()}`;
  if (Object.hasOwn(ROUTES, name)) return ROUTES[name];
  const { requestPolicy = '', responsePolicy } = entry;
  const nodes = NODES[requestPolicy];
  if (nodes === undefined || responsePolicy === 'special') return ANY;
  return { nodes, join: responsePolicy === undefined ? joins.concat : JOINS[responsePolicy] };
}

module.exports = { planOf, keysOf, ANY, SCAN };
