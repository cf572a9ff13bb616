'use strict';

const { createCache } = require('cache-manager');
const { Keyv } = require('keyv');
const { default: KeyvRedis, createKeyv } = require('keyv-redis-v5');
const manager = require('../..');
const { sleep } = require('../support');
const { openLinks } = require('./links.js');

let links;
beforeAll(async () => {
  links = await openLinks();
});
afterEach(() => links.watch.expectDeclaredOnly());

// The package brings @redis/client 5 along, and takes what the application hands it.
describe.each([5, 6])('on a client of version %i', (version) => {
  const client = () => manager.getClient('main', { version });
  beforeEach(() => client().flushDb());

  test('values, times to live and namespaces', async () => {
    const [keyv, other] = ['players', 'others'].map(
      (namespace) => new Keyv(new KeyvRedis(client()), { namespace, useKeyPrefix: false }),
    );
    await keyv.set('ann', { level: 7 });
    await keyv.set('brief', 'x', 50);
    await other.set('ann', 'another');
    expect([await keyv.get('ann'), await other.get('ann'), await keyv.get('nobody')]).toEqual([
      { level: 7 },
      'another',
      undefined,
    ]);
    expect(await keyv.has('ann')).toBe(true);
    await sleep(60);
    expect(await keyv.get('brief')).toBeUndefined();
    expect([await keyv.delete('ann'), await keyv.delete('ann')]).toEqual([true, false]);
    await keyv.setMany([
      { key: 'a', value: 1 },
      { key: 'b', value: 2 },
    ]);
    expect(await keyv.getMany(['a', 'b', 'c'])).toEqual([1, 2, undefined]);
    expect(await keyv.delete(['a', 'b'])).toBe(true);
    await keyv.set('c', 3);
    await keyv.clear();
    expect([await keyv.get('c'), await other.get('ann')]).toEqual([undefined, 'another']);
  });

  test('all values of a namespace, and the end of a store', async () => {
    const own = client().duplicate();
    const keyv = createKeyv(own, { namespace: 'all' });
    for (let index = 0; index < 50; index++) await keyv.set(`key${index}`, index);
    expect(own.isOpen).toBe(true);
    const seen = new Map();
    for await (const [key, value] of keyv.iterator()) seen.set(key, value);
    expect(seen.size).toBe(50);
    await keyv.disconnect();
    expect(own.isOpen).toBe(false);
    expect(await client().ping()).toBe('PONG');
  });

  test('cache-manager', async () => {
    const cache = createCache({ stores: [createKeyv(client())], ttl: 60_000 });
    const calls = [];
    const load = (id) => cache.wrap(`user:${id}`, async () => calls.push(id) && { id });
    expect([await load(1), await load(1), await load(2)]).toEqual([{ id: 1 }, { id: 1 }, { id: 2 }]);
    expect(calls).toEqual([1, 2]);
    expect(await client().ttl('user:1')).toBeGreaterThan(50);
    await cache.mset([
      { key: 'x', value: 1 },
      { key: 'y', value: 2 },
    ]);
    expect(await cache.mget(['x', 'y', 'z'])).toEqual([1, 2, undefined]);
    await cache.del('user:1');
    expect(await cache.get('user:1')).toBeUndefined();
    await cache.clear();
    expect(await client().dbSize()).toBe(0);
  });
});
