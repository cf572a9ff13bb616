'use strict';

// WAIT tells of what was written before it on its own connection. On another one it would confirm what no replica has.

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

let primary;
let replica;
beforeAll(async () => {
  primary = await startServer({
    config: ['repl-diskless-sync-delay 0'],
    users: ['quiet on >quiet ~* resetchannels +@all'],
  });
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

describe.each(Object.keys(DIALECTS))('%s', (dialect) => {
  const open = async (options) => {
    await manager.initialize({ ...primary.options, logger: false, ...options });
    return DIALECTS[dialect]();
  };

  test.each([
    ['on a lane', { blockingConnections: 1 }],
    ['on the link of its purpose', {}],
    ['on a lane of a user who may not publish', { blockingConnections: 1, username: 'quiet', password: 'quiet' }],
  ])('%s nothing is confirmed that the replica does not have', async (_, options) => {
    const redis = await open(options);
    await redis.set('confirmed', 1);
    expect(await redis.wait(1, 5_000)).toBe(1);
    // Until no connection knows of anything that the replica has not confirmed.
    await waitFor(async () => {
      const info = await primary.command('INFO', 'replication');
      return /offset=(\d+)/.exec(info)[1] === /master_repl_offset:(\d+)/.exec(info)[1];
    });
    replica.pause();
    const written = redis.set('unconfirmed', 1);
    expect(await redis.wait(1, 100)).toBe(0);
    expect(await written).toBe('OK');
    replica.resume();
    expect(await redis.wait(1, 5_000)).toBe(1);
  });

  test('on a lane nobody is held up', async () => {
    const redis = await open({ blockingConnections: 1 });
    let isOver = false;
    const waits = redis.wait(2, 1_000).finally(() => (isOver = true));
    while (!/blocked_clients:1/.test(await primary.command('INFO', 'clients'))) await redis.get('key');
    expect(await redis.get('key')).toBeNull();
    expect(isOver).toBe(false);
    expect(await waits).toBe(1);
  });
});

test('what is wrong with it is said of WAIT', async () => {
  await manager.initialize({ ...primary.options, logger: false, blockingConnections: 1 });
  const redis = manager.getConnection();
  await expect(redis.wait('one', 100)).rejects.toMatchObject({
    name: 'ReplyError',
    command: { name: 'wait', args: ['one', '100'] },
  });
  const { options } = replica;
  await manager.cleanup();
  await manager.initialize({ ...options, logger: false, blockingConnections: 1 });
  await expect(manager.getConnection().wait(1, 100)).rejects.toThrow(/WAIT cannot be used with replica instances/);
});
