'use strict';

// Every child process that is still running, so that none outlives this process, whatever ends it.
// The list is one per process: jest's module registries and its sandboxed `process` must not split it
// (__test__/support/environment.js hands it into the sandbox).
const KEY = Symbol.for('unified-redis.live-children');

/** @returns {Set<import('node:child_process').ChildProcess>} */
function createList() {
  const children = new Set();
  process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL');
  });
  return children;
}

const registry = /** @type {Record<symbol, ReturnType<typeof createList>>} */ (/** @type {unknown} */ (globalThis));
const liveChildren = (registry[KEY] ??= createList());

/**
 * Has the child killed when this process exits before it does.
 *
 * @template {import('node:child_process').ChildProcess} Child
 * @param {Child} child
 * @returns {Child}
 */
function track(child) {
  liveChildren.add(child);
  child.once('exit', () => liveChildren.delete(child));
  return child;
}

module.exports = { track, liveChildren, KEY };
