'use strict';

/** Commands that are sent again once their link has another connection, as `reconnectOnError` says of an error reply. */

const { setTimeout: startTimer, clearTimeout: stopTimer } = require('node:timers');
const bridge = require('../bridge');
const { ReplyError } = require('../errors');
const { NO_LINK } = require('./link-view');

/** @typedef {import('../commands').Command} Command */

/** Timers take no longer ones. */
const FOR_EVER = 2 ** 31 - 1;

/** How soon a command is sent again in a cluster. */
const PAUSE_MS = 50;

/** A lane gets another connection when it is given back. */
const LANE = NO_LINK;

/** What becomes of a command that failed, in ioredis' numbers. */
const REJECT = 0;
const RECONNECT = 1;
const RESEND = 2;

/** @type {WeakMap<object, number>} What was decided, by error. */
const verdicts = new WeakMap();

/** Links that get another connection. What else fails on the old one must not cost them the new one as well. */
const replaced = new Set();

/** @type {Map<number, Set<(isReady: boolean) => void>>} Who waits, by link. */
const waiting = new Map();

/** Decides about the errors of one handle. */
class Reconnecting {
  #options;

  /** @param {() => import('./options').HandleOptions} options of the handle */
  constructor(options) {
    this.#options = options;
  }

  /** Whether there is anything to decide: if not, commands need not come this way. */
  get isNeeded() {
    return typeof this.#options().reconnectOnError === 'function';
  }

  /**
   * Sends, and sends again for as long as that is decided of what came back.
   *
   * @template T
   * @param {Command | undefined} command undefined for a transaction, whose reply is an array
   * @param {number} timeoutMs for all of it; 0 for none
   * @param {() => number} link that it goes to at this moment
   * @param {(link: number) => Promise<T>} send
   * @returns {Promise<T>}
   */
  async run(command, timeoutMs, link, send) {
    const until = performance.now() + (timeoutMs || FOR_EVER);
    for (;;) {
      const target = link();
      /** @type {{ reply?: any, error?: any }} */
      const { reply, error } = await send(target).then(
        (value) => ({ reply: value, error: command === undefined ? firstError(value) : undefined }),
        (thrown) => ({ error: thrown }),
      );
      if (error !== undefined && this.judge(error, command, target) === RESEND && (await isReady(target, until))) {
        continue;
      }
      if (error !== undefined && reply === undefined) throw error;
      return reply;
    }
  }

  /**
   * Decides about an error, once.
   *
   * @param {any} error
   * @param {Command | undefined} command
   * @param {number} link that it came from, or LANE
   * @returns {number}
   */
  judge(error, command, link) {
    const known = verdicts.get(error);
    if (known !== undefined) return known;
    const verdict = this.#verdict(error, command);
    if (typeof error === 'object' && error !== null) verdicts.set(error, verdict);
    if (verdict !== REJECT && link !== LANE) replace(error);
    return verdict;
  }

  /**
   * @param {any} error
   * @param {Command | undefined} command
   */
  #verdict(error, command) {
    if (!(error instanceof ReplyError)) return REJECT;
    const { reconnectOnError } = this.#options();
    // As in ioredis: what CLIENT answers says nothing of the server.
    if (typeof reconnectOnError !== 'function' || command?.lower === 'client') return REJECT;
    /** @type {unknown} */
    let answer;
    bridge.guarded(() => (answer = reconnectOnError(error)));
    if (answer === RESEND) return RESEND;
    return answer === true || answer === RECONNECT ? RECONNECT : REJECT;
  }
}

/**
 * Whether a lane needs another connection because of what it gave.
 *
 * @param {unknown} outcome an error, or the replies of a transaction
 */
function isSpoilt(outcome) {
  const error = outcome instanceof Error ? outcome : firstError(outcome);
  return error !== undefined && (verdicts.get(error) ?? REJECT) !== REJECT;
}

/**
 * @param {unknown} replies
 * @returns {Error | undefined}
 */
function firstError(replies) {
  return Array.isArray(replies) ? replies.find((reply) => reply instanceof Error) : undefined;
}

/**
 * Has the connection replaced that an error came on; unless that has been done, by whomever.
 *
 * @param {unknown} error
 */
function replace(error) {
  const origin = bridge.originOf(error);
  if (origin === undefined || replaced.has(origin.link)) return;
  if (bridge.reconnect(origin) && !bridge.snapshot().cluster) replaced.add(origin.link);
}

/**
 * Waits for a link to be ready. Meanwhile the process stays alive, as it does for what is in flight.
 *
 * @param {number} link
 * @param {number} until by performance.now()
 * @returns {Promise<boolean>}
 */
async function isReady(link, until) {
  const restMs = until - performance.now();
  if (restMs <= 0) return false;
  if (bridge.snapshot().cluster) return pause(restMs);
  if (!replaced.has(link) && stateOf(link) === 'ready') return true;
  return new Promise((resolve) => {
    const waiters = waiting.get(link) ?? new Set();
    const settled = (/** @type {boolean} */ isUp) => {
      waiters.delete(settled);
      stopTimer(timer);
      resolve(isUp);
    };
    const timer = startTimer(() => settled(false), Math.min(restMs, FOR_EVER));
    waiting.set(link, waiters.add(settled));
  });
}

/**
 * In a cluster nobody tells when a connection to one node is there again; what is sent waits for it by itself.
 *
 * @param {number} restMs
 * @returns {Promise<boolean>}
 */
function pause(restMs) {
  return new Promise((resolve) => startTimer(() => resolve(restMs > PAUSE_MS), Math.min(restMs, PAUSE_MS)));
}

/** @param {number} link */
function stateOf(link) {
  return bridge.snapshot().purposes.find(({ index }) => index === link)?.state;
}

/**
 * @param {number} link
 * @param {boolean} isUp
 */
function settle(link, isUp) {
  for (const settled of [...(waiting.get(link) ?? [])]) settled(isUp);
}

bridge.onEvent((event) => {
  if (event.type === 'closed') {
    replaced.clear();
    for (const link of waiting.keys()) settle(link, false);
  }
  if (event.type !== 'link') return;
  if (event.event === 'close') replaced.delete(event.link);
  if (event.event === 'ready' && !replaced.has(event.link)) settle(event.link, true);
  if (event.event === 'end') settle(event.link, false);
});

module.exports = { Reconnecting, isSpoilt, LANE };
