'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/**
 * @typedef {object} LoadOptions
 * @property {number} [callers] each makes one call at a time; default 32
 * @property {number} [pauseMs] of a caller between two calls; default 2
 * @property {string[]} [purposes] whose links the callers use, in turn
 * @property {string} [prefix] of the keys
 * @property {number} [spread] over so many hash tags; default: keys without one
 * @property {boolean} [wait] after a write, ask (WAIT) whether a replica has it
 * @property {boolean} [streamAcknowledged] write each acknowledged id to stdout at once, for a process that will be
 *   ended without warning
 */

/**
 * @typedef {object} LoadReport
 * @property {number} calls
 * @property {number} open calls that did not settle in time: there must be none
 * @property {Record<string, number>} codes of the calls that failed
 * @property {number} wrong replies that belong to another call, or to none
 * @property {number} longestMs the longest that a call took to settle
 * @property {string[]} acknowledged ids of writes, by what their callers were told
 * @property {string[]} replicated those of them that a replica had, as WAIT said
 * @property {string[]} maybe
 * @property {[id: string, why: string][]} rejected with the kind of call and the error
 * @property {{ acknowledged: number, maybe: number }} increments
 * @property {{ done: number, failed: number }} reads
 */

/** Beyond a call's deadline, for a machine that is busy with something else. */
const GRACE_MS = 15_000;

/** Little: whoever shares the connection waits, too. */
const WAIT_MS = 50;

/** What a read gives: long enough to be cut in two. */
const VALUE = 'value of a read, '.repeat(16);

/** Callers that read and write without end, and a ledger of what they were told. */
class Load {
  #manager;
  #options;
  #isOver = false;
  #lastId = 0;
  /** Calls under way. */
  #open = 0;
  /** @type {Promise<void>[]} */
  #callers = [];
  /** @type {Map<string, { began: number, settled: number }[]>} the last successes of each purpose and hash tag */
  #successes = new Map();
  /** @type {LoadReport} */
  #report = {
    calls: 0,
    open: 0,
    codes: {},
    wrong: 0,
    longestMs: 0,
    acknowledged: [],
    replicated: [],
    maybe: [],
    rejected: [],
    increments: { acknowledged: 0, maybe: 0 },
    reads: { done: 0, failed: 0 },
  };

  /** @param {import('../..')} manager @param {LoadOptions} options */
  constructor(manager, options) {
    this.#manager = manager;
    this.#options = {
      callers: 32,
      pauseMs: 2,
      purposes: ['main', 'publisher', 'websocket', 'scheduler'],
      prefix: '',
      spread: 0,
      wait: false,
      streamAcknowledged: false,
      ...options,
    };
  }

  start() {
    const { callers, purposes, spread } = this.#options;
    for (const purpose of purposes) {
      for (let tag = 0; tag < Math.max(1, spread); tag++) this.#successes.set(`${purpose} ${tag}`, []);
    }
    this.#callers = Array.from({ length: callers }, (_, index) => this.#call(purposes[index % purposes.length]));
  }

  /** How many writes were acknowledged so far. */
  get acknowledged() {
    return this.#report.acknowledged.length;
  }

  /** Ends the load, and says how it went. @returns {Promise<LoadReport>} */
  async stop() {
    this.#isOver = true;
    const late = new AbortController();
    const timer = sleep(GRACE_MS, undefined, { signal: late.signal }).catch(() => {});
    await Promise.race([Promise.all(this.#callers), timer]);
    late.abort();
    this.#report.open = this.#open;
    return this.#report;
  }

  /**
   * @param {number} since ms since the epoch
   * @returns {number | null} when the last of the purposes (and hash tags) had its first success of a call that
   *   began after `since`
   */
  workingSince(since) {
    const firsts = [...this.#successes.values()].map((times) => times.find(({ began }) => began >= since)?.settled);
    return firsts.includes(undefined) ? null : Math.max(.../** @type {number[]} */ (firsts));
  }

  /** @param {string} purpose */
  async #call(purpose) {
    const redis = this.#manager.getConnection(purpose);
    while (!this.#isOver) {
      const began = Date.now();
      this.#open += 1;
      const number = ++this.#lastId;
      // All kinds of calls for one tag, then for the next.
      const tag = Math.floor(number / KINDS.length) % Math.max(1, this.#options.spread);
      const isGood = await this.#one(redis, String(number), this.#prefix(tag));
      this.#open -= 1;
      const settled = Date.now();
      this.#report.calls += 1;
      this.#report.longestMs = Math.max(this.#report.longestMs, settled - began);
      if (isGood) this.#succeeded(`${purpose} ${tag}`, began, settled);
      await sleep(this.#options.pauseMs);
    }
  }

  /** @param {number} tag */
  #prefix(tag) {
    const { prefix, spread } = this.#options;
    return spread > 0 ? `${prefix}{${tag}}` : prefix;
  }

  /** @param {string} what @param {number} began @param {number} settled */
  #succeeded(what, began, settled) {
    const times = /** @type {{ began: number, settled: number }[]} */ (this.#successes.get(what));
    times.push({ began, settled });
    if (times.length > 5_000) times.splice(0, 2_500);
  }

  /**
   * One call, of one kind after the other. Whether it succeeded.
   *
   * @param {any} redis
   * @param {string} id
   * @param {string} prefix
   */
  async #one(redis, id, prefix) {
    const kind = KINDS[Number(id) % KINDS.length];
    try {
      const isRight = await WORK[kind](redis, id, prefix);
      if (!isRight) this.#report.wrong += 1;
      this.#acknowledged(kind, id);
      if (this.#options.wait && kind === 'push') await this.#askReplicas(redis, id);
      return true;
    } catch (error) {
      this.#failed(kind, id, /** @type {any} */ (error));
      return false;
    }
  }

  /** @param {Kind} kind @param {string} id */
  #acknowledged(kind, id) {
    const { reads, increments, acknowledged } = this.#report;
    if (kind === 'read') reads.done += 1;
    else if (kind === 'increment') increments.acknowledged += 1;
    else {
      if (this.#options.streamAcknowledged) process.stdout.write(`${id}\n`);
      acknowledged.push(id);
    }
  }

  /** @param {any} redis @param {string} id */
  async #askReplicas(redis, id) {
    // Not known is not a failure of the write.
    const replicas = await redis.wait(1, WAIT_MS).catch(() => 0);
    if (replicas >= 1) this.#report.replicated.push(id);
  }

  /** @param {Kind} kind @param {string} id @param {Error & { code?: string, maybeExecuted?: boolean }} error */
  #failed(kind, id, { name, code, message, maybeExecuted }) {
    const { codes, reads, increments, maybe, rejected } = this.#report;
    const known = ['UnifiedRedisError', 'ReplyError'].includes(name) ? code : name;
    codes[String(known)] = (codes[String(known)] ?? 0) + 1;
    if (kind === 'read') reads.failed += 1;
    else if (kind === 'increment') increments.maybe += maybeExecuted ? 1 : 0;
    else if (maybeExecuted) maybe.push(id);
    else rejected.push([id, `${kind}: ${message}`]);
  }
}

/** @typedef {'push' | 'transaction' | 'pipeline' | 'increment' | 'read'} Kind */

/** @type {Kind[]} */
const KINDS = ['push', 'read', 'transaction', 'increment', 'pipeline', 'read'];

/**
 * Each gives whether the reply was the right one.
 *
 * @type {Record<Kind, (redis: any, id: string, prefix: string) => Promise<boolean>>}
 */
const WORK = {
  push: async (redis, id, prefix) => (await redis.rpush(`${prefix}list`, id)) > 0,
  async transaction(redis, id, prefix) {
    const [[error, length], [, echo]] = await redis.multi().rpush(`${prefix}list`, id).echo(id).exec();
    if (error) throw error;
    return length > 0 && echo === id;
  },
  async pipeline(redis, id, prefix) {
    const [[error, length], [echoError, echo]] = await redis.pipeline().rpush(`${prefix}list`, id).echo(id).exec();
    if (error) throw error;
    return length > 0 && (echoError !== null || echo === id);
  },
  increment: async (redis, _, prefix) => (await redis.incr(`${prefix}counter`)) > 0,
  read: async (redis, _, prefix) => (await redis.get(`${prefix}value`)) === VALUE,
};

module.exports = { Load, VALUE };
