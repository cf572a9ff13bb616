'use strict';

/**
 * The options of a handle: ioredis' names, since libraries look at them. What decides about the connection itself is the
 * manager's, and the same for all handles.
 */

const { invalidOption, UnifiedRedisError } = require('../errors');

/** What ioredis has and nobody here sets. */
const DEFAULTS = Object.freeze({
  port: 6379,
  host: 'localhost',
  family: 0,
  path: undefined,
  db: 0,
  username: null,
  password: null,
  tls: undefined,
  connectTimeout: 15000,
  commandTimeout: 10000,
  keepAlive: 30000,
  noDelay: true,
  connectionName: null,
  sentinels: null,
  name: null,
  role: 'master',
  enableOfflineQueue: false,
  enableReadyCheck: true,
  autoResubscribe: true,
  autoResendUnfulfilledCommands: false,
  lazyConnect: false,
  keyPrefix: '',
  readOnly: false,
  stringNumbers: false,
  showFriendlyErrorStack: false,
  maxRetriesPerRequest: 3,
  maxLoadingRetryTime: 10000,
  enableAutoPipelining: true,
});

/** What belongs to the link: a handle cannot have another one, for that would be another socket. */
const OF_THE_LINK = ['host', 'port', 'path', 'db', 'username', 'sentinels'];

/** Options of the links that are secret, or not to be seen by who holds a handle. */
const HIDDEN = new Set(['password', 'url', 'logger', 'envFile', 'purposes', 'tls']);

/** @type {Readonly<Record<string, any>>} */
let ofLinks = DEFAULTS;

/**
 * From now on the links have these options.
 *
 * @param {Readonly<Record<string, any>>} options as resolved by the manager
 */
function describeLinks(options) {
  const shown = Object.entries(options).filter(([name, value]) => !HIDDEN.has(name) && value !== undefined);
  ofLinks = { ...DEFAULTS, ...Object.fromEntries(shown), tls: options.tls ? {} : undefined };
}

/** The options of one handle: its own over those of the links, which a new `initialize()` may change. */
class OptionsOfHandle {
  #overrides;
  #basis = ofLinks;
  #current;

  /** @param {Readonly<Record<string, unknown>>} overrides */
  constructor(overrides) {
    this.#overrides = overrides;
    this.#current = this.#merge();
  }

  /** The object is the same until the links change, as code may keep something in it. */
  get current() {
    if (this.#basis !== ofLinks) {
      this.#basis = ofLinks;
      this.#current = this.#merge();
    }
    return this.#current;
  }

  /** @returns {HandleOptions} */
  #merge() {
    return Object.assign({ keyPrefix: '', commandTimeout: 0 }, ofLinks, this.#overrides, { password: null });
  }
}

/**
 * Checks the options that a handle wants for itself.
 *
 * @param {Readonly<Record<string, any>>} overrides
 * @throws {UnifiedRedisError} UNSUPPORTED when they ask for another connection
 * @throws {TypeError | RangeError} INVALID_OPTION
 */
function checkOverrides(overrides) {
  for (const name of OF_THE_LINK) {
    const value = overrides[name];
    if (value === undefined || value === null || String(value) === String(ofLinks[name])) continue;
    throw new UnifiedRedisError(
      'UNSUPPORTED',
      `A handle cannot have another ${name} than its link: that would be another connection. Set it in initialize().`,
    );
  }
  const { keyPrefix, commandTimeout } = overrides;
  if (keyPrefix !== undefined && typeof keyPrefix !== 'string' && !(keyPrefix instanceof Uint8Array)) {
    throw invalidOption('keyPrefix', keyPrefix, 'a string or a Buffer');
  }
  const isTimeout = typeof commandTimeout === 'number' && commandTimeout >= 0 && commandTimeout < 2 ** 31;
  if (commandTimeout !== undefined && !isTimeout) {
    throw invalidOption('commandTimeout', commandTimeout, 'milliseconds, 0 for none');
  }
}

module.exports = { describeLinks, OptionsOfHandle, checkOverrides };

/**
 * @typedef {Record<string, any> & { keyPrefix: string | Uint8Array, commandTimeout: number }} HandleOptions
 */
