'use strict';

/**
 * The life of a handle in the words of the `redis` package: open, ready, closed, connected again. It is the handle's
 * own; the link goes on without it.
 */

const { EventEmitter } = require('node:events');
const { inspect } = require('node:util');
const { exchange, guarded, nextTick, CONFIGURED_TIMEOUT } = require('../bridge');
const { command, FLAGS } = require('../commands');
const { NO_LINK, refresh, serverAt } = require('../connection/link-view');
const { Opening } = require('../connection/opening');
const { OptionsOfHandle } = require('../connection/options');
const { Subscriptions } = require('../connection/pubsub/subscriptions');
const { Watching } = require('../connection/pipelines/watching');
const { UnifiedRedisError } = require('../errors');
const { asPackageError } = require('./errors');
const { Listeners } = require('./listeners');
const { Transport } = require('./transport');

/** Events that tell of the link: a handle with a listener for one of them is told what happens. */
const LINK_EVENTS = new Set(['connect', 'ready', 'reconnecting', 'error', 'end']);

/** Those of the nodes of a cluster: what the package has for their connections tells of nodes that come and go. */
const NODE_EVENTS = /** @type {Record<string, string[]>} */ ({
  '+node': ['node-connect', 'node-ready'],
  '-node': ['node-disconnect'],
  'node error': ['node-error'],
});

const WATCHED = new Set(['topology-change', ...LINK_EVENTS, ...Object.values(NODE_EVENTS).flat()]);

const PING = command('ping');

/** What handles of all versions have in common, whatever they can send. */
class Handle extends EventEmitter {
  /** Itself, also where it is the prototype of one with other command options. */
  _self = this;
  #options;
  #ofLinks = new OptionsOfHandle({});
  #isOpen = false;
  /** Whether it is open without anybody having called connect(): the link is there anyway. */
  #isBornOpen = false;
  #wasClosed = false;
  /** @type {Array<() => void>} What waits for connect(). */
  #waiting = [];

  /**
   * @param {import('../connection/link-view').LinkView} view
   * @param {import('./package').ClientPackage} package_
   * @param {Readonly<Record<string, any>>} options as of `createClient`
   */
  constructor(view, package_, options) {
    super();
    this.view = view;
    this.package = package_;
    this.#options = { ...options };
    this.opening = new Opening(view);
    this.transport = new Transport(this, package_);
    this.watching = new Watching(this.transport);
    /** @type {import('../connection/lanes/monitor').Monitor | undefined} */
    this.monitoring = undefined;
    this.pubSub = new Listeners(new package_.PubSub());
    this.subscriptions = new Subscriptions(
      view.purpose,
      (...message) => this.pubSub.deliver(...message),
      (gap) => this.emit('gap', gap),
    );
    /** @type {string | undefined} What CLIENT SETNAME gave this handle; the name in createSentinel's options is the master's. */
    this.clientName = options.sentinelRootNodes === undefined ? options.name : undefined;
    /** @param {unknown} error */
    this.rethrow = (error) => {
      throw asPackageError(error, package_.errors);
    };
    hide(this, [
      '_self',
      'rethrow',
      'view',
      'package',
      'transport',
      'watching',
      'pubSub',
      'monitoring',
      'subscriptions',
      'clientName',
      'opening',
    ]);
  }

  /** The purpose of the link that this handle rides on. */
  get purpose() {
    return this._self.view.purpose;
  }

  get isOpen() {
    const { view } = this._self;
    if (!this._self.#isOpen) return false;
    // Code that first asks whether it is open would never use a handle that waits for being used.
    if (this.wake() !== undefined) return true;
    // The event that tells of new links may still be on its way.
    if (view.index === NO_LINK) refresh();
    return view.state !== 'end';
  }

  get isReady() {
    return this.isOpen && this._self.view.state === 'ready';
  }

  /** Whether this handle was open and is closed. */
  get isEnded() {
    return this._self.#wasClosed && !this._self.#isOpen;
  }

  get isPubSubActive() {
    return this._self.pubSub.isActive;
  }

  /** Options as of `createClient`. The password is not among them. */
  get options() {
    return this._self.#options;
  }

  /** Options of the link, with ioredis' names. */
  get linkOptions() {
    return this._self.#ofLinks.current;
  }

  /** The handle is open from the beginning, as its link is. Then connect() may be called, and need not be. */
  beginOpen() {
    this.#isOpen = true;
    this.#isBornOpen = true;
    this.transport.open();
    return this;
  }

  /**
   * Opens the handle.
   *
   * @returns {Promise<this>} settled once the link is ready
   */
  async connect() {
    const self = this._self;
    if (self.isOpen && !self.#isBornOpen) {
      throw new Error(self.view.isCluster ? 'Cluster already open' : 'Socket already opened');
    }
    self.#isOpen = true;
    self.#isBornOpen = false;
    self.transport.open();
    if (self.view.index === NO_LINK) refresh();
    if (self.eventNames().some(isLinkEvent)) self.view.watchers.add(self);
    await self.wake();
    self.onLinks();
    await self.#whenReady();
    await self.#resubscribe();
    for (const go of self.#waiting.splice(0)) go();
    return this;
  }

  /**
   * The links are needed now.
   *
   * @returns {Promise<void> | undefined} what to wait for, in its turn, where they have to be opened. Never rejected
   */
  wake() {
    const self = this._self;
    const { opening, view } = self;
    if (opening.pending !== undefined || view.index !== NO_LINK || !self.#isOpen) return opening.pending;
    return opening.begin(() => {
      self.onLinks();
      if (opening.hasFailed && self.#isOpen) self.#tellError(/** @type {UnifiedRedisError} */ (self.refusal()));
    });
  }

  /**
   * A command is about to be sent.
   *
   * @returns {Promise<void> | undefined} what it has to wait for, in its turn. Never rejected
   */
  turn() {
    return this.wake() ?? this._self.watching.turns.next();
  }

  async #whenReady() {
    if (this.view.state !== 'ready') {
      await this.#linkReady();
      return;
    }
    await new Promise((resolve) => nextTick(() => resolve(undefined)));
    if (!this.#isOpen) throw this.closedError();
    this.#tell('connect');
    this.#tell('ready');
  }

  /** Waits for the link itself, which tells its events to whoever listens. */
  async #linkReady() {
    const { watchers } = this.view;
    const outcome = await new Promise((resolve) => {
      if (this.view.state === 'end') return resolve(undefined);
      const watcher = {
        onLinkEvent: (/** @type {any} */ event) => {
          const isOver = event.type === 'link' && (event.event === 'ready' || event.event === 'end');
          if (!isOver && this.#isOpen) return;
          watchers.delete(watcher);
          resolve(this.#isOpen ? event.event : undefined);
        },
      };
      return watchers.add(watcher);
    });
    if (outcome === 'ready') return;
    const refusal = this.refusal();
    this.#isOpen = false;
    throw asPackageError(refusal, this.package.errors);
  }

  /** What this handle was subscribed to before it was closed. */
  async #resubscribe() {
    await this.pubSub.resubscribe(this.subscriptions);
  }

  /**
   * Runs what has to wait for connect(), as in the package.
   *
   * @template T
   * @param {() => Promise<T>} run
   * @returns {Promise<T>}
   */
  async whenOpen(run) {
    if (!this.#isOpen) await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
    const opening = this.wake();
    if (opening !== undefined) await opening;
    if (this.opening.hasFailed) throw this.refusal();
    return run();
  }

  /** Closes the handle once its commands are answered. Its link goes on. */
  async _close() {
    const self = this._self;
    self.checkOpen();
    // What was asked for before goes out before.
    const before = self.opening.pending ?? self.watching.turns.next();
    if (before !== undefined) await before;
    self.#shut();
    await self.transport.waitingCalls.settled();
    // Replies come in the order of the commands: whatever becomes of this one, the earlier ones are settled then.
    const pings = self.view.busyLinks.map((link) => exchange.send(link, PING, [], FLAGS.READONLY, CONFIGURED_TIMEOUT));
    await Promise.allSettled(pings);
    self.#end();
  }

  /**
   * Closes the handle once its commands are answered. Its link goes on.
   *
   * @returns {Promise<'OK'>}
   */
  async QUIT() {
    await this._close();
    return 'OK';
  }

  /** @returns {Promise<'OK'>} */
  quit() {
    return this.QUIT();
  }

  /**
   * Closes the handle at once. Its link goes on, and so do the commands that were sent, except for those that wait on a
   * lane: they are given up.
   */
  _destroy() {
    const self = this._self;
    self.#shut();
    self.transport.waitingCalls.abandon(new self.package.errors.DisconnectsClientError());
    self.#end();
  }

  /** No more commands. */
  #shut() {
    this.#isOpen = false;
    this.#wasClosed = true;
    this.transport.close();
    this.watching.close();
    this.onShut();
  }

  /** There may be other links than before: those of a cluster, or of none. */
  onLinks() {}

  /** What else has to end with it. */
  onShut() {}

  #end() {
    this.monitoring?.end();
    this.subscriptions.clear();
    this.pubSub.reset();
    this.#tell('end');
    if (this.view.isCluster) this.#tell('disconnect');
    this.view.watchers.delete(this);
  }

  /** Sockets are the process', not the handle's: see "When the process ends" in the README. */
  ref() {}

  unref() {}

  checkOpen() {
    if (!this._self.#isOpen) throw this.closedError();
  }

  closedError() {
    return new this.package.errors.ClientClosedError();
  }

  /** Why this handle takes no command. */
  refusal() {
    const { opening, view } = this._self;
    if (this._self.#isOpen) return opening.refusal() ?? view.refusal();
    return new UnifiedRedisError('CLOSED', 'Connection is closed.', { purpose: this.purpose });
  }

  /**
   * Something happened to the link.
   *
   * @param {any} event
   */
  onLinkEvent(event) {
    // Whether they were opened for it, it is told when that is decided.
    if (!this.#isOpen || (this.opening.pending !== undefined && event.type === 'error')) return;
    if (event.type === 'error') this.#tellError(event);
    else if (event.type === 'link' && LINK_EVENTS.has(event.event)) this.emit(event.event);
    else if (event.type === 'node') this.#tellNode(event);
    else if (event.type === 'failover') {
      guarded(() => this.emit('topology-change', { type: 'MASTER_CHANGE', node: serverAt(event.to) }));
    }
  }

  /** @param {{ event: string, host?: string, port?: number, address: string, code: string, message: string }} event */
  #tellNode({ event, address, code, message, ...rest }) {
    const at = address.lastIndexOf(':');
    const { host = address.slice(0, at), port = Number(address.slice(at + 1)) } = rest;
    const error = code === undefined ? [] : [new UnifiedRedisError(code, message, { purpose: this.purpose })];
    for (const name of NODE_EVENTS[event] ?? []) guarded(() => this.emit(name, ...error, { host, port }));
  }

  /** @param {{ code: string, message: string, retryable?: boolean, purpose?: string }} event */
  #tellError({ code, message, retryable, purpose }) {
    if (this.listenerCount('error') === 0) return;
    const error = new UnifiedRedisError(code, message, { retryable, purpose });
    guarded(() => this.emit('error', asPackageError(error, this.package.errors)));
  }

  /**
   * @param {string | symbol} name
   * @param {(...args: any[]) => void} listener
   */
  on(name, listener) {
    this.#onListening(name);
    super.on.call(this._self, name, listener);
    return this;
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
    this.#onListening(name);
    super.prependListener.call(this._self, name, listener);
    return this;
  }

  /**
   * Handles that nobody listens to are not kept alive by their link.
   *
   * @param {string | symbol} event
   */
  #onListening(event) {
    if (isLinkEvent(event)) this._self.view.watchers.add(this._self);
    // Who waits for the connection needs it.
    if (this._self.opening.isAutomatic && (event === 'connect' || event === 'ready')) nextTick(() => this.wake());
  }

  /** @param {string} name */
  #tell(name) {
    guarded(() => this.emit(name));
  }

  /** @returns {string} */
  [inspect.custom]() {
    const state = this.isReady ? 'ready' : this.isOpen ? 'open' : 'closed';
    return `RedisClient { purpose: '${this.purpose}', version: ${this._self.package.version}, state: '${state}' }`;
  }
}

/** @param {string | symbol} name */
function isLinkEvent(name) {
  return WATCHED.has(/** @type {string} */ (name));
}

/**
 * Code that looks at what a client has must not come upon our parts.
 *
 * @param {object} target
 * @param {string[]} names
 */
function hide(target, names) {
  for (const name of names) Object.defineProperty(target, name, { enumerable: false });
}

module.exports = { Handle };
