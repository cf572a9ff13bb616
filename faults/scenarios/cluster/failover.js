'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { CALM } = require('./calm.js');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'CLUSTER FAILOVER: each master of a cluster in turn gives its slots to its replica, under load',
  promise: 'Requests follow their slots (MOVED), nobody notices. No acknowledged write is lost, none is doubled.',
  async run(trial) {
    const { cluster } = await trial.startCluster(CALM);
    for (let round = 0; round < trial.pick(3, 9, 60); round++) {
      await sleep(300);
      const masters = await cluster.masters();
      const [replica] = await cluster.replicas(masters[round % masters.length]);
      await cluster.failover(replica);
      await trial.recovered();
      await cluster.settled();
    }
    await trial.finish({ expected: [] });
  },
};
