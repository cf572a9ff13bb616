'use strict';

const { guarded } = require('../bridge');
const { UnifiedRedisError } = require('../errors');
const { createLogger } = require('../logger');
const { RateLimit } = require('./rate-limit');

/** How long a line is not repeated. */
const REPEAT_AFTER_MS = 5000;

/** @typedef {import('../logger').LineLevel} LineLevel */
/** @typedef {import('./events').LinkEvent} LinkEvent */
/** @typedef {import('./events').MonitorEvent} MonitorEvent */

/** @type {Readonly<Record<LinkEvent['event'], LineLevel>>} */
const LINK_EVENT_LEVELS = Object.freeze({
  connecting: 'debug',
  connect: 'debug',
  ready: 'info',
  close: 'info',
  reconnecting: 'warn',
  end: 'info',
});

/**
 * Makes log lines and events of what happens to the links: one line per event, repeated ones held back.
 *
 * The links are the process', and every copy of the module in it hears of them. Only the copy that opened them logs at the
 * usual level, the others at `debug`: five workers must not mean five lines.
 */
class Reporter {
  #emitter;
  #limit = new RateLimit(REPEAT_AFTER_MS);
  #logger = createLogger();
  #isOwner = false;
  #monitorThreshold = 0;

  /** @param {import('node:events').EventEmitter} emitter */
  constructor(emitter) {
    this.#emitter = emitter;
  }

  /** Links are opened: what happens from now on repeats nothing. */
  begin() {
    this.#limit = new RateLimit(REPEAT_AFTER_MS);
  }

  /** @param {import('../logger').Logger} logger */
  useLogger(logger) {
    this.#logger = logger;
  }

  /**
   * @param {object} settings
   * @param {boolean} settings.isOwner whether this copy opened the links
   * @param {number} settings.monitorThreshold
   */
  configure({ isOwner, monitorThreshold }) {
    this.#isOwner = isOwner;
    this.#monitorThreshold = monitorThreshold;
  }

  /** The log itself, for what the application called for: not held back, and in whatever copy it was. */
  get logger() {
    return this.#logger;
  }

  /** @param {LinkEvent} event */
  link({ event, purpose, link, at, address, delay, attempt }) {
    const details = {
      purpose,
      link,
      at,
      ...(address && { address }),
      ...(event === 'reconnecting' && { delay, attempt }),
    };
    const suffix = event === 'reconnecting' ? ` in ${delay} ms (attempt ${attempt})` : '';
    this.#log(LINK_EVENT_LEVELS[event], `${event} ${purpose}`, `Redis ${event}: ${purpose}${suffix}`);
    this.#emit(event, details);
  }

  /** @param {import('./events').ErrorEvent} event */
  error({ purpose, code, message, retryable }) {
    this.#log('error', `${code} ${purpose}`, `Redis error (${purpose}): ${message} [${code}]`);
    // Logged already: to a listener, if there is one.
    if (this.#emitter.listenerCount('error') === 0) return;
    this.#emit('error', new UnifiedRedisError(code, message, { purpose, retryable }));
  }

  /** @param {MonitorEvent} event */
  monitor({ error, connectedClients, maxclients, active, links }) {
    if (error) {
      this.warn('MONITOR_FAILED', `Redis monitoring failed: ${error.message} [${error.code}]`);
      return;
    }
    this.#log('info', 'monitor', `Redis Monitor - Server: ${connectedClients} clients, Manager: ${active} active`);
    this.#emit('monitor', { connectedClients, maxclients, active, links });
    if (this.#monitorThreshold > 0 && connectedClients > this.#monitorThreshold) {
      this.warn('MANY_CLIENTS', `HIGH Redis connections: ${connectedClients}`, { connectedClients, maxclients });
    }
  }

  /** @param {{ purpose: string, durationMs: number, dropped: number }} event */
  gap({ purpose, durationMs, dropped }) {
    const message =
      dropped > 0
        ? `The event loop did not take what came in time (${purpose}): ${dropped} messages of ${durationMs} ms are lost`
        : `Redis subscriptions (${purpose}) resumed after ${durationMs} ms: messages of that time are lost`;
    this.warn('SUBSCRIPTION_GAP', message, { purpose, durationMs, dropped });
  }

  /** @param {import('./events').NodeEvent} event */
  node({ type: _, event, ...details }) {
    const { address, role, purpose, code = '', message } = details;
    if (event === 'node error') {
      this.#log(
        'warn',
        `${code} ${purpose} ${address}`,
        `Redis node error (${purpose}, ${address}): ${message} [${code}]`,
      );
    } else this.#log('info', `${event} ${address}`, `Redis ${event}: ${address} (${role})`);
    this.#emit(event, details);
  }

  /** The links were authenticated again, with new credentials. */
  credentials() {
    this.#log('debug', 'credentials', 'Redis credentials renewed');
    this.#emit('credentials', { at: Date.now() });
  }

  /** @param {import('./events').FailoverEvent} event */
  failover({ name, from, to }) {
    this.#log('warn', `failover ${to}`, `Redis failover of ${name}: the master is ${to}, and was ${from}`);
    this.#emit('failover', { name, from, to, at: Date.now() });
  }

  /**
   * A warning of the links, or of their settings.
   *
   * @param {string} code
   * @param {string} message
   * @param {object} [details]
   */
  warn(code, message, details) {
    this.#log('warn', `${code} ${message}`, `${message} [${code}]`);
    this.#emit('warning', { code, message, ...details });
  }

  /**
   * A command of the helper that failed; its caller gets the error as well.
   *
   * @param {string} operation
   * @param {Error & { code?: string }} error
   */
  helperError(operation, error) {
    this.#repeatable('error', `helper ${operation} ${error.code}`, `Redis ${operation} error: ${error.message}`);
  }

  /**
   * An `error` event that nobody listens to.
   *
   * @param {unknown} error
   */
  unheard(error) {
    const message = error instanceof Error ? error.message : String(error);
    this.#repeatable('error', `unheard ${message}`, `Error: ${message}`);
  }

  /**
   * A listener that throws must not stop what was only being reported.
   *
   * @param {string} name
   * @param {unknown} payload
   */
  #emit(name, payload) {
    guarded(() => this.#emitter.emit(name, payload));
  }

  /**
   * @param {LineLevel} level
   * @param {string} key
   * @param {string} line
   */
  #log(level, key, line) {
    this.#repeatable(this.#isOwner ? level : 'debug', key, line);
  }

  /**
   * @param {LineLevel} level
   * @param {string} key what makes a line a repetition
   * @param {string} line
   */
  #repeatable(level, key, line) {
    const heldBack = this.#limit.pass(key);
    if (heldBack === undefined) return;
    this.#logger[level](heldBack > 0 ? `${line} (and ${heldBack} times before)` : line);
  }
}

module.exports = { Reporter };
