'use strict';

/**
 * ioredis' pipelines: commands collected, sent together, and their outcomes returned together. Each command is a
 * request of its own, except for those from MULTI to EXEC, which are never split.
 */

const { exchange } = require('../bridge');
const { command: commandNamed, names, FLAGS } = require('../commands');
const { UnifiedRedisError } = require('../errors');
const { asCallback, takeCallback } = require('./callbacks');
const { guard } = require('./guards');
const { NO_LINK } = require('./link-view');
const { Entry, Group } = require('./pipeline-entry');

/** @typedef {import('../commands').Command} Command */

/** The commands of one `pipeline()` or `multi()`. Every method that sends a command returns the pipeline. */
class Pipeline {
  /** @type {Entry[]} */
  #entries = [];
  #openTransactions = 0;
  /** @type {Promise<Outcome[]> | undefined} */
  #executed;
  /** @type {import('./redis').Redis} */
  #handle;
  /** @type {import('./sender').Sender} */
  #sender;

  /**
   * @param {import('./redis').Redis} handle
   * @param {import('./sender').Sender} sender
   */
  constructor(handle, sender) {
    this.#handle = handle;
    this.#sender = sender;
  }

  get isPipeline() {
    return true;
  }

  /** How many commands it has. */
  get length() {
    return this.#entries.length;
  }

  /** The handle it was made from. */
  get redis() {
    return this.#handle;
  }

  get options() {
    return this.#handle.options;
  }

  /**
   * Adds commands given as arrays: `[['set', 'k', 'v'], ['get', 'k']]`.
   *
   * @param {ReadonlyArray<ReadonlyArray<any>>} commands
   */
  addBatch(commands) {
    for (const [name, ...args] of commands) /** @type {any} */ (this)[name](...args);
    return this;
  }

  /**
   * Adds a command by its name.
   *
   * @param {string} name
   * @param {...unknown} args
   */
  call(name, ...args) {
    return this.#add(commandNamed(String(name)), args, 0);
  }

  /**
   * @param {string} name
   * @param {...unknown} args
   */
  callBuffer(name, ...args) {
    return this.#add(commandNamed(String(name)), args, FLAGS.BUFFERS);
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

  /** Begins a transaction within the pipeline. The next `exec()` ends it, the one after that sends the pipeline. */
  multi() {
    this.#openTransactions += 1;
    return this.#add(MULTI, [], 0);
  }

  /**
   * Sends the commands. Called again, it returns the same outcomes.
   *
   * @param {import('./callbacks').Callback} [callback]
   * @returns {Promise<Outcome[]> | this} outcomes in the order of the commands: `[null, reply]` or `[error]`. The
   *   pipeline itself where this ends a transaction within it
   */
  exec(callback) {
    if (this.#openTransactions > 0) {
      this.#openTransactions -= 1;
      return this.#add(EXEC, typeof callback === 'function' ? [callback] : [], 0);
    }
    if (this.#executed !== undefined) return this.#executed;
    this.#executed = this.#run();
    return asCallback(this.#executed, callback);
  }

  /**
   * The old name of exec().
   *
   * @param {import('./callbacks').Callback} [callback]
   */
  execBuffer(callback) {
    return this.exec(callback);
  }

  /**
   * @param {Command} command
   * @param {unknown[]} args
   * @param {number} flags
   */
  #add(command, args, flags) {
    const callback = takeCallback(args);
    this.#entries.push(new Entry(command, this.#sender.prepare(command, args), flags, callback));
    return this;
  }

  /** @returns {Promise<Outcome[]>} */
  #run() {
    const entries = this.#entries;
    this.#handle.wake();
    return new Promise((resolve) => {
      let pending = entries.length;
      if (pending === 0) resolve([]);
      const settled = () => {
        pending -= 1;
        if (pending === 0) resolve(entries.map(({ outcome }) => /** @type {Outcome} */ (outcome)));
      };
      for (const entry of entries) entry.settled = settled;
      for (let index = 0; index < entries.length;) index = this.#sendFrom(index);
    });
  }

  /**
   * Sends the command at this position, with the rest of its transaction where it begins one.
   *
   * @param {number} index
   * @returns {number} the position after what was sent
   */
  #sendFrom(index) {
    const entries = this.#entries;
    const entry = entries[index];
    if (entry.command.lower === 'multi') {
      const end = entries.findIndex((other, at) => at > index && /^(exec|discard)$/.test(other.command.lower));
      const next = end === -1 ? entries.length : end + 1;
      this.#sendTransaction(entries.slice(index, next), end !== -1);
      return next;
    }
    const instead = guard(this.#handle, entry.command, entry.args, entry.flags);
    if (instead === undefined) this.#send([entry], entry, entry.flags | entry.command.flagsOf(entry.args));
    else instead().then(entry.resolve.bind(entry), entry.reject.bind(entry));
    return index + 1;
  }

  /**
   * @param {Entry[]} entries from MULTI on
   * @param {boolean} isComplete whether they end with EXEC or DISCARD
   */
  #sendTransaction(entries, isComplete) {
    const group = new Group(entries);
    if (!isComplete) {
      group.reject(new UnifiedRedisError('UNSUPPORTED', 'A transaction has to end with exec() in the same pipeline'));
      return;
    }
    const refused = entries.slice(1).find(({ command, args }) => guard(this.#handle, command, args, 0) !== undefined);
    if (refused !== undefined) {
      group.refuse(refused);
      return;
    }
    // A group is answered in one way: where anybody wants Buffers, the others make strings of theirs.
    const flags = entries.some((entry) => entry.flags & FLAGS.BUFFERS) ? FLAGS.BUFFERS : 0;
    this.#send(entries, group, flags);
  }

  /**
   * @param {Entry[]} entries
   * @param {Entry | Group} receiver
   * @param {number} flags
   */
  #send(entries, receiver, flags) {
    const { link } = this.#sender;
    if (link === NO_LINK) {
      receiver.reject(this.#sender.refusal());
      return;
    }
    const [{ command, args }] = entries;
    const timeoutMs = entries.length === 1 ? this.#sender.timeoutOf(command, args) : this.#sender.timeoutMs;
    try {
      exchange.sendRequest(link, entries, flags, timeoutMs, receiver);
    } catch (error) {
      receiver.reject(/** @type {Error} */ (error));
    }
  }

  static {
    for (const name of names) {
      if (name === 'multi' || name === 'exec') continue;
      define(name, commandNamed(name), 0);
      define(`${name}Buffer`, commandNamed(name), FLAGS.BUFFERS);
    }

    /**
     * @param {string} name
     * @param {Command} command
     * @param {number} flags
     */
    function define(name, command, flags) {
      /**
       * @this {Pipeline}
       * @param {unknown[]} args
       */
      const value = function (...args) {
        return this.#add(command, args, flags);
      };
      Object.defineProperty(Pipeline.prototype, name, { value, writable: true, configurable: true });
    }
  }
}

const MULTI = commandNamed('multi');
const EXEC = commandNamed('exec');

module.exports = { Pipeline };

/** @typedef {[Error] | [null, any]} Outcome */
