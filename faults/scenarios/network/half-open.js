'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { SLACK_MS } = require('../../lib/judge.js');
const { OPTIONS } = require('../../lib/trial.js');

const NOTICED_AFTER_MS = OPTIONS.heartbeatInterval + OPTIONS.heartbeatTimeout;

/** @type {Record<string, import('../../lib/proxy.js').Direction[]>} */
const VARIANTS = { 'to the server': ['up'], 'from the server': ['down'], 'both ways': ['up', 'down'] };

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'Half-open connections: the network drops everything silently, to the server, from it, or both ways',
  promise:
    'Noticed within `heartbeatInterval` + `heartbeatTimeout`, and the link is replaced. The dead connection is closed ' +
    'first; the server may take it for alive until its own `tcp-keepalive` tells.',
  async run(trial) {
    const { proxy } = await trial.start({ proxied: true });
    for (let round = 0; round < trial.pick(1, 2, 10); round++) {
      for (const [name, directions] of Object.entries(VARIANTS)) {
        await sleep(300);
        proxy.drop(...directions);
        const since = Date.now();
        // What is only answered after the fault was noticed counts as recovery: some links may not have been lost yet.
        await sleep(NOTICED_AFTER_MS);
        const ms = NOTICED_AFTER_MS + (await trial.works(since + NOTICED_AFTER_MS));
        trial.figure(name, `works again ${ms} ms after the network stopped`);
        trial.check(ms < NOTICED_AFTER_MS + 2 * SLACK_MS, `${name}: it took ${ms} ms`);
        proxy.forget();
      }
    }
    await trial.finish({
      expected: ['COMMAND_TIMEOUT', 'CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'],
      outage: true,
      silentMs: NOTICED_AFTER_MS,
      serverLags: true,
    });
  },
};
