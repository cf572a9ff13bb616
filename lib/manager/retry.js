'use strict';

const { RETRY } = require('../options/schema');

/** What the addon takes for "no further attempt". */
const STOP = -1;

/**
 * Asks the application's retryStrategy for the delay before an attempt, the way ioredis does: a number is a delay,
 * anything else that is returned on purpose (null, undefined, false) ends the attempts.
 *
 * @param {Function} strategy
 * @param {number} times 1 for the first attempt after the link was lost
 * @param {Error} cause why the last attempt failed, or the link was lost
 * @returns {{ delayMs: number, failure?: string }} `failure`: the strategy itself failed, and the default delay stands in
 */
function retryDelay(strategy, times, cause) {
  try {
    const answer = strategy(times, cause);
    if (answer === null || answer === undefined || answer === false) return { delayMs: STOP };
    if (Number.isFinite(answer) && answer >= 0) return { delayMs: Math.min(Math.ceil(answer), 2 ** 31 - 1) };
    return { delayMs: defaultDelay(times), failure: `retryStrategy returned ${describe(answer)}, not a delay in ms` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { delayMs: defaultDelay(times), failure: `retryStrategy threw: ${message}` };
  }
}

/** @param {number} times */
function defaultDelay(times) {
  const delay = Math.min(times * RETRY.step, RETRY.max);
  return Math.ceil(delay * (1 - Math.random() * RETRY.jitter));
}

/** @param {unknown} value */
function describe(value) {
  return typeof value === 'number' ? String(value) : `a ${typeof value}`;
}

module.exports = { retryDelay };
