'use strict';

/**
 * Where calls run that need a connection to themselves for a while: on a lane, one of the declared
 * `blockingConnections`.
 */

const bridge = require('../bridge');
const { ReplyError } = require('../errors');

let hasWarned = false;

/**
 * Runs one call on a lane, once one is free.
 *
 * @template T
 * @param {number} patienceMs how long to wait for a lane; 0 for as long as it takes
 * @param {(link: number) => Promise<T>} call
 * @returns {Promise<T>}
 */
async function onLane(patienceMs, call) {
  const link = await bridge.lease(bridge.ANY_LANE, patienceMs);
  // Whatever failed but by a reply may still be under way on the server.
  let isDirty = true;
  try {
    const reply = await call(link);
    isDirty = false;
    return reply;
  } catch (error) {
    isDirty = !(error instanceof ReplyError);
    throw error;
  } finally {
    bridge.release(link, isDirty);
  }
}

/**
 * Says once in a process' copy of the module what a blocking command does to a shared link.
 *
 * @param {string} name of the command
 * @param {string} purpose
 */
function warnOfSharing(name, purpose) {
  if (hasWarned) return;
  hasWarned = true;
  bridge.announce({
    type: 'warning',
    code: 'BLOCKING_ON_SHARED_LINK',
    message:
      `${name} holds up every other command on the connection "${purpose}" for as long as it waits. Give blocking ` +
      'commands connections of their own: initialize({ blockingConnections: 2 })',
  });
}

module.exports = { onLane, warnOfSharing };
