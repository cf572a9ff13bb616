'use strict';

const Redlock = require('redlock');
const manager = require('../..');
const { sleep, waitFor } = require('../support');
const { openLinks } = require('./links.js');

let links;
beforeAll(async () => {
  links = await openLinks();
});
afterEach(() => links.watch.expectDeclaredOnly());

test('a lock is held by one, and had by the next once it is released', async () => {
  const redlock = new Redlock([manager.getConnection()], { retryCount: 0 });
  const lock = await redlock.acquire('match:1', 5_000);
  await expect(redlock.acquire('match:1', 5_000)).rejects.toThrow('Exceeded 0 attempts');
  await lock.unlock();
  const next = await redlock.acquire(['match:1', 'match:2'], 5_000);
  await expect(redlock.acquire('match:2', 5_000)).rejects.toMatchObject({ name: 'LockError' });
  await next.unlock();
});

test('a lock ends by itself, unless it is extended', async () => {
  const redlock = new Redlock([manager.getConnection()], { retryCount: 0 });
  // redlock gives up a lock that took longer to get than it lasts, so it has to last longer than a machine is ever slow.
  const extended = await redlock.acquire('extended', 1_000);
  const short = await redlock.acquire('short', 1_000);
  await extended.extend(60_000);
  await waitFor(async () => (await manager.getConnection().exists('short')) === 0);
  await (await redlock.acquire('short', 5_000)).unlock();
  await expect(redlock.acquire('extended', 5_000)).rejects.toThrow('Exceeded');
  await expect(short.unlock()).rejects.toThrow('Unable to fully release the lock');
  await extended.unlock();
});

test('what it guards is done by one at a time', async () => {
  const handle = manager.getConnection('scheduler').duplicate();
  const redlock = new Redlock([handle], { retryCount: -1, retryDelay: 5, retryJitter: 5 });
  const errors = [];
  redlock.on('clientError', (error) => errors.push(error));
  let inside = 0;
  let most = 0;
  const work = async () => {
    const lock = await redlock.acquire('guarded', 5_000);
    most = Math.max(most, ++inside);
    await sleep(2);
    inside -= 1;
    await lock.unlock();
  };
  await Promise.all(Array.from({ length: 20 }, work));
  expect(most).toBe(1);
  expect(errors).toEqual([]);
  await redlock.quit();
  expect(handle.status).toBe('end');
  expect(await manager.getConnection('scheduler').ping()).toBe('PONG');
});
