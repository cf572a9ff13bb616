'use strict';

const { TestEnvironment } = require('jest-environment-node');
const { KEY, liveChildren } = require('../../scripts/lib/live-children.js');

const CLEANUPS = Symbol.for('unified-redis.test-cleanups');

/**
 * Node's environment, with three additions:
 *
 * - What `onCleanup` registered is run after the last hook of the file. jest's own `afterAll` would not do: it runs
 *   in the order of registration, so that servers would be stopped before the clients that a test file closes.
 * - Child processes are known to the real process (the one that tests see is a copy, whose 'exit' nobody emits).
 * - REDIS_* of the developer's shell is not seen by tests, REDIS_SERVER excepted: it names the program to start.
 */
class RedisTestEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    /** @type {(() => unknown)[]} */
    this.cleanups = [];
    const sandbox = /** @type {Record<symbol, unknown>} */ (/** @type {unknown} */ (this.global));
    sandbox[KEY] = liveChildren;
    sandbox[CLEANUPS] = this.cleanups;
    const { env } = this.global.process;
    for (const name of Object.keys(env)) {
      if (name.startsWith('REDIS_') && name !== 'REDIS_SERVER') delete env[name];
    }
  }

  async teardown() {
    /** @type {unknown[]} */
    const failures = [];
    for (const cleanup of (this.cleanups ?? []).reverse()) {
      try {
        await cleanup();
      } catch (error) {
        failures.push(error);
      }
    }
    await super.teardown();
    if (failures.length > 0) throw failures[0];
  }
}

module.exports = RedisTestEnvironment;
