'use strict';

const bridge = require('../bridge');
const { describeLinks, describedOptions, isUsual, ledger } = require('../connection');
const { UnifiedRedisError } = require('../errors');
const { createLogger } = require('../logger');
const { differingOptions } = require('../options/compare');
const { toNativeConfig } = require('../options/native-config');
const { resolveOptions } = require('../options/resolve');

/** @typedef {Readonly<import('../options/resolve').ResolvedOptions>} Options */
/** @typedef {ReturnType<typeof resolveOptions>} Decided */
/** @typedef {{ options: Options, promise: Promise<void>, isGivenUp: boolean }} Opening */

/**
 * How the links of the process are opened and closed from here: attempts are shared, a closing comes before the opening
 * that was asked for after it, and gives up the one before it.
 */
class Lifecycle {
  #links;
  #reporter;
  #onOpen;
  #onClosed;
  /** @type {Opening | null} The one under way. */
  #opening = null;
  /** @type {Promise<void> | null} The closing under way. */
  #closing = null;
  /** @type {Options | null} What the links were opened with, or joined with, from here. */
  #options = null;
  /** @type {Set<string>} Codes of warnings about settings that were given. */
  #warned = new Set();

  /**
   * @param {import('./links').Links} links
   * @param {import('./reporter').Reporter} reporter
   * @param {{ onOpen: (options: Options, isFresh: boolean) => void, onClosed: () => void }} hooks `isFresh`: the links were
   *   opened from here, and not by another copy of the module
   */
  constructor(links, reporter, { onOpen, onClosed }) {
    this.#links = links;
    this.#reporter = reporter;
    this.#onOpen = onOpen;
    this.#onClosed = onClosed;
  }

  /** The options in force, or being tried. */
  get options() {
    return this.#options ?? this.#opening?.options ?? null;
  }

  /**
   * @param {unknown} passed
   * @returns {Promise<void>}
   */
  async open(passed) {
    const decided = resolveOptions(passed, { parseUrl: bridge.parseUrl, isUsual });
    if (this.#opening !== null) {
      this.#compare(passed, decided.options, this.#opening.options);
      return this.#opening.promise;
    }
    if (this.#options !== null && this.#closing === null && this.#links.areOpen) {
      this.#compare(passed, decided.options, this.#options);
      return this.#reporter.logger.info('Redis manager already initialized');
    }
    /** @type {Opening} */
    const opening = { options: decided.options, isGivenUp: false, promise: Promise.resolve() };
    opening.promise = this.#open(opening, decided.warnings, passed !== undefined);
    this.#opening = opening;
    try {
      return await opening.promise;
    } finally {
      if (this.#opening === opening) this.#opening = null;
    }
  }

  /** @returns {Promise<void>} */
  async close() {
    if (this.#closing !== null && this.#opening === null) return this.#closing;
    const givenUp = this.#opening;
    this.#opening = null;
    const closing = this.#close(givenUp);
    this.#closing = closing;
    try {
      return await closing;
    } finally {
      if (this.#closing === closing) this.#closing = null;
    }
  }

  /** The links were closed, by whomever. */
  closed() {
    this.#links.forget();
    this.#options = null;
    this.#onClosed();
  }

  /**
   * @param {Opening} opening
   * @param {Decided['warnings']} warnings
   * @param {boolean} hasOptions whether any were passed: without, whatever others set is welcome
   */
  async #open(opening, warnings, hasOptions) {
    // Only then: otherwise the addon knows of the opening at once, and can give it up.
    if (this.#closing !== null) await this.#closing;
    checkWanted(opening);
    const { options } = opening;
    const reporter = this.#reporter;
    const { monitorThreshold } = options;
    reporter.begin();
    reporter.useLogger(createLogger(options.logger, options.logLevel));
    reporter.configure({ isOwner: !this.#links.areOpen, monitorThreshold });
    for (const { code, message } of warnings) {
      if (!this.#warned.has(code)) reporter.warn(code, message);
      this.#warned.add(code);
    }
    this.#links.declare(options.purposes);
    const outcome = await this.#openLinks(options);
    checkWanted(opening);
    const isFresh = outcome === 'opened';
    ledger.isTracking = options.trackLeaks;
    reporter.configure({ isOwner: isFresh, monitorThreshold });
    this.#options = options;
    if (outcome !== 'other-options') describeLinks(options);
    this.#links.forget();
    if (isFresh)
      reporter.logger.info(`Unified Redis Manager initialized with ${this.#links.connections.size} connections`);
    else reporter.logger.debug('Redis manager already initialized, elsewhere in this process');
    if (outcome === 'other-options' && hasOptions) this.#warnOfOtherOptions(['set elsewhere in this process']);
    this.#onOpen(options, isFresh);
  }

  /** @param {Options} options */
  async #openLinks(options) {
    const { logger } = this.#reporter;
    if (!this.#links.areOpen) logger.info('Initializing Unified Redis Manager...');
    try {
      return await bridge.initialize(toNativeConfig(options, describedOptions(options)));
    } catch (error) {
      logger.error(`Failed to initialize: ${/** @type {Error} */ (error).message}`);
      throw error;
    }
  }

  /** @param {Opening | null} opening that this closing gives up */
  async #close(opening) {
    const wasOpen = this.#links.areOpen;
    if (opening !== null) opening.isGivenUp = true;
    await bridge.cleanup();
    await opening?.promise.catch(() => {});
    if (this.#links.areOpen) {
      this.#reporter.logger.info('Redis connections stay open: other threads use them');
      return;
    }
    this.closed();
    if (wasOpen) this.#reporter.logger.info('Redis cleanup completed');
  }

  /**
   * @param {unknown} passed
   * @param {Options} decided
   * @param {Options} current
   */
  #compare(passed, decided, current) {
    const names = differingOptions(/** @type {object | undefined} */ (passed), decided, current);
    if (names.length > 0) this.#warnOfOtherOptions(names);
  }

  /** @param {string[]} names */
  #warnOfOtherOptions(names) {
    const message = `initialize() was called again with other options (${names.join(', ')}): the links keep those they have`;
    this.#reporter.warn('OPTIONS_IGNORED', message, { options: names });
  }
}

/** @param {Opening} opening */
function checkWanted({ isGivenUp }) {
  if (isGivenUp) throw new UnifiedRedisError('CLOSED', 'initialize() was given up: cleanup() was called meanwhile');
}

module.exports = { Lifecycle };
