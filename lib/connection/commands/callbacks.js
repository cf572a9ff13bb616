'use strict';

/**
 * Node callbacks beside promises. They hang on the promise, which also gives them the AsyncLocalStorage of their
 * caller.
 */

/**
 * @typedef {(error: any, result?: any) => void} Callback
 */

/**
 * Calls back when the promise settles. The promise then counts as handled, as in ioredis.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {Callback | undefined} callback
 * @returns {Promise<T>} the same
 */
function asCallback(promise, callback) {
  if (typeof callback === 'function') {
    promise.then(
      (value) => (value === undefined ? call(callback, null) : call(callback, null, value)),
      (error) => call(callback, error),
    );
  }
  return promise;
}

/**
 * What a callback throws is an uncaught exception, not the rejection of a promise that nobody has.
 *
 * @param {Callback} callback
 * @param {unknown[]} args
 */
function call(callback, ...args) {
  try {
    Reflect.apply(callback, undefined, args);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/**
 * Takes the callback off the end of an argument list.
 *
 * @param {unknown[]} args changed in place
 * @returns {Callback | undefined}
 */
function takeCallback(args) {
  return typeof args[args.length - 1] === 'function' ? /** @type {Callback} */ (args.pop()) : undefined;
}

module.exports = { asCallback, takeCallback };
