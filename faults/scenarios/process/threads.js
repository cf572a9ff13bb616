'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { OPTIONS } = require('../../lib/trial.js');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'Worker threads are terminated with commands in flight',
  promise: "Nobody else notices: what was a thread's goes with it, its subscriptions too, and the links stay.",
  async run(trial) {
    const { application, server } = await trial.start();
    const rounds = trial.pick(6, 30, 1000);
    for (let round = 0; round < rounds; round++) {
      const threads = [0, 1].map(() => application.tell('thread', { ...OPTIONS, ...server.options }));
      for (const index of await Promise.all(threads)) {
        await sleep(Math.random() * 50);
        await application.tell('terminate', index);
      }
    }
    trial.figure('threads', rounds * 2);
    await trial.recovered();
    await trial.eventually(async () => {
      const { links } = await application.tell('stats');
      return links.find((/** @type {any} */ link) => link.purpose === 'subscriber').subscriptions === 3;
    }, 'the subscriptions of the threads are gone');
    await trial.finish({ expected: [], outage: false });
  },
};
