'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'Connections are cut in the middle of replies',
  promise: 'Half a reply is no reply: it is given to nobody, and the call is treated as in flight.',
  async run(trial) {
    const { proxy, application } = await trial.start({ proxied: true });
    const until = Date.now() + trial.pick(2, 8, 60) * 1000;
    while (Date.now() < until) {
      proxy.set({ cutAfter: 1 + Math.floor(Math.random() * 10_000) });
      await sleep(100);
    }
    proxy.set({});
    await trial.recovered();
    const { report, stats } = await trial.finish({
      expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'],
      // The subscriber's link carries less, and may be spared.
      outage: undefined,
    });
    trial.figure(
      'links lost',
      stats.links.reduce((/** @type {number} */ sum, /** @type {any} */ link) => sum + link.reconnects, 0),
    );
    trial.check(report.codes.CONNECTION_LOST > 0, 'no connection was cut');
    trial.check(application.stderr === '', application.stderr);
  },
};
