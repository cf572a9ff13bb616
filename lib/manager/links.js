'use strict';

const bridge = require('../bridge');
const { createHandle } = require('../connection');
const { UnifiedRedisError } = require('../errors');
const { DEFAULT_PURPOSES } = require('../options/schema');

/** @typedef {ReturnType<typeof createHandle>} Handle */

/**
 * The links of the process as one manager shows them: the purposes, and a handle for each. What is kept here is only what
 * was read from the addon, until `forget()`.
 */
class Links {
  /** @type {Map<string, Handle>} For good: application code holds them through cleanup() and a new initialize(). */
  #handles = new Map();
  /** @type {Map<string, any>} Those in the dialect of the `redis` package, by purpose and version of the package. */
  #clients = new Map();
  /** @type {Map<string, Handle>} The handles of the open links; a map of its own as applications see it. */
  #connections = new Map();
  #isCurrent = false;
  /** @type {readonly string[]} */
  #declared = DEFAULT_PURPOSES;

  /** Whether the links are open, whoever opened them. */
  get areOpen() {
    return bridge.isInitialized();
  }

  /** The purposes of the open links; otherwise those declared last. */
  get purposes() {
    const connections = this.connections;
    return connections.size > 0 ? [...connections.keys()] : [...this.#declared];
  }

  /** Purpose -> handle; empty while no links are open. */
  get connections() {
    if (!this.areOpen) this.forget();
    else if (!this.#isCurrent) this.#read();
    return this.#connections;
  }

  /**
   * @param {string} purpose
   * @returns {Handle}
   * @throws {UnifiedRedisError} INVALID_PURPOSE, NOT_INITIALIZED
   */
  handle(purpose) {
    const handle = this.connections.get(purpose);
    if (handle === undefined) this.#refuse(purpose);
    return handle.isEnded ? this.#create(purpose) : handle;
  }

  /**
   * The handle in the dialect of the `redis` package; the same at every call, unless there are options for it alone.
   *
   * @param {string} purpose
   * @param {Readonly<Record<string, any>>} options
   * @returns {any}
   * @throws {UnifiedRedisError} INVALID_PURPOSE, NOT_INITIALIZED; UNSUPPORTED where the package is missing
   */
  client(purpose, options) {
    if (!this.connections.has(purpose)) this.#refuse(purpose);
    // Only now: who has no use for the dialect does not load it.
    const { createClient } = require('../node-redis');
    if (Object.keys(options).some((name) => name !== 'dialect' && name !== 'version')) {
      return createClient(purpose, options);
    }
    const key = `${options.version} ${purpose}`;
    const known = this.#clients.get(key);
    // The links may have been those of a cluster before, or not.
    if (known !== undefined && !known.isEnded && 'masters' in known === known.view.isCluster) return known;
    const client = createClient(purpose, options);
    this.#clients.set(key, client);
    return client;
  }

  /**
   * @param {string} purpose that there is no link of
   * @returns {never}
   */
  #refuse(purpose) {
    if (!this.purposes.includes(purpose)) {
      throw new UnifiedRedisError('INVALID_PURPOSE', `Invalid connection purpose: ${String(purpose)}`);
    }
    throw new UnifiedRedisError('NOT_INITIALIZED', 'Redis manager not initialized. Call initialize() first.');
  }

  /**
   * These are the purposes of the links to come.
   *
   * @param {readonly string[]} purposes
   */
  declare(purposes) {
    this.#declared = purposes;
  }

  /** The links were closed, or others were opened: what is known of them is out of date. */
  forget() {
    this.#connections.clear();
    this.#isCurrent = false;
  }

  /**
   * Also in the place of a handle that was ended: what one service closes must not be closed for the next.
   *
   * @param {string} purpose
   */
  #create(purpose) {
    const handle = createHandle(purpose);
    this.#handles.set(purpose, handle);
    this.#connections.set(purpose, handle);
    return handle;
  }

  #read() {
    this.#connections.clear();
    this.#isCurrent = true;
    for (const { purpose } of bridge.snapshot().purposes) {
      const handle = this.#handles.get(purpose);
      if (handle === undefined) this.#create(purpose);
      else {
        handle.onLinksOpened();
        this.#connections.set(purpose, handle);
      }
    }
  }
}

module.exports = { Links };
