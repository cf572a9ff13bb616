'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'A black hole: new connections are accepted, and nothing is ever answered',
  promise: 'An attempt ends at `connectTimeout`, the next one follows; calls fail at once meanwhile.',
  async run(trial) {
    const { proxy, application } = await trial.start({ proxied: true, options: { connectTimeout: 700 } });
    proxy.set({ swallow: true });
    proxy.reset();
    await sleep(trial.pick(3000, 6000, 30_000));
    const { linkErrors } = await application.tell('stats');
    trial.check(linkErrors.ETIMEDOUT >= 5, `links failed with ${JSON.stringify(linkErrors)}`);
    proxy.set({});
    await trial.recovered();
    await trial.finish({
      expected: ['CONNECTION_LOST', 'LINK_DOWN', 'COMMAND_TIMEOUT', 'MAX_RETRIES_PER_REQUEST'],
      outage: true,
    });
  },
};
