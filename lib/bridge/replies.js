'use strict';

/**
 * Replies coming back: one native call hands over a batch as integers (`meta`) and values, and one pass over it
 * settles all its requests. The tokens are those of `src/inbox.rs`.
 *
 * Arrays and errors are made here and not in the addon, so that `instanceof` holds in every realm (jest runs each
 * test file in one of its own).
 */

const { constants } = require('node:buffer');
const { FLAGS } = require('../commands');
const { UnifiedRedisError, ReplyError, commandInfo, redactMessage } = require('../errors');
const { nextTick } = require('./next-tick');
const { tellOrigin } = require('./origins');
const { numberToText } = require('./pack');

const NIL = 0;
const INT = 1;
const INT64 = 2;
const STRING = 3;
const OK = 4;
const ARRAY = 5;
const ERROR = 6;
const FAILURE = 7;
const MAP = 8;
const SET = 9;
const DOUBLE = 10;
const BOOL = 11;
const BIG_NUMBER = 12;
const QUEUED = 13;

/** In a slot's place: a published message, an event, a line of MONITOR, where the reply of the next record comes from. */
const MESSAGE = -1;
const EVENT = -2;
const MONITORED = -3;
const ORIGIN = -4;

/** Kind of a message that came through a pattern. */
const PATTERN = 1;

const META_INTS = 16 * 1024;

/** Takes batches from a port and settles what they answer. */
class Replies {
  /**
   * @param {import('./slots').Slots} slots
   * @param {(kind: number, channel: string | Buffer, payload: string | Buffer, pattern?: string | Buffer) => void} onMessage
   * @param {(event: any) => void} onEvent
   * @param {(link: number, line: string) => void} onLine
   */
  constructor(slots, onMessage, onEvent, onLine) {
    this.slots = slots;
    this.onMessage = onMessage;
    this.onEvent = onEvent;
    this.onLine = onLine;
    this.usualMeta = new Int32Array(META_INTS);
    // The batch being read, and where in it the reader stands.
    this.meta = this.usualMeta;
    /** @type {any[]} */
    this.values = [];
    this.at = 0;
    this.value = 0;
    this.stringNumbers = false;
    /** @type {any[][]} Messages, and lines of MONITOR, that have come and were not delivered yet. */
    this.messages = [];
    this.isDeliveryDue = false;
  }

  /**
   * Settles all that waits in the port.
   *
   * @param {{ take(meta: Int32Array): any[] | number }} port
   */
  drain(port) {
    let hasReplies = false;
    for (;;) {
      const values = port.take(this.meta);
      if (typeof values === 'number') {
        this.meta = new Int32Array(values);
        continue;
      }
      const used = values[values.length - 1];
      this.values = values;
      const requested = this.settle(Math.abs(used));
      hasReplies ||= requested;
      // What came meanwhile has asked for a call of its own.
      if (used <= 0) break;
    }
    // A huge reply's memory is not kept, and neither are the values of the last batch.
    this.meta = this.usualMeta;
    this.values = [];
    if (this.messages.length > 0 && !this.isDeliveryDue) this.#deliver(hasReplies);
  }

  /**
   * Code that asks, and listens once it has the reply, must not miss what was published after that. With a socket for
   * each, as in ioredis, what hangs on a reply has nearly always run when the next message is read. Here both come in
   * one batch: then messages wait until it has.
   *
   * @param {boolean} hasReplies whether replies came with them
   */
  #deliver(hasReplies) {
    if (hasReplies) {
      this.isDeliveryDue = true;
      // The microtasks that there are now, and all that come of them, run before that tick.
      Promise.resolve().then(() => nextTick(() => this.#deliver(false)));
      return;
    }
    const { messages } = this;
    this.messages = [];
    this.isDeliveryDue = false;
    for (const [kind, channel, payload, pattern] of messages) {
      if (kind === MONITORED) this.onLine(channel, payload);
      else this.onMessage(kind, channel, payload, pattern);
    }
  }

  /**
   * @param {number} used how many integers of `meta` the batch has
   * @returns {boolean} whether there were replies in it
   */
  settle(used) {
    const { meta, values, slots } = this;
    this.at = 0;
    this.value = 0;
    let unrequested = 0;
    while (this.at < used) {
      const slot = meta[this.at++];
      if (slot < 0) {
        unrequested += this.#unrequested(slot);
        continue;
      }
      const request = slots.release(slot);
      // The replies that make up most of all traffic are read here, the others one call further down.
      const token = meta[this.at];
      /** @type {unknown} */
      let reply;
      if (token === STRING) {
        this.at += 1;
        reply = values[this.value++];
        if (reply === undefined) {
          request?.reject(tooLarge(request));
          continue;
        }
      } else if (token === OK) {
        this.at += 1;
        reply = 'OK';
      } else if (token === INT) {
        reply = meta[this.at + 1];
        this.at += 2;
        if (request !== undefined && request.flags & FLAGS.STRING_NUMBERS) reply = String(reply);
      } else if (token === NIL) {
        this.at += 1;
        reply = null;
      } else if (token === ERROR || token === FAILURE) {
        this.at += 1;
        const text = values[this.value++];
        if (request !== undefined) request.reject(errorOf(token, text, request));
        continue;
      } else {
        this.stringNumbers = request !== undefined && (request.flags & FLAGS.STRING_NUMBERS) !== 0;
        reply = this.#read();
      }
      if (request === undefined) continue;
      if (request.transform === undefined) request.resolve(reply);
      else resolveTransformed(request, reply);
    }
    return used > unrequested;
  }

  /**
   * One reply of any kind. Aggregates nest at most 512 deep: the decoder refuses more.
   *
   * @returns {unknown}
   */
  #read() {
    const { meta } = this;
    switch (meta[this.at++]) {
      case NIL:
        return null;
      case INT: {
        const value = meta[this.at++];
        return this.stringNumbers ? String(value) : value;
      }
      case INT64: {
        const [low, high] = [meta[this.at++] >>> 0, meta[this.at++]];
        return this.stringNumbers ? digitsOf(low, high) : bigInteger(low, high);
      }
      case BOOL:
        return meta[this.at++];
      case STRING:
      case DOUBLE:
      case BIG_NUMBER:
        return this.values[this.value++] ?? tooLarge();
      case OK:
        return 'OK';
      case QUEUED:
        return 'QUEUED';
      case ARRAY:
      case SET:
        return this.#readAll(meta[this.at++]);
      case MAP:
        return this.#readAll(2 * meta[this.at++]);
      case ERROR:
        return new ReplyError(this.values[this.value++]);
      case FAILURE:
        return failure(this.values[this.value++]);
      default:
        throw new UnifiedRedisError('INTERNAL', `Unknown reply token ${meta[this.at - 1]}`);
    }
  }

  /** @param {number} length */
  #readAll(length) {
    const { meta, values } = this;
    const replies = new Array(length);
    for (let index = 0; index < length; index++) {
      if (meta[this.at] === STRING) {
        this.at += 1;
        replies[index] = values[this.value++] ?? tooLarge();
      } else {
        replies[index] = this.#read();
      }
    }
    return replies;
  }

  /**
   * @param {number} slot
   * @returns {number} how many integers that was
   */
  #unrequested(slot) {
    if (slot === EVENT) {
      this.onEvent(JSON.parse(this.values[this.value++]));
      return 1;
    }
    if (slot === MESSAGE) {
      const kind = this.meta[this.at++];
      const pattern = kind === PATTERN ? this.values[this.value++] : undefined;
      const channel = this.values[this.value++];
      this.messages.push([kind, channel, this.values[this.value++], pattern]);
      return 2;
    }
    if (slot === MONITORED) {
      this.messages.push([MONITORED, this.meta[this.at++], this.values[this.value++]]);
      return 2;
    }
    if (slot === ORIGIN) {
      const [of, link, generation] = [this.meta[this.at++], this.meta[this.at++], this.meta[this.at++]];
      tellOrigin(this.slots.requests, of, { link, generation: generation >>> 0 });
      return 4;
    }
    throw new UnifiedRedisError('INTERNAL', `Unknown record ${slot}`);
  }
}

/**
 * A transformer is code of the application: when it throws, its command fails and nothing else.
 *
 * @param {import('./slots').Request} request
 * @param {unknown} reply
 */
function resolveTransformed(request, reply) {
  let transformed;
  try {
    transformed = /** @type {Function} */ (request.transform)(reply);
  } catch (error) {
    request.reject(/** @type {Error} */ (error));
    return;
  }
  request.resolve(transformed);
}

/**
 * @param {number} token ERROR or FAILURE
 * @param {string} text
 * @param {import('./slots').Request} request
 */
function errorOf(token, text, request) {
  return token === ERROR ? replyErrorOf(text, request) : failure(text, infoOf(request));
}

/**
 * @param {string} text of the server
 * @param {Pick<import('./slots').Request, 'command' | 'args'>} request
 */
function replyErrorOf(text, request) {
  const { command, args } = request;
  const shown = command === undefined ? text : redactMessage(text, command.name, args);
  return new ReplyError(shown, infoOf(request));
}

/**
 * A value for which the addon had nothing to give: its text is longer than strings of this engine can be.
 *
 * @param {import('./slots').Request} [request]
 */
function tooLarge(request) {
  const message = `The reply is too long for a string (${constants.MAX_STRING_LENGTH} characters); as a Buffer it fits`;
  return new UnifiedRedisError('REPLY_TOO_LARGE', message, {}, request && infoOf(request));
}

/**
 * The command with its arguments as they were sent.
 *
 * @param {Pick<import('./slots').Request, 'command' | 'args'>} request
 */
function infoOf({ command, args }) {
  if (command === undefined) return undefined;
  return commandInfo(
    command.name,
    args.map((arg) => (typeof arg === 'number' ? numberToText(arg) : arg)),
  );
}

/**
 * @param {string} json `{ code, message, retryable, maybeExecuted, purpose? }`
 * @param {import('../errors').CommandInfo} [command]
 */
function failure(json, command) {
  const { code, message, ...details } = JSON.parse(json);
  return new UnifiedRedisError(code, message, details, command);
}

/**
 * An integer that 32 bits do not hold. Beyond 2^53 a number cannot hold every digit, and which ones get lost is as in
 * ioredis: its parser rounds after each digit.
 *
 * @param {number} low unsigned
 * @param {number} high
 */
function bigInteger(low, high) {
  const value = high * 2 ** 32 + low;
  if (Number.isSafeInteger(value)) return value;
  const digits = digitsOf(low, high);
  const isNegative = digits[0] === '-';
  let rounded = 0;
  for (let index = isNegative ? 1 : 0; index < digits.length; index++) {
    rounded = rounded * 10 + digits.charCodeAt(index) - 0x30;
  }
  return isNegative ? -rounded : rounded;
}

/**
 * @param {number} low unsigned
 * @param {number} high
 */
function digitsOf(low, high) {
  return String((BigInt(high) << 32n) | BigInt(low));
}

module.exports = { Replies, infoOf, replyErrorOf };
