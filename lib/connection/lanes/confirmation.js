'use strict';

/**
 * WAIT and WAITAOF on a lane. They tell of what their own connection has written, and a lane has written nothing: the
 * server would confirm at once what no replica has. So a mark goes before them, which replicas are sent as well. Who has
 * confirmed that has confirmed all that was written before, by whomever.
 *
 * Until Redis 7.0 any command moves the offset that WAIT looks at; later only what is replicated does. SPUBLISH is,
 * outside of a cluster, and nobody hears it.
 */

const { exchange, replyErrorOf, CONFIGURED_TIMEOUT } = require('../../bridge');
const { Request } = require('../../bridge/slots');
const { command: commandNamed } = require('../../commands');

/** @typedef {{ command: import('../../commands').Command, args: ReadonlyArray<string | number | Uint8Array> }} Sent */

/** @type {Sent} */
const PING = { command: commandNamed('PING'), args: [] };
/** @type {Sent} */
const MARK = { command: commandNamed('SPUBLISH'), args: ['unified-redis', ''] };

/** In place of a reply: the user may not do what has to go before it. */
const UNMARKED = Symbol('unmarked');

/**
 * @param {number} lane
 * @param {number} link that the handle's commands go to. What was sent there before is executed before the mark
 * @param {import('./waiting').Call} call
 * @returns {Promise<any>} the reply, or UNMARKED
 */
async function confirm(lane, link, { command, args, flags, timeoutMs }) {
  /** @param {number} on @param {Sent[]} sent @param {number} sentFlags @param {number} ms @returns {Promise<any>} */
  const send = (on, sent, sentFlags, ms) =>
    new Promise((resolve, reject) => {
      // What fails of it is told of the call.
      const request = new Request(resolve, reject, command, args, sentFlags, undefined);
      exchange.sendRequest(on, sent, sentFlags, ms, request);
    });
  await send(link, [PING], 0, CONFIGURED_TIMEOUT);
  const [, mark, reply] = await send(lane, [PING, MARK, { command, args }], flags, timeoutMs);
  // Before 7.0 there is no SPUBLISH, nor any need of it.
  if (mark instanceof Error && !/^ERR unknown command/i.test(mark.message)) return UNMARKED;
  // What is one of several replies does not know which command it is for.
  if (reply instanceof Error) throw replyErrorOf(reply.message, { command, args });
  return reply;
}

module.exports = { confirm, UNMARKED };
