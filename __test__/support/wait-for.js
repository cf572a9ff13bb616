'use strict';

/** @param {number} ms @returns {Promise<void>} */
function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Asks again and again until `condition` returns (or resolves to) something truthy, and returns that.
 *
 * @template T
 * @param {() => T | Promise<T>} condition may throw, which counts as "not yet"
 * @param {{ timeout?: number, interval?: number, message?: string }} [options] times in ms
 * @returns {Promise<T>}
 */
async function waitFor(condition, { timeout = 10_000, interval = 10, message } = {}) {
  const deadline = Date.now() + timeout;
  /** @type {unknown} */
  let last;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline) break;
    await sleep(interval);
  }
  const what = message ?? condition.toString();
  throw new Error(`not within ${timeout} ms: ${what} (last: ${last instanceof Error ? last.message : String(last)})`);
}

module.exports = { sleep, waitFor };
