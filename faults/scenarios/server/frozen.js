'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { OPTIONS } = require('../../lib/trial.js');

const NOTICED_AFTER_MS = OPTIONS.heartbeatInterval + OPTIONS.heartbeatTimeout;

/**
 * @param {Pick<import('../index.js').Scenario, 'title' | 'promise'>} texts
 * @param {Record<string, unknown>} options
 * @param {boolean} isNoticed
 * @returns {import('../index.js').Scenario}
 */
function frozen(texts, options, isNoticed) {
  return {
    ...texts,
    async run(trial) {
      const { server } = await trial.start({ options });
      for (let round = 0; round < trial.pick(1, 3, 10); round++) {
        await sleep(300);
        server.pause();
        await sleep(3500);
        server.resume();
        await trial.recovered();
      }
      await trial.finish({
        expected: ['COMMAND_TIMEOUT', 'CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'],
        outage: isNoticed,
        silentMs: NOTICED_AFTER_MS,
        // Connections that were given up are still there for a server that has not run since.
        serverLags: true,
      });
    },
  };
}

module.exports = {
  withHeartbeat: frozen(
    {
      title: 'The server stands still (SIGSTOP) for longer than every deadline, then goes on (SIGCONT)',
      promise:
        'A link that is silent for `heartbeatInterval` is asked, and replaced after `heartbeatTimeout`; no call waits ' +
        'longer than its deadline.',
    },
    {},
    true,
  ),
  withoutHeartbeat: frozen(
    {
      title: 'The same, without a heartbeat: the connections outlive it',
      promise:
        'Calls end at their deadline with `COMMAND_TIMEOUT`; replies that come later are dropped, and never taken for ' +
        "another call's. Messages come late, none is lost.",
    },
    { heartbeatInterval: 0 },
    false,
  ),
};
