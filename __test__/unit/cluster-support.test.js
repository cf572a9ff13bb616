'use strict';

// The clusters that other tests start, seen by a client that is not ours.

const { Cluster } = require('ioredis');
const { startCluster, waitFor, onCleanup } = require('../support');

/** @param {import('../support/cluster.js').TestCluster} cluster */
function connect({ options: { cluster, ...redisOptions } }) {
  const client = new Cluster(cluster.nodes, { redisOptions, slotsRefreshInterval: 500 });
  onCleanup(() => client.disconnect());
  return client;
}

/** @param {Cluster} client @param {(key: string, index: number) => Promise<unknown>} use */
function forKeys(client, use) {
  return Promise.all(Array.from({ length: 200 }, (_, index) => use(`key:${index}`, index)));
}

describe('a cluster of the tests', () => {
  test('serves all slots, survives the loss of a master, and can be resharded, extended and reduced', async () => {
    const cluster = await startCluster();
    expect((await cluster.masters()).map(({ role }) => role)).toEqual(['master', 'master', 'master']);
    expect(await cluster.replicas()).toHaveLength(3);
    const client = connect(cluster);
    await forKeys(client, (key, index) => client.set(key, index));
    const hasAll = async () => {
      await forKeys(client, async (key, index) => expect(await client.get(key)).toBe(String(index)));
      return true;
    };
    expect((await cluster.clientList()).length).toBeGreaterThan(2);

    const [first, second] = await cluster.masters();
    const [replica] = await cluster.replicas(first);
    await cluster.failover(replica);
    expect(await cluster.masterOf(0)).toBe(replica);
    await cluster.settled();
    await waitFor(hasAll);

    await cluster.kill(replica);
    await cluster.settled();
    expect(await cluster.masterOf(0)).toBe(first);
    await cluster.restart(replica);
    await cluster.settled(({ isFailed }) => !isFailed);
    expect(await cluster.replicas(first)).toEqual([replica]);

    const added = await cluster.addNode();
    await cluster.moveSlot([0, 1, 2, 3], added);
    expect(await cluster.masterOf(3)).toBe(added);
    await waitFor(hasAll);
    await expect(cluster.removeNode(added)).rejects.toThrow('move them first');
    await cluster.moveSlot([0, 1, 2, 3], second);
    await cluster.removeNode(added);
    expect(await cluster.masters()).toEqual([first, second, cluster.nodes[2]]);
    await waitFor(hasAll);
  });

  test('stays in the middle of a migration, where keys are asked for and several are not served', async () => {
    const cluster = await startCluster({ masters: 2, replicasPerMaster: 0, auth: 'secret' });
    const client = connect(cluster);
    const [tag, slot] = ['{tag}', 8338];
    const [source, target] = await cluster.masters().then(async (masters) => {
      const owner = await cluster.masterOf(slot);
      return [owner, .../** @type {typeof masters} */ (masters.filter((node) => node !== owner))];
    });
    await client.mset(`${tag}a`, 1, `${tag}b`, 2);
    await cluster.startMigration(slot, target);
    await cluster.moveKeys(slot, target, [`${tag}a`]);
    await expect(cluster.command(source.port, 'GET', `${tag}a`)).rejects.toThrow(`ASK ${slot} `);
    await expect(cluster.command(source.port, 'MGET', `${tag}a`, `${tag}b`)).rejects.toThrow('TRYAGAIN');
    expect(await client.get(`${tag}a`)).toBe('1');
    await cluster.finishMigration(slot, target);
    expect(await client.mget(`${tag}a`, `${tag}b`)).toEqual(['1', '2']);
    await cluster.settled();
    await expect(cluster.command(source.port, 'GET', `${tag}a`)).rejects.toThrow(`MOVED ${slot} `);
  });

  test('speaks TLS, by name', async () => {
    const cluster = await startCluster({ masters: 2, replicasPerMaster: 0, tls: true });
    const client = connect(cluster);
    await forKeys(client, (key, index) => client.set(key, index));
    const slots = await client.cluster('SLOTS');
    expect(JSON.stringify(slots)).toContain('localhost');
  });
});
