'use strict';

const { BurstyRateLimiter, RateLimiterRedis } = require('rate-limiter-flexible');
const manager = require('../..');
const { openLinks } = require('./links.js');

let links;
let storeClient;
beforeAll(async () => {
  links = await openLinks();
  storeClient = manager.getConnection();
});
afterEach(() => links.watch.expectDeclaredOnly());

test('points are counted down, and refused when they are used up', async () => {
  const limiter = new RateLimiterRedis({ storeClient, keyPrefix: 'login', points: 3, duration: 60 });
  const left = [];
  for (let index = 0; index < 3; index++) left.push((await limiter.consume('player')).remainingPoints);
  expect(left).toEqual([2, 1, 0]);
  await expect(limiter.consume('player')).rejects.toMatchObject({ remainingPoints: 0, consumedPoints: 4 });
  expect((await limiter.consume('another')).remainingPoints).toBe(2);
});

test('callers at the same time do not get more than there is', async () => {
  const limiter = new RateLimiterRedis({ storeClient, keyPrefix: 'crowd', points: 10, duration: 60 });
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => limiter.consume('all')));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect(await limiter.get('all')).toMatchObject({ consumedPoints: 50, remainingPoints: 0 });
});

test('penalty, reward, set, block and delete', async () => {
  const limiter = new RateLimiterRedis({ storeClient, keyPrefix: 'more', points: 5, duration: 60 });
  expect(await limiter.get('player')).toBeNull();
  await limiter.consume('player');
  expect(await limiter.penalty('player', 2)).toMatchObject({ consumedPoints: 3 });
  expect(await limiter.reward('player')).toMatchObject({ consumedPoints: 2 });
  await limiter.set('player', 4, 60);
  expect(await limiter.get('player')).toMatchObject({ consumedPoints: 4, remainingPoints: 1 });
  await limiter.block('player', 30);
  const refusal = await limiter.consume('player').catch((reason) => reason);
  expect(refusal.msBeforeNext).toBeGreaterThan(25_000);
  expect(await limiter.delete('player')).toBe(true);
  expect((await limiter.consume('player')).remainingPoints).toBe(4);
});

test('limiters of several kinds on one handle, one of them without an end', async () => {
  const forever = new RateLimiterRedis({ storeClient, keyPrefix: 'forever', points: 2, duration: 0 });
  expect(await forever.consume('player')).toMatchObject({ consumedPoints: 1, msBeforeNext: -1 });
  const bursty = new BurstyRateLimiter(
    new RateLimiterRedis({ storeClient, keyPrefix: 'usual', points: 1, duration: 60 }),
    new RateLimiterRedis({ storeClient, keyPrefix: 'burst', points: 1, duration: 60 }),
  );
  await bursty.consume('player');
  await bursty.consume('player');
  await expect(bursty.consume('player')).rejects.toMatchObject({ remainingPoints: 0 });
});

test('a limiter that minds the state of the connection', async () => {
  const handle = storeClient.duplicate();
  const limiter = new RateLimiterRedis({ storeClient: handle, points: 1, duration: 60, rejectIfRedisNotReady: true });
  await expect(limiter.consume('early')).rejects.toThrow('Redis connection is not ready');
  await new Promise((resolve) => handle.once('ready', resolve));
  expect((await limiter.consume('player')).remainingPoints).toBe(0);
  await handle.quit();
  await expect(limiter.consume('late')).rejects.toThrow('Redis connection is not ready');
});
