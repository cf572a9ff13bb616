'use strict';

// WAIT tells of what was written before it on its own connection. On another one it would confirm what no replica has.

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

let primary;
let replica;
beforeAll(async () => {
  primary = await startServer({ config: ['repl-diskless-sync-delay 0'] });
  replica = await startServer({ config: [`replicaof 127.0.0.1 ${primary.port}`] });
  onCleanup(() => manager.cleanup());
  await waitFor(async () => /state=online/.test(await primary.command('INFO', 'replication')), 20_000);
}, 30_000);
afterEach(async () => {
  replica.resume();
  await manager.cleanup();
});

/** Both dialects, and the handles that they have for one purpose. */
const DIALECTS = {
  ioredis: () => manager.getConnection(),
  'node-redis': () => manager.getConnection('main', { dialect: 'node-redis' }),
};

test.each(Object.keys(DIALECTS))('%s: nothing is confirmed that the replica does not have', async (dialect) => {
  await manager.initialize({ ...primary.options, logger: false, blockingConnections: 1 });
  const redis = DIALECTS[dialect]();
  await redis.set('confirmed', 1);
  expect(await redis.wait(1, 5_000)).toBe(1);
  // Until no connection knows of anything that the replica has not confirmed.
  await waitFor(async () => {
    const info = await primary.command('INFO', 'replication');
    return /offset=(\d+)/.exec(info)[1] === /master_repl_offset:(\d+)/.exec(info)[1];
  });
  replica.pause();
  await redis.set('unconfirmed', 1);
  expect(await redis.wait(1, 100)).toBe(0);
  replica.resume();
  expect(await redis.wait(1, 5_000)).toBe(1);
});
