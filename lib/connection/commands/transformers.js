'use strict';

/**
 * What ioredis makes of the arguments and the replies of some commands, and what applications add to that. By the name
 * as it was called: as in ioredis, `call('HGETALL', key)` gives what the server gave.
 */

const { command } = require('../../commands');

command('mset').argumentTransformer = pairs;
command('msetnx').argumentTransformer = pairs;
command('hset').argumentTransformer = fields;
command('hmset').argumentTransformer = fields;
command('hgetall').replyTransformer = toObject;

/**
 * As ioredis' `Command.setArgumentTransformer`, for all handles.
 *
 * @param {string} name of the command, in lower case
 * @param {(args: any[]) => any[]} transformer gets the arguments flat
 */
function setArgumentTransformer(name, transformer) {
  command(name).argumentTransformer = transformer;
  command(name).transformsAlways = true;
}

/**
 * As ioredis' `Command.setReplyTransformer`, for all handles.
 *
 * @param {string} name of the command, in lower case
 * @param {(reply: any, context: { commandName: string, protocol: number, replyMapping: string }) => unknown} transformer
 */
function setReplyTransformer(name, transformer) {
  const context = Object.freeze({ commandName: name, protocol: 2, replyMapping: 'legacy' });
  command(name).replyTransformer = (reply) => transformer(reply, context);
}

/**
 * `mset({ a: 1 })`, `mset(new Map([['a', 1]]))`
 *
 * @param {unknown[]} args
 */
function pairs(args) {
  return args.length === 1 ? (entriesOf(args[0]) ?? args) : args;
}

/**
 * `hset(key, { a: 1 })`, `hset(key, new Map([['a', 1]]))`
 *
 * @param {unknown[]} args
 */
function fields(args) {
  if (args.length !== 2) return args;
  const entries = entriesOf(args[1]);
  return entries === undefined ? args : [args[0], ...entries];
}

/**
 * Keys and values in turn; undefined for what is neither a Map nor an object with fields.
 *
 * @param {unknown} value
 * @returns {unknown[] | undefined}
 */
function entriesOf(value) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  // Also a Map of another realm, which is no `instanceof` of ours.
  const isMap = Object.prototype.toString.call(value) === '[object Map]';
  const entries = isMap ? [.../** @type {Map<unknown, unknown>} */ (value)] : Object.entries(value);
  return entries.flat();
}

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
    const value = reply[index + 1];
    if (field === '__proto__') {
      Object.defineProperty(object, field, { value, configurable: true, enumerable: true, writable: true });
    } else {
      object[field] = value;
    }
  }
  return object;
}

module.exports = { setArgumentTransformer, setReplyTransformer };
