'use strict';

const manager = require('../..');
const { startServer } = require('../support');

let redis;
beforeAll(async () => {
  const server = await startServer();
  await manager.initialize({ ...server.options, logger: false });
  redis = manager.getConnection();
});
afterAll(() => manager.cleanup());

/** Bytes that nobody can read any more: their buffer went to another thread. */
function transferred() {
  const bytes = new Uint8Array([1, 2, 3]);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

test.each([
  ['bytes that were transferred away', transferred],
  ['a Proxy of bytes', () => new Proxy(new Uint8Array(3), {})],
])('%s: the call is rejected, and the ones around it are not disturbed', async (_, unreadable) => {
  const outcomes = await Promise.allSettled([
    redis.echo('before'),
    redis.set('key', unreadable()),
    redis.echo('between'),
    redis.pipeline().set('key', unreadable()).echo('in a pipeline').exec(),
    redis.multi().echo('in a transaction').set('key', unreadable()).exec(),
    redis.echo('after'),
  ]);
  const [before, single, between, pipeline, transaction, after] = outcomes;
  expect([before, between, after].map(({ value }) => value)).toEqual(['before', 'between', 'after']);
  expect(single.reason.name).toBe('TypeError');
  expect(transaction.reason.name).toBe('TypeError');
  expect(pipeline.value[0][0].name).toBe('TypeError');
  expect(pipeline.value[1]).toEqual([null, 'in a pipeline']);
});

test('a value that cannot be made a string rejects its call', async () => {
  const value = Object.create(null);
  await expect(redis.set('key', value)).rejects.toMatchObject({ name: 'TypeError' });
  expect(await redis.echo('after')).toBe('after');
});

test('100,000 arguments, and as many fields', async () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => `key${index}`);
  expect(await redis.rpush('list', ...keys)).toBe(keys.length);
  expect(await redis.mset(Object.fromEntries(keys.map((key) => [key, key])))).toBe('OK');
  expect(await redis.mget(keys)).toEqual(keys);
});
