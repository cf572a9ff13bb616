'use strict';

/**
 * Published messages as ioredis' events.
 */

const { wantBuffers } = require('../../bridge');
const { PATTERN, SHARD } = require('./subscriptions');

const BUFFER_EVENTS = new Set(['messageBuffer', 'pmessageBuffer', 'smessageBuffer']);

let hasWantedBuffers = false;

/**
 * A listener is being added. With the first one that wants Buffers, messages come as such: a string cannot be turned
 * back into the bytes that it was made of.
 *
 * @param {string | symbol} event
 */
function prepareFor(event) {
  if (hasWantedBuffers || !BUFFER_EVENTS.has(/** @type {string} */ (event))) return;
  hasWantedBuffers = true;
  wantBuffers(true);
}

/**
 * @param {import('node:events').EventEmitter} emitter
 * @param {number} kind
 * @param {string | Buffer} channel
 * @param {string | Buffer} payload
 * @param {string | Buffer} [pattern]
 */
function emitMessage(emitter, kind, channel, payload, pattern) {
  // ioredis gives the pattern as a string to both events.
  const prefix = kind === PATTERN ? [String(pattern)] : [];
  const event = kind === PATTERN ? 'pmessage' : kind === SHARD ? 'smessage' : 'message';
  if (emitter.listenerCount(event) > 0) emitter.emit(event, ...prefix, String(channel), String(payload));
  const bufferEvent = `${event}Buffer`;
  if (emitter.listenerCount(bufferEvent) > 0) {
    emitter.emit(bufferEvent, ...prefix, Buffer.from(channel), Buffer.from(payload));
  }
}

module.exports = { emitMessage, prepareFor };
