'use strict';

/** Where few commands are under way, the JavaScript thread reads its replies itself; see src/io/connection.rs. */

const fs = require('node:fs');
const { Worker } = require('node:worker_threads');
const { once } = require('node:events');
const manager = require('../..');
const bridge = require('../../lib/bridge');
const { startServer, waitFor } = require('../support');

manager.on('error', () => {});
afterEach(() => manager.cleanup());

const linkOf = (purpose) => bridge.snapshot().purposes.find((link) => link.purpose === purpose);
const isInline = () => linkOf('main').inline;

/** Commands one after another, until this thread reads the link. */
async function becomeInline(redis) {
  await waitFor(async () => {
    for (let index = 0; index < 20; index++) await redis.incr('warm');
    return isInline();
  });
}

function block(ms) {
  const until = Date.now() + ms;
  while (Date.now() < until);
}

describe.each([
  ['plain', {}],
  ['TLS', { tls: true }],
])('%s', (_, kind) => {
  let server;
  let redis;
  beforeAll(async () => {
    server = await startServer(kind);
  });
  beforeEach(async () => {
    redis = await connect({});
  });

  async function connect(options) {
    await manager.cleanup();
    await manager.initialize({ ...server.options, logger: false, purposes: ['main', 'subscriber'], ...options });
    return manager.getConnection();
  }

  test('replies of every size and shape come as asked', async () => {
    await becomeInline(redis);
    const big = Buffer.alloc(3_000_000, 'äöü€');
    await redis.set('big', big);
    for (const size of [0, 1, 4095, 16_384, 65_535, 65_536, 200_000]) {
      await becomeInline(redis);
      await redis.set('value', big.subarray(0, size));
      expect((await redis.getBuffer('value')).equals(big.subarray(0, size))).toBe(true);
      expect(await redis.lrange('nothing', 0, -1)).toEqual([]);
      await expect(redis.lpush('value', 1)).rejects.toThrow('WRONGTYPE');
    }
    expect((await redis.getBuffer('big')).equals(big)).toBe(true);
    expect(await redis.get('big')).toBe(big.toString());
  });

  test('goes back to the I/O thread when much is under way, and comes again', async () => {
    await becomeInline(redis);
    for (let round = 0; isInline(); round++) {
      await Promise.all(Array.from({ length: 500 }, () => redis.incr('n')));
      expect(round).toBeLessThan(100);
    }
    await becomeInline(redis);
    expect(await redis.get('n')).toMatch(/^\d+$/);
  });

  test('no command fails because the event loop was blocked', async () => {
    redis = await connect({ commandTimeout: 200 });
    await becomeInline(redis);
    const replies = [redis.incr('n'), redis.get('warm'), redis.ping()];
    // The commands leave at the end of this tick; nothing is read before the next one.
    process.nextTick(() => block(1_000));
    const outcomes = await Promise.allSettled(replies);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  });

  test('a command that gets no reply fails at its deadline', async () => {
    redis = await connect({ commandTimeout: 300 });
    await becomeInline(redis);
    server.pause();
    try {
      await expect(redis.incr('n')).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT', maybeExecuted: true });
    } finally {
      server.resume();
    }
    await waitFor(() => redis.ping().catch(() => false));
  });

  test('a worker that uses the link too does not wait for this thread', async () => {
    await becomeInline(redis);
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const manager = require(workerData.directory);
       const redis = manager.getConnection();
       parentPort.once('message', async () => {
         const began = Date.now();
         for (let index = 0; index < 50; index++) await redis.incr('of the worker');
         new Int32Array(workerData.took)[0] = Date.now() - began;
       });
       redis.ping().then(() => parentPort.postMessage('ready'));`,
      { eval: true, workerData: { directory: require.resolve('../..'), took: new SharedArrayBuffer(4) } },
    );
    const exit = once(worker, 'exit');
    await once(worker, 'message');
    await becomeInline(redis);
    worker.postMessage('go');
    block(1_500);
    expect(await redis.get('of the worker')).toBe('50');
    await exit;
  });

  test('a connection that is lost while the event loop is blocked is made again', async () => {
    await becomeInline(redis);
    const id = await redis.client('ID');
    const killed = redis.client('KILL', 'ID', id, 'SKIPME', 'no');
    process.nextTick(() => block(300));
    expect(await killed).toBe(1);
    await waitFor(async () => (await redis.client('ID')) !== id);
    await becomeInline(redis);
  });

  test('connections that come and go leave no descriptor behind', async () => {
    if (!fs.existsSync('/proc/self/fd')) return console.log('not checked: this system has no /proc/self/fd');
    await becomeInline(redis);
    const before = fs.readdirSync('/proc/self/fd').length;
    for (let round = 0; round < 20; round++) {
      const id = await redis.client('ID');
      await server.killClients((client) => client.id === String(id));
      await waitFor(async () => (await redis.client('ID')) !== id);
      await becomeInline(redis);
    }
    await waitFor(() => fs.readdirSync('/proc/self/fd').length <= before);
  });
});

test('a worker that ends while it reads leaves the link to the others', async () => {
  const server = await startServer();
  await manager.initialize({ ...server.options, logger: false, purposes: ['main'] });
  for (let round = 0; round < 10; round++) {
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const redis = require(workerData).getConnection();
       (async () => {
         for (let index = 0; ; index++) {
           await redis.incr('n');
           if (index === 200) parentPort.postMessage('busy');
         }
       })().catch(() => {});`,
      { eval: true, workerData: require.resolve('../..') },
    );
    await once(worker, 'message');
    const reply = manager.getConnection().get('n');
    await Promise.all([worker.terminate(), reply]);
    expect(Number(await reply)).toBeGreaterThan(200);
  }
  await becomeInline(manager.getConnection());
});
