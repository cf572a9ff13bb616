'use strict';

// In place of a redisConnectionManager.js that opened a connection for each distinct options object: it gives a handle
// for each, on the link of the purpose.

const manager = require('../index');
const { openingHandle } = require('../lib/compat/opening');
const { optionsOfHandle, warnOnce } = require('../lib/compat/shared-options');

/** @typedef {ReturnType<typeof openingHandle>} Handle */

/** Handles cost no socket, but memory: a program that makes up options for each request must not keep them all. */
const MAX_REMEMBERED = 1000;

/** @type {Map<string, Handle>} The handles given out last, by purpose and options. */
const connections = new Map();

/**
 * A handle on the link of a purpose: the same one for the same purpose and options.
 *
 * @param {string} [purpose] 'default', and what has no link of its own, is `main`
 * @param {Readonly<Record<string, any>>} [options] of ioredis
 * @throws {import('../lib/errors').UnifiedRedisError} UNSUPPORTED where the options ask for another server or database
 */
function getConnection(purpose = 'default', options = {}) {
  const key = `${purpose}_${JSON.stringify(options)}`;
  const known = connections.get(key);
  const connection = known === undefined || known.isEnded ? createConnection(purpose, options) : known;
  // Put last, so that the one in front is the one that was not asked for the longest.
  connections.delete(key);
  connections.set(key, connection);
  if (connections.size > MAX_REMEMBERED) connections.delete(/** @type {string} */ (connections.keys().next().value));
  return connection;
}

/**
 * A handle of its own on the link of a purpose.
 *
 * @param {string} [purpose]
 * @param {Readonly<Record<string, any>>} [options]
 */
function createConnection(purpose = 'default', options = {}) {
  return openingHandle(linkOf(purpose), optionsOfHandle(purpose, options));
}

/** @param {string} purpose */
function linkOf(purpose) {
  if (manager.connectionPurposes.includes(purpose)) return purpose;
  if (purpose !== 'default') {
    const message = `getConnection('${purpose}'): no such purpose is declared, so it is given the link of main`;
    warnOnce('PURPOSE_NOT_DECLARED', purpose, message);
  }
  return 'main';
}

const { initialize, healthCheck, getStats, cleanup } = manager;

module.exports = {
  connections,
  getConnection,
  createConnection,
  initialize,
  healthCheck,
  getStats,
  cleanup,
  // Last, as `import { ... }` finds what stands before a getter.
  get isInitialized() {
    return manager.isInitialized;
  },
};
