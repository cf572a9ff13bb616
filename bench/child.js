'use strict';

/**
 * The process of one contestant: `node child.js <contestant>`, driven over IPC. It answers each request in turn, and
 * between two measurements it has nothing to do, so the others have the machine.
 */

const { CONTESTANTS } = require('./clients.js');
const { measure, prepare } = require('./measure.js');
const { reasonOf } = require('./reason.js');

/**
 * @typedef {{ connect: import('./servers.js').Target, sizes: number[] } | { work: import('./measure.js').Work } |
 *   { close: true }} Request
 */

/** @type {import('./clients.js').Session | undefined} */
let session;

process.on('message', (/** @type {Request} */ request) => {
  answer(request).then(
    (result) => process.send?.({ result }),
    (error) => process.send?.({ error: reasonOf(error) }),
  );
});
process.on('disconnect', () => process.exit());

/** @param {Request} request */
async function answer(request) {
  if ('connect' in request) {
    const contestant = CONTESTANTS[process.argv[2]];
    const { nodes } = request.connect;
    session = await (nodes === null ? contestant.connect(request.connect) : contestant.connectCluster(nodes));
    return prepare(session, request.sizes);
  }
  if (session === undefined) throw new Error('not connected');
  if ('work' in request) return measure(session, request.work);
  return void (await session.close());
}
