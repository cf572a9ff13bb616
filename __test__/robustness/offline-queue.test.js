'use strict';

const manager = require('../..');
const { startServer, waitFor } = require('../support');

afterEach(() => manager.cleanup());
manager.on('error', () => {});

test('takes as many commands as it holds, and refuses the others by name', async () => {
  const server = await startServer();
  await manager.initialize({
    ...server.options,
    logger: false,
    purposes: ['main'],
    enableOfflineQueue: true,
    offlineQueueLimit: 5,
    maxRetriesPerRequest: null,
  });
  const redis = manager.getConnection();
  await server.kill();
  await waitFor(() => redis.status !== 'ready');
  const outcomes = Promise.allSettled(Array.from({ length: 8 }, (_, index) => redis.rpush('list', index)));
  await expect(redis.rpush('list', 'one more')).rejects.toMatchObject({ code: 'QUEUE_FULL' });
  await server.restart();
  expect((await outcomes).map(({ value, reason }) => value ?? reason.code)).toEqual([
    ...[1, 2, 3, 4, 5],
    ...['QUEUE_FULL', 'QUEUE_FULL', 'QUEUE_FULL'],
  ]);
  expect(await redis.lrange('list', 0, -1)).toEqual(['0', '1', '2', '3', '4']);
});

test('what gave up waiting says why the link is down', async () => {
  const server = await startServer();
  await manager.initialize({
    ...server.options,
    logger: false,
    purposes: ['main'],
    enableOfflineQueue: true,
    maxRetriesPerRequest: 1,
    retryStrategy: () => 20,
  });
  await server.kill();
  await expect(manager.getConnection().get('x')).rejects.toMatchObject({
    code: 'MAX_RETRIES_PER_REQUEST',
    message: expect.stringMatching(/is down \(cannot connect to .*refused/),
  });
});
