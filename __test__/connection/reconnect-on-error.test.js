'use strict';

const { Worker } = require('node:worker_threads');
const manager = require('../..');
const { onCleanup, runScript, startServer, waitFor } = require('../support');

// What a failover leaves behind: connections to a server that is a replica now, and answers READONLY to writes.

let server;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
});

beforeEach(() => server.command('REPLICAOF', 'NO', 'ONE'));
afterEach(() => manager.cleanup());

const READONLY = expect.objectContaining({ code: 'READONLY' });

async function open(options) {
  await manager.initialize({ ...server.options, logger: false, ...options });
  return manager.getConnection();
}

/** No primary is there, which replicas do not mind. */
const demote = () => server.command('REPLICAOF', '127.0.0.1', 1);
const promote = () => server.command('REPLICAOF', 'NO', 'ONE');

/** Sends again what a replica has refused, which is a primary by then. */
function afterPromotion({ message }) {
  if (!message.startsWith('READONLY')) return 0;
  promote();
  return 2;
}

const reconnects = (purpose) => manager.getStats().links.find((link) => link.purpose === purpose).reconnects;

test('true replaces the connection of the link, once for all that fails on it', async () => {
  const seen = [];
  const redis = await open({ reconnectOnError: (error) => seen.push(error) && error.message.startsWith('READONLY') });
  const statuses = [];
  for (const event of ['close', 'reconnecting', 'ready']) redis.on(event, () => statuses.push(event));
  await demote();
  const writes = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => redis.set(`k${index}`, 1)));
  expect(writes.every(({ reason }) => reason?.code === 'READONLY')).toBe(true);
  expect(seen).toHaveLength(50);
  expect(seen[0].command).toEqual({ name: 'set', args: ['k0', '1'] });
  await waitFor(() => statuses.includes('ready'));
  expect(statuses).toEqual(['close', 'reconnecting', 'ready']);
  expect(reconnects('main')).toBe(1);
  expect(reconnects('websocket')).toBe(0);
  expect(await server.clientList()).toHaveLength(5);
});

test('another thread that hears of the same fault late leaves the new connection alone', async () => {
  const redis = await open({ purposes: ['main'], reconnectOnError: () => true });
  await demote();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `
    const { workerData: { options, flag, library }, parentPort } = require('node:worker_threads');
    const manager = require(library);
    (async () => {
      await manager.initialize({ ...options, reconnectOnError: () => true });
      const redis = manager.getConnection();
      const outcome = redis.set('k', 1).catch(({ code }) => code);
      // The command has gone by then; nothing that comes back is read before the other thread says so.
      setImmediate(() => {
        parentPort.postMessage('sent');
        Atomics.wait(flag, 0, 0);
      });
      parentPort.postMessage(await outcome);
      await redis.ping();
      parentPort.postMessage('done');
    })();
    `,
    {
      eval: true,
      workerData: {
        options: { ...server.options, logger: false, purposes: ['main'] },
        flag,
        library: require.resolve('../..'),
      },
    },
  );
  const told = [];
  worker.on('message', (message) => told.push(message));
  await waitFor(() => told.length === 1);
  await waitFor(() => manager.getStats().links[0].inFlight === 0);
  await expect(redis.set('k', 1)).rejects.toEqual(READONLY);
  await waitFor(() => reconnects('main') === 1 && redis.status === 'ready');
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
  await waitFor(() => told.length === 3);
  expect(told).toEqual(['sent', 'READONLY', 'done']);
  expect(await redis.ping()).toBe('PONG');
  expect(reconnects('main')).toBe(1);
  await worker.terminate();
});

test('other errors leave the connection alone', async () => {
  const redis = await open({ reconnectOnError: ({ message }) => message.startsWith('READONLY') });
  await redis.set('text', 'x');
  await expect(redis.incr('text')).rejects.toThrow('not an integer');
  await expect(redis.client('NOSUCH')).rejects.toThrow();
  expect(await redis.echo('x')).toBe('x');
  expect(reconnects('main')).toBe(0);
});

test('2 sends the command again: alone, in a pipeline, as a script and as a transaction', async () => {
  const redis = await open({ reconnectOnError: afterPromotion });
  redis.defineCommand('put', { numberOfKeys: 1, lua: "return redis.call('SET', KEYS[1], ARGV[1])" });
  await demote();
  expect(await redis.incr('n')).toBe(1);
  await demote();
  expect(await redis.pipeline().incr('n').get('n').hset('h', 'f', 1).hgetall('h').exec()).toEqual([
    [null, 2],
    [null, expect.any(String)],
    [null, 1],
    [null, expect.any(Object)],
  ]);
  await demote();
  expect(await redis.put('script', 'x')).toBe('OK');
  await demote();
  expect(await redis.pipeline().put('script', 'y').exec()).toEqual([[null, 'OK']]);
  await demote();
  expect(await redis.multi().incr('n').get('n').exec()).toEqual([
    [null, 3],
    [null, '3'],
  ]);
  expect(reconnects('main')).toBeGreaterThanOrEqual(5);
});

test('2 gives up at the deadline of the command', async () => {
  const redis = await open({ commandTimeout: 400, reconnectOnError: () => 2, retryStrategy: () => 20 });
  await demote();
  await expect(redis.set('k', 1)).rejects.toEqual(READONLY);
  await waitFor(() => redis.status === 'ready');
  expect(reconnects('main')).toBeGreaterThan(1);
});

test('a handle may have its own, and another one none', async () => {
  const redis = await open();
  const handle = redis.duplicate({ reconnectOnError: () => true });
  const without = handle.duplicate({ reconnectOnError: null });
  await demote();
  // Without, the link itself tries another connection once, and then leaves it at that for a while.
  await expect(redis.set('k', 1)).rejects.toEqual(READONLY);
  await expect(without.set('k', 1)).rejects.toEqual(READONLY);
  expect(reconnects('main')).toBe(1);
  await expect(handle.set('k', 1)).rejects.toEqual(READONLY);
  await waitFor(() => reconnects('main') === 2 && handle.status === 'ready');
});

test('a lane gets another connection, and a watched transaction too', async () => {
  const redis = await open({
    blockingConnections: 1,
    reconnectOnError: afterPromotion,
  });
  const lane = () => manager.getStats().lanes.links[0];
  await redis.rpush('list', 'x');
  await demote();
  expect(await redis.blpop('list', 1)).toEqual(['list', 'x']);
  expect(lane().reconnects).toBeGreaterThan(0);
  await redis.watch('n');
  await demote();
  const before = lane().reconnects;
  // What was watched is forgotten with the connection, so it is not sent again.
  await expect(redis.multi().set('n', 1).exec()).rejects.toMatchObject({ code: 'EXECABORT' });
  await waitFor(() => lane().reconnects > before && lane().state === 'ready');
  expect(manager.getStats().lanes.inUse).toBe(0);
});

test('what the application throws there is its own uncaught exception, and the command is rejected', async () => {
  const { stdout } = await runScript(
    `
    process.on('uncaughtException', (error) => console.log('uncaught', error.message));
    const manager = require('unified-redis');
    (async () => {
      await manager.initialize({ logger: false, reconnectOnError() { throw new Error('mine'); } });
      await manager.getConnection().call('nosuch').catch(({ code }) => console.log('rejected', code));
      await manager.cleanup();
    })();
    `,
    { env: { REDIS_URL: server.url } },
  );
  expect(stdout.trim().split('\n').sort()).toEqual(['rejected ERR', 'uncaught mine']);
});

test('the process waits for what is to be sent again', async () => {
  await demote();
  const running = runScript(
    `
    const manager = require('unified-redis');
    (async () => {
      await manager.initialize({ logger: false, reconnectOnError: () => 2 });
      console.log(await manager.getConnection().set('late', 'x'));
    })();
    `,
    { env: { REDIS_URL: server.url } },
  );
  await waitFor(async () => (await server.clientList()).length === 5);
  await promote();
  expect(await running).toMatchObject({ code: 0, stdout: 'OK\n' });
});
