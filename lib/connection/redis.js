'use strict';

/**
 * The handle that application code holds, in ioredis' dialect. It costs no socket: any number of handles share a link.
 */

const { addressesBySlot } = require('../cluster/topology');
const { command: commandNamed, names, FLAGS } = require('../commands');
const { UnifiedRedisError, invalidArgument } = require('../errors');
const { redactName } = require('../redaction');
const { asCallback, takeCallback } = require('./commands/callbacks');
const { optionsOfDuplicate } = require('./options/cluster');
const { guard, isGuarded } = require('./commands/guards');
const { Definitions } = require('./commands/definitions');
const { Handle } = require('./handle');
const { ledger } = require('./ledger');
const { LinkView, NO_LINK, refresh } = require('./link-view');
const { emitMessage, prepareFor } = require('./pubsub/messages');
const { defineMethods, generalMethod, handleMethod } = require('./commands/methods');
const { nodeHandle, nodeHandles, nodesAre } = require('./cluster/nodes');
const { withOwnOptions } = require('./options');
const { MonitorView } = require('./lanes/monitor-view');
const { OpenTransaction } = require('./pipelines/open-transaction');
const { defineScans } = require('./commands/scan-stream');
const { EVALSHA, isMissing } = require('./commands/script');
const { Sender } = require('./sender');
const { withCallSite } = require('./stacks');
const { Subscriptions, withOwnSubscribers } = require('./pubsub/subscriptions');
const { wrapResults } = require('./pipelines/transaction');
const { Watching } = require('./pipelines/watching');
const { setArgumentTransformer, setReplyTransformer } = require('./commands/transformers');

/** @typedef {import('../commands').Command} Command */

const MULTI = commandNamed('multi');
const EXEC = commandNamed('exec');

/** A handle on the link of one purpose. */
class Redis extends Handle {
  /** What applications do with ioredis' class of that name. */
  static Command = Object.freeze({ setArgumentTransformer, setReplyTransformer });

  /**
   * @param {import('./link-view').LinkView} view
   * @param {Readonly<Record<string, any>>} [overrides] options of this handle over those of the links
   * @param {import('./opening').Opener} [opener] for a handle that has the links opened when it needs them
   */
  constructor(view, overrides = {}, opener = undefined) {
    if (!(view instanceof LinkView)) {
      const message = 'A handle is made by getConnection() or by duplicate(); a new Redis would be a new connection';
      throw new UnifiedRedisError('UNSUPPORTED', message);
    }
    super(view, view.isMonitor ? { ...overrides, monitor: true } : overrides, opener);
    this._overrides = overrides;
    this._sender = new Sender(
      view,
      () => this.options,
      overrides,
      () => this.refusal(),
    );
    /** The keys that its next transaction depends on. */
    this.watching = new Watching(this._sender);
    /** The channels, patterns and shard channels of this handle. */
    this.subscriptions = new Subscriptions(
      view.purpose,
      (...message) => emitMessage(this, ...message),
      (gap) => this.emit('gap', gap),
    );
    /** @type {OpenTransaction | undefined} What its commands belong to until EXEC: see `multi({ pipeline: false })`. */
    this.openTransaction = undefined;
    /** @type {string | undefined} What CLIENT SETNAME gave this handle. */
    this.clientName = overrides.connectionName ?? undefined;
    /** @type {Record<string, import('./commands/script').Script>} What defineCommand() gave this handle. */
    this.scriptsSet = {};
    this._definitions = new Definitions(this);
    for (const [name, definition] of Object.entries(overrides.scripts ?? {})) this.defineCommand(name, definition);
  }

  /** Whether it stands for all nodes of a cluster. */
  get isCluster() {
    return this._view.isCluster;
  }

  /**
   * ioredis' `cluster.nodes(role)`: handles of the single nodes, with the role `master`, `slave` or `all`. Not there
   * without a cluster, as libraries tell by it what they have.
   */
  get nodes() {
    return this._view.isCluster ? nodesOfHandle : undefined;
  }

  /** ioredis' `cluster.slots`: the addresses of the nodes of each slot, the master first. Not there without a cluster. */
  get slots() {
    return this._view.isCluster ? addressesBySlot() : undefined;
  }

  /** Other handles take every command at any time, as subscriptions have a connection of their own. */
  get mode() {
    return this._view.isMonitor ? 'monitor' : 'normal';
  }

  /** Nothing waits for a pipeline here: commands of a tick travel together anyway. */
  get autoPipelineQueueSize() {
    return 0;
  }

  /**
   * Sends any command, also one that this package has never heard of.
   *
   * @param {string} name
   * @param {...unknown} args
   * @returns {Promise<any>}
   */
  call(name, ...args) {
    return this._run(commandNamed(String(name)), args, 0);
  }

  /**
   * @param {string} name
   * @param {...unknown} args
   * @returns {Promise<any>}
   */
  callBuffer(name, ...args) {
    return this._run(commandNamed(String(name)), args, FLAGS.BUFFERS);
  }

  /**
   * The old name of call().
   *
   * @param {string} name
   * @param {...unknown} args
   */
  send_command(name, ...args) {
    return this.call(name, ...args);
  }

  /**
   * Commands that are sent together, and whose outcomes come together.
   *
   * @param {ReadonlyArray<ReadonlyArray<any>>} [commands] `[['set', 'k', 'v'], ['get', 'k']]`
   */
  pipeline(commands) {
    const pipeline = new this._definitions.Pipeline(this, this._sender);
    return commands === undefined ? pipeline : pipeline.addBatch(commands);
  }

  /**
   * Commands that are executed as one transaction.
   *
   * @param {ReadonlyArray<ReadonlyArray<any>> | { pipeline?: boolean }} [commands]
   * @param {{ pipeline?: boolean }} [options]
   * @returns {any} a Transaction; with `{ pipeline: false }` the promise of OK, and the commands of this handle up to
   *   `exec()` or `discard()` are those of the transaction
   */
  multi(commands, options) {
    const batch = isBatch(commands) ? commands : [];
    const { pipeline = true } = options ?? (isBatch(commands) ? {} : (commands ?? {}));
    if (!pipeline) return this._run(MULTI, [], 0);
    return new this._definitions.Transaction(this, this._sender).addBatch(batch);
  }

  /**
   * Ends what `multi({ pipeline: false })` began.
   *
   * @param {import('./commands/callbacks').Callback} [callback]
   * @returns {Promise<Array<[Error] | [null, any]> | null>} as of a Transaction
   */
  exec(callback) {
    return asCallback(this._run(EXEC, [], 0).then(wrapResults), callback);
  }

  /** From now on commands belong to a transaction. */
  async beginTransaction() {
    if (this._sender.link === NO_LINK) throw this.refusal();
    this.openTransaction = new OpenTransaction(this, this._sender);
    // They have to come by `_run`.
    this._sender.isPlain = false;
    return /** @type {const} */ ('OK');
  }

  /** The transaction is over. */
  closeTransaction() {
    this.openTransaction = undefined;
    if (this._sender.isOpen) this._sender.open();
  }

  /**
   * Another handle on the same link, with subscriptions, listeners and an end of its own.
   *
   * @param {Readonly<Record<string, any>> | null | ReadonlyArray<any>} [first] options; or, as of ioredis' cluster, its
   *   start nodes, which can be no others
   * @param {Readonly<Record<string, any>>} [second] then the options, with `redisOptions` among them
   * @throws {import('../errors').UnifiedRedisError} UNSUPPORTED when they ask for another connection
   * @throws {TypeError | RangeError} INVALID_OPTION
   */
  duplicate(first, second) {
    const overrides = this.isCluster
      ? optionsOfDuplicate(first, second)
      : /** @type {Readonly<Record<string, any>> | null | undefined} */ (first);
    const handle = new Redis(this._view.shared, withOwnOptions(this._overrides, overrides), this._opening.opener);
    if (ledger.isTracking) ledger.enter(handle, { kind: 'handle', what: 'of duplicate()', purpose: this.purpose });
    handle.begin(handle.options.lazyConnect === true);
    return handle;
  }

  /**
   * A handle that is told of every command that the server executes: its `monitor` event has the time, the arguments, the
   * source and the database. It has a lane for itself until it is ended, and takes no commands.
   *
   * @param {import('./commands/callbacks').Callback} [callback]
   * @returns {Promise<Redis>}
   */
  monitor(callback) {
    return this._perform('monitor', callback === undefined ? [] : [callback], () => this._monitor());
  }

  async _monitor() {
    const link = this._view.shared;
    if (!link.isDeclared) refresh();
    if (this.isEnded) throw this.refusal();
    if (!link.isDeclared) throw link.refusal();
    const { timeoutMs } = this._sender;
    const view = new MonitorView(link, timeoutMs < 0 ? this.options.commandTimeout : timeoutMs);
    const handle = new Redis(view, this._overrides);
    await view.begin(handle);
    return handle;
  }

  /**
   * Makes a command of a Lua script, on this handle and its pipelines.
   *
   * @param {string} name
   * @param {import('./commands/script').ScriptDefinition} definition `numberOfKeys`: how many of the arguments are keys; where it
   *   is left out, the first argument says
   */
  defineCommand(name, definition) {
    this.scriptsSet[name] = this._definitions.addScript(name, definition);
  }

  /** The commands that there are methods for. */
  getBuiltinCommands() {
    return [...names];
  }

  /**
   * The two methods of a command, to be called on a handle.
   *
   * @param {string} name
   */
  createBuiltinCommand(name) {
    const command = commandNamed(name);
    return { string: generalMethod(command, 0), buffer: generalMethod(command, FLAGS.BUFFERS) };
  }

  /**
   * Adds methods for a command, for instance one of a module, to this handle and its pipelines.
   *
   * @param {string} name
   */
  addBuiltinCommand(name) {
    this._definitions.addCommand(name);
  }

  /**
   * The general way of a command: callbacks, arguments of all types, prefixes, and commands that need care.
   *
   * @param {Command} command
   * @param {unknown[]} args
   * @param {number} flags
   * @returns {Promise<any>}
   */
  _run(command, args, flags) {
    return this._perform(command.name, args, () => {
      if (this._view.isMonitor) throw this.refusal();
      const prepared = this._sender.prepare(command, args);
      if (this.openTransaction !== undefined) return this.openTransaction.take(command, prepared, flags);
      if (isGuarded(command)) {
        if (this.isEnded) throw this.refusal();
        const instead = guard(this, command, prepared, flags);
        if (instead !== undefined) return instead();
      }
      const reply = this._sender.send(command, prepared, flags);
      return command.lower === 'pubsub' ? withOwnSubscribers(prepared, reply, this._view) : reply;
    });
  }

  /**
   * @param {import('./commands/script').Script} script
   * @param {unknown[]} args
   * @param {number} flags
   * @returns {Promise<any>}
   */
  _runScript(script, args, flags) {
    return this._perform(script.name, args, async () => {
      const prepared = this._sender.prepare(EVALSHA, script.arguments(args));
      if (this.openTransaction !== undefined) return this.openTransaction.takeScript(script, prepared, flags);
      const send = (/** @type {ReturnType<import('./commands/script').Script['call']>} */ call) =>
        this._sender.send(call.command, call.args, flags | script.flags);
      try {
        return await send(script.call(prepared));
      } catch (error) {
        if (isMissing(error)) return send(script.call(prepared, true));
        throw error;
      }
    });
  }

  /**
   * What all calls have in common.
   *
   * @param {string} name
   * @param {unknown[]} args a callback is taken off
   * @param {() => Promise<any>} send
   */
  _perform(name, args, send) {
    const callback = takeCallback(args);
    const opening = this.wake();
    /** @type {Promise<any>} */
    let outcome;
    try {
      outcome = opening === undefined ? this._sendNow(send) : opening.then(() => this._sendNow(send));
    } catch (error) {
      outcome = Promise.reject(error);
    }
    if (ledger.isTracking) ledger.follow(this.purpose, redactName(name), outcome);
    if (this.options.showFriendlyErrorStack) outcome = withCallSite(outcome, new Error());
    return asCallback(outcome, callback);
  }

  /**
   * @param {() => Promise<any>} send
   * @returns {Promise<any>}
   */
  _sendNow(send) {
    // The links were to be opened for it, and could not be.
    if (this._status === 'wait') throw this.refusal();
    return send();
  }

  _before() {
    return super._before() ?? this.watching.turns.next();
  }

  onWaiting() {
    // The first command has to come by `wake`.
    this._sender.hold();
  }

  onOpening() {
    this.openTransaction = undefined;
    this._sender.open();
  }

  /** The links were opened anew, with other options perhaps. */
  onLinksOpened() {
    if (!this.isEnded && this.status !== 'wait') this._sender.open();
  }

  onEnding() {
    this._sender.close();
    this.openTransaction = undefined;
    this.subscriptions.clear();
    this.watching.close();
  }

  onEnd() {
    ledger.strike(this);
    this._sender.waitingCalls.abandon(this.refusal());
    this._view.leave();
  }

  /** @param {any} event */
  onLinkEvent(event) {
    super.onLinkEvent(event);
    if (this.isEnded) return;
    if (event.type === 'topology') this.emit('refresh');
    else if (event.type === 'node' && this.listenerCount(event.event) > 0) this.#tellOfNode(event);
  }

  /** @param {any} event of a node of the cluster */
  #tellOfNode(event) {
    const { purpose } = this;
    if (event.event === 'node error') {
      this.emit('node error', new UnifiedRedisError(event.code, event.message, { purpose }), event.address);
    } else this.emit(event.event, nodeHandle(this._view, event));
  }

  whenIdle() {
    return this._sender.waitingCalls.settled();
  }

  /** @param {string | symbol} event */
  onListening(event) {
    super.onListening(event);
    prepareFor(event);
  }
}

defineMethods(Redis.prototype, handleMethod);
nodesAre(Redis);

defineScans(Redis.prototype);

// Since Node 20.5: `await using redis = manager.getConnection().duplicate()`.
if (Symbol.asyncDispose) {
  /** @this {Redis} */
  const value = async function () {
    if (!this.isEnded) await this.quit();
  };
  Object.defineProperty(Redis.prototype, Symbol.asyncDispose, { value, writable: true, configurable: true });
}

/**
 * @this {Redis}
 * @param {'all' | 'master' | 'slave'} [role]
 * @returns {Redis[]} masters in the order of their slots, each followed by its replicas
 */
function nodesOfHandle(role = 'all') {
  if (!['all', 'master', 'slave'].includes(role)) throw invalidArgument('role', role, "'all', 'master' or 'slave'");
  return nodeHandles(this._view, role);
}

/**
 * @param {unknown} commands
 * @returns {commands is ReadonlyArray<ReadonlyArray<any>>}
 */
function isBatch(commands) {
  return Array.isArray(commands);
}

module.exports = { Redis };
