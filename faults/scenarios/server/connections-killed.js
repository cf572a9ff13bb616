'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'CLIENT KILL of every link, every 50 ms, under load',
  promise:
    'As above, again and again. Between two losses links work; there is never a second connection beside a lost one.',
  async run(trial) {
    const { observer } = await trial.start();
    const until = Date.now() + trial.pick(2, 10, 120) * 1000;
    let killed = 0;
    while (Date.now() < until) {
      killed += await observer.killClients();
      await sleep(50);
    }
    await trial.recovered();
    trial.figure('killed', `${killed} connections`);
    await trial.finish({ expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'], outage: true });
  },
};
