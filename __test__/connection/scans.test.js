'use strict';

const manager = require('../..');
const { onCleanup, startServer } = require('../support');

let redis;
beforeAll(async () => {
  const server = await startServer();
  onCleanup(() => manager.cleanup());
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
