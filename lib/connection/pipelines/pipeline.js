'use strict';

/**
 * ioredis' pipelines: commands collected, sent together, and their outcomes returned together. Each command is a
 * request of its own, except for those from MULTI to EXEC, which are never split.
 */

const { command: commandNamed, FLAGS } = require('../../commands');
const { UnifiedRedisError } = require('../../errors');
const { asCallback, takeCallback } = require('../commands/callbacks');
const { fitsTransaction, guard } = require('../commands/guards');
const { ledger } = require('../ledger');
const { defineMethods } = require('../commands/methods');
const { Entry, Group, ScriptEntry } = require('./entry');
const { EVALSHA } = require('../commands/script');

/** @typedef {import('../../commands').Command} Command */

/** The commands of one `pipeline()` or `multi()`. Every method that sends a command returns the pipeline. */
class Pipeline {
  /** @type {Entry[]} */
  #entries = [];
  #openTransactions = 0;
  /** @type {Promise<Outcome[]> | undefined} */
  #executed;
  /** @type {import('../redis').Redis} */
  #handle;
  /** @type {import('../sender').Sender} */
  #sender;

  /**
   * @param {import('../redis').Redis} handle
   * @param {import('../sender').Sender} sender
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
    return this.add(commandNamed(String(name)), args, 0);
  }

  /**
   * @param {string} name
   * @param {...unknown} args
   */
  callBuffer(name, ...args) {
    return this.add(commandNamed(String(name)), args, FLAGS.BUFFERS);
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
    return this.add(MULTI, [], 0);
  }

  /**
   * Sends the commands. Called again, it returns the same outcomes.
   *
   * @param {import('../commands/callbacks').Callback} [callback]
   * @returns {Promise<Outcome[]> | this} outcomes in the order of the commands: `[null, reply]` or `[error]`. The
   *   pipeline itself where this ends a transaction within it
   */
  exec(callback) {
    if (this.#openTransactions > 0) {
      this.#openTransactions -= 1;
      return this.add(EXEC, typeof callback === 'function' ? [callback] : [], 0);
    }
    if (this.#executed !== undefined) return this.#executed;
    this.#executed = this.#run();
    if (ledger.isTracking) {
      ledger.follow(this.#handle.purpose, `pipeline of ${this.length} commands`, this.#executed);
    }
    return asCallback(this.#executed, callback);
  }

  /**
   * The old name of exec().
   *
   * @param {import('../commands/callbacks').Callback} [callback]
   */
  execBuffer(callback) {
    return this.exec(callback);
  }

  /**
   * Adds a command.
   *
   * @param {Command} command
   * @param {unknown[]} args
   * @param {number} flags
   */
  add(command, args, flags) {
    const callback = takeCallback(args);
    const prepared = this.#sender.prepare(command, args);
    return this.addEntry(new Entry(command, prepared, flags | this.#sender.flags, callback));
  }

  /**
   * Adds a call of a script.
   *
   * @param {import('../commands/script').Script} script
   * @param {unknown[]} args
   * @param {number} flags
   */
  addScript(script, args, flags) {
    const callback = takeCallback(args);
    const prepared = this.#sender.prepare(EVALSHA, script.arguments(args));
    return this.addEntry(new ScriptEntry(script, prepared, flags | this.#sender.flags, callback));
  }

  /** @param {Entry} entry */
  addEntry(entry) {
    this.#entries.push(entry);
    return this;
  }

  /** @returns {Promise<Outcome[]>} */
  #run() {
    const entries = this.#entries;
    const opening = this.#handle.wake();
    return new Promise((resolve) => {
      let pending = entries.length;
      if (pending === 0) resolve([]);
      const settled = () => {
        pending -= 1;
        if (pending === 0) resolve(entries.map(({ outcome }) => outcome));
      };
      for (const entry of entries) entry.settled = settled;
      if (opening === undefined) this.#send();
      else void opening.then(() => this.#send());
    });
  }

  #send() {
    const { openTransaction } = this.#handle;
    if (openTransaction !== undefined) this.#giveTo(openTransaction);
    else this.#sendAll(0);
  }

  /** @param {number} from position of the first command that is still to be sent */
  #sendAll(from) {
    for (let index = from; index < this.#entries.length;) {
      index = this.#sendFrom(index);
      const turn = this.#handle.watching.turns.again();
      if (turn !== undefined) return void turn.then(() => this.#sendAll(index));
    }
  }

  /**
   * The handle is within a transaction: then so are the commands of its pipelines, as on a connection of one's own.
   *
   * @param {import('./open-transaction').OpenTransaction} transaction
   */
  #giveTo(transaction) {
    for (const entry of this.#entries) {
      const { command, args, flags } = entry;
      const answer =
        entry instanceof ScriptEntry
          ? transaction.takeScript(entry.script, args, flags)
          : transaction.take(command, args, flags);
      answer.then(entry.resolve.bind(entry), entry.reject.bind(entry));
    }
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
    if (entry instanceof ScriptEntry) {
      entry.choose();
      entry.resend = () => this.#sender.sendEntry(entry);
    }
    const instead = guard(this.#handle, entry.command, entry.args, entry.flags);
    if (instead === undefined) this.#sender.sendEntry(entry);
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
    const refused = entries.slice(1).find(({ command, args }) => !fitsTransaction(this.#handle, command, args));
    if (refused !== undefined) {
      group.refuse(refused);
      return;
    }
    // What the server does not have would fail alone, with the rest executed: each script goes with its text once.
    const scripts = new Set();
    for (const entry of entries) {
      if (!(entry instanceof ScriptEntry)) continue;
      entry.choose(!scripts.has(entry.script.sha));
      scripts.add(entry.script.sha);
    }
    const { watching } = this.#handle;
    let flags = group.flags | FLAGS.ENDS_WATCH;
    try {
      flags |= this.#sender.flagsOfTransaction(entries, watching.keys);
    } catch (error) {
      group.reject(/** @type {Error} */ (error));
      // As after any EXEC, nothing is watched any more.
      watching.close();
      return;
    }
    if (watching.isActive) this.#sendWatched(entries, group, flags);
    else this.#sender.sendEntries(entries, group, flags);
  }

  /**
   * A transaction that depends on watched keys, on the connection that watches them.
   *
   * @param {Entry[]} entries
   * @param {Group} group
   * @param {number} flags
   */
  #sendWatched(entries, group, flags) {
    const replies = this.#handle.watching.end((link, leased) =>
      this.#sender.sendLeased(link, entries, group, flags | leased),
    );
    replies.then(
      (all) => group.resolve(all),
      (error) => group.reject(error),
    );
  }
}

defineMethods(Pipeline.prototype, (command, flags) => {
  /**
   * @this {Pipeline}
   * @param {unknown[]} args
   */
  return function (...args) {
    return this.add(command, args, flags);
  };
});

const MULTI = commandNamed('multi');
const EXEC = commandNamed('exec');

module.exports = { Pipeline };

/** @typedef {[Error] | [null, any]} Outcome */
