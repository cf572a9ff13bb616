'use strict';

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');
const { VERSIONS } = require('./versions.js');

let server;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
});

describe.each([
  ['on lanes', { blockingConnections: 2 }],
  ['on the shared link', {}],
])('%s', (_, options) => {
  beforeAll(async () => {
    await manager.initialize({ ...server.options, logger: false, ...options });
    await manager.getConnection().flushall();
  });
  afterAll(() => manager.cleanup());
  afterEach(async () => expect(await server.clientList()).toHaveLength(manager.getStats().declared));

  test.each(VERSIONS)('WATCH of handles does not mix in version %i', async (version, name) => {
    const { WatchError } = require(name);
    const main = manager.getClient('main', { version });
    await main.mSet({ mine: '1', yours: '1' });
    const [mine, yours] = [main.duplicate(), main.duplicate()];
    await Promise.all([mine.connect(), yours.connect()]);
    expect(await mine.watch('mine')).toBe('OK');
    await main.set('mine', '2');
    if (version > 4) expect([mine.isWatching, yours.isWatching]).toEqual([true, false]);
    // It watched nothing, and so nothing stops it. On a link that is shared it has to wait, though.
    const unwatched = yours.multi().get('mine').exec();
    await expect(mine.multi().set('mine', 'lost').exec()).rejects.toThrow(WatchError);
    expect(await unwatched).toEqual(['2']);
    expect(await main.get('mine')).toBe('2');
    expect(await mine.multi().set('mine', '3').get('mine').exec()).toEqual(['OK', '3']);
    expect(await mine.watch(['mine', 'yours'])).toBe('OK');
    expect(await mine.unwatch()).toBe('OK');
    await main.set('yours', '2');
    expect(await mine.multi().get('yours').exec()).toEqual(['2']);
    await Promise.all([mine.quit(), yours.quit()]);
  });

  test.each(VERSIONS)('the number is right when many count by WATCH in version %i', async (version, name) => {
    const { WatchError } = require(name);
    const key = `count:${version}`;
    const clients = Array.from({ length: 4 }, () => manager.getClient('main', { version }).duplicate());
    await Promise.all(clients.map((client) => client.connect()));
    const increment = async (client) => {
      for (;;) {
        await client.watch(key);
        const value = Number(await client.get(key));
        try {
          return await client
            .multi()
            .set(key, String(value + 1))
            .exec();
        } catch (error) {
          if (!(error instanceof WatchError)) throw error;
        }
      }
    };
    await Promise.all(clients.map((client) => increment(client).then(() => increment(client))));
    expect(await clients[0].get(key)).toBe('8');
    await Promise.all(clients.map((client) => client.quit()));
  });
});

describe('on links as they are by default', () => {
  beforeAll(() => manager.initialize({ ...server.options, logger: false, blockingConnections: 1 }));
  afterAll(() => manager.cleanup());

  test('a connection that watched and is lost is a WatchError', async () => {
    const { WatchError } = require('redis');
    const client = manager.getClient().duplicate();
    await client.connect();
    await client.watch('key');
    const [{ id }] = (await client.clientList()).filter(({ name }) => name.includes(':lane'));
    await client.clientKill({ filter: 'ID', id });
    await waitFor(() => manager.getStats().lanes.links[0].reconnects > 0);
    await expect(client.multi().set('key', 'x').exec()).rejects.toThrow(WatchError);
    expect(await client.get('key')).toBeNull();
    await client.quit();
    await waitFor(() => manager.getStats().lanes.links[0].state === 'ready');
  });

  test('tasks of version 4 run on handles of their own', async () => {
    const client = manager.getClient('main', { version: 4 });
    const { commandOptions } = require('redis-v4');
    const results = await client.executeIsolated(async (isolated) => {
      await isolated.watch('isolated');
      return isolated.multi().set('isolated', 'x').get('isolated').exec();
    });
    expect(results).toEqual(['OK', 'x']);
    const popped = client.blPop(commandOptions({ isolated: true }), 'queue', 0);
    await client.rPush('queue', 'task');
    expect(await popped).toEqual({ key: 'queue', element: 'task' });
    expect(await client.get(client.commandOptions({ returnBuffers: true }), 'isolated')).toEqual(Buffer.from('x'));
  });

  test('a pool gives each task a handle of its own', async () => {
    const pool = await manager.getClient().createPool().connect();
    const results = await Promise.all(
      ['a', 'b', 'c'].map((key) =>
        pool.execute(async (client) => {
          await client.watch(key);
          return client.multi().set(key, key).get(key).exec();
        }),
      ),
    );
    expect(results).toEqual(['a', 'b', 'c'].map((key) => ['OK', key]));
    expect(await pool.get('a')).toBe('a');
    await pool.close();
    await expect(pool.execute(() => {})).rejects.toThrow('The client is closed');
  });

  test('an aborted command', async () => {
    const { AbortError } = require('redis');
    const client = manager.getClient();
    await expect(client.withAbortSignal(AbortSignal.abort()).set('aborted', 'x')).rejects.toThrow(AbortError);
    expect(await client.get('aborted')).toBeNull();
    const first = client.blPop('nothing', 0.5);
    const controller = new AbortController();
    const second = client.withAbortSignal(controller.signal).blPop('nothing', 0);
    controller.abort();
    await expect(second).rejects.toThrow(AbortError);
    expect(await first).toBeNull();
    await waitFor(() => manager.getStats().lanes.inUse === 0);
  });
});
