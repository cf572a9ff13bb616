'use strict';

/**
 * The life of a handle: status and events in ioredis' words and order, and an end that is the handle's own. The link
 * goes on without it.
 */

const { EventEmitter } = require('node:events');
const { inspect } = require('node:util');
const { exchange, guarded, nextTick, CONFIGURED_TIMEOUT } = require('../bridge');
const { command, FLAGS } = require('../commands');
const { UnifiedRedisError } = require('../errors');
const { asCallback } = require('./commands/callbacks');
const { NO_LINK, refresh } = require('./link-view');
const { Opening } = require('./opening');
const { OptionsOfHandle } = require('./options');

/** @typedef {import('./link-view').Status} Status */

/** Events that tell of the link: a handle with a listener for one of them is told what happens. */
const LINK_EVENTS = new Set(['connecting', 'connect', 'ready', 'close', 'reconnecting', 'end', 'error']);

/** Of the nodes of a cluster. */
const NODE_EVENTS = new Set(['+node', '-node', 'node error', 'refresh']);

const PING = command('ping');

/** What all handles have in common, whatever they can send. */
class Handle extends EventEmitter {
  /** @type {import('./link-view').LinkView} */
  _view;
  _options;
  /** @type {Status | undefined} Where it is not the link's: before the handle is connected, and after its end. */
  _status;
  _isEnded = false;
  /** @type {string[]} What is still to be emitted of its end. */
  _eventsToTell = [];
  /** Whether listeners are being told that the links could not be opened. */
  _isTellingFailure = false;

  /**
   * @param {import('./link-view').LinkView} view
   * @param {Readonly<Record<string, any>>} overrides options of this handle over those of the links
   * @param {import('./opening').Opener} [opener] for a handle that has the links opened when it needs them
   */
  constructor(view, overrides, opener) {
    super();
    this._view = view;
    this._options = new OptionsOfHandle(overrides);
    this._opening = new Opening(view, opener);
    this._retryStrategy = overrides.retryStrategy;
    this._watchLink();
  }

  /** The purpose of the link that this handle rides on. */
  get purpose() {
    return this._view.purpose;
  }

  /** ioredis' word for the state of the connection. */
  get status() {
    // Code that first asks whether it is connected would never use a handle that waits for being used.
    if (this._opening.isAutomatic && this._status === 'wait') nextTick(() => this.wake());
    return this._status ?? this._view.state;
  }

  /** BullMQ writes `end` into a connection that it has closed. Only the end of a handle can be decided from outside. */
  set status(value) {
    if (value === 'end') this.disconnect();
  }

  /** Effective options, with ioredis' names. The password is not among them. */
  get options() {
    return this._options.current;
  }

  /** Whether this handle was ended, by quit() or disconnect(). */
  get isEnded() {
    return this._isEnded;
  }

  /**
   * Makes the events of a connection that comes up, for one that is up already: code that waits for `ready` on what
   * duplicate() gave it must not wait for ever.
   *
   * @param {boolean} lazily only when it is asked for
   */
  begin(lazily) {
    if (!lazily) return this._comeUp();
    this._status = 'wait';
    this.onWaiting();
    nextTick(() => this._tell('wait'));
  }

  /**
   * A command is about to be sent: a handle that was to be connected when it is needed is needed now.
   *
   * @returns {Promise<void> | undefined} what the command has to wait for, in its turn. Never rejected
   */
  wake() {
    if (this._status === 'wait') this._comeUp();
    return this._before();
  }

  /** @returns {Promise<void> | undefined} what is to be done before any further command. Never rejected */
  _before() {
    return this._opening.pending;
  }

  /**
   * Connects a handle that waits for it, or was ended.
   *
   * @param {import('./commands/callbacks').Callback} [callback]
   * @returns {Promise<void>}
   */
  connect(callback) {
    return asCallback(this._connect(), callback);
  }

  async _connect() {
    if (['connecting', 'connect', 'ready', 'monitoring'].includes(this.status)) {
      throw new Error('Redis is already connecting/connected');
    }
    this._tellEnd();
    this._isEnded = false;
    this._watchLink();
    const ready = this._whenReady();
    if (this._view.dial()) this._followLink();
    else this._comeUp();
    await ready;
  }

  /**
   * Settles with the attempt to connect that is under way.
   *
   * @returns {Promise<void>}
   */
  _whenReady() {
    return new Promise((resolve, reject) => {
      const onReady = () => {
        for (const event of ['close', 'end']) this.off(event, onEnd);
        resolve();
      };
      const onEnd = () => {
        this.off('ready', onReady);
        for (const event of ['close', 'end']) this.off(event, onEnd);
        // It waits again where the links could not be opened for it.
        reject(this._status === 'wait' ? this.refusal() : this._closed());
      };
      this.once('ready', onReady);
      for (const event of ['close', 'end']) this.once(event, onEnd);
    });
  }

  /** What happens to the handle is what happens to the link. */
  _followLink() {
    this.onOpening();
    this._status = undefined;
  }

  _comeUp() {
    this._status = 'connecting';
    if (this._opening.pending !== undefined) return;
    const pending = this._opening.begin(() => {
      if (!this._isEnded) this._arrive();
    });
    if (pending === undefined) this._arrive();
    else this.onWaiting();
  }

  _arrive() {
    if (this._view.index === NO_LINK) refresh();
    if (this._opening.hasFailed) return this._failToOpen();
    this.onOpening();
    nextTick(() => {
      if (this._isEnded) return;
      this._tell('connecting');
      if (this._view.state === 'ready') {
        this._status = 'connect';
        this._tell('connect');
      }
      if (this._isEnded) return;
      // From here on the link itself decides.
      this._status = undefined;
      if (this.status === 'ready' || this.status === 'end') this._tell(this.status);
    });
  }

  /** The links could not be opened. The next command tries again. */
  _failToOpen() {
    this._status = 'wait';
    this.onWaiting();
    // Listeners may send commands, which fail alike while it is too early for another attempt: that is not told again.
    if (this._isTellingFailure) return;
    this._isTellingFailure = true;
    const reason = this.refusal();
    nextTick(() => {
      if (this.listenerCount('error') > 0) this._tell('error', reason);
      if (!this._isEnded) this._tell('close');
      this._isTellingFailure = false;
    });
  }

  /**
   * Ends this handle at once. Its link goes on, and so do the commands that were sent, except for those that wait on a
   * lane: they are given up.
   *
   * @param {boolean} [reconnect] the handle comes back, as in ioredis; the link is not touched
   */
  disconnect(reconnect = false) {
    if (reconnect) {
      this._tell('close');
      this._tell('reconnecting', 0);
      this._comeUp();
      return;
    }
    this._end();
  }

  /** The old name of disconnect(). */
  end() {
    this.disconnect();
  }

  /**
   * Ends this handle once its commands are answered. Its link goes on.
   *
   * @param {import('./commands/callbacks').Callback} [callback]
   * @returns {Promise<'OK'>}
   */
  quit(callback) {
    return asCallback(this._quit(), callback);
  }

  async _quit() {
    // What was asked for before goes out before.
    const before = this._before();
    if (before !== undefined) await before;
    if (this._isEnded) throw this.refusal();
    this._isEnded = true;
    this.onEnding();
    await this.whenIdle();
    if (this._status === 'end') throw this.refusal();
    // Replies come in the order of the commands: whatever becomes of this one, the earlier ones are settled then.
    await Promise.allSettled(
      this._view.busyLinks.map((each) => exchange.send(each, PING, [], FLAGS.READONLY, CONFIGURED_TIMEOUT)),
    );
    this._end();
    this._tellEnd();
    return /** @type {const} */ ('OK');
  }

  /** @param {boolean} [isOpen] whether the end of the connection is to be told as well */
  _end(isOpen = true) {
    if (this._status === 'end') return;
    this._isEnded = true;
    this._status = 'end';
    this.onEnding();
    this.onEnd();
    this._eventsToTell = isOpen ? ['close', 'end'] : ['end'];
    nextTick(() => this._tellEnd());
  }

  _tellEnd() {
    const events = this._eventsToTell;
    if (events.length === 0) return;
    this._eventsToTell = [];
    this._view.watchers.delete(this);
    for (const event of events) this._tell(event);
  }

  /**
   * Whether the handle's own `retryStrategy` wants no further attempt.
   *
   * @param {number} attempt
   */
  _isGivenUp(attempt) {
    if (this._retryStrategy === undefined) return false;
    /** @type {unknown} */
    let delay;
    guarded(() => (delay = this._retryStrategy?.(attempt)));
    return typeof delay !== 'number';
  }

  /** The handle is to be connected when it is first needed. */
  onWaiting() {}

  /** The handle is being connected. */
  onOpening() {}

  /** The end has begun: what the handle holds is to be given back. May be called twice. */
  onEnding() {}

  /** The end is there: nobody waits any more for what has no reply yet. */
  onEnd() {}

  /** Waits for what does not end in its turn, as the commands on the link do. */
  async whenIdle() {}

  /** The connection that it alone has was given up. */
  onLinkGone() {
    if (this._status === 'end') return;
    this._isEnded = true;
    this._status = 'end';
    this.onEnding();
    this.onEnd();
  }

  /**
   * A listener is being added. Handles that nobody listens to are not kept alive by their link.
   *
   * @param {string | symbol} event
   */
  onListening(event) {
    if (isLinkEvent(event)) this._view.watchers.add(this);
    // Who waits for the connection needs it.
    if (this._opening.isAutomatic && isArrival(event)) nextTick(() => this.eventNames().some(isArrival) && this.wake());
  }

  /** From now on the handle is told what happens to the link, where it wants to know. */
  _watchLink() {
    if (this._retryStrategy !== undefined || this.eventNames().some(isLinkEvent)) this._view.watchers.add(this);
  }

  /** Why this handle takes no command. */
  refusal() {
    if (this._isEnded) return this._closed();
    return this._opening.refusal() ?? this._view.refusal(this.options.enableOfflineQueue);
  }

  _closed() {
    return new UnifiedRedisError('CLOSED', 'Connection is closed.', { purpose: this.purpose });
  }

  /**
   * Something happened to the link.
   *
   * @param {any} event
   */
  onLinkEvent(event) {
    if (this._isEnded || this._status === 'wait' || this._opening.pending !== undefined) return;
    if (event.type === 'link') {
      if (event.event === 'reconnecting' && this._isGivenUp(event.attempt)) this._end(false);
      else if (this._status === undefined) this.emit(event.event, event.delay);
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
  _tell(name, ...args) {
    guarded(() => this.emit(name, ...args));
  }

  /** @returns {string} */
  [inspect.custom]() {
    return `${this.constructor.name} { purpose: '${this.purpose}', status: '${this.status}' }`;
  }
}

/** @param {string | symbol} name */
function isLinkEvent(name) {
  return LINK_EVENTS.has(/** @type {string} */ (name)) || NODE_EVENTS.has(/** @type {string} */ (name));
}

/** @param {string | symbol} name */
function isArrival(name) {
  return name === 'connect' || name === 'ready';
}

module.exports = { Handle };
