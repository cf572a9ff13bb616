'use strict';

/**
 * Subscriptions of handles. The native side subscribes this JavaScript environment once to a name; which handles want
 * it is counted here.
 */

const { isUtf8 } = require('node:buffer');
const bridge = require('../../bridge');
const { UnifiedRedisError } = require('../../errors');
const { bytesOf } = require('../commands/arguments');
const { ledger } = require('../ledger');
const { isDeclared, linkView, SUBSCRIBER } = require('../link-view');
const { NodeView } = require('../cluster/nodes');

/** Kinds of subscriptions, as the native side numbers them. */
const CHANNEL = 0;
const PATTERN = 1;
const SHARD = 2;

/** Begins the keys of names that are not UTF-8. */
const NOT_UTF8 = '\ud800';

/**
 * A name that somebody is subscribed to.
 *
 * @typedef {object} Wanted
 * @property {Uint8Array} name
 * @property {Set<Subscriptions>} subscribers
 * @property {Promise<void> | undefined} asked what the native side was asked for and has not acknowledged yet
 */

/** @type {Array<Map<string, Wanted>>} by kind, then by name */
const wanted = [new Map(), new Map(), new Map()];

/** @typedef {(kind: number, channel: string | Buffer, payload: string | Buffer, pattern?: string | Buffer) => void} Deliver */

/**
 * For how long messages may have been lost, and how many they were where that is known (else 0).
 *
 * @typedef {{ durationMs: number, dropped: number }} Gap
 */

/** The subscriptions of one handle. */
class Subscriptions {
  /** @type {Array<Set<string>>} by kind */
  #names = [new Set(), new Set(), new Set()];

  /**
   * @param {string} purpose of the handle
   * @param {Deliver} deliver called for each message
   * @param {(gap: Gap) => void} onGap called when messages may have been lost
   */
  constructor(purpose, deliver, onGap) {
    this.purpose = purpose;
    this.deliver = deliver;
    this.onGap = onGap;
  }

  /**
   * @param {number} kind
   * @param {ReadonlyArray<string | number | Uint8Array>} names
   * @returns {Promise<number>} how many this handle has then, counted as the server counts those of a connection;
   *   settled once the server has acknowledged
   */
  async subscribe(kind, names) {
    if (!isDeclared(SUBSCRIBER)) throw bridge.isInitialized() ? undeclared() : linkView(SUBSCRIBER).refusal();
    const acknowledgements = names.map((name) => this.#add(kind, name));
    const count = this.#count(kind);
    const outcomes = await Promise.allSettled(acknowledgements);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return count;
  }

  /**
   * @param {number} kind
   * @param {ReadonlyArray<string | number | Uint8Array>} names none: all of that kind
   * @returns {Promise<number>} how many are left
   */
  async unsubscribe(kind, names) {
    const gone = names.length > 0 ? names.map(keyOf) : [...this.#names[kind]];
    const acknowledgements = gone.map((name) => this.#remove(kind, name));
    const count = this.#count(kind);
    await Promise.all(acknowledgements);
    return count;
  }

  /** Ends all of them, with nobody waiting. */
  clear() {
    for (const kind of [CHANNEL, PATTERN, SHARD]) this.unsubscribe(kind, []).catch(() => {});
  }

  /** The links were closed, and the subscriptions with them. */
  forget() {
    for (const names of this.#names) names.clear();
    ledger.strike(this);
  }

  /** @param {number} kind */
  #count(kind) {
    const [channels, patterns, shards] = this.#names;
    return kind === SHARD ? shards.size : channels.size + patterns.size;
  }

  /**
   * @param {number} kind
   * @param {string | number | Uint8Array} name
   * @returns {Promise<void>}
   */
  #add(kind, name) {
    const key = keyOf(name);
    this.#names[kind].add(key);
    ledger.enter(this, { ...inLedger(kind, key), purpose: this.purpose });
    const entry = wanted[kind].get(key) ?? want(kind, key, name);
    entry.subscribers.add(this);
    // Asked for again although it was acknowledged: whether it still stands, only the native side knows.
    entry.asked ??= ask(kind, key, entry);
    return entry.asked;
  }

  /**
   * @param {number} kind
   * @param {string} key
   * @returns {Promise<void> | undefined}
   */
  #remove(kind, key) {
    if (!this.#names[kind].delete(key)) return undefined;
    ledger.strike(this, inLedger(kind, key));
    const entry = wanted[kind].get(key);
    if (entry === undefined) return undefined;
    entry.subscribers.delete(this);
    if (entry.subscribers.size > 0) return undefined;
    wanted[kind].delete(key);
    return bridge.unsubscribe(kind, entry.name);
  }

  /**
   * @param {number} kind
   * @param {string} key
   */
  lose(kind, key) {
    this.#names[kind].delete(key);
    ledger.strike(this, inLedger(kind, key));
  }
}

/**
 * @param {number} kind
 * @param {string} key
 * @returns {{ kind: 'subscription', what: string }}
 */
function inLedger(kind, key) {
  return { kind: 'subscription', what: `to ${['channel', 'pattern', 'shard channel'][kind]} ${JSON.stringify(key)}` };
}

/** @type {Record<string, number>} Kinds that PUBSUB counts, by subcommand. */
const COUNTED = { NUMSUB: CHANNEL, SHARDNUMSUB: SHARD };

/**
 * The reply of PUBSUB NUMSUB, in which each handle counts as the connection that it would be with ioredis. The server
 * sees one subscription, however many handles share it.
 *
 * @param {ReadonlyArray<string | number | Uint8Array>} args of PUBSUB
 * @param {Promise<any>} pending
 * @param {import('../link-view').LinkView} [view] of the handle that asked: a node of a cluster tells only of its own
 * @returns {Promise<any>}
 */
async function withOwnSubscribers(args, pending, view) {
  const kind = COUNTED[keyOf(args[0] ?? '').toUpperCase()];
  const reply = await pending;
  if (kind === undefined || !Array.isArray(reply)) return reply;
  return reply.map((value, index) => {
    if (index % 2 === 0) return value;
    const name = reply[index - 1];
    const isTold = !(view instanceof NodeView) || (Number(value) > 0 && view.carries(kind === SHARD, name));
    const here = isTold ? (wanted[kind].get(keyOf(name))?.subscribers.size ?? 0) : 0;
    const count = Number(value) + Math.max(here - 1, 0);
    return typeof value === 'string' ? String(count) : count;
  });
}

/**
 * @param {number} kind
 * @param {string} key
 * @param {string | number | Uint8Array} name
 */
function want(kind, key, name) {
  // As strings, messages could not tell that they are for this name.
  if (key.startsWith(NOT_UTF8)) bridge.wantBuffers(true);
  /** @type {Wanted} */
  const entry = { name: bytesOf(name), subscribers: new Set(), asked: undefined };
  wanted[kind].set(key, entry);
  return entry;
}

/**
 * @param {number} kind
 * @param {string} key
 * @param {Wanted} entry
 * @returns {Promise<void>}
 */
function ask(kind, key, entry) {
  const acknowledged = bridge.subscribe(kind, entry.name);
  acknowledged.then(
    () => (entry.asked = undefined),
    // Refused: nobody has it, and the next one to ask for it makes a new attempt.
    () => wanted[kind].get(key) === entry && drop(kind, key, entry),
  );
  return acknowledged;
}

/**
 * @param {number} kind
 * @param {string} key
 * @param {Wanted} entry
 */
function drop(kind, key, entry) {
  wanted[kind].delete(key);
  for (const subscriber of entry.subscribers) subscriber.lose(kind, key);
}

/**
 * Names are told apart as strings, whatever they were given as. One that is not UTF-8 would be the same string as many
 * others, so it stands behind what no UTF-8 can be.
 *
 * @param {string | number | Uint8Array} name
 */
function keyOf(name) {
  const bytes = Buffer.from(bytesOf(name));
  return isUtf8(bytes) ? bytes.toString() : NOT_UTF8 + bytes.toString('latin1');
}

function undeclared() {
  return new UnifiedRedisError(
    'UNSUPPORTED',
    `Subscriptions need the purpose "${SUBSCRIBER}": declare it in initialize({ purposes: [..., '${SUBSCRIBER}'] })`,
    { purpose: SUBSCRIBER },
  );
}

bridge.onMessage((kind, channel, payload, pattern) => {
  const name = kind === PATTERN ? /** @type {string | Buffer} */ (pattern) : channel;
  const entry = wanted[kind].get(typeof name === 'string' ? name : keyOf(name));
  if (entry === undefined) return;
  // A copy: listeners subscribe and unsubscribe.
  for (const subscriber of [...entry.subscribers]) {
    bridge.guarded(() => subscriber.deliver(kind, channel, payload, pattern));
  }
});

bridge.onEvent((event) => {
  if (event.type === 'gap' && event.purpose === SUBSCRIBER) tellOfGap(event);
  if (event.type !== 'closed') return;
  for (const names of wanted) {
    for (const { subscribers } of names.values()) for (const subscriber of subscribers) subscriber.forget();
    names.clear();
  }
});

/** @param {Gap} gap */
function tellOfGap({ durationMs, dropped }) {
  const all = wanted.flatMap((names) => [...names.values()].flatMap(({ subscribers }) => [...subscribers]));
  for (const subscriber of new Set(all)) bridge.guarded(() => subscriber.onGap({ durationMs, dropped }));
}

module.exports = { Subscriptions, withOwnSubscribers, CHANNEL, PATTERN, SHARD };
