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
const { command: commandNamed } = require('../../commands');

const PING = { command: commandNamed('PING'), args: [] };
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
  // What fails of these is told of the call.
  const of = { command, args };
  await exchange.sendGroup(link, [PING], 0, CONFIGURED_TIMEOUT, of);
  const [, mark, reply] = await exchange.sendGroup(lane, [PING, MARK, of], flags, timeoutMs, of);
  // Before 7.0 there is no SPUBLISH, nor any need of it.
  if (mark instanceof Error && !/^ERR unknown command/i.test(mark.message)) return UNMARKED;
  // What is one of several replies does not know which command it is for.
  if (reply instanceof Error) throw replyErrorOf(reply.message, of);
  return reply;
}

module.exports = { confirm, UNMARKED };
