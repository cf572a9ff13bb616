'use strict';

/**
 * What ioredis takes as arguments, made into what goes over the wire: strings, numbers and bytes in one flat array.
 */

/** @typedef {import('../../commands').Command} Command */

/**
 * Arguments flattened and converted as ioredis does it: arrays by one level, objects and Maps where the command has a
 * use for them, null and undefined to an empty string, anything else by `String()`.
 *
 * @param {Command} command
 * @param {unknown[]} args without a callback
 * @returns {Array<string | number | Uint8Array>} the array given, where there is nothing to do
 */
function normalize(command, args) {
  if (!command.transformsAlways && args.every(isPlain)) {
    return /** @type {Array<string | number | Uint8Array>} */ (args);
  }
  const flat = args.flat();
  return (command.argumentTransformer?.(flat) ?? flat).map(toArgument);
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
