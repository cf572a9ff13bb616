'use strict';

/**
 * The handle that application code holds, in ioredis' dialect. It costs no socket: any number of handles share a link.
 */

const { exchange, CONFIGURED_TIMEOUT } = require('../bridge');
const { command: commandNamed, names, FLAGS } = require('../commands');
const { asCallback, takeCallback } = require('./callbacks');
const { guard, isGuarded } = require('./guards');
const { Handle } = require('./handle');
const { emitMessage, prepareFor } = require('./messages');
const { checkOverrides } = require('./options');
const { Pipeline } = require('./pipeline');
const { replyTransformer } = require('./replies');
const { Sender } = require('./sender');
const { Subscriptions } = require('./subscriptions');
const { Transaction } = require('./transaction');

/** @typedef {import('../commands').Command} Command */

/** A handle on the link of one purpose. */
class Redis extends Handle {
  /** @type {Sender} */
  #sender;
  #view;
  #overrides;

  /**
   * @param {import('./link-view').LinkView} view
   * @param {Readonly<Record<string, any>>} [overrides] options of this handle over those of the links
   */
  constructor(view, overrides = {}) {
    super(view, overrides);
    this.#view = view;
    this.#overrides = overrides;
    const hasOwnTimeout = overrides.commandTimeout !== undefined;
    this.#sender = new Sender(
      view,
      () => this.options,
      hasOwnTimeout,
      () => this.refusal(),
    );
    /** The channels, patterns and shard channels of this handle. */
    this.subscriptions = new Subscriptions((...message) => emitMessage(this, ...message));
    /** @type {string | undefined} What CLIENT SETNAME gave this handle. */
    this.clientName = undefined;
  }

  get isCluster() {
    return false;
  }

  /**
   * Sends any command, also one that this package has never heard of.
   *
   * @param {string} name
   * @param {...unknown} args
   * @returns {Promise<any>}
   */
  call(name, ...args) {
    return this.#run(commandNamed(String(name)), args, 0);
  }

  /**
   * @param {string} name
   * @param {...unknown} args
   * @returns {Promise<any>}
   */
  callBuffer(name, ...args) {
    return this.#run(commandNamed(String(name)), args, FLAGS.BUFFERS);
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
    const pipeline = new Pipeline(this, this.#sender);
    return commands === undefined ? pipeline : pipeline.addBatch(commands);
  }

  /**
   * Commands that are executed as one transaction.
   *
   * @param {ReadonlyArray<ReadonlyArray<any>> | { pipeline?: boolean }} [commands]
   * @param {{ pipeline?: boolean }} [options]
   * @returns {any} a Transaction; with `{ pipeline: false }`, which a shared link cannot do, a rejected promise
   */
  multi(commands, options) {
    const batch = isBatch(commands) ? commands : [];
    const { pipeline = true } = options ?? (isBatch(commands) ? {} : (commands ?? {}));
    if (!pipeline) return this.#run(commandNamed('multi'), [], 0);
    return new Transaction(this, this.#sender).addBatch(batch);
  }

  /**
   * Another handle on the same link, with subscriptions, listeners and an end of its own.
   *
   * @param {Readonly<Record<string, any>>} [overrides]
   * @throws {import('../errors').UnifiedRedisError} UNSUPPORTED when they ask for another connection
   */
  duplicate(overrides = {}) {
    checkOverrides(overrides);
    const handle = new Redis(this.#view, { ...this.#overrides, ...overrides });
    handle.begin(handle.options.lazyConnect === true);
    return handle;
  }

  /**
   * The general way of a command: callbacks, arguments of all types, prefixes, and commands that need care.
   *
   * @param {Command} command
   * @param {unknown[]} args
   * @param {number} flags
   */
  #run(command, args, flags) {
    const callback = takeCallback(args);
    /** @type {Promise<any>} */
    let outcome;
    try {
      outcome = this.#send(command, args, flags);
    } catch (error) {
      outcome = Promise.reject(error);
    }
    return asCallback(outcome, callback);
  }

  /**
   * @param {Command} command
   * @param {unknown[]} args
   * @param {number} flags
   * @returns {Promise<any>}
   */
  #send(command, args, flags) {
    this.wake();
    const prepared = this.#sender.prepare(command, args);
    if (isGuarded(command)) {
      if (this.isEnded) return Promise.reject(this.refusal());
      const instead = guard(this, command, prepared, flags);
      if (instead !== undefined) return instead();
    }
    return this.#sender.send(command, prepared, flags);
  }

  onWaiting() {
    // The first command has to come by `wake`.
    this.#sender.isPlain = false;
  }

  onOpening() {
    this.#sender.open();
  }

  onEnding() {
    this.#sender.close();
    this.subscriptions.clear();
  }

  /** @param {string | symbol} event */
  onListening(event) {
    super.onListening(event);
    prepareFor(event);
  }

  static {
    for (const name of names) {
      const command = commandNamed(name);
      for (const [method, flags] of /** @type {const} */ ([
        [name, 0],
        [`${name}Buffer`, FLAGS.BUFFERS],
      ])) {
        if (method in Redis.prototype) continue;
        const value = isGuarded(command) || command.isVariable ? general(command, flags) : plain(command, flags);
        Object.defineProperty(Redis.prototype, method, { value, writable: true, configurable: true });
      }
    }

    /**
     * The method of a command whose calls are all alike. When the arguments are strings, numbers and bytes, which they
     * nearly always are, the call goes out as it is.
     *
     * @param {Command} command
     * @param {number} encoding
     */
    function plain(command, encoding) {
      const flags = command.flags | encoding;
      const transform = replyTransformer(command);
      /**
       * @this {Redis}
       * @param {unknown[]} args
       */
      return function (...args) {
        const sender = this.#sender;
        const link = sender.view.commandLink;
        if (sender.isPlain && link >= 0) {
          const promise = exchange.send(link, command, args, flags, CONFIGURED_TIMEOUT, transform);
          if (promise !== undefined) return promise;
        }
        return this.#run(command, args, encoding);
      };
    }

    /**
     * @param {Command} command
     * @param {number} flags
     */
    function general(command, flags) {
      /**
       * @this {Redis}
       * @param {unknown[]} args
       */
      return function (...args) {
        return this.#run(command, args, flags);
      };
    }
  }
}

/**
 * @param {unknown} commands
 * @returns {commands is ReadonlyArray<ReadonlyArray<any>>}
 */
function isBatch(commands) {
  return Array.isArray(commands);
}

module.exports = { Redis };
