'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { spread } = require('../../lib/format.js');
const { OPTIONS } = require('../../lib/trial.js');
const { EXPECTED } = require('./killed.js');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'A master of a cluster is cut off (SIGSTOP): its replica takes over; then it goes on (SIGCONT), as a replica',
  promise:
    'A link that is silent is asked and given up by the heartbeat, as on a single server; calls for its slots end within ' +
    'their deadline. What was acknowledged and not replicated at that moment may be lost; none is doubled.',
  async run(trial) {
    const { cluster, observer } = await trial.startCluster();
    const failovers = [];
    /** @type {[number, number][]} */
    const mayLose = [];
    for (let round = 0; round < trial.pick(1, 3, 15); round++) {
      await sleep(500);
      const victims = (await cluster.masters()).filter((node) => node !== observer.home);
      const victim = victims[round % victims.length];
      const first = await trial.acknowledged();
      const began = Date.now();
      cluster.pause(victim);
      await sleep(100);
      mayLose.push([first, await trial.acknowledged()]);
      await cluster.settled();
      failovers.push(Date.now() - began);
      await trial.recovered();
      cluster.resume(victim);
      await cluster.settled(({ isFailed }) => !isFailed);
      await trial.recovered();
    }
    trial.figure('failover', `${spread(failovers)} until the cluster serves all slots again`);
    await trial.finish({
      expected: EXPECTED,
      mayLose,
      silentMs: OPTIONS.heartbeatInterval + OPTIONS.heartbeatTimeout,
      // Connections that were given up are still there for a node that has not run since.
      serverLags: true,
    });
  },
};
