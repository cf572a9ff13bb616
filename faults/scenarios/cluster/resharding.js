'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { CALM } = require('./calm.js');

/** @typedef {import('../../lib/trial.js').ClusterRig} ClusterRig */

/** The slots that the load's keys are in. @param {ClusterRig} rig @returns {Promise<number[]>} */
async function slotsOfLoad({ observer }) {
  const tags = Array.from({ length: 12 }, (_, tag) => `{${tag}}`);
  return Promise.all(tags.map(async (tag) => Number(await observer.command('CLUSTER', 'KEYSLOT', tag))));
}

module.exports = {
  /** @type {import('../index.js').Scenario} */
  slots: {
    title: 'Slots of a cluster are moved from master to master while their keys are written and read',
    promise:
      'Requests follow their keys (ASK, then MOVED); transactions whose keys are on their way wait within their deadline. ' +
      'No acknowledged write is lost, none is doubled.',
    async run(trial) {
      const rig = await trial.startCluster(CALM);
      const { cluster } = rig;
      const slots = await slotsOfLoad(rig);
      const masters = await cluster.masters();
      let moved = 0;
      for (let round = 0; round < trial.pick(8, 40, 400); round++) {
        const slot = slots[round % slots.length];
        const from = await cluster.masterOf(slot);
        const to = masters[(masters.indexOf(from) + 1 + (round % 2)) % masters.length];
        await cluster.startMigration(slot, to);
        // For a while keys that do not exist yet are made on the target already.
        await sleep(20);
        await cluster.finishMigration(slot, to);
        moved += 1;
      }
      await trial.recovered();
      await cluster.settled();
      trial.figure('moved', `${moved} slots`);
      await trial.finish({ expected: [], outage: false });
    },
  },
  /** @type {import('../index.js').Scenario} */
  nodes: {
    title: 'A node is added to a cluster, gets slots, gives them back and is removed, under load',
    promise:
      'The node is found when a slot leads to it; once it is gone, its connections are. Nobody notices, and there is at ' +
      'most one connection for each purpose and node.',
    async run(trial) {
      const rig = await trial.startCluster(CALM);
      const { cluster } = rig;
      const slots = await slotsOfLoad(rig);
      for (let round = 0; round < trial.pick(1, 3, 20); round++) {
        const owners = await Promise.all(slots.map((slot) => cluster.masterOf(slot)));
        const node = await cluster.addNode();
        await cluster.moveSlot(slots, node);
        await trial.recovered();
        for (const owner of new Set(owners)) {
          const back = slots.filter((_, index) => owners[index] === owner);
          await cluster.moveSlot(back, owner);
        }
        await cluster.removeNode(node);
        await trial.recovered();
      }
      // The last node's connections have to be gone.
      const bound = 5 * cluster.nodes.length;
      await trial.eventually(() => trial.sockets() <= bound, 'connections to the removed node are closed');
      trial.figure('connections now', `${trial.sockets()} to ${cluster.nodes.length} nodes`);
      await trial.finish({ expected: [] });
    },
  },
};
