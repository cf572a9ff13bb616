'use strict';

// Slots and nodes that move, under the eyes of callers who should not notice.

const manager = require('../..');
const { slotOf } = require('../../lib/cluster/key-slot');
const { onCleanup, startCluster, waitFor } = require('../support');

const TAG = '{moving}';
const SLOT = slotOf(TAG);

let cluster;
let redis;
beforeAll(async () => {
  cluster = await startCluster({ masters: 3, replicasPerMaster: 1, nodeTimeout: 1_000 });
  onCleanup(() => manager.cleanup());
}, 60_000);
beforeEach(async () => {
  await manager.initialize({ ...cluster.options, logger: false, blockingConnections: 2 });
  redis = manager.getConnection();
});
afterEach(() => manager.cleanup());

/** Another master than the one that has the slot. */
async function elsewhere() {
  const owner = await cluster.masterOf(SLOT);
  return (await cluster.masters()).find(({ port }) => port !== owner.port);
}

/** Writers that count what was acknowledged. */
function write(keys, writers = 10) {
  const load = { acknowledged: 0, failed: [], stop: undefined };
  let isOver = false;
  const each = async (writer) => {
    for (let turn = writer; !isOver; turn++) {
      try {
        await redis.incr(keys[turn % keys.length]);
        load.acknowledged += 1;
      } catch (error) {
        load.failed.push(error);
      }
    }
  };
  const all = Promise.all(Array.from({ length: writers }, (_, writer) => each(writer)));
  load.stop = async () => {
    isOver = true;
    await all;
  };
  return load;
}

const total = async (keys) => (await redis.mget(keys)).reduce((sum, value) => sum + Number(value), 0);

test('a slot moves under writes: none fails, none is lost, none is done twice', async () => {
  const keys = Array.from({ length: 50 }, (_, index) => `${TAG}count:${index}`);
  const load = write(keys);
  for (let turn = 0; turn < 3; turn++) await cluster.moveSlot(SLOT, await elsewhere());
  await load.stop();
  expect(load.failed).toEqual([]);
  expect(await total(keys)).toBe(load.acknowledged);
});

test('while it moves, keys are asked for at both ends, and several at once wait for each other', async () => {
  const [here, there] = [`${TAG}here`, `${TAG}there`];
  await redis.mset(here, 1, there, 2);
  const to = await elsewhere();
  await cluster.startMigration(SLOT, to);
  await cluster.moveKeys(SLOT, to, [there]);
  expect(await Promise.all([redis.get(here), redis.get(there), redis.incr(there)])).toEqual(['1', '2', 3]);
  expect(await redis.pipeline().get(here).get(there).set(`${TAG}new`, 1).exec()).toEqual([
    [null, '1'],
    [null, '3'],
    [null, 'OK'],
  ]);
  // TRYAGAIN for the first, and a transaction cannot follow ASK: both wait until the slot has moved.
  const both = redis.sunion(`${TAG}s1`, here.replace('here', 's2'), there.replace('there', 's3'));
  const several = redis.mget(here, there);
  const transaction = redis.multi().incr(there).get(there).exec();
  await cluster.finishMigration(SLOT, to);
  expect(await several).toEqual(['1', '3']);
  expect(await both).toEqual([]);
  expect(await transaction).toEqual([
    [null, 4],
    [null, '4'],
  ]);
});

test('what cannot be done within the deadline reaches the caller, in the words of the server', async () => {
  await redis.mset(`${TAG}a`, 1, `${TAG}b`, 2);
  const to = await elsewhere();
  await cluster.startMigration(SLOT, to);
  await cluster.moveKeys(SLOT, to, [`${TAG}b`]);
  const impatient = redis.duplicate({ commandTimeout: 300 });
  await expect(impatient.mget(`${TAG}a`, `${TAG}b`)).rejects.toMatchObject({ code: 'TRYAGAIN' });
  await cluster.finishMigration(SLOT, to);
  await impatient.quit();
});

test('channels stay, and shard channels follow their slot, with a gap told', async () => {
  const subscriber = redis.duplicate();
  const messages = [];
  const gaps = [];
  subscriber.on('message', (channel, text) => messages.push([channel, text]));
  subscriber.on('smessage', (channel, text) => messages.push([channel, text]));
  subscriber.on('gap', (gap) => gaps.push(gap));
  await subscriber.subscribe('news');
  await subscriber.ssubscribe(`${TAG}shard`, 'another');
  const publish = async (text) => {
    await redis.publish('news', text);
    await redis.spublish(`${TAG}shard`, text);
    await redis.spublish('another', text);
  };
  await publish('before');
  await waitFor(() => messages.length === 3);
  await cluster.moveSlot(SLOT, await elsewhere());
  await waitFor(() => gaps.length > 0);
  expect(gaps[0].durationMs).toBeLessThan(5_000);
  await publish('after');
  await waitFor(() => messages.length === 6);
  // Channels of several nodes arrive on several sockets: in no order among each other.
  expect(new Set(messages.slice(3).map(([channel, text]) => `${channel} ${text}`))).toEqual(
    new Set(['news after', `${TAG}shard after`, 'another after']),
  );
  await subscriber.sunsubscribe();
  await publish('not for us');
  await waitFor(() => messages.length === 7);
  expect(messages[6]).toEqual(['news', 'not for us']);
  await subscriber.quit();
});

test('a master fails over to its replica in an orderly way', async () => {
  const events = [];
  for (const event of ['close', 'reconnecting', 'end']) redis.on(event, () => events.push(event));
  const keys = Array.from({ length: 200 }, (_, index) => `failover:${index}`);
  const load = write(keys);
  const [replica] = await cluster.replicas();
  await cluster.failover(replica);
  await waitFor(() => redis.nodes('master').some(({ options }) => options.port === replica.port));
  await load.stop();
  expect(load.failed).toEqual([]);
  expect(await total(keys)).toBe(load.acknowledged);
  expect(events).toEqual([]);
}, 30_000);

test('a master dies: what it had in flight is told from what was never sent, and its replica takes over', async () => {
  const [victim] = await cluster.masters();
  const events = [];
  for (const event of ['+node', '-node']) redis.on(event, ({ options }) => events.push(`${event} ${options.port}`));
  const keys = Array.from({ length: 200 }, (_, index) => `death:${index}`);
  const subscriber = redis.duplicate();
  const messages = [];
  subscriber.on('message', (_, text) => messages.push(text));
  await subscriber.subscribe('news');
  const load = write(keys);
  await cluster.kill(victim);
  await cluster.settled();
  // Every slot is served again.
  await Promise.all(keys.map((key) => redis.exists(key)));
  await load.stop();
  for (const error of load.failed) expect(error).toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
  // One command of each writer may have been in flight.
  expect(load.failed.length).toBeLessThanOrEqual(10);
  expect(events).toContain(`-node ${victim.port}`);
  await waitFor(async () => {
    await redis.publish('news', 'after');
    return messages.includes('after');
  });
  await cluster.restart(victim);
  await waitFor(async () => (await cluster.command(victim.port, 'ROLE'))[0] === 'slave', 15_000);
  await cluster.settled();
  await waitFor(() => events.includes(`+node ${victim.port}`), 15_000);
  await subscriber.quit();
}, 60_000);

test('nodes come and go', async () => {
  const added = await cluster.addNode();
  await cluster.moveSlot(SLOT, added);
  expect(await redis.set(`${TAG}new`, 'there')).toBe('OK');
  await waitFor(() => redis.nodes('master').some(({ options }) => options.port === added.port));
  const { sockets, nodes } = manager.getStats().cluster;
  expect(sockets.bound).toBe(5 * nodes.length + 2);
  expect(sockets.open).toBeLessThanOrEqual(sockets.bound);
  const [first] = await cluster.masters();
  await cluster.moveSlot(SLOT, first);
  await cluster.removeNode(added);
  expect(await redis.get(`${TAG}new`)).toBe('there');
  await waitFor(() => !redis.nodes().some(({ options }) => options.port === added.port), 15_000);
}, 60_000);

test('a node that stands still is replaced, and what it did not answer goes on or is told of', async () => {
  const [victim] = await cluster.masters();
  const node = redis.nodes('master').find(({ options }) => options.port === victim.port);
  const key = Array.from({ length: 1_000 }, (_, index) => `still:${index}`).find(
    (name) => redis.slots[slotOf(name)][0] === `${node.options.host}:${node.options.port}`,
  );
  await redis.set(key, 'value');
  await new Promise((resolve) => setTimeout(resolve, 200));
  cluster.pause(victim);
  const [read, written] = await Promise.allSettled([redis.get(key), redis.set(key, 'other')]);
  expect(read).toEqual({ status: 'fulfilled', value: 'value' });
  expect(written.reason ?? { code: 'CONNECTION_LOST', maybeExecuted: true }).toMatchObject({
    code: 'CONNECTION_LOST',
    maybeExecuted: true,
  });
  expect(await redis.set(key, 'again')).toBe('OK');
  cluster.resume(victim);
  await waitFor(async () => (await cluster.command(victim.port, 'ROLE'))[0] === 'slave', 15_000);
  await cluster.settled();
}, 60_000);

test('blocking commands go on at the node that their list moved to', async () => {
  const list = `${TAG}list`;
  await redis.rpush(list, 'one');
  expect(await redis.blpop(list, 5)).toEqual([list, 'one']);
  await cluster.moveSlot(SLOT, await elsewhere());
  const popped = redis.blpop(list, 5);
  await redis.rpush(list, 'two');
  expect(await popped).toEqual([list, 'two']);
  // Also where it waits when that happens.
  const waiting = redis.blpop(list, 10);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await cluster.moveSlot(SLOT, await elsewhere());
  await redis.rpush(list, 'three');
  expect(await waiting).toEqual([list, 'three']);
});
