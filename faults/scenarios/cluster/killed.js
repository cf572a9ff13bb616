'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { spread } = require('../../lib/format.js');

/** What calls may fail with while a master is away. */
const EXPECTED = [
  'CONNECTION_LOST',
  'LINK_DOWN',
  'MAX_RETRIES_PER_REQUEST',
  'COMMAND_TIMEOUT',
  'CLUSTERDOWN',
  'EXECABORT',
];

/**
 * @param {Pick<import('../index.js').Scenario, 'title' | 'promise'>} texts
 * @param {import('../../lib/trial.js').ClusterPlan} plan
 * @returns {import('../index.js').Scenario}
 */
function killed(texts, plan) {
  return {
    ...texts,
    async run(trial) {
      const { cluster, observer } = await trial.startCluster(plan);
      const failovers = [];
      /** @type {[number, number][]} */
      const mayLose = [];
      for (let round = 0; round < trial.pick(1, 4, 20); round++) {
        await sleep(1000);
        const victims = (await cluster.masters()).filter((node) => node !== observer.home);
        const victim = victims[round % victims.length];
        const [replica] = await cluster.replicas(victim);
        const first = await trial.acknowledged();
        // For a moment the replica is kept away: otherwise nothing would be lost on one machine.
        await cluster.command(replica.port, 'CONFIG', 'SET', 'masterauth', 'wrong');
        await cluster.command(victim.port, 'CLIENT', 'KILL', 'TYPE', 'replica');
        await sleep(50);
        const began = Date.now();
        await cluster.kill(victim);
        // What it has answered is read by now, and nothing has taken its place yet.
        await sleep(100);
        mayLose.push([first, await trial.acknowledged()]);
        await cluster.settled();
        await cluster.command(replica.port, 'CONFIG', 'SET', 'masterauth', '');
        failovers.push(Date.now() - began);
        await trial.recovered();
        // It comes back as a replica, without data.
        await cluster.restart(victim);
        await cluster.settled(({ isFailed }) => !isFailed);
        await trial.recovered();
      }
      trial.figure('failover', `${spread(failovers)} until the cluster serves all slots again`);
      await trial.finish({ expected: EXPECTED, mayLose, silentMs: 1000 });
    },
  };
}

module.exports = {
  EXPECTED,
  killed: killed(
    {
      title: 'A master of a cluster is killed (kill -9) under load, and its replica takes over; then it comes back',
      promise:
        'Calls for its slots fail (`CONNECTION_LOST` with `maybeExecuted`, `LINK_DOWN`, `CLUSTERDOWN`) or wait within ' +
        'their deadline, all others go on. Writes that it had acknowledged in its last moments and its replica did not have ' +
        'are lost, which is what asynchronous replication means (here the replica is kept away for 50 ms); no other one ' +
        'is, and none is doubled.',
    },
    {},
  ),
  killedWithWait: killed(
    {
      title: 'The same, and callers ask with WAIT 1 whether a replica has their write',
      promise: 'No write that WAIT has confirmed is lost.',
    },
    { load: { wait: true } },
  ),
  killedOverTls: killed(
    {
      title: 'A master of a cluster with TLS and client certificates is killed (kill -9) under load, and comes back',
      promise: 'The same as without: what dials meanwhile verifies each node by its own name.',
    },
    { cluster: { mtls: true } },
  ),
};
