'use strict';

const manager = require('../..');
const { Proxy } = require('../../faults/lib/proxy');
const { onCleanup, startServer, waitFor } = require('../support');

// Error replies that say that the server has not executed the command, though it is a good one.

afterEach(() => manager.cleanup());

async function open(server, options) {
  await manager.initialize({ ...server.options, logger: false, ...options });
  return manager.getConnection();
}

const reconnects = () => manager.getStats().links.find((link) => link.purpose === 'main').reconnects;

test('after a failover writes go to the new primary, where the name leads there by now, and none twice', async () => {
  const [old, promoted] = await Promise.all([startServer(), startServer()]);
  const name = new Proxy({ host: old.host, port: old.port });
  await name.start();
  onCleanup(() => name.stop());
  const redis = await open(name, { host: '127.0.0.1', port: name.options.port });
  await redis.incr('counter');

  name.retarget({ host: promoted.host, port: promoted.port });
  await old.command('REPLICAOF', promoted.host, promoted.port);
  const writes = [];
  for (let index = 0; index < 200; index++) writes.push(redis.incr('counter'));
  const transaction = redis.multi().incr('counter').get('counter').exec();
  const pipeline = redis.pipeline().incr('counter').incr('counter').exec();
  await expect(Promise.all(writes)).resolves.toHaveLength(200);
  expect((await transaction).map(([error]) => error)).toEqual([null, null]);
  expect((await pipeline).map(([error]) => error)).toEqual([null, null]);
  expect(await promoted.command('GET', 'counter')).toBe('203');
  expect(reconnects()).toBe(1);
});

test('a server that stays a replica is asked once more, and then says so', async () => {
  const server = await startServer();
  const redis = await open(server);
  await server.command('REPLICAOF', '127.0.0.1', 1);
  await expect(redis.set('k', 1)).rejects.toMatchObject({ code: 'READONLY' });
  expect(reconnects()).toBe(1);
  // Not for every write of an application that means to talk to a replica.
  const more = await Promise.allSettled(Array.from({ length: 20 }, () => redis.set('k', 1)));
  expect(more.every(({ reason }) => reason?.code === 'READONLY')).toBe(true);
  const [, outcome] = await redis
    .multi()
    .get('k')
    .set('k', 2)
    .exec()
    .then(
      (results) => results,
      (error) => [undefined, error],
    );
  expect(outcome).toMatchObject({ code: 'EXECABORT', previousErrors: [expect.objectContaining({ code: 'READONLY' })] });
  expect(reconnects()).toBe(1);
  expect(await redis.get('k')).toBeNull();
});

test('a replica that takes over the data of its primary is waited for', async () => {
  const slow = ['key-load-delay 500', 'loading-process-events-interval-bytes 1024', 'repl-diskless-load disabled'];
  const [primary, replica] = await Promise.all([startServer(), startServer({ config: slow })]);
  await primary.command('EVAL', "for i = 1, 3000 do redis.call('SET', 'key:' .. i, string.rep('x', 100)) end", 0);
  const redis = await open(replica);
  await replica.command('REPLICAOF', primary.host, primary.port);
  await waitFor(async () => /loading:1/.test(String(await replica.command('INFO', 'persistence'))));
  const values = await Promise.all([redis.get('key:1'), redis.get('key:3000'), redis.strlen('key:7')]);
  expect(values).toEqual(['x'.repeat(100), 'x'.repeat(100), 100]);
  expect(reconnects()).toBe(0);
});

test('what a server still refuses at the deadline reaches the caller, in its words', async () => {
  const server = await startServer({ config: ['replica-serve-stale-data no'] });
  const redis = await open(server, { commandTimeout: 600 });
  await server.command('REPLICAOF', '127.0.0.1', 1);
  const began = performance.now();
  await expect(redis.get('k')).rejects.toMatchObject({ code: 'MASTERDOWN', command: { name: 'get', args: ['k'] } });
  expect(performance.now() - began).toBeLessThan(5_000);
  const read = redis.get('k');
  await server.command('REPLICAOF', 'NO', 'ONE');
  await expect(read).resolves.toBeNull();
});

test('without a deadline it is given up after a while all the same', async () => {
  const server = await startServer({ config: ['replica-serve-stale-data no'] });
  const redis = await open(server, { commandTimeout: 0 });
  await server.command('REPLICAOF', '127.0.0.1', 1);
  await expect(redis.get('k')).rejects.toMatchObject({ code: 'MASTERDOWN' });
}, 30_000);
