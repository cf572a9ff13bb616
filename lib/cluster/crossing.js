'use strict';

const { inspect } = require('node:util');
const { UnifiedRedisError } = require('../errors');
const { slotOf } = require('./key-slot');

/** More keys than this are only counted. */
const SHOWN = 5;

/** @typedef {string | number | Uint8Array} Key */

/**
 * The refusal of a request whose keys are not all in one slot, in the server's words and with its code: it would refuse
 * it too, only later. Nothing was sent.
 *
 * @param {string} what it is: the command, or the transaction
 * @param {ReadonlyArray<Key>} keys
 * @param {import('../errors').CommandInfo} [command]
 */
function crossing(what, keys, command) {
  const shown = onePerSlot(keys)
    .slice(0, SHOWN)
    .map((key) => `${shownKey(key)} (slot ${slotOf(key)})`);
  const others = keys.length - shown.length;
  if (others > 0) shown.push(`${others} more`);
  const message =
    `CROSSSLOT Keys in request don't hash to the same slot: ${what} has ${shown.join(', ')}. ` +
    'Give keys that belong together the same hash tag, as in {user:1}:name';
  return new UnifiedRedisError('CROSSSLOT', message, {}, command);
}

/**
 * The one slot of keys, which there must be.
 *
 * @param {string} what
 * @param {ReadonlyArray<Key>} keys at least one
 * @returns {number}
 * @throws {UnifiedRedisError} CROSSSLOT
 */
function onlySlot(what, keys) {
  const slot = slotOf(keys[0]);
  for (let index = 1; index < keys.length; index++) {
    if (slotOf(keys[index]) !== slot) throw crossing(what, keys);
  }
  return slot;
}

/**
 * The first key of each slot, so that what is shown tells the difference.
 *
 * @param {ReadonlyArray<Key>} keys
 */
function onePerSlot(keys) {
  /** @type {Map<number, Key>} */
  const first = new Map();
  for (const key of keys) if (!first.has(slotOf(key))) first.set(slotOf(key), key);
  return [...first.values()];
}

/** @param {Key} key */
function shownKey(key) {
  const text = key instanceof Uint8Array ? Buffer.from(key).toString() : String(key);
  return inspect(text, { maxStringLength: 60, breakLength: Infinity });
}

module.exports = { crossing, onlySlot };
