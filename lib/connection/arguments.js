'use strict';

/**
 * What ioredis takes as arguments, made into what goes over the wire: strings, numbers and bytes in one flat array.
 */

/** @typedef {import('../commands').Command} Command */

/**
 * Arguments flattened and converted as ioredis does it: arrays by one level, objects and Maps where the command has a
 * use for them, null and undefined to an empty string, anything else by `String()`.
 *
 * @param {Command} command
 * @param {unknown[]} args without a callback
 * @returns {Array<string | number | Uint8Array>} the array given, where there is nothing to do
 */
function normalize(command, args) {
  if (args.every(isPlain)) return /** @type {Array<string | number | Uint8Array>} */ (args);
  let flat = args.flat();
  if (Object.hasOwn(TRANSFORMERS, command.name)) flat = TRANSFORMERS[command.name](flat);
  return flat.map(toArgument);
}

/**
 * @param {unknown} value
 * @returns {value is string | number | Uint8Array}
 */
function isPlain(value) {
  return typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array;
}

/**
 * @param {unknown} value
 * @returns {string | number | Uint8Array}
 */
function toArgument(value) {
  if (isPlain(value)) return value;
  return value === null || value === undefined ? '' : String(value);
}

/** @type {Record<string, (args: unknown[]) => unknown[]>} As in ioredis, not for names in capitals given to `call`. */
const TRANSFORMERS = {
  mset: pairs,
  msetnx: pairs,
  hset: fields,
  hmset: fields,
};

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
  const entries = isMap(value) ? [...value] : Object.entries(value);
  return entries.flat();
}

/**
 * Also a Map of another realm, which is no `instanceof` of ours.
 *
 * @param {object} value
 * @returns {value is Map<unknown, unknown>}
 */
function isMap(value) {
  return Object.prototype.toString.call(value) === '[object Map]';
}

/**
 * The keys among normalized arguments get the handle's prefix. A Buffer key stays a Buffer.
 *
 * @param {Command} command
 * @param {Array<string | number | Uint8Array>} args changed in place
 * @param {string | Uint8Array} prefix
 */
function prefixKeys(command, args, prefix) {
  for (const index of command.keys(args)) {
    const key = args[index];
    args[index] =
      typeof prefix === 'string' && !(key instanceof Uint8Array)
        ? `${prefix}${key}`
        : Buffer.concat([bytesOf(prefix), bytesOf(key)]);
  }
}

/** @param {string | number | Uint8Array} value */
function bytesOf(value) {
  return value instanceof Uint8Array ? value : Buffer.from(String(value));
}

module.exports = { normalize, prefixKeys, bytesOf };
