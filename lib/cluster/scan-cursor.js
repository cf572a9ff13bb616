'use strict';

/**
 * The cursor of a SCAN over all masters, as a decimal string: the lowest slot of the master that is being scanned, and
 * above these 14 bits the cursor of that master. So `0` is the first master's beginning, and nothing else: the loop that
 * everybody writes, until the cursor is `0`, goes over all of them.
 */

const SLOT_BITS = 14n;
const SLOT_MASK = (1n << SLOT_BITS) - 1n;

/**
 * @param {string | number | Uint8Array} cursor
 * @returns {{ slot: number, cursor: string } | undefined} undefined for what is no cursor
 */
function parseCursor(cursor) {
  const text = cursor instanceof Uint8Array ? Buffer.from(cursor).toString() : String(cursor);
  if (!/^\d{1,25}$/.test(text)) return undefined;
  const both = BigInt(text);
  return { slot: Number(both & SLOT_MASK), cursor: String(both >> SLOT_BITS) };
}

/**
 * The cursor after a reply.
 *
 * @param {number} slot the lowest one of the master that answered
 * @param {string} cursor that it gave
 * @param {number | undefined} next the lowest slot of the next master
 */
function nextCursor(slot, cursor, next) {
  if (cursor !== '0') return String((BigInt(cursor) << SLOT_BITS) | BigInt(slot));
  return next === undefined ? '0' : String(next);
}

module.exports = { parseCursor, nextCursor };
