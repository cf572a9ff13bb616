'use strict';

/**
 * Commands on their way to a link: RESP written straight into one buffer per link and tick, so that one native call
 * hands over everything that a tick asked for. Source: https://redis.io/docs/latest/develop/reference/protocol-spec/
 *
 * Layout of `requests`, five integers each: slot, bytes, flags, number of replies, deadline in ms (-1 the configured
 * one, 0 none). The bytes of the requests stand in `bytes` back to back.
 */

const INTS_PER_REQUEST = 5;

const INITIAL_BYTES = 64 * 1024;
/** A buffer that grew past this (a big value went through it) is given back once it is empty. */
const KEEP_BYTES = 1024 * 1024;
const INITIAL_REQUESTS = 1024;
const KEEP_REQUESTS = 64 * 1024;

/** Lengths of requests are 32-bit integers. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Up to this length a string is written by a loop over its characters, beyond it by one call into C++. Measured on
 * Node 20: the loop costs 2 ns a character, the call 70 ns whatever the length.
 */
const LOOP_LENGTH = 32;

/** Every write may run over its end by less than this: headers are written in words. */
const SLACK = 8;

/** `$<n>\r` and, for one digit, `\n`, as a word; for all lengths that the loop is used for. */
const LENGTH_WORDS = Int32Array.from({ length: LOOP_LENGTH + 1 }, (_, length) =>
  Buffer.from(`$${length}\r\n`).readInt32LE(),
);

/** `\r\n` */
const CRLF = 0x0a0d;
const DOLLAR = 0x24;
const ZERO = 0x30;

/** The bytes and the requests of one link that wait for the end of the tick. */
class Outbox {
  /** @param {number} link */
  constructor(link) {
    this.link = link;
    /** @type {Buffer} */
    this.bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    /** @type {DataView} over the same memory */
    this.view = new DataView(this.bytes.buffer);
    /** Bytes of whole requests. What stands behind them is nothing yet. */
    this.byteLength = 0;
    this.requests = new Int32Array(INITIAL_REQUESTS * INTS_PER_REQUEST);
    this.count = 0;
    /**
     * The places of requests that have a `maxRetriesPerRequest` of their own, and that number, in turn.
     *
     * @type {number[]}
     */
    this.maxRetries = [];
    /** Where the next command goes; ahead of `byteLength` while a request is being written. */
    this.end = 0;
  }

  /**
   * Writes one command. Nothing counts before `commit`, and `rollback` forgets it: also what was written when this throws.
   *
   * @param {import('../commands').Command} command
   * @param {ReadonlyArray<unknown>} args
   * @returns {boolean} false when an argument is neither string, number nor bytes: the caller has to know what the
   *   dialect makes of it
   */
  pack(command, args) {
    const count = args.length;
    const { byteLength, words } = command.header(count);
    let at = this.end;
    if (at + byteLength + SLACK > this.bytes.length) this.#grow(byteLength);
    for (let word = 0; word < words.length; word++) this.view.setUint32(at + word * 4, words[word], true);
    this.end = at + byteLength;

    for (let index = 0; index < count; index++) {
      let arg = args[index];
      if (typeof arg === 'number') arg = numberToText(arg);
      if (typeof arg === 'string') {
        const length = arg.length;
        if (length > LOOP_LENGTH) {
          this.#text(arg);
          continue;
        }
        if (this.end + length + 2 * SLACK > this.bytes.length) this.#grow(length);
        const { bytes, view } = this;
        at = this.end;
        view.setInt32(at, LENGTH_WORDS[length], true);
        if (length < 10) {
          at += 4;
        } else {
          bytes[at + 4] = CRLF >> 8;
          at += 5;
        }
        let seen = 0;
        for (let char = 0; char < length; char++) {
          const code = arg.charCodeAt(char);
          seen |= code;
          bytes[at + char] = code;
        }
        if (seen > 0x7f) {
          this.#text(arg);
          continue;
        }
        at += length;
        view.setUint16(at, CRLF, true);
        this.end = at + 2;
      } else if (arg instanceof Uint8Array) {
        this.#binary(arg);
      } else {
        return false;
      }
    }
    return true;
  }

  /** Forgets what was written since the last `commit`. */
  rollback() {
    this.end = this.byteLength;
  }

  /**
   * Makes a request of what was written since the last one.
   *
   * @param {number} slot
   * @param {number} flags
   * @param {number} replies how many commands were written
   * @param {number} timeoutMs
   */
  commit(slot, flags, replies, timeoutMs) {
    let at = this.count * INTS_PER_REQUEST;
    if (at === this.requests.length) this.#growRequests();
    const { requests } = this;
    requests[at++] = slot;
    requests[at++] = this.end - this.byteLength;
    requests[at++] = flags;
    requests[at++] = replies;
    requests[at] = timeoutMs;
    this.count += 1;
    this.byteLength = this.end;
  }

  /** Everything was handed over. */
  clear() {
    this.byteLength = 0;
    this.end = 0;
    this.count = 0;
    if (this.bytes.length > KEEP_BYTES) this.#replace(Buffer.allocUnsafeSlow(INITIAL_BYTES));
    if (this.requests.length > KEEP_REQUESTS * INTS_PER_REQUEST) {
      this.requests = new Int32Array(INITIAL_REQUESTS * INTS_PER_REQUEST);
    }
  }

  /**
   * A string that is long, or not ASCII. Most are ASCII, so the length is written on that assumption and corrected
   * where the number of bytes turns out to be another.
   *
   * @param {string} text
   */
  #text(text) {
    const { length } = text;
    // 3 bytes are the most that one UTF-16 unit takes; beyond a page it is worth knowing exactly.
    const most = length < 4096 || this.end + length * 3 + 32 < this.bytes.length ? length * 3 : Buffer.byteLength(text);
    this.#reserve(most);
    const start = this.#length(length);
    const written = this.bytes.write(text, start, 'utf8');
    let end = start + written;
    if (written !== length) {
      // More digits need room: the data moves before they are written.
      const shift = digitsOf(written) - digitsOf(length);
      if (shift > 0) this.bytes.copyWithin(start + shift, start, end);
      this.#length(written);
      end += shift;
    }
    this.view.setUint16(end, CRLF, true);
    this.end = end + 2;
  }

  /** @param {Uint8Array} value */
  #binary(value) {
    this.#reserve(value.length);
    const start = this.#length(value.length);
    this.bytes.set(value, start);
    this.view.setUint16(start + value.length, CRLF, true);
    this.end = start + value.length + 2;
  }

  /**
   * Writes `$<length>\r\n` where the next argument goes.
   *
   * @param {number} length
   * @returns {number} where its data begins
   */
  #length(length) {
    const { bytes } = this;
    bytes[this.end] = DOLLAR;
    const digits = digitsOf(length);
    let at = this.end + digits;
    for (let rest = length; at > this.end; at--) {
      bytes[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    at = this.end + digits + 1;
    this.view.setUint16(at, CRLF, true);
    return at + 2;
  }

  /**
   * Room for an argument of this many bytes.
   *
   * @param {number} byteLength
   */
  #reserve(byteLength) {
    if (this.end + byteLength + 32 > this.bytes.length) this.#grow(byteLength);
  }

  /** @param {number} more bytes of the argument that does not fit */
  #grow(more) {
    const needed = this.end + more + 64;
    if (needed > MAX_BYTES) throw new RangeError('A request of more than 2 GiB cannot be sent');
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.bytes.length * 2, MAX_BYTES)));
    bytes.set(this.bytes.subarray(0, this.end));
    this.#replace(bytes);
  }

  /** @param {Buffer} bytes */
  #replace(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  #growRequests() {
    const requests = new Int32Array(this.requests.length * 2);
    requests.set(this.requests);
    this.requests = requests;
  }
}

/** @param {number} value */
function digitsOf(value) {
  let digits = 1;
  for (let rest = value; rest >= 10; rest /= 10) digits += 1;
  return digits;
}

/**
 * As ioredis writes numbers: integers beyond 2^53 with all their digits, never as `1e+21`.
 *
 * @param {number} value
 */
function numberToText(value) {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value).toString() : String(value);
}

module.exports = { Outbox, numberToText, INTS_PER_REQUEST };
