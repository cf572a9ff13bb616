'use strict';

const { onCleanup, startServer } = require('../support');

let server;
let manager;
let configuration;

beforeAll(async () => {
  server = await startServer();
  Object.assign(process.env, { REDIS_URL: server.url, REDIS_LOG_LEVEL: 'silent' });
  manager = require('unified-redis');
  configuration = require('unified-redis/compat/redis');
});
onCleanup(() => manager.cleanup());

test('the helper functions, also taken off, and the client that they use', async () => {
  const { set, get, del, exists, expire, hset, hget, hgetall, getClient, redis, client } = configuration;
  expect(await set('player', { name: 'Ada' }, 'EX', 60)).toBe(true);
  expect(await set('player', 'other', 'EX', 60, 'NX')).toBe(false);
  expect(await get('player')).toEqual({ name: 'Ada' });
  expect(await redis.get('player')).toBe('{"name":"Ada"}');
  expect([await exists('player'), await expire('player', 9), await del('player')]).toEqual([true, 1, 1]);
  expect(await hset('hash', 'field', { a: 1 })).toBe(1);
  expect(await hget('hash', 'field')).toEqual({ a: 1 });
  expect(await hgetall('hash')).toEqual({ field: '{"a":1}' });
  expect(getClient()).toBe(redis);
  expect(client).toBe(redis);
  expect(await server.clientList()).toHaveLength(5);
});

test('the client is one of its own: who ends it does not end the handle of the purpose', async () => {
  const { redis } = configuration;
  expect(redis.purpose).toBe('main');
  await redis.quit();
  await expect(configuration.get('player')).rejects.toMatchObject({ code: 'CLOSED' });
  expect(await manager.getConnection().ping()).toBe('PONG');
});
