'use strict';

const { default: KeyvRedis } = require('@keyv/redis');
const { Keyv } = require('keyv');
const manager = require('../..');
const { sleep } = require('../support');
const { openLinks } = require('./links.js');

let links;
beforeAll(async () => {
  links = await openLinks();
});
afterEach(() => links.watch.expectDeclaredOnly());

test.each([true, false])('values, times to live and namespaces (useRedisSets: %s)', async (useRedisSets) => {
  const keyv = new Keyv({ store: new KeyvRedis(manager.getConnection(), { useRedisSets }), namespace: 'players' });
  const other = new Keyv({ store: new KeyvRedis(manager.getConnection(), { useRedisSets }), namespace: 'others' });
  await keyv.set('ann', { level: 7 });
  await keyv.set('brief', 'x', 50);
  await other.set('ann', 'another');
  expect(await keyv.get('ann')).toEqual({ level: 7 });
  expect(await other.get('ann')).toBe('another');
  expect(await keyv.get('nobody')).toBeUndefined();
  expect(await keyv.get('brief')).toBe('x');
  await sleep(60);
  expect(await keyv.get('brief')).toBeUndefined();
  expect(await keyv.delete('ann')).toBe(true);
  expect(await keyv.delete('ann')).toBe(false);
  await keyv.set('a', 1);
  await keyv.set('b', 2);
  expect(await keyv.get(['a', 'b', 'c'])).toEqual([1, 2, undefined]);
  await keyv.clear();
  expect(await keyv.get('a')).toBeUndefined();
  expect(await other.get('ann')).toBe('another');
  await other.clear();
});

test('all values of a namespace, and the end of a store', async () => {
  const handle = manager.getConnection().duplicate();
  const keyv = new Keyv({ store: new KeyvRedis(handle), namespace: 'all' });
  for (let index = 0; index < 50; index++) await keyv.set(`key${index}`, index);
  const seen = new Map();
  for await (const [key, value] of keyv.iterator()) seen.set(key, value);
  expect(seen.size).toBe(50);
  expect(seen.get('key49')).toBe(49);
  expect(await keyv.has('key0')).toBe(true);
  expect(await keyv.has('nobody')).toBe(false);
  await keyv.disconnect();
  expect(handle.status).toBe('end');
  expect(await manager.getConnection().ping()).toBe('PONG');
});
