'use strict';

const CLEANUPS = Symbol.for('unified-redis.test-cleanups');

/**
 * Runs `cleanup` when the test file is through, after all its hooks, the latest registered first. Call it where a
 * resource is made; what it does must be safe to do twice.
 *
 * @param {() => unknown} cleanup
 */
function onCleanup(cleanup) {
  const registry = /** @type {Record<symbol, (() => unknown)[] | undefined>} */ (/** @type {unknown} */ (globalThis));
  const cleanups = registry[CLEANUPS];
  if (!cleanups) throw new Error('onCleanup() works in tests only (testEnvironment: __test__/support/environment.js)');
  cleanups.push(cleanup);
}

module.exports = { onCleanup };
