'use strict';

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => server.resume());
});
afterEach(() => manager.cleanup());
manager.on('error', () => {});

const initialize = (options) => manager.initialize({ ...server.options, logger: false, ...options });
const codes = (outcomes) => outcomes.map(({ value, reason }) => reason?.code ?? value);

test('more commands than may be in flight are refused, and none of them was sent', async () => {
  await initialize({ purposes: ['main'], maxCommandsInFlight: 100 });
  const redis = manager.getConnection();
  server.pause();
  const outcomes = Promise.allSettled(Array.from({ length: 130 }, () => redis.incr('count')));
  await expect(redis.incr('count')).rejects.toMatchObject({
    code: 'BACKPRESSURE',
    retryable: true,
    maybeExecuted: false,
    purpose: 'main',
    message: expect.stringContaining('100 commands are in flight (maxCommandsInFlight: 100)'),
  });
  server.resume();
  expect(codes(await outcomes)).toEqual([
    ...Array.from({ length: 100 }, (_, index) => index + 1),
    ...Array(30).fill('BACKPRESSURE'),
  ]);
  expect(await redis.get('count')).toBe('100');
});

test('so are more bytes, but what comes alone is taken', async () => {
  await initialize({ purposes: ['main'], maxBytesInFlight: 1000 });
  const redis = manager.getConnection();
  const value = 'x'.repeat(5000);
  expect(await redis.set('big', value)).toBe('OK');
  server.pause();
  const first = redis.set('first', value);
  await new Promise(setImmediate);
  await expect(redis.set('second', 'x')).rejects.toMatchObject({ code: 'BACKPRESSURE' });
  server.resume();
  expect(await first).toBe('OK');
  expect(await redis.mget('big', 'first', 'second')).toEqual([value, value, null]);
  expect(manager.getStats().links.find(({ purpose }) => purpose === 'main')).toBeDefined();
});

test('a blocked event loop gets the newest messages that it has room for, and is told how many it lost', async () => {
  await initialize({ maxQueuedMessageBytes: 100_000 });
  const [redis, other] = [manager.getConnection().duplicate(), manager.getConnection()];
  const [messages, gaps, warnings] = [[], [], []];
  redis.on('message', (_, message) => messages.push(message)).on('gap', (gap) => gaps.push(gap));
  other.on('gap', () => gaps.push('for one without subscriptions'));
  const onWarning = (warning) => warnings.push(warning);
  manager.on('warning', onWarning);
  onCleanup(() => manager.off('warning', onWarning));
  await redis.subscribe('flood');
  const published = server.command(
    'EVAL',
    "for i = 1, 5000 do redis.call('PUBLISH', 'flood', string.format('%06d', i) .. string.rep('x', 94)) end",
    0,
  );
  // Blocked until the server has sent it all, and the I/O thread has read it.
  await published;
  const until = Date.now() + 300;
  while (Date.now() < until);
  await server.command('PUBLISH', 'flood', 'the last one');
  await waitFor(() => messages.at(-1) === 'the last one');
  const lost = gaps.reduce((sum, { dropped }) => sum + dropped, 0);
  expect(messages.length + lost).toBe(5001);
  expect(new Set(messages).size).toBe(messages.length);
  for (const gap of gaps) expect(gap).toEqual({ durationMs: expect.any(Number), dropped: expect.any(Number) });
  expect(warnings.filter(({ code }) => code === 'SUBSCRIPTION_GAP')).toHaveLength(gaps.length);
});

test('a gap after an outage is told to handles with subscriptions', async () => {
  await initialize({});
  const redis = manager.getConnection('websocket').duplicate();
  await redis.subscribe('news');
  const gap = new Promise((resolve) => redis.once('gap', resolve));
  await server.killClients(({ name }) => name.endsWith(':subscriber'));
  expect(await gap).toEqual({ durationMs: expect.any(Number), dropped: 0 });
});
