'use strict';

// Libraries that need no more of a cluster than that commands find their nodes.

const { createCache } = require('cache-manager');
const express = require('express');
const { rateLimit } = require('express-rate-limit');
const { Keyv } = require('keyv');
const { promisify } = require('node:util');
const { default: SessionStore } = require('connect-redis');
const { RedisStore: SessionStore9 } = require('connect-redis-v9');
const { default: KeyvRedis } = require('@keyv/redis');
const { default: KeyvRedis5 } = require('keyv-redis-v5');
const { RateLimiterRedis } = require('rate-limiter-flexible');
const { RedisStore: LimitStore } = require('rate-limit-redis');
const Redlock = require('redlock');
const manager = require('../..');
const { listen, openClusterLinks } = require('./links.js');

let links;
beforeAll(async () => {
  links = await openClusterLinks();
}, 60_000);
beforeEach(() => manager.getConnection().flushall());
afterEach(() => links.expectDeclaredOnly());

const redis = () => manager.getConnection();
const client = (version) => manager.getClient('main', { version });

test.each([
  ['connect-redis 7 on ioredis', () => new SessionStore({ client: redis(), prefix: 's:', scanCount: 7 })],
  ['connect-redis 9 on node-redis', () => new SessionStore9({ client: client(6), prefix: 's:', scanCount: 7 })],
])('%s: sessions on all nodes, listed and cleared', async (_, open) => {
  const store = open();
  const [set, get, touch, destroy, ids, all, length, clear] = [
    'set',
    'get',
    'touch',
    'destroy',
    'ids',
    'all',
    'length',
    'clear',
  ].map((name) => promisify(store[name]).bind(store));
  const expected = Array.from({ length: 40 }, (__, index) => `id${index}`);
  await Promise.all(expected.map((id) => set(id, { id, cookie: {} })));
  expect(await get('id7')).toMatchObject({ id: 'id7' });
  await touch('id7', { cookie: {} });
  expect((await ids()).sort()).toEqual([...expected].sort());
  expect((await all()).map(({ id }) => id).sort()).toEqual([...expected].sort());
  await destroy('id7');
  expect(await length()).toBe(39);
  await clear();
  expect(await length()).toBe(0);
});

test('rate-limiter-flexible: players on all nodes, each with a limit', async () => {
  const limiter = new RateLimiterRedis({ storeClient: redis(), keyPrefix: 'login', points: 3, duration: 60 });
  const players = Array.from({ length: 20 }, (_, index) => `player${index}`);
  const outcomes = await Promise.all(
    players.map((player) => Promise.allSettled(Array.from({ length: 5 }, () => limiter.consume(player)))),
  );
  for (const each of outcomes) expect(each.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(await limiter.get('player3')).toMatchObject({ consumedPoints: 5 });
  await limiter.delete('player3');
  expect(await limiter.get('player3')).toBeNull();
});

// As the documentation of rate-limit-redis has it for a cluster of the redis package.
test.each([6, 5, 4])('rate-limit-redis on a client of version %i', async (version) => {
  const cluster = client(version);
  const store = new LimitStore({
    prefix: 'limit:',
    sendCommandCluster: ({ key, isReadOnly, command }) => cluster.sendCommand(key, isReadOnly, command),
  });
  const app = express();
  const keyGenerator = ({ query }) => query.player;
  app.use(rateLimit({ windowMs: 60_000, limit: 2, store, keyGenerator }));
  app.get('/', (request, response) => response.send('welcome'));
  const url = await listen(app);
  for (const player of ['ann', 'bob', 'cid', 'dora']) {
    const statuses = [];
    for (let index = 0; index < 3; index++) statuses.push((await fetch(`${url}/?player=${player}`)).status);
    expect(statuses).toEqual([200, 200, 429]);
  }
  await store.resetKey('ann');
  expect((await fetch(`${url}/?player=ann`)).status).toBe(200);
});

test('redlock: locks on all nodes; several resources have a hash tag', async () => {
  const redlock = new Redlock([redis()], { retryCount: 0 });
  const matches = Array.from({ length: 10 }, (_, index) => `match:${index}`);
  const locks = await Promise.all(matches.map((match) => redlock.acquire(match, 60_000)));
  for (const match of matches) await expect(redlock.acquire(match, 60_000)).rejects.toThrow('Exceeded 0 attempts');
  await Promise.all(locks.map((lock) => lock.extend(60_000)));
  await Promise.all(locks.map((lock) => lock.unlock()));
  const both = await redlock.acquire(['{match}:1', '{match}:2'], 60_000);
  await expect(redlock.acquire('{match}:2', 60_000)).rejects.toThrow('Exceeded 0 attempts');
  await both.unlock();
});

const KEYV_3 = '@keyv/redis 3 on ioredis';

describe.each([
  [KEYV_3, () => ({ store: new KeyvRedis(redis(), { useRedisSets: false }) })],
  ['@keyv/redis 5 on node-redis 5', () => ({ store: new KeyvRedis5(client(5)), useKeyPrefix: false })],
  ['@keyv/redis 5 on node-redis 6', () => ({ store: new KeyvRedis5(client(6)), useKeyPrefix: false })],
])('%s', (name, open) => {
  test('values on all nodes', async () => {
    const keyv = new Keyv({ ...open(), namespace: 'n' });
    const keys = Array.from({ length: 20 }, (__, index) => `key${index}`);
    await Promise.all(keys.map((key) => keyv.set(key, { key })));
    expect(await Promise.all(keys.map((key) => keyv.get(key)))).toEqual(keys.map((key) => ({ key })));
    expect(await keyv.getMany(keys)).toEqual(keys.map((key) => ({ key })));
    expect(await keyv.delete('key1')).toBe(true);
    expect(await keyv.has('key1')).toBe(false);
    const seen = [];
    for await (const [key] of keyv.iterator()) seen.push(key);
    // Version 3 looks for other names than it stores values by, where it keeps no sets of them.
    if (name !== KEYV_3) expect(seen).toHaveLength(19);
    await keyv.clear();
    expect(await keyv.get('key2')).toBeUndefined();
    expect(await redis().dbsize()).toBe(0);
  });

  test('with cache-manager', async () => {
    const cache = createCache({ stores: [new Keyv(open())] });
    await cache.set('a', 1);
    expect(await cache.wrap('b', async () => 2)).toBe(2);
    expect(await cache.mget(['a', 'b', 'c'])).toEqual([1, 2, undefined]);
    await cache.del('a');
    expect(await cache.get('a')).toBeUndefined();
  });
});
