'use strict';

const IoRedis = require('ioredis');
const manager = require('../..');
const { onCleanup, startServer } = require('../support');

let redis;
let theirs;
beforeAll(async () => {
  const server = await startServer();
  onCleanup(() => manager.cleanup());
  theirs = new IoRedis(server.port, server.host);
  onCleanup(() => theirs.disconnect());
  await manager.initialize({ ...server.options, logger: false });
  redis = manager.getConnection();
  const numbers = [...Array(3000).keys()];
  await redis.mset(numbers.flatMap((number) => [`key:${number}`, number]));
  await redis.sadd('set', numbers);
  await redis.hset(
    'hash',
    numbers.flatMap((number) => [`field:${number}`, number]),
  );
  await redis.zadd(
    'zset',
    numbers.flatMap((number) => [number, `member:${number}`]),
  );
});

async function all(stream) {
  const elements = [];
  for await (const some of stream) elements.push(...some);
  return elements;
}

test('keys, with a pattern, a type and a count', async () => {
  expect(new Set(await all(redis.scanStream({ match: 'key:*', count: 100 }))).size).toBe(3000);
  expect(await all(redis.scanStream({ type: 'hash' }))).toEqual(['hash']);
  expect(await all(redis.scanStream({ match: 'none' }))).toEqual([]);
});

test('as Buffers', async () => {
  const [key] = await all(redis.scanBufferStream({ match: 'hash' }));
  expect(key).toEqual(Buffer.from('hash'));
  expect(await all(redis.sscanBufferStream('set', { match: '17' }))).toEqual([Buffer.from('17')]);
  expect(await all(redis.hscanBufferStream('hash', { match: 'field:1' }))).toEqual([
    Buffer.from('field:1'),
    Buffer.from('1'),
  ]);
});

test('sets, hashes and sorted sets', async () => {
  expect(new Set(await all(redis.sscanStream('set'))).size).toBe(3000);
  expect(await all(redis.hscanStream('hash', { match: 'field:7' }))).toEqual(['field:7', '7']);
  expect(await all(redis.zscanStream('zset', { match: 'member:7', count: 1000 }))).toEqual(['member:7', '7']);
});

test('with events, and a prefix before the key', async () => {
  const handle = redis.duplicate({ keyPrefix: 's' });
  const elements = [];
  const stream = handle.sscanStream('et');
  await new Promise((resolve, reject) => {
    stream.on('data', (some) => elements.push(...some));
    stream.on('end', resolve);
    stream.on('error', reject);
  });
  expect(new Set(elements).size).toBe(3000);
  await handle.quit();
});

test('can be closed early', async () => {
  const stream = redis.scanStream({ count: 10 });
  let arrays = 0;
  for await (const some of stream) {
    expect(some.length).toBeGreaterThan(0);
    arrays += 1;
    stream.close();
  }
  expect(arrays).toBeLessThan(50);
});

test('tell of errors', async () => {
  await expect(all(redis.sscanStream('hash'))).rejects.toThrow('WRONGTYPE');
});

describe('as those of ioredis', () => {
  const scans = [
    ['scan', [{ match: 'key:1*', count: 500 }]],
    ['scan', [{ type: 'zset', count: '1000' }]],
    ['scan', []],
    ['sscan', ['set', { match: '*7', count: 900 }]],
    ['sscan', [Buffer.from('set')]],
    ['hscan', ['hash', { match: 'field:2*' }]],
    ['zscan', ['zset', { count: 2000, highWaterMark: 1 }]],
    ['zscan', ['none']],
    ['sscan', ['hash']],
  ];

  async function outcome(stream) {
    const arrays = [];
    try {
      for await (const array of stream) arrays.push(array);
      return { arrays };
    } catch ({ name, message }) {
      return { arrays, error: { name, message } };
    }
  }

  async function events(stream) {
    const seen = [];
    for (const event of ['data', 'end', 'error', 'close']) {
      stream.on(event, (value) => seen.push([event, value instanceof Error ? value.message : value]));
    }
    await new Promise((resolve) => stream.once('end', resolve).once('error', resolve));
    await new Promise(setImmediate);
    return seen;
  }

  test.each(scans.flatMap(([name, args]) => [`${name}Stream`, `${name}BufferStream`].map((method) => [method, args])))(
    '%s %j',
    async (method, args) => {
      // One server, which goes through its tables in the same order for both.
      expect(await outcome(redis[method](...args))).toEqual(await outcome(theirs[method](...args)));
      const [expected, actual] = [await events(theirs[method](...args)), await events(redis[method](...args))];
      // A stream of ours that failed is destroyed, and says so.
      const hasFailed = expected.some(([event]) => event === 'error');
      expect(actual).toEqual(hasFailed ? [...expected, ['close', undefined]] : expected);
    },
  );
});
