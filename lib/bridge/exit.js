'use strict';

/**
 * What was asked for in the last tick of a process still leaves: `redis.set(...); process.exit()` works.
 *
 * One listener for the process, however many copies of this module it has: jest and hot reloads make many, and each
 * with a listener of its own would set off Node's leak warning.
 */

const HOOKS = Symbol.for('unified-redis.exit-hooks.1');

/** @typedef {{ flush: () => void }} Flushable */

/**
 * @param {Flushable} exchange held weakly
 */
function flushOnExit(exchange) {
  const holder = /** @type {{ [HOOKS]?: Set<WeakRef<Flushable>> }} */ (process);
  let hooks = holder[HOOKS];
  if (hooks === undefined) {
    /** @type {Set<WeakRef<Flushable>>} */
    const made = new Set();
    hooks = made;
    Object.defineProperty(process, HOOKS, { value: made, configurable: true });
    process.on('exit', () => {
      for (const hook of made) hook.deref()?.flush();
    });
  }
  for (const hook of hooks) if (hook.deref() === undefined) hooks.delete(hook);
  hooks.add(new WeakRef(exchange));
}

module.exports = { flushOnExit };
