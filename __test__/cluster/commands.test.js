'use strict';

// What the ioredis dialect does on a real cluster: where commands go, and what comes back.

const manager = require('../..');
const { slotOf } = require('../../lib/cluster/key-slot');
const { onCleanup, startCluster } = require('../support');

let cluster;
let redis;
beforeAll(async () => {
  cluster = await startCluster({ masters: 3, replicasPerMaster: 1 });
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...cluster.options, logger: false, blockingConnections: 1 });
  redis = manager.getConnection();
}, 60_000);
beforeEach(() => redis.flushall());

/** One key for each of `count` slots, with all masters among them. */
const spread = (count, name = 'key') => Array.from({ length: count }, (_, index) => `${name}:${index}`);
const [A, B] = ['a', 'b'];
const crossing = (name) =>
  expect.objectContaining({
    code: 'CROSSSLOT',
    maybeExecuted: false,
    message: expect.stringContaining(
      `CROSSSLOT Keys in request don't hash to the same slot: ${name} has 'a' (slot ${slotOf(A)}), 'b' (slot ${slotOf(B)})`,
    ),
  });

/** What all masters have executed of a command, by their own count. */
async function calls(name) {
  const counts = await Promise.all(
    redis.nodes('master').map(async (node) => {
      const stats = await node.info('commandstats');
      return Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count);
}

test('handles are those of a cluster', async () => {
  expect(redis.isCluster).toBe(true);
  expect(redis.status).toBe('ready');
  expect(redis.slots).toHaveLength(16384);
  expect(redis.nodes()).toHaveLength(6);
  expect(redis.nodes('slave').map(({ options }) => options.role)).toEqual(['slave', 'slave', 'slave']);
  expect(redis.nodes()[0]).toBe(redis.nodes('master')[0]);
  expect(redis.nodes('master').map(({ options: { host, port } }) => `${host}:${port}`)).toEqual(
    [0, 8000, 16383].map((slot) => redis.slots[slot][0]),
  );
  expect(() => redis.nodes('masters')).toThrow(/Invalid argument role/);
  await expect(redis.select(0)).resolves.toBe('OK');
  await expect(redis.select(1)).rejects.toThrow(/a cluster has database 0/);
});

test('one key goes to its node, whatever it is given as', async () => {
  const keys = spread(300);
  await Promise.all(keys.map((key, index) => redis.set(key, index)));
  expect(await Promise.all(keys.map((key) => redis.get(key)))).toEqual(keys.map((_, index) => String(index)));
  expect(await redis.get(Buffer.from('key:7'))).toBe('7');
  expect(await redis.call('GET', 'key:7')).toBe('7');
  await redis.set(12, 'number');
  expect(await redis.get('12')).toBe('number');
  await redis.set('ünïcode', 'x');
  expect(await redis.get('ünïcode')).toBe('x');
  await expect(redis.get()).rejects.toThrow(/wrong number of arguments/);
});

test('MGET and its like go to all nodes', async () => {
  const keys = spread(50);
  expect(await redis.mset(Object.fromEntries(keys.map((key, index) => [key, index])))).toBe('OK');
  expect(await redis.mget([...keys].reverse(), 'missing')).toEqual([
    ...keys.map((_, index) => String(index)).reverse(),
    null,
  ]);
  expect(await redis.mgetBuffer('key:1', 'key:2')).toEqual([Buffer.from('1'), Buffer.from('2')]);
  expect(await redis.exists('key:1', 'key:2', 'key:1', 'missing')).toBe(3);
  expect(await redis.touch('key:1', 'key:2')).toBe(2);
  expect(await redis.unlink('key:1', 'missing')).toBe(1);
  expect(await redis.del(keys)).toBe(49);
  await expect(redis.mset('a', 1, 'b')).rejects.toThrow(/wrong number of arguments/);
  const strings = redis.duplicate({ stringNumbers: true, keyPrefix: 'p:' });
  expect(await strings.mset('a', 1, 'b', 2)).toBe('OK');
  expect(await strings.del('a', 'b', 'c')).toBe('2');
});

test('a part that fails rejects the whole, and tells that others were executed', async () => {
  // A node that takes no writes for a moment.
  const node = redis.nodes('master').find(({ options }) => redis.slots[slotOf(B)][0].endsWith(`:${options.port}`));
  expect(redis.slots[slotOf(A)][0]).not.toBe(redis.slots[slotOf(B)][0]);
  await node.config('SET', 'min-replicas-to-write', '5');
  try {
    await expect(redis.mset('a', 1, 'b', 2)).rejects.toMatchObject({
      code: 'NOREPLICAS',
      maybeExecuted: true,
      message: expect.stringMatching(/^NOREPLICAS .* \(1 of the 2 parts of the command were executed\)$/),
    });
    expect(await redis.mget('a', 'b')).toEqual(['1', null]);
  } finally {
    await node.config('SET', 'min-replicas-to-write', '0');
  }
});

test('what crosses slots is refused before anything is sent', async () => {
  const before = await calls('sunion');
  await expect(redis.sunion('a', 'b')).rejects.toEqual(crossing('SUNION'));
  await expect(redis.rename('a', 'b')).rejects.toEqual(crossing('RENAME'));
  await expect(redis.msetnx('a', 1, 'b', 2)).rejects.toEqual(crossing('MSETNX'));
  await expect(redis.eval('return 1', 2, 'a', 'b')).rejects.toEqual(crossing('EVAL'));
  await expect(redis.blpop('a', 'b', 1)).rejects.toEqual(crossing('BLPOP'));
  await expect(redis.watch('a', 'b')).rejects.toEqual(crossing('WATCH'));
  expect(await calls('sunion')).toBe(before);
  const error = await new Promise((resolve) => redis.sunion('a', 'b', resolve));
  expect(error).toEqual(crossing('SUNION'));
  expect(await redis.sunionstore('{t}c', '{t}a', '{t}b')).toBe(0);
});

test('pipelines go to all nodes, and are answered in order', async () => {
  const keys = spread(100);
  const pipeline = redis.pipeline();
  for (const key of keys) pipeline.set(key, key).get(key);
  pipeline.mget('key:3', 'key:99').sunion('a', 'b').dbsize().del('key:1', 'key:2').hget('key:3', 'x');
  const outcomes = await pipeline.exec();
  expect(outcomes.slice(0, 200).map(([, value]) => value)).toEqual(keys.flatMap((key) => ['OK', key]));
  const [values, refused, size, deleted, failed] = outcomes.slice(200);
  expect(values).toEqual([null, ['key:3', 'key:99']]);
  expect(refused).toEqual([crossing('SUNION')]);
  expect(size).toEqual([null, expect.any(Number)]);
  expect(deleted).toEqual([null, 2]);
  expect(failed[0].message).toMatch(/^WRONGTYPE/);
});

test('a transaction has one slot', async () => {
  expect(await redis.multi().set('{t}a', 1).incr('{t}a').mget('{t}a', '{t}b').exec()).toEqual([
    [null, 'OK'],
    [null, 2],
    [null, ['2', null]],
  ]);
  expect((await redis.multi().ping().exec())[0]).toEqual([null, 'PONG']);
  await expect(redis.multi().set('a', 1).set('b', 2).exec()).rejects.toEqual(crossing('the transaction'));
  await redis.multi({ pipeline: false });
  expect(await redis.set('a', 1)).toBe('QUEUED');
  redis.set('b', 2).catch(() => {});
  await expect(redis.exec()).rejects.toEqual(crossing('the transaction'));
  expect(await redis.mget('a', 'b')).toEqual([null, null]);
  const outcomes = await redis.pipeline().set('x', 1).multi().incr('x').exec().get('x').exec();
  expect(outcomes.map(([, value]) => value)).toEqual(['OK', 'OK', 'QUEUED', [2], '2']);
});

describe.each([
  ['lanes', 1],
  ['the links of their purpose', 0],
])('on %s', (_, blockingConnections) => {
  beforeAll(async () => {
    await manager.cleanup();
    await manager.initialize({ ...cluster.options, logger: false, blockingConnections });
  });

  test('WATCH is for one slot, wherever that is', async () => {
    const [one, other] = [redis.duplicate(), redis.duplicate()];
    for (const key of spread(6, 'watched')) {
      await one.watch(key);
      expect(await one.multi().set(key, 1).exec()).toEqual([[null, 'OK']]);
      await one.watch(key);
      await other.set(key, 2);
      expect(await one.multi().set(key, 3).exec()).toBeNull();
      expect(await one.get(key)).toBe('2');
    }
    await one.watch('a');
    await expect(one.watch('b')).rejects.toEqual(crossing('WATCH'));
    await expect(one.multi().set('b', 1).exec()).rejects.toEqual(crossing('the transaction'));
    // As after any EXEC nothing is watched, and the connection is free for the next one.
    await other.watch('a');
    expect(await other.multi().set('a', 1).exec()).toEqual([[null, 'OK']]);
    await Promise.all([one.quit(), other.quit()]);
  });

  test('blocking commands wait at their node', async () => {
    const publisher = manager.getConnection('publisher');
    for (const key of spread(6, 'list')) {
      const popped = redis.blpop(key, 10);
      await publisher.rpush(key, 'value');
      expect(await popped).toEqual([key, 'value']);
    }
    expect(await redis.blpop('list:0', 0.01)).toBeNull();
  });
});

test('scripts run where their keys are, and are loaded there', async () => {
  redis.defineCommand('pair', { numberOfKeys: 1, lua: 'return { KEYS[1], ARGV[1] }' });
  const keys = spread(20);
  expect(await Promise.all(keys.map((key) => redis.pair(key, 'x')))).toEqual(keys.map((key) => [key, 'x']));
  await redis.script('FLUSH');
  const outcomes = await keys.reduce((pipeline, key) => pipeline.pair(key, 'y'), redis.pipeline()).exec();
  expect(outcomes).toEqual(keys.map((key) => [null, [key, 'y']]));
  const sha = await redis.script('LOAD', 'return 42');
  expect(await redis.script('EXISTS', sha, '0'.repeat(40))).toEqual([1, 0]);
  expect(await Promise.all(keys.map((key) => redis.evalsha(sha, 1, key)))).toEqual(keys.map(() => 42));
});

test('commands without keys go to one node, or to all, and are joined', async () => {
  const keys = spread(60);
  await redis.mset(Object.fromEntries(keys.map((key) => [key, 1])));
  expect((await redis.keys('key:*')).sort()).toEqual([...keys].sort());
  expect(await redis.dbsize()).toBe(60);
  expect(keys).toContain(await redis.randomkey());
  expect(await redis.wait(1, 5000)).toBe(1);
  expect(await redis.config('SET', 'slowlog-max-len', '77')).toBe('OK');
  const settings = await Promise.all(redis.nodes().map((node) => node.config('GET', 'slowlog-max-len')));
  expect(settings).toEqual(Array.from({ length: 6 }, () => ['slowlog-max-len', '77']));
  expect(await redis.info('server')).toMatch(/redis_mode:cluster/);
  expect(await redis.ping()).toBe('PONG');
  expect(await redis.call('DBSIZE')).toBe(60);
  expect(await redis.flushall()).toBe('OK');
  expect(await redis.dbsize()).toBe(0);
  expect(await redis.randomkey()).toBeNull();
});

describe('SCAN', () => {
  const keys = spread(500, 'scanned');
  beforeEach(() => redis.mset(Object.fromEntries(keys.map((key) => [key, 1]))));

  test('the usual loop goes over all masters', async () => {
    const found = new Set();
    let cursor = '0';
    do {
      const [next, elements] = await redis.scan(cursor, 'MATCH', 'scanned:*', 'COUNT', 50);
      expect(next).toMatch(/^\d+$/);
      cursor = next;
      for (const element of elements) found.add(element);
    } while (cursor !== '0');
    expect([...found].sort()).toEqual([...keys].sort());
  });

  test('streams do, too', async () => {
    const found = new Set();
    for await (const elements of redis.scanStream({ match: 'scanned:*', count: 100 })) {
      for (const element of elements) found.add(element);
    }
    expect(found.size).toBe(500);
    let count = 0;
    for await (const elements of redis.scanBufferStream()) count += elements.filter(Buffer.isBuffer).length;
    expect(count).toBe(500);
  });

  test('of a node it goes over that one', async () => {
    let count = 0;
    for (const node of redis.nodes('master')) for await (const elements of node.scanStream()) count += elements.length;
    expect(count).toBe(500);
  });

  test('what is no cursor the server refuses', async () => {
    await expect(redis.scan('nonsense')).rejects.toThrow(/invalid cursor/);
    await expect(redis.scan()).rejects.toThrow(/wrong number of arguments/);
  });
});

test('messages go through the cluster, and those of shards to their nodes', async () => {
  const handle = redis.duplicate();
  const messages = [];
  handle.on('message', (channel, text) => messages.push([channel, text]));
  handle.on('smessage', (channel, text) => messages.push([channel, text]));
  const shards = spread(6, 'shard');
  await handle.subscribe('news');
  for (const channel of shards) await handle.ssubscribe(channel);
  expect(await redis.pubsub('NUMSUB', 'news', 'none')).toEqual(['news', 1, 'none', 0]);
  expect(await redis.pubsub('CHANNELS')).toEqual(['news']);
  expect((await redis.pubsub('SHARDCHANNELS')).sort()).toEqual(shards);
  // Of a node: those that are there, which are counted once.
  const own = redis.duplicate();
  await own.ssubscribe(shards[0]);
  await own.subscribe('news');
  const counts = async (...args) =>
    Promise.all(redis.nodes().map(async (node) => (await node.send_command('PUBSUB', args))[1]));
  for (const args of [
    ['SHARDNUMSUB', shards[0]],
    ['NUMSUB', 'news'],
  ]) {
    expect((await counts(...args)).sort()).toEqual([0, 0, 0, 0, 0, 2]);
    expect(await redis.pubsub(...args)).toEqual([args[1], 2]);
  }
  await own.quit();
  await redis.publish('news', 'x');
  for (const channel of shards) expect(await redis.spublish(channel, 'y')).toBe(1);
  while (messages.length < 7) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(messages.sort()).toEqual([['news', 'x'], ...shards.map((channel) => [channel, 'y'])]);
  await handle.quit();
});

test('duplicate() takes the form of a cluster', async () => {
  const { host, port } = redis.nodes()[0].options;
  const own = redis.duplicate([{ host, port }], { redisOptions: { maxRetriesPerRequest: null }, scaleReads: 'master' });
  expect(own.options).toMatchObject({ maxRetriesPerRequest: null, redisOptions: { maxRetriesPerRequest: null } });
  expect(await own.set('k', 1)).toBe('OK');
  await own.quit();
  await expect(own.get('k')).rejects.toMatchObject({ code: 'CLOSED' });
  const again = redis.duplicate(redis.options);
  expect(await again.get('k')).toBe('1');
  expect(() => redis.duplicate(['192.0.2.1:1'])).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  expect(() => redis.duplicate(undefined, { scaleReads: 'all' })).toThrow(/another scaleReads/);
  expect(() => redis.duplicate({ keyPrefx: '' })).toThrow(/keyPrefix/);
});

test('quit() waits for all nodes', async () => {
  const handle = redis.duplicate();
  const replies = spread(200).map((key) => handle.set(key, 1));
  const settled = [];
  replies.forEach((reply) => reply.then((value) => settled.push(value)));
  await handle.quit();
  expect(settled).toHaveLength(200);
});

test('figures are of each node, within a bound', () => {
  const { cluster: figures, declared, links } = manager.getStats();
  expect(figures.nodes).toHaveLength(6);
  expect(figures.sockets.bound).toBe(declared);
  expect(figures.sockets.open).toBeLessThanOrEqual(figures.sockets.bound);
  expect(links[0].nodes.length).toBeGreaterThanOrEqual(3);
});

test('without a cluster nothing of it shows', async () => {
  const node = redis.nodes()[0];
  expect(node.isCluster).toBe(false);
  expect(node.nodes).toBeUndefined();
  expect(node.slots).toBeUndefined();
  expect(await node.duplicate().ping()).toBe('PONG');
});

test('reconnectOnError replaces the connection to the node that gave the error, and sends again', async () => {
  let asked = 0;
  const handle = redis.duplicate({ reconnectOnError: () => (++asked < 3 ? 2 : false) });
  await redis.set('text', 'x');
  const reconnects = () => manager.getStats().links[0].nodes.map((node) => node.reconnects);
  const before = reconnects();
  await expect(handle.lpush('text', 1)).rejects.toThrow(/WRONGTYPE/);
  expect(asked).toBe(3);
  await expect(redis.get('text')).resolves.toBe('x');
  expect(reconnects().filter((count, index) => count > before[index])).toHaveLength(1);
});
