'use strict';

const manager = require('../..');
const { onCleanup, sleep, startServer, waitFor } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
});

afterEach(() => manager.cleanup());

/** @param {object} [options] */
async function open(options) {
  await manager.initialize({ ...server.options, logger: false, ...options });
  const redis = manager.getConnection();
  await redis.flushdb();
  return redis;
}

describe('blocking commands', () => {
  test('with lanes hold up nobody, and are within the declared number of connections', async () => {
    const redis = await open({ blockingConnections: 2 });
    const waiting = [redis.blpop('a', 5), redis.blpop('b', 5)];
    await waitFor(() => manager.getStats().lanes.inUse === 2);
    expect(await redis.ping()).toBe('PONG');
    expect(manager.getStats()).toMatchObject({ declared: 7, lanes: { declared: 2, waiting: 0 } });
    expect(await server.clientList()).toHaveLength(7);
    await redis.rpush('b', 'second');
    await redis.rpush('a', 'first');
    expect(await Promise.all(waiting)).toEqual([
      ['a', 'first'],
      ['b', 'second'],
    ]);
    expect(manager.getStats().lanes.inUse).toBe(0);
  });

  test('wait for a lane in order, and no longer than their deadline', async () => {
    const redis = await open({ blockingConnections: 1, commandTimeout: 300 });
    const first = redis.blpop('a', 0);
    const second = redis.blpop('b', 0.2);
    const late = redis.duplicate();
    await expect(late.blpop('c', 0.01)).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT' });
    expect(manager.getStats().lanes.waiting).toBe(1);
    await redis.rpush('a', 'x');
    expect(await first).toEqual(['a', 'x']);
    expect(await second).toBeNull();
  });

  test('a lane whose command was given up gets a new connection before anybody else uses it', async () => {
    const redis = await open({ blockingConnections: 1, commandTimeout: 100 });
    await server.pause();
    await expect(redis.blpop('a', 0.05)).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT' });
    await server.resume();
    await waitFor(() => manager.getStats().lanes.links[0].state === 'ready');
    // The server may still carry out the call of the connection that is gone, for as long as that wanted to wait.
    await sleep(250);
    await redis.rpush('a', 'x');
    expect(await redis.blpop('a', 1)).toEqual(['a', 'x']);
  });

  test('without lanes run on their own link, as in ioredis, and a warning says once what to declare', async () => {
    const redis = await open();
    const warnings = [];
    const listen = (warning) => warnings.push(warning);
    manager.on('warning', listen);
    onCleanup(() => manager.off('warning', listen));
    expect(await redis.blpop('nothing', 0.05)).toBeNull();
    expect(await redis.blpop('nothing', 0.05)).toBeNull();
    expect(warnings.map(({ code }) => code)).toEqual(['BLOCKING_ON_SHARED_LINK']);
    expect(warnings[0].message).toMatch(/blockingConnections/);
    expect(await server.clientList()).toHaveLength(5);
  });
});

describe.each([0, 2])('WATCH with %i lanes', (blockingConnections) => {
  test('loses no update, however many handles compete', async () => {
    const redis = await open({ blockingConnections });
    const handles = Array.from({ length: 8 }, () => redis.duplicate());
    await Promise.all(
      handles.map(async (handle) => {
        for (let done = 0; done < 10;) {
          await handle.watch('counter');
          const value = Number(await handle.get('counter'));
          const executed = await handle
            .multi()
            .set('counter', value + 1)
            .exec();
          if (executed !== null) done += 1;
        }
      }),
    );
    expect(await redis.get('counter')).toBe('80');
    expect(manager.getStats().lanes.inUse).toBe(0);
  });

  test("is not ended by another handle's transaction, and sees every change", async () => {
    const redis = await open({ blockingConnections });
    const [other, third] = [redis.duplicate(), redis.duplicate()];
    await redis.watch('key');
    const unrelated = other.multi().set('other', 1).exec();
    await third.set('key', 'changed');
    expect(await redis.multi().set('key', 'mine').exec()).toBeNull();
    expect(await unrelated).toEqual([[null, 'OK']]);
    expect(await redis.get('key')).toBe('changed');
  });

  test('UNWATCH, and an unchanged key, let the transaction run', async () => {
    const redis = await open({ blockingConnections });
    await redis.watch('key');
    expect(await redis.unwatch()).toBe('OK');
    await redis.watch('a', 'b');
    expect(await redis.multi().set('a', 1).get('a').exec()).toEqual([
      [null, 'OK'],
      [null, '1'],
    ]);
    expect(await redis.unwatch()).toBe('OK');
  });

  test('is not forgotten when the connection is lost: the transaction is refused, and nothing was executed', async () => {
    const redis = await open({ blockingConnections });
    await redis.watch('key');
    await server.killClients();
    // All connections were there all the time, until each of them is found to be lost.
    await waitFor(() => {
      const { links, lanes } = manager.getStats();
      return [...links, ...lanes.links].every(({ state, reconnects }) => state === 'ready' && reconnects > 0);
    });
    await expect(redis.multi().set('key', 'x').exec()).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      maybeExecuted: false,
    });
    expect(await redis.get('key')).toBeNull();
    await redis.watch('key');
    expect(await redis.multi().set('key', 'y').exec()).toEqual([[null, 'OK']]);
  });

  test('of a handle that ends is ended', async () => {
    const redis = await open({ blockingConnections });
    const handle = redis.duplicate();
    await handle.watch('key');
    await handle.quit();
    await waitFor(() => manager.getStats().lanes.inUse === 0);
    expect(await redis.multi().set('key', 'x').exec()).toEqual([[null, 'OK']]);
  });
});
