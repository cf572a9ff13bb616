'use strict';

/**
 * The life of a handle: status and events in ioredis' words and order, and an end that is the handle's own. The link
 * goes on without it.
 */

const { EventEmitter } = require('node:events');
const { inspect } = require('node:util');
const { exchange, guarded, CONFIGURED_TIMEOUT } = require('../bridge');
const { command, FLAGS } = require('../commands');
const { UnifiedRedisError } = require('../errors');
const { asCallback } = require('./callbacks');
const { NO_LINK, refresh } = require('./link-view');
const { OptionsOfHandle } = require('./options');

/** @typedef {import('./link-view').Status} Status */

/** Events that tell of the link: a handle with a listener for one of them is told what happens. */
const LINK_EVENTS = new Set(['connecting', 'connect', 'ready', 'close', 'reconnecting', 'end', 'error']);

const PING = command('ping');

/** What all handles have in common, whatever they can send. */
class Handle extends EventEmitter {
  /** @type {import('./link-view').LinkView} */
  #view;
  #options;
  /** @type {Status | undefined} Where it is not the link's: before the handle is connected, and after its end. */
  #status;
  #isEnded = false;
  /** Whether `close` and `end` are still to be emitted. */
  #hasEndToTell = false;

  /**
   * @param {import('./link-view').LinkView} view
   * @param {Readonly<Record<string, unknown>>} overrides options of this handle over those of the links
   */
  constructor(view, overrides) {
    super();
    this.#view = view;
    this.#options = new OptionsOfHandle(overrides);
  }

  /** The purpose of the link that this handle rides on. */
  get purpose() {
    return this.#view.purpose;
  }

  /** ioredis' word for the state of the connection. */
  get status() {
    return this.#status ?? this.#view.state;
  }

  /** Effective options, with ioredis' names. The password is not among them. */
  get options() {
    return this.#options.current;
  }

  /** Whether this handle was ended, by quit() or disconnect(). */
  get isEnded() {
    return this.#isEnded;
  }

  /**
   * Makes the events of a connection that comes up, for one that is up already: code that waits for `ready` on what
   * duplicate() gave it must not wait for ever.
   *
   * @param {boolean} lazily only when it is asked for
   */
  begin(lazily) {
    if (!lazily) return this.#comeUp();
    this.#status = 'wait';
    this.onWaiting();
  }

  /** A command is about to be sent: a handle that was to be connected when it is needed is needed now. */
  wake() {
    if (this.#status === 'wait') this.#comeUp();
  }

  /**
   * Connects a handle that waits for it, or was ended.
   *
   * @param {import('./callbacks').Callback} [callback]
   * @returns {Promise<void>}
   */
  connect(callback) {
    return asCallback(this.#connect(), callback);
  }

  async #connect() {
    if (['connecting', 'connect', 'ready'].includes(this.status)) {
      throw new Error('Redis is already connecting/connected');
    }
    this.#tellEnd();
    this.#isEnded = false;
    if (this.eventNames().some(isLinkEvent)) this.#view.watchers.add(this);
    this.#comeUp();
    await new Promise((resolve, reject) => {
      this.once('ready', () => resolve(undefined));
      this.once('end', () => reject(this.#view.refusal()));
    });
  }

  #comeUp() {
    if (this.#view.index === NO_LINK) refresh();
    this.onOpening();
    this.#status = 'connecting';
    process.nextTick(() => {
      if (this.#isEnded) return;
      this.#tell('connecting');
      if (this.#view.state === 'ready') {
        this.#status = 'connect';
        this.#tell('connect');
      }
      if (this.#isEnded) return;
      // From here on the link itself decides.
      this.#status = undefined;
      if (this.status === 'ready' || this.status === 'end') this.#tell(this.status);
    });
  }

  /**
   * Ends this handle at once. Its link goes on, and so do the commands that were sent.
   *
   * @param {boolean} [reconnect] the handle comes back, as in ioredis; the link is not touched
   */
  disconnect(reconnect = false) {
    if (reconnect) {
      this.#tell('close');
      this.#tell('reconnecting', 0);
      this.#comeUp();
      return;
    }
    this.#end();
  }

  /** The old name of disconnect(). */
  end() {
    this.disconnect();
  }

  /**
   * Ends this handle once its commands are answered. Its link goes on.
   *
   * @param {import('./callbacks').Callback} [callback]
   * @returns {Promise<'OK'>}
   */
  quit(callback) {
    return asCallback(this.#quit(), callback);
  }

  async #quit() {
    if (this.#isEnded) throw this.refusal();
    this.#isEnded = true;
    this.onEnding();
    const link = this.#view.commandLink;
    // Replies come in the order of the commands: whatever becomes of this one, the earlier ones are settled then.
    if (link !== NO_LINK) await exchange.send(link, PING, [], FLAGS.READONLY, CONFIGURED_TIMEOUT)?.catch(() => {});
    this.#end();
    this.#tellEnd();
    return /** @type {const} */ ('OK');
  }

  #end() {
    if (this.#status === 'end') return;
    this.#isEnded = true;
    this.#status = 'end';
    this.onEnding();
    this.#hasEndToTell = true;
    process.nextTick(() => this.#tellEnd());
  }

  #tellEnd() {
    if (!this.#hasEndToTell) return;
    this.#hasEndToTell = false;
    this.#view.watchers.delete(this);
    this.#tell('close');
    this.#tell('end');
  }

  /** The handle is to be connected when it is first needed. */
  onWaiting() {}

  /** The handle is being connected. */
  onOpening() {}

  /** The end has begun: what the handle holds is to be given back. May be called twice. */
  onEnding() {}

  /**
   * A listener is being added. Handles that nobody listens to are not kept alive by their link.
   *
   * @param {string | symbol} event
   */
  onListening(event) {
    if (isLinkEvent(event)) this.#view.watchers.add(this);
  }

  /** Why this handle takes no command. */
  refusal() {
    if (!this.#isEnded) return this.#view.refusal();
    return new UnifiedRedisError('CLOSED', 'Connection is closed.', { purpose: this.purpose });
  }

  /**
   * Something happened to the link.
   *
   * @param {any} event
   */
  onLinkEvent(event) {
    if (this.#isEnded || this.#status === 'wait') return;
    if (event.type === 'link') {
      if (this.#status === undefined) this.emit(event.event, event.delay);
    } else if (event.type === 'error' && this.listenerCount('error') > 0) {
      const { code, message, retryable, purpose } = event;
      this.emit('error', new UnifiedRedisError(code, message, { retryable, purpose }));
    }
  }

  /**
   * @param {string | symbol} name
   * @param {(...args: any[]) => void} listener
   */
  on(name, listener) {
    this.onListening(name);
    return super.on(name, listener);
  }

  /**
   * @param {string | symbol} name
   * @param {(...args: any[]) => void} listener
   */
  addListener(name, listener) {
    return this.on(name, listener);
  }

  /**
   * @param {string | symbol} name
   * @param {(...args: any[]) => void} listener
   */
  prependListener(name, listener) {
    this.onListening(name);
    return super.prependListener(name, listener);
  }

  /**
   * @param {string} name
   * @param {...any} args
   */
  #tell(name, ...args) {
    guarded(() => this.emit(name, ...args));
  }

  /** @returns {string} */
  [inspect.custom]() {
    return `${this.constructor.name} { purpose: '${this.purpose}', status: '${this.status}' }`;
  }
}

/** @param {string | symbol} name */
function isLinkEvent(name) {
  return LINK_EVENTS.has(/** @type {string} */ (name));
}

module.exports = { Handle };
