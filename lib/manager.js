'use strict';

const { EventEmitter } = require('node:events');
const bridge = require('./bridge');
const { UnifiedRedisError, invalidOption } = require('./errors');
const { createHelper } = require('./helper');
const { createLogger } = require('./logger');
const { askProvider } = require('./manager/credentials');
const { dispatch } = require('./manager/events');
const { assertNoLeaks } = require('./manager/leaks');
const { Lifecycle } = require('./manager/lifecycle');
const { Links } = require('./manager/links');
const { Reporter } = require('./manager/reporter');
const { retryDelay } = require('./manager/retry');
const { askAboutServers } = require('./manager/sentinel');
const { closeOnSignals, leaveSignalsAlone } = require('./manager/shutdown');
const { fromEnvironment } = require('./options/environment');
const { LOG_LEVELS, OPTIONS } = require('./options/schema');

/** @type {(manager: UnifiedRedisManager, client: any) => ReturnType<typeof createHelper>} The helper on a handle. */
let helperOn;

/** Names this copy of the module among those of the process. */
const COPY = __dirname;

/** What also works taken off the manager: `const { initialize, getConnection } = require('unified-redis')`. */
const METHODS = /** @type {const} */ ([
  'initialize',
  'getConnection',
  'getClient',
  'getHelper',
  'healthCheck',
  'getStats',
  'startMonitoring',
  'stopMonitoring',
  'setupGracefulShutdown',
  'cleanup',
  'assertNoLeaks',
]);

/**
 * The face of the links of this process. There can be many managers, one for each thread and for each copy of this
 * module, and all show the same links: what is true of those is asked of the addon.
 *
 * Events: `connecting`, `connect`, `ready`, `close`, `reconnecting` and `end` of each link, `error`, `warning`, `monitor`,
 * `credentials`, `failover`.
 * An `error` that nobody listens to is logged.
 */
class UnifiedRedisManager extends EventEmitter {
  #links = new Links();
  #reporter = new Reporter(this);
  #lifecycle = new Lifecycle(this.#links, this.#reporter, {
    onOpen: (options, isFresh) => this.#onOpen(options, isFresh),
    onClosed: () => this.#onClosed(),
  });
  /** What credentialsProvider gave last. */
  #lastPassword = '';
  /** @type {number | null} What startMonitoring() asked for before there were links. */
  #monitorInterval = null;

  static {
    helperOn = (manager, client) =>
      createHelper(client, (operation, error) => manager.#reporter.helperError(operation, error));
  }

  constructor() {
    super();
    for (const method of METHODS) {
      Object.defineProperty(this, method, { value: this[method].bind(this), writable: true, configurable: true });
    }
    const level = LOG_LEVELS.find((candidate) => candidate === fromEnvironment('logLevel', process.env));
    this.#reporter.useLogger(createLogger(undefined, level));
    const handlers = {
      retry: (/** @type {import('./manager/events').RetryEvent} */ question) => this.#answerRetry(question),
      credentials: (/** @type {import('./manager/events').CredentialsWantedEvent} */ { id }) =>
        void this.#answerCredentials(id),
      sentinel: (/** @type {import('./manager/events').SentinelQuestion} */ question) => this.#answerSentinel(question),
      closed: () => this.#lifecycle.closed(),
    };
    bridge.onEvent((event) => dispatch(event, this.#reporter, handlers));
  }

  /** Whether the links of the process are open, whoever opened them. */
  get isInitialized() {
    return this.#links.areOpen;
  }

  /** The purposes of the open links; otherwise those declared last, at first the default five. */
  get connectionPurposes() {
    return this.#links.purposes;
  }

  /** Purpose -> connection object; empty while no links are open. */
  get connections() {
    return this.#links.connections;
  }

  /** How many links were opened, how many are ready, and how often one failed. */
  get stats() {
    const { created, active, errors } = bridge.snapshot().totals;
    return { created, active, errors };
  }

  /**
   * Opens one link for each purpose, all at the same time: all of them, or none. Calls at the same time share one attempt;
   * where the links are open already, nothing changes.
   *
   * @param {object} [options] over the environment, over the .env file, over the defaults: see lib/options/schema.js
   * @returns {Promise<void>}
   * @throws {TypeError | RangeError} INVALID_OPTION
   * @throws {UnifiedRedisError} INITIALIZE_FAILED, naming each purpose and its cause: nothing is left open, and the call may
   *   be made again. CLOSED where cleanup() was called meanwhile
   */
  async initialize(options) {
    return this.#lifecycle.open(options);
  }

  /**
   * The connection object of a purpose: the same at every call, and without a socket of its own.
   *
   * @param {string} [purpose]
   * @param {Readonly<Record<string, any>>} [options] `dialect`: `ioredis`, or `node-redis`, for which there are more
   * @throws {UnifiedRedisError} INVALID_PURPOSE, NOT_INITIALIZED; UNSUPPORTED where the dialect's package is missing
   */
  getConnection(purpose = 'main', options = undefined) {
    switch (options?.dialect ?? 'ioredis') {
      case 'ioredis':
        return this.#links.handle(purpose);
      case 'node-redis':
        return this.#links.client(purpose, /** @type {Readonly<Record<string, any>>} */ (options));
      default:
        throw invalidOption('dialect', options?.dialect, "'ioredis' or 'node-redis'");
    }
  }

  /**
   * The same in the dialect of the `redis` package.
   *
   * @param {string} [purpose]
   * @param {Readonly<Record<string, any>>} [options] `version` of the package, and options as of its `createClient`
   * @returns {any}
   * @throws {UnifiedRedisError} INVALID_PURPOSE, NOT_INITIALIZED; UNSUPPORTED where the package is missing
   */
  getClient(purpose, options) {
    return this.getConnection(purpose, { ...options, dialect: 'node-redis' });
  }

  /** The methods for common operations, on `main`. */
  getHelper() {
    return helperOn(this, this.getConnection('main'));
  }

  /**
   * Sends a PING on every link.
   *
   * @returns {Promise<LinkHealth[]>} in the order of the purposes; empty while no links are open
   */
  async healthCheck() {
    const results = await bridge.health();
    return results.map(({ purpose, status, latencyMs, ...rest }) => {
      const latency = latencyMs === undefined ? {} : { latency: `${Math.round(latencyMs)}ms`, latencyMs };
      return { purpose, status, ...latency, ...rest };
    });
  }

  /** Figures of the manager, and of each link. Durations are in ms, `since` and `at` in ms since the epoch. */
  getStats() {
    const { initialized, purposes: links, totals, lanes, cluster = null, sentinel } = bridge.snapshot();
    const { created, active, errors, declared } = totals;
    const purposes = links.map(({ purpose }) => purpose);
    return {
      created,
      active,
      errors,
      initialized,
      connectionCount: purposes.length,
      purposes,
      links,
      declared,
      lanes,
      cluster,
      sentinel,
    };
  }

  /**
   * From now on the server is asked for its clients every so often, without a timer on this event loop. Each answer is a
   * `monitor` event; more clients than `monitorThreshold` are a `warning` as well. initialize() calls this.
   *
   * @param {number} [intervalMs] default: the option monitorInterval, or a minute where that is 0
   */
  startMonitoring(intervalMs = this.#lifecycle.options?.monitorInterval || OPTIONS.monitorInterval.value) {
    const interval = OPTIONS.monitorInterval.parser.parse(intervalMs, 'intervalMs');
    if (this.isInitialized) bridge.monitor(interval);
    else this.#monitorInterval = interval;
  }

  /** No more monitoring, in the whole process. */
  stopMonitoring() {
    this.startMonitoring(0);
  }

  /**
   * From now on, until cleanup(), the first SIGINT, SIGTERM or SIGQUIT finishes what is in flight, closes the links and
   * ends the process with code 0; a second one ends it at once. Where the application has a listener of its own for a
   * signal, nothing happens: it calls cleanup() when it wants. initialize() calls this, unless `gracefulShutdown` is false.
   */
  setupGracefulShutdown() {
    closeOnSignals(COPY, (signal) => {
      this.#reporter.logger.info(`Received ${signal}, shutting down Redis connections...`);
      return this.cleanup();
    });
  }

  /**
   * Closes the links of the process, once what is in flight is answered or `shutdownTimeout` is over; gives up an
   * initialize() under way. From a worker, links that others use stay open. Calls at the same time share one closing.
   *
   * @returns {Promise<void>}
   */
  async cleanup() {
    return this.#lifecycle.close();
  }

  /**
   * For the end of tests: nothing is left of what this thread began. The links themselves are the process', and no leak.
   *
   * @throws {UnifiedRedisError} LEAKED, naming each subscription, watch, command in flight and handle of duplicate() with
   *   the line that it comes from; of the last two only with the option `trackLeaks`
   */
  assertNoLeaks() {
    assertNoLeaks();
  }

  /**
   * @param {string | symbol} name
   * @param {...any} args
   */
  emit(name, ...args) {
    if (name !== 'error' || this.listenerCount('error') > 0) return super.emit(name, ...args);
    this.#reporter.unheard(args[0]);
    return false;
  }

  /**
   * @param {import('./manager/lifecycle').Options} options
   * @param {boolean} isFresh
   */
  #onOpen(options, isFresh) {
    const interval = this.#monitorInterval ?? (isFresh ? options.monitorInterval : 0);
    if (interval > 0) bridge.monitor(interval);
    if (options.gracefulShutdown) this.setupGracefulShutdown();
  }

  #onClosed() {
    this.#monitorInterval = null;
    leaveSignalsAlone(COPY);
  }

  /** @param {import('./manager/events').RetryEvent} question */
  #answerRetry({ link, purpose, attempt, code, message }) {
    const strategy = this.#lifecycle.options?.retryStrategy;
    if (strategy === undefined) return;
    const { delayMs, failure } = retryDelay(strategy, attempt, new UnifiedRedisError(code, message, { purpose }));
    if (failure !== undefined) this.#reporter.warn('RETRY_STRATEGY_FAILED', failure);
    bridge.retryDelay(link, attempt, delayMs);
  }

  /** @param {import('./manager/events').SentinelQuestion} question */
  #answerSentinel(question) {
    const asked = this.#lifecycle.options?.[question.about];
    if (typeof asked === 'function') bridge.answerQuestion(question.id, askAboutServers(asked, question));
  }

  /** @param {number} id of the question */
  async #answerCredentials(id) {
    const { credentialsProvider, username = null } = this.#lifecycle.options ?? {};
    // Asked of all, as the one who has it is gone.
    if (credentialsProvider === undefined) return;
    const provider = /** @type {import('./manager/credentials').CredentialsProvider} */ (credentialsProvider);
    const answer = await askProvider(provider, username, this.#lastPassword);
    if ('granted' in answer) this.#lastPassword = answer.granted.password;
    bridge.answerCredentials(id, answer);
  }
}

// Since Node 20.5: `await using redis = manager`.
if (Symbol.asyncDispose) {
  Object.defineProperty(UnifiedRedisManager.prototype, Symbol.asyncDispose, {
    value: UnifiedRedisManager.prototype.cleanup,
    writable: true,
    configurable: true,
  });
}

/**
 * @typedef {object} LinkHealth
 * @property {string} purpose
 * @property {'healthy' | 'unhealthy'} status
 * @property {string} [latency] for people, for example `1ms`
 * @property {number} [latencyMs]
 * @property {string} state of the link
 * @property {string} [error] message, of a link that is unhealthy
 * @property {string} [code]
 */

module.exports = { METHODS, UnifiedRedisManager, helperOn };
