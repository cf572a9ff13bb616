'use strict';

/**
 * What ioredis makes of the replies of some commands.
 */

/**
 * `hgetall` as an object. A field called `__proto__` is only a field.
 *
 * @param {unknown} reply
 */
function toObject(reply) {
  if (!Array.isArray(reply)) return reply;
  /** @type {Record<string, unknown>} */
  const object = {};
  for (let index = 0; index < reply.length; index += 2) {
    const field = String(reply[index]);
    if (field === '__proto__') {
      Object.defineProperty(object, field, {
        value: reply[index + 1],
        configurable: true,
        enumerable: true,
        writable: true,
      });
    } else {
      object[field] = reply[index + 1];
    }
  }
  return object;
}

/** @type {Record<string, (reply: any) => unknown>} As in ioredis, `call('HGETALL', key)` gives what the server gave. */
const TRANSFORMERS = { hgetall: toObject };

/**
 * What becomes of a command's reply; undefined for nearly all.
 *
 * @param {import('../commands').Command} command
 * @returns {((reply: any) => unknown) | undefined}
 */
function replyTransformer(command) {
  return Object.hasOwn(TRANSFORMERS, command.name) ? TRANSFORMERS[command.name] : undefined;
}

/**
 * A reply whose Buffers are strings: for a command that wants strings in a transaction that also has one that wants
 * Buffers, since a transaction is answered as a whole.
 *
 * @param {any} reply
 * @returns {any}
 */
function withStrings(reply) {
  if (Array.isArray(reply)) return reply.map(withStrings);
  return Buffer.isBuffer(reply) ? reply.toString() : reply;
}

module.exports = { replyTransformer, withStrings };
