'use strict';

const manager = require('../..');
const { startServer } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
});
afterEach(() => manager.cleanup());

test.each([0, 2])('WATCH does not outlive the links (blockingConnections: %p)', async (blockingConnections) => {
  const options = { ...server.options, logger: false, blockingConnections };
  await manager.initialize(options);
  const redis = manager.getConnection().duplicate();
  await redis.set('key', 'before');
  await redis.watch('key');
  await manager.cleanup();
  await manager.initialize(options);
  await server.command('SET', 'key', 'of another client');
  await expect(redis.multi().set('key', 'mine').exec()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  expect(await redis.get('key')).toBe('of another client');

  await redis.watch('key');
  await manager.cleanup();
  await manager.initialize(options);
  expect(await redis.unwatch()).toBe('OK');
  await redis.watch('key');
  expect(await redis.multi().set('key', 'mine').exec()).toEqual([[null, 'OK']]);
  expect(await redis.multi().get('key').exec()).toEqual([[null, 'mine']]);
});

test('without links, WATCH says so', async () => {
  await manager.initialize({ ...server.options, logger: false });
  const redis = manager.getConnection();
  await manager.cleanup();
  await expect(redis.watch('key')).rejects.toMatchObject({ code: 'CLOSED' });
});
