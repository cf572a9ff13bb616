'use strict';

/**
 * What waits for the replies of a pipeline: an entry for each command, a group for each transaction.
 */

const { replyErrorOf } = require('../../bridge');
const { FLAGS } = require('../../commands');
const { ReplyError, UnifiedRedisError } = require('../../errors');
const { asCallback } = require('../commands/callbacks');
const { EVALSHA, isMissing } = require('../commands/script');

/** @typedef {[Error] | [null, any]} Outcome */

/** What a transaction has of the flags of its commands. */
const OF_TRANSACTIONS =
  FLAGS.BUFFERS | FLAGS.STRING_NUMBERS | FLAGS.AS_IT_IS | FLAGS.MAY_WAIT | FLAGS.RESEND | FLAGS.NO_RESEND;

/** One command of a pipeline, and what became of it. */
class Entry {
  /**
   * @param {import('../../commands').Command} command
   * @param {ReadonlyArray<string | number | Uint8Array>} args prepared
   * @param {number} flags
   * @param {import('../commands/callbacks').Callback | undefined} callback
   */
  constructor(command, args, flags, callback) {
    this.command = command;
    this.args = args;
    this.flags = flags;
    this.transform = command.replyTransformer;
    /** @type {any} */
    this.value = undefined;
    /** @type {Error | undefined} */
    this.error = undefined;
    /** Called once there is an outcome. */
    this.settled = () => {};
    /** @type {{ resolve: (value: any) => void, reject: (error: Error) => void } | undefined} for the callback */
    this.promise = undefined;
    if (callback !== undefined) {
      asCallback(new Promise((resolve, reject) => (this.promise = { resolve, reject })), callback);
    }
  }

  /**
   * What became of it, once that is settled. Made when it is asked for: thousands of small arrays kept until then would
   * make the engine take them for long-lived.
   *
   * @returns {Outcome}
   */
  get outcome() {
    return this.error === undefined ? [null, this.value] : [this.error];
  }

  /** @param {any} value */
  resolve(value) {
    this.value = value;
    this.promise?.resolve(value);
    this.settled();
  }

  /** @param {Error} error */
  reject(error) {
    this.error = error;
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
    return error instanceof ReplyError ? replyErrorOf(error.message, this) : error;
  }
}

/** A call of a script. How it is sent is decided when it is. */
class ScriptEntry extends Entry {
  /**
   * @param {import('../commands/script').Script} script
   * @param {ReadonlyArray<string | number | Uint8Array>} args prepared, those of EVALSHA
   * @param {number} flags
   * @param {import('../commands/callbacks').Callback | undefined} callback
   */
  constructor(script, args, flags, callback) {
    super(EVALSHA, args, flags | script.flags, callback);
    this.script = script;
    this.digestArgs = args;
    /** @type {(() => void) | undefined} Sends it again, where that is possible: not out of a transaction. */
    this.resend = undefined;
  }

  /** @param {boolean} [withText] whether the server may not have the script */
  choose(withText) {
    Object.assign(this, this.script.call(this.digestArgs, withText));
  }

  /** @param {Error} error */
  reject(error) {
    const { resend } = this;
    if (resend === undefined || !isMissing(error)) {
      super.reject(error);
      return;
    }
    this.resend = undefined;
    this.choose(true);
    resend();
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
    // Answered in one way: where anybody wants Buffers, the others make strings of theirs.
    this.flags = entries.reduce((all, { flags }) => all | flags, 0) & OF_TRANSACTIONS;
  }

  /** @param {any[]} replies one for each command; the one of EXEC is the array of the results */
  resolve(replies) {
    const { entries } = this;
    const hasBuffers = (this.flags & FLAGS.BUFFERS) !== 0;
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
    const abort = 'EXECABORT Transaction discarded because of previous errors.';
    for (const entry of this.entries) {
      entry.reject(entry === refused ? refusalOf(entry.command) : new UnifiedRedisError('EXEC_ABORTED', abort));
    }
  }
}

/**
 * @param {import('../../commands').Command} command that a shared connection cannot have in a transaction
 */
function refusalOf({ name }) {
  return new UnifiedRedisError('UNSUPPORTED', `${name.toUpperCase()} cannot be part of a transaction here`);
}

/**
 * A reply whose Buffers are strings.
 *
 * @param {any} reply
 * @returns {any}
 */
function withStrings(reply) {
  if (Array.isArray(reply)) return reply.map(withStrings);
  return Buffer.isBuffer(reply) ? reply.toString() : reply;
}

module.exports = { Entry, ScriptEntry, Group, refusalOf };
