'use strict';

/**
 * What waits for the replies of a pipeline: an entry for each command, a group for each transaction.
 */

const { infoOf } = require('../bridge');
const { FLAGS } = require('../commands');
const { ReplyError, UnifiedRedisError } = require('../errors');
const { asCallback } = require('./callbacks');
const { replyTransformer, withStrings } = require('./replies');

/** @typedef {[Error] | [null, any]} Outcome */

/** One command of a pipeline, and what became of it. */
class Entry {
  /**
   * @param {import('../commands').Command} command
   * @param {ReadonlyArray<string | number | Uint8Array>} args prepared
   * @param {number} flags
   * @param {import('./callbacks').Callback | undefined} callback
   */
  constructor(command, args, flags, callback) {
    this.command = command;
    this.args = args;
    this.flags = flags;
    this.transform = replyTransformer(command);
    /** @type {Outcome | undefined} */
    this.outcome = undefined;
    /** Called once there is an outcome. */
    this.settled = () => {};
    /** @type {{ resolve: (value: any) => void, reject: (error: Error) => void } | undefined} for the callback */
    this.promise = undefined;
    if (callback !== undefined) {
      asCallback(new Promise((resolve, reject) => (this.promise = { resolve, reject })), callback);
    }
  }

  /** @param {any} value */
  resolve(value) {
    this.outcome = [null, value];
    this.promise?.resolve(value);
    this.settled();
  }

  /** @param {Error} error */
  reject(error) {
    this.outcome = [error];
    this.promise?.reject(error);
    this.settled();
  }

  /**
   * A reply that came with those of other commands.
   *
   * @param {any} reply
   */
  take(reply) {
    if (reply instanceof Error) {
      this.reject(this.withCommand(reply));
    } else {
      this.resolve(reply);
    }
  }

  /**
   * The reply as this command's own request would have brought it.
   *
   * @param {any} reply
   * @param {boolean} hasBuffers
   */
  convert(reply, hasBuffers) {
    if (reply instanceof Error) return this.withCommand(reply);
    const wanted = hasBuffers && !(this.flags & FLAGS.BUFFERS) ? withStrings(reply) : reply;
    try {
      return this.transform === undefined ? wanted : this.transform(wanted);
    } catch (error) {
      return error;
    }
  }

  /** @param {Error} error */
  withCommand(error) {
    if (error instanceof ReplyError) error.command = infoOf(this);
    return error;
  }
}

/** The commands from MULTI to EXEC or DISCARD, which are answered together. */
class Group {
  /** @param {Entry[]} entries */
  constructor(entries) {
    this.entries = entries;
    this.command = undefined;
    this.args = [];
    this.transform = undefined;
    this.hasBuffers = entries.some(({ flags }) => flags & FLAGS.BUFFERS);
  }

  /** @param {any[]} replies one for each command; the one of EXEC is the array of the results */
  resolve(replies) {
    const { entries, hasBuffers } = this;
    const last = entries.length - 1;
    entries.forEach((entry, index) => {
      const reply = replies[index];
      if (index < last || !Array.isArray(reply)) {
        entry.take(hasBuffers ? withStrings(reply) : reply);
        return;
      }
      // Results belong to the commands just before EXEC, whatever came before those.
      const first = last - reply.length;
      entry.resolve(reply.map((result, at) => entries[first + at].convert(result, hasBuffers)));
    });
  }

  /** @param {Error} error */
  reject(error) {
    for (const entry of this.entries) entry.reject(error);
  }

  /**
   * Nothing is sent, because this command must not be.
   *
   * @param {Entry} refused
   */
  refuse(refused) {
    const why = `${refused.command.name.toUpperCase()} cannot be part of a transaction here`;
    const abort = 'EXECABORT Transaction discarded because of previous errors.';
    for (const entry of this.entries) {
      entry.reject(
        entry === refused ? new UnifiedRedisError('UNSUPPORTED', why) : new UnifiedRedisError('EXEC_ABORTED', abort),
      );
    }
  }
}

module.exports = { Entry, Group };
