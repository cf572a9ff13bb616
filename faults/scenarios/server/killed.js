'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'The server is killed (kill -9) under load, and started again',
  promise:
    'Commands in flight that may have run are rejected with `CONNECTION_LOST` and `maybeExecuted`, reads are sent again; ' +
    'new ones fail at once with `LINK_DOWN`. Links come back by themselves, as soon as the next attempt finds the server.',
  async run(trial) {
    const directory = trial.directory();
    // What it acknowledges survives its death.
    const config = ['appendonly yes', 'appendfsync always'];
    const { server } = await trial.start({ server: { directory, config } });
    for (let round = 0; round < trial.pick(2, 6, 30); round++) {
      await sleep(500);
      await server.kill();
      await sleep(200);
      await server.start();
      await trial.recovered();
    }
    await trial.finish({ expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'], outage: true });
  },
};
