'use strict';

/**
 * The configurations that this package takes the place of connected by themselves, so handles given out in their place
 * do: the first use of one opens all links, by `initialize()` with what the environment says.
 */

const manager = require('../../index');
const bridge = require('../bridge');
const { createHandle } = require('../connection');
const { UnifiedRedisError } = require('../errors');
const { RETRY } = require('../options/schema');

/** @type {Promise<void> | undefined} */
let attempt;
/** @type {(Error & { code?: string, retryable?: boolean }) | undefined} why the last attempt failed */
let failure;
let failures = 0;
let notBefore = 0;
/** After cleanup() only initialize() brings the links back: a late command must not undo a shutdown. */
let isOver = false;

/** @type {import('../connection/opening').Opener} */
const opener = { open, refusal };

/**
 * A handle of its own on the link of a purpose, which has the links opened when they are not.
 *
 * @param {string} purpose
 * @param {Readonly<Record<string, any>>} [overrides] options of this handle over those of the links
 */
function openingHandle(purpose, overrides) {
  const handle = createHandle(purpose, overrides, opener);
  handle.begin(!manager.isInitialized);
  return handle;
}

/** @returns {Promise<void> | undefined} */
function open() {
  if (isOver || bridge.isInitialized()) return undefined;
  // With the server away, one attempt for each command would be a storm of connections and log lines.
  if (performance.now() < notBefore) return undefined;
  attempt ??= initialize().finally(() => (attempt = undefined));
  return attempt;
}

async function initialize() {
  // An application that initializes with options of its own in this very tick comes first.
  await undefined;
  try {
    await manager.initialize();
  } catch (error) {
    failure = /** @type {Error & { code?: string }} */ (error);
    failures += 1;
    notBefore = performance.now() + Math.min(failures * RETRY.step, RETRY.max);
    // Given up by cleanup().
    if (failure.code === 'CLOSED') isOver = true;
    // Logged already: to a listener, if there is one.
    if (manager.listenerCount('error') > 0) bridge.guarded(() => manager.emit('error', error));
  }
}

/**
 * Why there is no link of a purpose.
 *
 * @param {string} purpose
 */
function refusal(purpose) {
  if (bridge.isInitialized()) {
    return new UnifiedRedisError('INVALID_PURPOSE', `Invalid connection purpose: ${purpose}`, { purpose });
  }
  if (failure === undefined) return undefined;
  const { code = 'INITIALIZE_FAILED', message, retryable } = failure;
  return new UnifiedRedisError(code, message, { retryable, purpose, cause: failure });
}

bridge.onEvent(({ type }) => {
  if (type !== 'initialized' && type !== 'closed') return;
  isOver = type === 'closed';
  failure = undefined;
  failures = notBefore = 0;
});

/**
 * The same in the dialect of the `redis` package.
 *
 * @param {string} purpose
 */
function openingClient(purpose) {
  // Only now: who has no use for the dialect does not load it.
  const { createClient } = require('../node-redis');
  const client = createClient(purpose, {}, opener);
  if (manager.isInitialized) {
    // Code that waits for the events of a connection that comes up must not wait for ever.
    bridge.nextTick(() => ['connect', 'ready'].forEach((event) => bridge.guarded(() => client.emit(event))));
  }
  return client;
}

module.exports = { openingHandle, openingClient };
