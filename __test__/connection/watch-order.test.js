'use strict';

// WATCH goes another way than the commands of its handle. What is asked for after it must not be executed before it: a value
// that was read then could change unnoticed.

const IoRedis = require('ioredis');
const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

let server;
/** @type {string[]} What the server has executed of the tests' commands, in its own order. */
const executed = [];
beforeAll(async () => {
  server = await startServer();
  const observer = new IoRedis(server.port, server.host);
  onCleanup(() => observer.disconnect());
  const monitor = await observer.monitor();
  onCleanup(() => monitor.disconnect());
  monitor.on('monitor', (_, [name, key]) => {
    if (/^[a-z]:/.test(key ?? '')) executed.push(`${name.toLowerCase()} ${key}`);
  });
});
beforeEach(async () => {
  await server.command('FLUSHALL');
  executed.length = 0;
});
afterEach(() => manager.cleanup());

/** @param {string[]} expected */
async function expectOrder(expected) {
  await waitFor(() => executed.length >= expected.length);
  expect(executed).toEqual(expected);
}

const open = (options) => manager.initialize({ ...server.options, logger: false, ...options });

describe.each([0, 1])('with %i lanes', (blockingConnections) => {
  beforeEach(() => open({ blockingConnections }));

  test('a command after a WATCH that nobody has awaited', async () => {
    const redis = manager.getConnection();
    const [watched, , value] = await Promise.all([redis.watch('a:1', 'a:2'), redis.set('b:1', 1), redis.get('a:1')]);
    expect([watched, value]).toEqual(['OK', null]);
    await expectOrder(['watch a:1', 'set b:1', 'get a:1']);
    expect(await redis.multi().get('b:1').exec()).toEqual([[null, '1']]);
  });

  test('a second WATCH, a transaction, a pipeline and quit()', async () => {
    const redis = manager.getConnection().duplicate();
    const outcomes = await Promise.all([
      redis.watch('a:1'),
      redis.watch('a:2'),
      redis.multi().set('a:1', 1).exec(),
      redis.pipeline().get('a:1').get('a:2').exec(),
      redis.get('a:1'),
      redis.quit(),
    ]);
    const pairs = (...replies) => replies.map((reply) => [null, reply]);
    expect(outcomes).toEqual(['OK', 'OK', pairs('OK'), pairs('1', null), '1', 'OK']);
    await expectOrder(['watch a:1', 'watch a:2', 'set a:1', 'get a:1', 'get a:2', 'get a:1']);
  });

  test('within a pipeline', async () => {
    const redis = manager.getConnection();
    const outcomes = await redis.pipeline().watch('c:1').get('c:1').watch('c:2').get('c:2').exec();
    expect(outcomes).toEqual(['OK', null, 'OK', null].map((reply) => [null, reply]));
    await waitFor(() => executed.length === 4);
    for (const key of ['c:1', 'c:2']) {
      expect(executed.indexOf(`get ${key}`)).toBeGreaterThan(executed.indexOf(`watch ${key}`));
    }
    await redis.unwatch();
  });

  test('in the dialect of node-redis', async () => {
    const client = manager.getClient();
    const [watched, , value] = await Promise.all([client.watch('d:1'), client.set('d:0', 1), client.get('d:1')]);
    expect([watched, value]).toEqual(['OK', null]);
    await expectOrder(['watch d:1', 'set d:0', 'get d:1']);
    expect(await client.multi().get('d:0').exec()).toEqual(['1']);
  });
});

test('a WATCH that waits for a lane holds back the others for a moment only', async () => {
  await open({ blockingConnections: 1 });
  const redis = manager.getConnection();
  const waits = redis.blpop('e:list', 1);
  const watched = redis.watch('e:1');
  expect(await redis.get('e:2')).toBeNull();
  expect(manager.getStats().lanes.waiting).toBe(1);
  expect(await waits).toBeNull();
  expect(await watched).toBe('OK');
  await redis.unwatch();
});
