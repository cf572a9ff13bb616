'use strict';

// Which nodes answer commands that only read.

const manager = require('../..');
const { onCleanup, startCluster } = require('../support');

let cluster;
const keys = Array.from({ length: 300 }, (_, index) => `key:${index}`);
beforeAll(async () => {
  cluster = await startCluster({ masters: 3, replicasPerMaster: 1 });
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...cluster.options, logger: false });
  await manager.getConnection().mset(Object.fromEntries(keys.map((key) => [key, 'value'])));
  expect(await manager.getConnection().wait(1, 5_000)).toBe(1);
}, 60_000);
afterEach(() => manager.cleanup());

async function open(scaleReads) {
  await manager.cleanup();
  await manager.initialize({ logger: false, cluster: { ...cluster.options.cluster, scaleReads } });
  return manager.getConnection();
}

/** How many GETs nodes of each role have answered while `act` ran. */
async function answered(act) {
  const count = async () => {
    const counts = { master: 0, slave: 0 };
    for (const { port } of cluster.nodes.filter(({ isUp }) => isUp)) {
      const [role] = await cluster.command(port, 'ROLE');
      const stats = String(await cluster.command(port, 'INFO', 'commandstats'));
      counts[role] += Number(/cmdstat_get:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    }
    return counts;
  };
  const before = await count();
  await act();
  const after = await count();
  return { master: after.master - before.master, slave: after.slave - before.slave };
}

const readAll = (redis) => async () => {
  expect(new Set(await Promise.all(keys.map((key) => redis.get(key))))).toEqual(new Set(['value']));
};

test('masters alone, unless something else is said', async () => {
  const redis = await open('master');
  expect(await answered(readAll(redis))).toEqual({ master: 300, slave: 0 });
  expect((await cluster.clientList()).some(({ name, node }) => name && isReplica(node))).toBe(false);
});

test('replicas alone, and what writes or is a transaction goes to masters', async () => {
  const redis = await open('slave');
  expect(await answered(readAll(redis))).toEqual({ master: 0, slave: 300 });
  await redis.set('written', 1);
  const results = await redis.multi().incr('written').get('written').exec();
  expect(results).toEqual([
    [null, 2],
    [null, '2'],
  ]);
});

test('masters and replicas', async () => {
  const redis = await open('all');
  const { master, slave } = await answered(readAll(redis));
  expect(master + slave).toBe(300);
  expect(Math.min(master, slave)).toBeGreaterThan(100);
});

test('which nodes answer is no business of a command on a shared connection', async () => {
  const redis = await open('slave');
  for (const method of ['readonly', 'readwrite', 'asking']) {
    await expect(redis[method]()).rejects.toMatchObject({ code: 'UNSUPPORTED', retryable: false });
  }
  const [replica] = redis.nodes('slave');
  expect(await replica.readonly()).toBe('OK');
  await expect(replica.readwrite()).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});

test('nodes of our availability zone, where servers tell theirs', async () => {
  const zoneOf = ({ role }) => (role === 'slave' ? 'zone-a' : 'zone-b');
  const set = (zone) => (node) => cluster.command(node.port, 'CONFIG', 'SET', 'availability-zone', zone(node));
  const outcomes = await Promise.allSettled(cluster.nodes.map(set(zoneOf)));
  const isTold = outcomes.every(({ status }) => status === 'fulfilled');
  if (!isTold)
    process.stdout.write(`nearest: this server has no availability zones (${outcomes[0].reason?.message})\n`);
  for (const [zone, roles] of [
    ['zone-a', isTold ? { master: 0, slave: 300 } : undefined],
    ['zone-b', isTold ? { master: 300, slave: 0 } : undefined],
    ['zone-c', undefined],
  ]) {
    await manager.cleanup();
    const { nodes } = cluster.options.cluster;
    await manager.initialize({ logger: false, cluster: { nodes, scaleReads: 'nearest', availabilityZone: zone } });
    const counts = await answered(readAll(manager.getConnection()));
    expect(counts.master + counts.slave).toBe(300);
    // Where no node is near, all of them are as good.
    if (roles) expect(counts).toEqual(roles);
    else expect(Math.min(counts.master, counts.slave)).toBeGreaterThan(100);
    const zones = manager.getStats().cluster.nodes.map(({ availabilityZone }) => availabilityZone);
    expect(new Set(zones)).toEqual(new Set(isTold ? ['zone-a', 'zone-b'] : [null]));
  }
});

// The last one, as the replica stays down.
test('a replica that is down is passed over', async () => {
  const redis = await open('slave');
  await readAll(redis)();
  const [victim] = await cluster.replicas();
  await cluster.kill(victim);
  const { slave } = await answered(async () => {
    for (let round = 0; round < 5; round++) await readAll(redis)();
  });
  expect(slave).toBeGreaterThan(0);
});

/** @param {number} port */
function isReplica(port) {
  return cluster.nodes.find((node) => node.port === port)?.role === 'slave';
}
