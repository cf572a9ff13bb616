'use strict';

/**
 * Replies in the form in which the package's own decoder hands them to its transformers. Ours come over RESP2, with all
 * texts as strings or all as Buffers.
 */

const { FLAGS } = require('../commands');
const { ReplyError } = require('../errors');
const { asPackageError } = require('./errors');
const { asResp3 } = require('./resp3');
const { textType, SCRIPTS } = require('./text-types');

/** @typedef {ReadonlyArray<string | Buffer>} Args */
/** @typedef {Readonly<Record<number, any>>} TypeMapping by code of a type of RESP, what it becomes in JavaScript */

/** What decides about the replies of a call: how the bridge is to give them, and what is made of them then. */
/** @typedef {{ flags: number, of: (reply: any, args: Args) => any }} Form */

/** Types that are texts over RESP2. */
const TEXTS = /** @type {const} */ (['BLOB_STRING', 'SIMPLE_STRING', 'VERBATIM_STRING']);

/** @type {Readonly<Record<string, number>>} */
const NO_TYPES = Object.freeze({});

/** The forms of the replies of one client, under one type mapping. */
class ReplyForms {
  #package;
  #types;
  #mapping;
  #isRaw3;
  /** Whether all texts are alike. */
  #isUniform;

  /**
   * @param {import('./package').ClientPackage} package_
   * @param {2 | 3} resp which version of RESP the code believes to be spoken
   * @param {TypeMapping} [mapping]
   */
  constructor(package_, resp, mapping = {}) {
    const types = package_.types ?? NO_TYPES;
    this.#package = package_;
    this.#types = types;
    this.#mapping = mapping;
    this.#isRaw3 = resp === 3;
    const texts = TEXTS.map((type) => this.#textClass(type));
    this.#isUniform = new Set(texts).size === 1;
    this.flags =
      (texts.some((each) => each !== String) ? FLAGS.BUFFERS : 0) |
      (mapping[types.NUMBER] === String ? FLAGS.STRING_NUMBERS : 0);
    /** @type {Form} For transformers that take both versions of RESP for what they are. */
    this.resp2 = { flags: this.flags, of: (reply, args) => this.#decoded(reply, args) };
    /** @type {Form} For those that take what there is, and for commands that are sent raw. */
    this.raw = this.#isRaw3
      ? { flags: this.flags, of: (reply, args) => asResp3(this.#decoded(reply, args), this, args) }
      : this.resp2;
  }

  /**
   * The form for a command's transformer.
   *
   * @param {Function | undefined} transform
   * @returns {Form}
   */
  for(transform) {
    return transform !== undefined && this.#package.ofResp2.has(transform) ? this.resp2 : this.raw;
  }

  /** @param {string | Buffer} text */
  double(text) {
    if (this.#mapping[this.#types.DOUBLE] === String) return String(text);
    const number = String(text).replace(/^([+-]?)inf$/, '$1Infinity');
    return Number(number);
  }

  /** @param {Array<[key: any, value: any]>} entries */
  map(entries) {
    switch (this.#mapping[this.#types.MAP]) {
      case Map:
        return new Map(entries);
      case Array:
        return entries.flat(1);
      default:
        return Object.fromEntries(entries.map(([key, value]) => [String(key), value]));
    }
  }

  /** @param {any[]} members */
  set(members) {
    return this.#mapping[this.#types.SET] === Set ? new Set(members) : members;
  }

  /**
   * @param {any} reply
   * @param {Args} args
   */
  #decoded(reply, args) {
    if (typeof reply === 'number' || typeof reply === 'string' || reply === null) return reply;
    const decoded = this.#isUniform ? reply : this.#withTexts(reply, args);
    // A script may return errors among other things.
    return Array.isArray(decoded) && SCRIPTS.has(String(args[0]).toUpperCase()) ? this.#withErrors(decoded) : decoded;
  }

  /**
   * @param {any} reply with Buffers
   * @param {Args} args
   */
  #withTexts(reply, args) {
    const type = Buffer.isBuffer(reply) ? textType(args, reply) : 'BLOB_STRING';
    const Class = this.#textClass(type);
    if (Class === String) return withStrings(reply);
    return Class === Buffer ? reply : new Class('txt', reply.toString());
  }

  /**
   * @param {any} reply
   * @returns {any}
   */
  #withErrors(reply) {
    if (Array.isArray(reply)) return reply.map((each) => this.#withErrors(each));
    return reply instanceof ReplyError ? asPackageError(reply, this.#package.errors) : reply;
  }

  /** @param {typeof TEXTS[number]} type */
  #textClass(type) {
    // A verbatim string is a bulk string over RESP2.
    const { [type]: code } =
      type === 'VERBATIM_STRING' && !this.#isRaw3 ? { [type]: this.#types.BLOB_STRING } : this.#types;
    return (code !== undefined && this.#mapping[code]) || String;
  }
}

/**
 * @param {any} reply
 * @returns {any}
 */
function withStrings(reply) {
  if (Array.isArray(reply)) return reply.map(withStrings);
  return Buffer.isBuffer(reply) ? reply.toString() : reply;
}

module.exports = { ReplyForms };
