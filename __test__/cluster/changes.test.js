'use strict';

// What handles make of a cluster that changes: slots that move, nodes that come and go, masters that fail over.

const manager = require('../..');
const { slotOf } = require('../../lib/cluster/key-slot');
const { onCleanup, startCluster, waitFor } = require('../support');

let cluster;
let redis;
beforeAll(async () => {
  cluster = await startCluster({ masters: 3, replicasPerMaster: 1 });
  onCleanup(() => manager.cleanup());
}, 60_000);

/** @param {object} [options] @param {object} [ofCluster] */
async function open(options, ofCluster) {
  await manager.cleanup();
  await manager.initialize({
    ...cluster.options,
    cluster: { ...cluster.options.cluster, slotsRefreshInterval: 0, ...ofCluster },
    logger: false,
    ...options,
  });
  redis = manager.getConnection();
}

/** Moves a key's slot to another master than the one that has it. */
async function move(key) {
  const slot = slotOf(key);
  const from = await cluster.masterOf(slot);
  const to = (await cluster.masters()).find((node) => node !== from);
  await cluster.moveSlot(slot, to);
  return to;
}

test('a blocking call on a lane follows its slot', async () => {
  await open({ blockingConnections: 1 });
  const popped = redis.blpop('list', 20);
  const waits = async () => (await Promise.all(redis.nodes('master').map((node) => node.info('clients')))).join();
  await waitFor(async () => /blocked_clients:1/.test(await waits()));
  await move('list');
  await redis.rpush('list', 'value');
  expect(await popped).toEqual(['list', 'value']);
});

test('what waits at a chosen node does so on a lane, at a replica too', async () => {
  await open({ blockingConnections: 1 });
  const nodeAt = (address) => redis.nodes().find(({ options: { host, port } }) => `${host}:${port}` === address);
  const [master, replica] = redis.slots[slotOf('{node}')].map(nodeAt);
  const popped = master.blpop('{node}list', 20);
  const blocked = (node) => async () => /blocked_clients:1/.test(await node.info('clients'));
  await waitFor(blocked(master));
  expect(await master.get('{node}other')).toBeNull();
  await redis.rpush('{node}list', 'value');
  expect(await popped).toEqual(['{node}list', 'value']);
  const read = replica.xread('BLOCK', 20_000, 'STREAMS', '{node}stream', '$');
  await waitFor(blocked(replica));
  expect(await replica.get('{node}other')).toBeNull();
  const id = await redis.xadd('{node}stream', '*', 'field', 'value');
  expect(await read).toEqual([['{node}stream', [[id, ['field', 'value']]]]]);
});

test('WATCH follows its slot, and a transaction whose slot has moved is not executed', async () => {
  await open();
  await redis.set('watched', 1);
  await move('watched');
  const handle = redis.duplicate();
  expect(await handle.watch('watched')).toBe('OK');
  expect(await handle.multi().incr('watched').exec()).toEqual([[null, 2]]);
  await handle.watch('watched');
  await move('watched');
  await expect(handle.multi().incr('watched').exec()).rejects.toMatchObject({
    message: expect.stringMatching(/^EXECABORT/),
  });
  expect(await redis.get('watched')).toBe('2');
  expect(await handle.multi().incr('watched').exec()).toEqual([[null, 3]]);
});

test('split commands find slots that have moved', async () => {
  await open();
  const keys = Array.from({ length: 30 }, (_, index) => `moving:${index}`);
  await redis.mset(Object.fromEntries(keys.map((key) => [key, key])));
  for (const key of keys.slice(0, 3)) await move(key);
  expect(await redis.mget(keys)).toEqual(keys);
  expect(await redis.pipeline().mget(keys).exec()).toEqual([[null, keys]]);
  expect(await redis.del(keys)).toBe(30);
});

test('a function of scaleReads chooses the node', async () => {
  const asked = [];
  const scaleReads = (nodes, command) => {
    asked.push([command.name, nodes.map(({ options }) => options.role)]);
    return nodes.filter(({ options }) => options.role === 'slave');
  };
  await open({}, { scaleReads });
  await redis.set('read', 'value');
  expect(asked).toEqual([]);
  expect(await redis.get('read')).toBe('value');
  expect(await redis.pipeline().get('read').exec()).toEqual([[null, 'value']]);
  expect(asked).toEqual([
    ['get', ['master', 'slave']],
    ['get', ['master', 'slave']],
  ]);
});

test('nodes that come and go are told', async () => {
  await open({}, { slotsRefreshInterval: 100 });
  const events = [];
  for (const event of ['+node', '-node']) redis.on(event, (node) => events.push([event, node.options.port]));
  manager.on('+node', ({ address }) => events.push(['manager', address]));
  const [master] = await cluster.masters();
  const node = await cluster.addNode({ replicaOf: master });
  await waitFor(() => events.some(([event, port]) => event === '+node' && port === node.port));
  expect(events).toContainEqual(['manager', `127.0.0.1:${node.port}`]);
  const handle = redis.nodes().find(({ options }) => options.port === node.port);
  expect(await handle.ping()).toBe('PONG');
  await cluster.removeNode(node);
  await waitFor(() => events.some(([event, port]) => event === '-node' && port === node.port));
  expect(redis.nodes().map(({ options }) => options.port)).not.toContain(node.port);
  await expect(handle.ping()).rejects.toMatchObject({ code: 'CLOSED' });
}, 30_000);

test('after a failover the same node has another role', async () => {
  await open({}, { slotsRefreshInterval: 100 });
  const slot = slotOf('failed-over');
  const before = await cluster.masterOf(slot);
  const [replica] = await cluster.replicas(before);
  const handle = redis.nodes('slave').find(({ options }) => options.port === replica.port);
  await redis.set('failed-over', 1);
  await cluster.failover(replica);
  expect(await redis.incr('failed-over')).toBe(2);
  await waitFor(() => redis.nodes('master').some(({ options }) => options.port === replica.port));
  expect(redis.nodes('master')).toContain(handle);
  expect(handle.options.role).toBe('master');
  expect(await redis.flushall()).toBe('OK');
  expect(await redis.dbsize()).toBe(0);
}, 30_000);
