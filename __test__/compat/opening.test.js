'use strict';

// Handles that have the links opened by their first use, shown on compat/redis.

const { once } = require('node:events');
const { onCleanup, runScript, startScriptedServer, startServer, waitFor } = require('../support');

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
  manager = require('../..');
  ({ redis } = require('../../compat/redis'));
}

const sockets = async () => (await server.clientList()).length;

test('required, it opens nothing; used, it opens the declared links, and no command overtakes another', async () => {
  expect(await sockets()).toBe(0);
  const replies = Promise.all([
    redis.set('key', 'a'),
    redis.append('key', 'b'),
    redis.pipeline().append('key', 'c').get('key').exec(),
    redis.multi().append('key', 'd').get('key').exec(),
    redis.call('APPEND', 'key', 'e'),
    redis.getBuffer('key'),
  ]);
  expect(redis.status).toBe('connecting');
  // While the links are there, and what waited is on its way, the next ones must not be faster.
  manager.once('ready', () => redis.append('key', 'g'));
  redis.append('key', 'f').then(() => redis.append('key', 'h'));
  expect(await replies).toEqual([
    'OK',
    2,
    [
      [null, 3],
      [null, 'abc'],
    ],
    [
      [null, 4],
      [null, 'abcd'],
    ],
    5,
    Buffer.from('abcde'),
  ]);
  await waitFor(async () => (await redis.get('key')) === 'abcdefgh');
  expect(redis.status).toBe('ready');
  expect(await sockets()).toBe(5);
});

test('everything that a handle does works before the links are there', async () => {
  redis.defineCommand('twice', { numberOfKeys: 1, lua: "return {redis.call('GET', KEYS[1]), ARGV[1]}" });
  const messages = [];
  redis.on('message', (...message) => messages.push(message));
  const other = redis.duplicate({ keyPrefix: 'p:' });
  const found = [];
  const stream = redis.scanStream();
  const scanned = once(stream, 'end');
  stream.on('data', (keys) => found.push(...keys));
  const callback = new Promise((resolve) => redis.get('nothing', (...outcome) => resolve(outcome)));
  const watched = redis.watch('key').then(() => redis.multi().set('key', 1).exec());
  expect(
    await Promise.all([redis.subscribe('news'), other.set('a', 1), watched, redis.twice('p:a', 'x'), callback]),
  ).toEqual([1, 'OK', [[null, 'OK']], ['1', 'x'], [null, null]]);
  await scanned;
  await other.publish('news', 'hello');
  await waitFor(() => messages.length > 0);
  expect(messages).toEqual([['news', 'hello']]);
  expect(await sockets()).toBe(5);
});

test('an open transaction waits for the links too, with the pipelines that are given to it', async () => {
  const replies = await Promise.all([
    redis.set('key', 'a'),
    redis.multi({ pipeline: false }),
    redis.append('key', 'b'),
    redis.pipeline().append('key', 'c').get('key').exec(),
    redis.exec(),
    redis.get('key'),
  ]);
  const queued = [null, 'QUEUED'];
  const results = [2, 3, 'abc'].map((result) => [null, result]);
  expect(replies).toEqual(['OK', 'OK', 'QUEUED', [queued, queued], results, 'abc']);
  // The handle is as before, and knows nothing any more of what waited.
  expect(await redis.pipeline().get('key').exec()).toEqual([[null, 'abc']]);
});

test('ended and connected again while the links are being opened', async () => {
  const connecting = redis.connect();
  redis.disconnect();
  const connected = redis.connect();
  await expect(connecting).rejects.toMatchObject({ code: 'CLOSED' });
  expect(redis.status).toBe('connecting');
  await expect(redis.connect()).rejects.toThrow('Redis is already connecting/connected');
  await connected;
  expect(redis.status).toBe('ready');
  expect(await redis.ping()).toBe('PONG');
});

test('once the links were opened, what they say is why a command is refused', async () => {
  let delay = 60_000;
  await manager.initialize({ purposes: ['main', 'subscriber'], retryStrategy: () => delay });
  const impatient = redis.duplicate({ enableOfflineQueue: false });
  await server.killClients();
  await waitFor(() => redis.status === 'reconnecting');
  await expect(impatient.get('key')).rejects.toMatchObject({ code: 'LINK_DOWN' });
  await manager.cleanup();

  delay = null;
  await manager.initialize({ purposes: ['main', 'subscriber'], retryStrategy: () => delay });
  await server.killClients();
  await waitFor(() => redis.status === 'end');
  const closed = { code: 'CLOSED', message: 'Connection is closed.' };
  for (const handle of [redis, impatient]) await expect(handle.get('key')).rejects.toMatchObject(closed);
  await redis.connect();
  expect(await Promise.all([redis, impatient].map((handle) => handle.get('key')))).toEqual([null, null]);
});

test('an initialize() in the same tick comes first, and so does one that is under way', async () => {
  const pong = redis.ping();
  await manager.initialize({ purposes: ['main', 'subscriber'] });
  expect(await pong).toBe('PONG');
  expect(await sockets()).toBe(2);
  await manager.cleanup();

  load({});
  const opening = manager.initialize({ purposes: ['main'] });
  await undefined;
  expect(await redis.ping()).toBe('PONG');
  await opening;
  expect(await sockets()).toBe(1);
});

test('an initialize() before leaves nothing to do, and one after it changes nothing', async () => {
  await manager.initialize({ purposes: ['main'] });
  const early = redis;
  jest.resetModules();
  const { redis: late } = require('../../compat/redis');
  await once(late, 'ready');
  expect(await Promise.all([early.ping(), late.ping()])).toEqual(['PONG', 'PONG']);
  expect(await sockets()).toBe(1);
  await manager.cleanup();

  load({});
  const warnings = [];
  manager.on('warning', ({ code }) => warnings.push(code));
  await redis.ping();
  await manager.initialize();
  expect(warnings).toEqual([]);
  await manager.initialize({ purposes: ['main'] });
  expect(warnings).toEqual(['OPTIONS_IGNORED']);
  expect(await sockets()).toBe(5);
});

test('who asks whether it is connected needs it', async () => {
  expect(redis.status).toBe('wait');
  await waitFor(() => redis.status === 'ready');
  expect(await sockets()).toBe(5);
});

test('who waits for the connection needs it', async () => {
  await once(redis, 'ready');
  expect(redis.status).toBe('ready');
  expect(await sockets()).toBe(5);
  await redis.quit();
  await redis.connect();
  expect(await redis.ping()).toBe('PONG');
});

test('quit() lets what was asked for go first, and opens nothing for its own sake', async () => {
  const unused = redis.duplicate({ lazyConnect: true });
  expect(await unused.quit()).toBe('OK');
  expect(manager.isInitialized).toBe(false);
  const [stored, ended] = await Promise.all([redis.set('key', 'value'), redis.quit()]);
  expect([stored, ended]).toEqual(['OK', 'OK']);
  expect(await server.command('GET', 'key')).toBe('value');
  await expect(redis.get('key')).rejects.toMatchObject({ code: 'CLOSED' });
});

test('disconnect() gives up what waits', async () => {
  const set = redis.set('key', 'value');
  redis.disconnect();
  await expect(set).rejects.toMatchObject({ code: 'CLOSED' });
  await waitFor(() => manager.isInitialized);
  expect(await server.command('EXISTS', 'key')).toBe(0);
});

test('after cleanup() only initialize() brings the links back', async () => {
  await redis.set('key', 'value');
  const unused = redis.duplicate({ lazyConnect: true });
  await manager.cleanup();
  for (const handle of [redis, unused]) await expect(handle.get('key')).rejects.toMatchObject({ code: 'CLOSED' });
  expect(manager.isInitialized).toBe(false);
  await manager.initialize();
  expect(await Promise.all([redis.get('key'), unused.get('key')])).toEqual(['value', 'value']);
});

test('cleanup() while the links are being opened', async () => {
  const silent = await startScriptedServer({ onCommand: () => null });
  load({ REDIS_URL: `redis://127.0.0.1:${silent.port}` });
  const get = redis.get('key');
  const given = expect(get).rejects.toMatchObject({ code: 'CLOSED' });
  await waitFor(() => silent.connections.length === 5);
  await manager.cleanup();
  await given;
  await expect(redis.get('key')).rejects.toMatchObject({ code: 'CLOSED' });
  expect(silent.connections).toHaveLength(5);
});

describe('where Redis is not there', () => {
  test('commands are rejected with the reason, listeners are told, and the next use tries again', async () => {
    const late = await startServer();
    await late.stop();
    load({ REDIS_URL: late.url });
    const errors = [];
    manager.on('error', (error) => errors.push(error));
    redis.on('error', (error) => errors.push(error));
    const failed = { code: 'INITIALIZE_FAILED', retryable: true, message: expect.stringContaining('ECONNREFUSED') };
    const outcomes = await Promise.allSettled([
      redis.get('key'),
      redis.multi().get('key').exec(),
      redis.subscribe('news'),
      redis.duplicate().get('key'),
    ]);
    for (const { reason } of outcomes) expect(reason).toMatchObject(failed);
    expect(await redis.pipeline().get('key').exec()).toEqual([[expect.objectContaining(failed)]]);
    await expect(redis.connect()).rejects.toMatchObject(failed);
    expect(errors.length).toBeGreaterThanOrEqual(2);
    for (const error of errors) expect(error).toMatchObject(failed);

    await late.start();
    await waitFor(() => redis.set('key', 'value'));
    expect(await redis.get('key')).toBe('value');
    expect(await redis.subscribe('news')).toBe(1);
    await redis.unsubscribe();
  });

  test('listeners that send commands, and handles made meanwhile, are told once each', async () => {
    load({ REDIS_URL: 'redis://127.0.0.1:1' });
    const told = [];
    redis.on('error', () => {
      told.push('redis');
      for (let count = 0; count < 3; count++) redis.get('key').catch(() => {});
    });
    await expect(redis.get('key')).rejects.toMatchObject({ code: 'INITIALIZE_FAILED' });
    await waitFor(() => told.length > 0);
    const other = redis.duplicate();
    other.on('error', () => told.push('other'));
    await new Promise((resolve) => other.on('close', resolve));
    expect(told).toEqual(['redis', 'other']);
  });

  test('commands one after another are no storm of attempts', async () => {
    const refusing = await startScriptedServer({ onConnection: ({ socket }) => socket.destroy() });
    load({ REDIS_URL: `redis://127.0.0.1:${refusing.port}` });
    const started = performance.now();
    let ofOneAttempt = 0;
    for (let count = 0; count < 300; count++) {
      await expect(redis.get('key')).rejects.toMatchObject({ code: 'INITIALIZE_FAILED' });
      ofOneAttempt ||= refusing.connections.length;
    }
    const attempts = refusing.connections.length / ofOneAttempt;
    expect(attempts).toBeLessThanOrEqual(1 + (performance.now() - started) / 50);
  });

  test('nothing is unhandled, and the process ends', async () => {
    const { code, stdout, stderr } = await runScript(
      `
        const { redis } = require('unified-redis/compat/redis');
        process.on('exit', () => console.log(redis.status));
        redis.once('ready', () => console.log('ready'));
        redis.duplicate();
      `,
      { env: { REDIS_URL: 'redis://127.0.0.1:1', REDIS_LOG_LEVEL: 'error' } },
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'wait\n' });
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('Failed to initialize')]);
  });

  test('settings that make no sense are named', async () => {
    load({ REDIS_URL: server.url, REDIS_DB: 'first' });
    await expect(redis.get('key')).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('REDIS_DB'),
    });
    delete process.env.REDIS_DB;
  });
});

test('a purpose that was not declared in the end is named', async () => {
  const { getConnection } = require('../../compat/redisConnectionManager');
  const scheduler = getConnection('scheduler');
  await manager.initialize({ purposes: ['main'] });
  await expect(scheduler.ping()).rejects.toMatchObject({
    code: 'INVALID_PURPOSE',
    message: 'Invalid connection purpose: scheduler',
  });
});

test('a script that closes nothing ends by itself', async () => {
  const { code, stdout, stderr } = await runScript(
    `
      const helper = require('unified-redis/compat/redis');
      helper.set('script', { ran: true }).then(() => helper.get('script')).then(console.log);
    `,
    { env: { REDIS_URL: server.url, REDIS_LOG_LEVEL: 'error' } },
  );
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '{ ran: true }\n', stderr: '' });
  await waitFor(async () => (await sockets()) === 0);
});
