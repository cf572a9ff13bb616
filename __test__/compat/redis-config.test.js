'use strict';

const { once } = require('node:events');
const { onCleanup, runScript, startServer, waitFor } = require('../support');

let server;
let manager;
let redis;

beforeAll(async () => {
  server = await startServer();
});
beforeEach(async () => {
  await server.command('FLUSHALL');
  load({ REDIS_URL: server.url });
});
afterEach(() => manager.cleanup());
onCleanup(() => manager.cleanup());

/** The package as a process has it that has just started. */
function load(env) {
  Object.assign(process.env, { REDIS_LOG_LEVEL: 'silent', ...env });
  jest.resetModules();
  manager = require('unified-redis');
  ({ redis } = require('unified-redis/compat/redisConfig'));
}

const sockets = async () => (await server.clientList()).length;

test('required, it opens nothing; used, it opens the declared links, and no command overtakes another', async () => {
  expect(await sockets()).toBe(0);
  const replies = Promise.all([
    redis.set('key', 'a', { EX: 60 }),
    redis.append('key', 'b'),
    redis.multi().append('key', 'c').get('key').exec(),
    redis.sendCommand(['APPEND', 'key', 'd']),
    redis.hSet('hash', { one: 1 }),
    redis.hGetAll('hash'),
    redis.zAdd('board', [{ score: 2, value: 'Ada' }]),
    redis.zRangeWithScores('board', 0, -1),
  ]);
  manager.once('ready', () => redis.append('key', 'f'));
  redis.append('key', 'e').then(() => redis.append('key', 'g'));
  const hash = Object.assign(Object.create(null), { one: '1' });
  expect(await replies).toEqual(['OK', 2, [3, 'abc'], 4, 1, hash, 1, [{ value: 'Ada', score: 2 }]]);
  await waitFor(async () => (await redis.get('key')) === 'abcdefg');
  expect(await sockets()).toBe(5);
});

test('a subscriber by duplicate() and connect(), before the links are there', async () => {
  const messages = [];
  const subscriber = redis.duplicate();
  await subscriber.connect();
  await subscriber.subscribe('news', (...message) => messages.push(message));
  await redis.publish('news', 'hello');
  await waitFor(() => messages.length > 0);
  expect(messages).toEqual([['hello', 'news']]);
  expect(await sockets()).toBe(5);
  await subscriber.quit();
});

test.each(['isOpen', 'isReady'])('who looks at %s needs it', async (property) => {
  await waitFor(() => redis[property]);
  await waitFor(async () => (await sockets()) === 5);
});

test('its events, whether the links are there or not; connect() may be called and need not be', async () => {
  await once(redis, 'ready');
  jest.resetModules();
  const { redis: late, client, getClient } = require('unified-redis/compat/redisConfig');
  await once(late, 'ready');
  expect([client, getClient()]).toEqual([late, late]);
  await late.connect();
  expect(await late.ping()).toBe('PONG');
  expect(await sockets()).toBe(5);
});

test('quit() lets what was asked for go first', async () => {
  const [stored, ended] = await Promise.all([redis.set('key', 'value'), redis.quit()]);
  expect([stored, ended]).toEqual(['OK', 'OK']);
  expect(await server.command('GET', 'key')).toBe('value');
  await expect(redis.get('key')).rejects.toThrow('The client is closed');
});

test('where Redis is not there, commands are rejected with the reason, and the next use tries again', async () => {
  const late = await startServer();
  await late.stop();
  load({ REDIS_URL: late.url });
  const errors = [];
  redis.on('error', (error) => errors.push(error));
  const failed = { code: 'INITIALIZE_FAILED', retryable: true, message: expect.stringContaining('ECONNREFUSED') };
  const outcomes = await Promise.allSettled([
    redis.get('key'),
    redis.multi().get('key').exec(),
    redis.subscribe('news', () => {}),
    redis.duplicate().connect(),
  ]);
  for (const { reason } of outcomes) expect(reason).toMatchObject(failed);
  expect(errors).toEqual([expect.objectContaining(failed)]);

  await late.start();
  await waitFor(() => redis.set('key', 'value'));
  expect(await redis.get('key')).toBe('value');
  const subscriber = redis.duplicate();
  await subscriber.connect();
  await subscriber.quit();
});

test('after cleanup() only initialize() brings the links back', async () => {
  await redis.set('key', 'value');
  await manager.cleanup();
  await expect(redis.get('key')).rejects.toMatchObject({ code: 'CLOSED' });
  expect(manager.isInitialized).toBe(false);
  await manager.initialize();
  expect(await redis.get('key')).toBe('value');
});

test('a script that closes nothing ends by itself; without this file nothing of the dialect is loaded', async () => {
  const { code, stdout, stderr } = await runScript(
    `
      require('unified-redis/compat/redis');
      require('unified-redis/compat/redisConnectionManager');
      const loaded = () => Object.keys(require.cache).some((file) => /@redis.client/.test(file));
      console.log(loaded());
      const { redis } = require('unified-redis/compat/redisConfig');
      console.log(loaded());
      redis.incr('script').then(console.log);
    `,
    { env: { REDIS_URL: server.url, REDIS_LOG_LEVEL: 'error' } },
  );
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'false\ntrue\n1\n', stderr: '' });
});
