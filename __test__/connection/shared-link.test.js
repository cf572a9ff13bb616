'use strict';

const manager = require('../..');
const { onCleanup, startServer } = require('../support');

let server;
let redis;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
  redis = manager.getConnection();
});

afterEach(async () => {
  // Whatever a test tried, the link serves everybody as before.
  await manager.getConnection('websocket').set('check', 'x');
  expect(await redis.get('check')).toBe('x');
  expect((await redis.client('INFO')).match(/ db=(\d+)/)[1]).toBe('0');
  expect(await server.clientList()).toHaveLength(5);
});

const commands = [
  ['select', 1],
  ['auth', 'secret'],
  ['hello', 3],
  ['reset'],
  ['monitor'],
  ['sync'],
  ['psync', '?', -1],
  ['call', 'Select', '2'],
  ['client', 'REPLY', 'OFF'],
  ['client', 'reply', 'SKIP'],
  ['client', 'TRACKING', 'ON'],
  ['client', Buffer.from('no-evict'), 'on'],
  ['client', 'NO-TOUCH', 'ON'],
  ['asking'],
  ['himport', 'PREPARE', 'fieldset', 'field'],
];

test.each(commands)('%s %j %j is refused, with what to do instead', async (method, ...args) => {
  await expect(redis[method](...args)).rejects.toMatchObject({ code: 'UNSUPPORTED', retryable: false });
  const results = await redis.pipeline([[method, ...args], ['ping']]).exec();
  expect(results).toEqual([[expect.objectContaining({ code: 'UNSUPPORTED' })], [null, 'PONG']]);
});

test('a command that is refused refuses its transaction, and nothing of that is executed', async () => {
  await redis.set('untouched', 1);
  const error = await redis
    .multi()
    .incr('untouched')
    .select(3)
    .exec()
    .catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'EXEC_ABORTED' });
  expect(error.message).toMatch(/^EXECABORT/);
  expect(error.previousErrors.map(({ code }) => code)).toContain('UNSUPPORTED');
  expect(await redis.get('untouched')).toBe('1');
});

test('what a handle may ask for without harm works', async () => {
  expect(await redis.select(0)).toBe('OK');
  expect(await redis.select('0')).toBe('OK');
  expect(await redis.client('ID')).toEqual(expect.any(Number));
  expect(await redis.client('LIST')).toContain(`unified-redis:${process.pid}:main`);
  expect(await redis.client('REPLY', 'ON')).toBe('OK');
  expect(await redis.client('TRACKING', 'OFF')).toBe('OK');
  expect(await redis.hello()).toContain('server');
  expect(await redis.client('SETINFO', 'LIB-NAME', 'mine')).toBe('OK');
});

test('a name is given to the handle, and the link keeps its own', async () => {
  const handle = redis.duplicate();
  expect(await handle.client('GETNAME')).toBe(`unified-redis:${process.pid}:main`);
  expect(await handle.client('SETNAME', 'mine')).toBe('OK');
  expect(await handle.client('GETNAME')).toBe('mine');
  expect(await redis.client('GETNAME')).toBe(`unified-redis:${process.pid}:main`);
  await handle.quit();
});

test('an unfinished transaction in a pipeline is not sent', async () => {
  const results = await redis.pipeline().set('loose', 1).call('multi').set('loose', 2).exec();
  expect(results.map(([error]) => error?.code)).toEqual([undefined, 'UNSUPPORTED', 'UNSUPPORTED']);
  expect(await redis.get('loose')).toBe('1');
});

test('transactions of many callers on one link do not mix', async () => {
  const callers = Array.from({ length: 100 }, async (_, caller) => {
    const key = `caller:${caller}`;
    const [results, single, piped] = await Promise.all([
      redis.multi().set(key, caller).incr(key).get(key).exec(),
      redis.set(`other:${caller}`, 'x'),
      redis.pipeline().get('check').multi().get(key).exec().exec(),
    ]);
    expect(results).toEqual([
      [null, 'OK'],
      [null, caller + 1],
      [null, String(caller + 1)],
    ]);
    expect(single).toBe('OK');
    expect(piped[3]).toEqual([null, [String(caller + 1)]]);
  });
  await Promise.all(callers);
});
