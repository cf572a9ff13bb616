'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { CALM, NODE_TIMEOUT_MS } = require('./calm.js');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'CLUSTER FAILOVER: each master of a cluster in turn gives its slots to its replica, under load',
  promise: 'Requests follow their slots (MOVED), nobody notices. No acknowledged write is lost, none is doubled.',
  async run(trial) {
    const { cluster } = await trial.startCluster(CALM);
    const shards = [0, 8000, 16383].map((slot) => ({ slot, mayVoteAt: 0 }));
    for (let round = 0; round < trial.pick(3, 9, 60); round++) {
      const shard = shards[round % shards.length];
      // The others vote once in this time for a master. One that they refuse holds back writes for five seconds.
      await sleep(Math.max(300, shard.mayVoteAt - Date.now()));
      const [replica] = await cluster.replicas(await cluster.masterOf(shard.slot));
      await cluster.failover(replica);
      shard.mayVoteAt = Date.now() + 2 * NODE_TIMEOUT_MS;
      await trial.recovered();
      await cluster.settled();
    }
    await trial.finish({ expected: [] });
  },
};
