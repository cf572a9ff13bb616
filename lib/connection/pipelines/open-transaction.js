'use strict';

/**
 * ioredis' `multi({ pipeline: false })`: a transaction whose commands are given to the handle one by one. ioredis sends
 * each at once, which takes a connection that nobody else uses; here they are kept, and sent as one group by EXEC.
 */

const { FLAGS } = require('../../commands');
const { ReplyError, commandInfo } = require('../../errors');
const { fitsTransaction } = require('../commands/guards');
const { Pipeline } = require('./pipeline');
const { Entry, ScriptEntry, refusalOf } = require('./entry');
const { repliesOf } = require('./transaction');

/** @typedef {import('../../commands').Command} Command */
/** @typedef {ReadonlyArray<string | number | Uint8Array>} Args */

/** The transaction that a handle has begun, until EXEC or DISCARD. */
class OpenTransaction {
  /** @type {Entry[]} */
  #entries = [];
  #handle;
  #sender;

  /**
   * @param {import('../redis').Redis} handle
   * @param {import('../sender').Sender} sender
   */
  constructor(handle, sender) {
    this.#handle = handle;
    this.#sender = sender;
  }

  /**
   * @param {Command} command
   * @param {Args} args prepared
   * @param {number} flags
   * @returns {Promise<any>} settled with what a server would answer now. What it would refuse is not known before EXEC,
   *   which then fails with the server's EXECABORT and the error of each command in `previousErrors`
   */
  async take(command, args, flags) {
    switch (command.lower) {
      case 'exec':
        return this.#exec(flags);
      case 'discard':
        return this.#discard(flags);
      case 'quit':
        return this.#handle.quit();
      // Both leave the transaction as it is.
      case 'multi':
        throw new ReplyError('ERR MULTI calls can not be nested', commandInfo(command.name, args));
      case 'watch':
        throw new ReplyError('ERR WATCH inside MULTI is not allowed', commandInfo(command.name, args));
    }
    const entry = new Entry(command, args, this.#sender.flags, undefined);
    // As in ioredis: by the time of EXEC nothing knows any more what each result is the reply of.
    entry.transform = undefined;
    this.#entries.push(entry);
    if (!fitsTransaction(this.#handle, command, args)) throw refusalOf(command);
    return queued(flags);
  }

  /**
   * @param {import('../commands/script').Script} script
   * @param {Args} args prepared, those of EVALSHA
   * @param {number} flags
   * @returns {Promise<any>}
   */
  async takeScript(script, args, flags) {
    this.#entries.push(new ScriptEntry(script, args, this.#sender.flags, undefined));
    return queued(flags);
  }

  /** @param {number} flags */
  async #exec(flags) {
    this.#handle.closeTransaction();
    const pipeline = new Pipeline(this.#handle, this.#sender).multi();
    for (const entry of this.#entries) {
      entry.flags |= flags & FLAGS.BUFFERS;
      pipeline.addEntry(entry);
    }
    pipeline.exec();
    return repliesOf(pipeline.exec());
  }

  /** @param {number} flags */
  async #discard(flags) {
    this.#handle.closeTransaction();
    await this.#handle.watching.unwatch();
    return flags & FLAGS.BUFFERS ? Buffer.from('OK') : 'OK';
  }
}

/** @param {number} flags */
function queued(flags) {
  return flags & FLAGS.BUFFERS ? Buffer.from('QUEUED') : 'QUEUED';
}

module.exports = { OpenTransaction };
