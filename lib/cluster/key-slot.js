'use strict';

/**
 * The hash slot of a key. Source: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#key-distribution-model
 *
 * Ours, since the package `cluster-key-slot` takes twice as long for a string, as it makes an array of it first, and is
 * wrong for a key with an empty hash tag before another one (`a{}{b}`). It is the oracle of the tests for all others.
 */

const { numberToText } = require('../bridge/pack');

const SLOTS = 16384;

/** CRC16, XMODEM: by the upper byte of what there is so far. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

const OPEN = '{'.charCodeAt(0);
const CLOSE = '}'.charCodeAt(0);

/**
 * @param {string | number | Uint8Array} key as it goes to the server
 * @returns {number}
 */
function slotOf(key) {
  if (typeof key === 'string') return slotOfText(key);
  return typeof key === 'number' ? slotOfText(numberToText(key)) : slotOfBytes(key);
}

/** @param {string} key */
function slotOfText(key) {
  let start = 0;
  let end = key.length;
  const open = key.indexOf('{');
  if (open !== -1) {
    const close = key.indexOf('}', open + 1);
    if (close > open + 1) [start, end] = [open + 1, close];
  }
  let crc = 0;
  for (let index = start; index < end; index++) {
    const code = key.charCodeAt(index);
    if (code > 0x7f) return slotOfBytes(Buffer.from(key));
    crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ code];
  }
  return crc % SLOTS;
}

/** @param {Uint8Array} key */
function slotOfBytes(key) {
  let start = 0;
  let end = key.length;
  const open = key.indexOf(OPEN);
  if (open !== -1) {
    const close = key.indexOf(CLOSE, open + 1);
    if (close > open + 1) [start, end] = [open + 1, close];
  }
  let crc = 0;
  for (let index = start; index < end; index++) crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ key[index]];
  return crc % SLOTS;
}

module.exports = { slotOf };
