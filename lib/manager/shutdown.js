'use strict';

const { constants } = require('node:os');
const vm = require('node:vm');
const { isMainThread } = require('node:worker_threads');

/**
 * Closing on signals. The listeners are one set per process, whatever number of copies of this module there is: the
 * copies meet at a symbol on `process`. The shape behind it must not change without the number in the symbol.
 *
 * @typedef {object} Registry
 * @property {Map<string, (signal: NodeJS.Signals) => Promise<void>>} closers by the place of the copy, so that a hot reload replaces its own
 * @property {() => void} removeListeners
 */

const REGISTRY = Symbol.for('unified-redis.shutdown.1');
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGQUIT']);

const holder = /** @type {{ [REGISTRY]?: Registry }} */ (/** @type {unknown} */ (process));

/**
 * From now on a signal closes the links and ends the process, unless the application has a listener of its own.
 *
 * Does nothing in a worker, which gets no signals, nor in a sandbox such as jest's, whose `process` is a copy: a
 * listener there would only keep Ctrl-C from ending the run, without ever being called.
 *
 * @param {string} copy names the copy of the module
 * @param {(signal: NodeJS.Signals) => Promise<void>} close
 * @returns {boolean} whether it is registered
 */
function closeOnSignals(copy, close) {
  if (!isMainThread || vm.runInThisContext('process') !== process) return false;
  const registry = (holder[REGISTRY] ??= install());
  registry.closers.set(copy, close);
  return true;
}

/**
 * Takes the copy out again; the last one removes the listeners, so that signals do what they do without us.
 *
 * @param {string} copy
 */
function leaveSignalsAlone(copy) {
  const registry = holder[REGISTRY];
  if (!registry?.closers.delete(copy) || registry.closers.size > 0) return;
  registry.removeListeners();
  delete holder[REGISTRY];
}

/** @returns {Registry} */
function install() {
  /** @type {Registry['closers']} */
  const closers = new Map();
  let closing = false;

  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    // With a listener of its own the application decides what happens, and calls cleanup() when it wants.
    if (process.listenerCount(signal) > 1) return;
    if (closing) process.exit(128 + constants.signals[signal]);
    closing = true;
    const closed = Array.from(closers.values(), (close) => close(signal));
    void Promise.allSettled(closed).then(() => process.exit(0));
  };

  // First in the list: behind a `once` listener of the application, which is gone by the time that it runs, the
  // application would seem to have none.
  for (const signal of SIGNALS) process.prependListener(signal, onSignal);
  return {
    closers,
    removeListeners() {
      for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    },
  };
}

module.exports = { closeOnSignals, leaveSignalsAlone };
