'use strict';

const { once } = require('node:events');
const manager = require('../..');
const { onCleanup, sleep, startServer, waitFor } = require('../support');

let server;
let redis;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
  redis = manager.getConnection();
});

const EVENTS = ['connecting', 'connect', 'ready', 'close', 'reconnecting', 'end'];

function record(handle) {
  const seen = [];
  for (const event of EVENTS) handle.on(event, () => seen.push(event));
  return seen;
}

test('a duplicate costs no connection, and comes up like a connection of its own', async () => {
  const handle = redis.duplicate();
  const seen = record(handle);
  expect(handle).not.toBe(redis);
  expect(handle.status).toBe('connecting');
  await once(handle, 'ready');
  expect(handle.status).toBe('ready');
  expect(seen).toEqual(['connecting', 'connect', 'ready']);
  expect(await server.clientList()).toHaveLength(5);
  await handle.quit();
});

test('commands do not wait for `ready`', async () => {
  const handle = redis.duplicate();
  expect(await handle.echo('x')).toBe('x');
  handle.disconnect();
});

test('quit() ends the handle once its commands are answered, and nobody else', async () => {
  const handle = redis.duplicate();
  await once(handle, 'ready');
  const seen = record(handle);
  const order = [];
  const earlier = handle.echo('earlier').then(() => order.push('earlier'));
  const quit = handle.quit().then((reply) => order.push(reply));
  const late = handle.get('late').catch((error) => error);
  await Promise.all([earlier, quit]);
  expect(order).toEqual(['earlier', 'OK']);
  expect(await late).toMatchObject({ code: 'CLOSED', message: 'Connection is closed.' });
  expect(seen).toEqual(['close', 'end']);
  expect(handle.status).toBe('end');
  expect(handle.isEnded).toBe(true);
  await expect(handle.quit()).rejects.toThrow('Connection is closed.');
  expect(await handle.pipeline().get('x').exec()).toEqual([[expect.objectContaining({ code: 'CLOSED' })]]);
  await expect(handle.multi().get('x').exec()).rejects.toMatchObject({ code: 'CLOSED' });
  await expect(handle.subscribe('x')).rejects.toMatchObject({ code: 'CLOSED' });
  expect(await redis.echo('others')).toBe('others');
});

test('disconnect() ends the handle at once', async () => {
  const handle = redis.duplicate();
  await once(handle, 'ready');
  const seen = record(handle);
  const ended = once(handle, 'end');
  handle.disconnect();
  expect(handle.status).toBe('end');
  await ended;
  expect(seen).toEqual(['close', 'end']);
  handle.disconnect();
  await sleep(5);
  expect(seen).toEqual(['close', 'end']);
});

test('an ended handle can be connected again, at once or later', async () => {
  const handle = redis.duplicate();
  await once(handle, 'ready');
  await expect(handle.connect()).rejects.toThrow('Redis is already connecting/connected');
  await handle.quit();
  await handle.connect();
  expect(handle.status).toBe('ready');
  expect(await handle.echo('again')).toBe('again');
  const seen = record(handle);
  handle.disconnect();
  await handle.connect();
  expect(seen).toEqual(['close', 'end', 'connecting', 'connect', 'ready']);
  expect(await handle.echo('again')).toBe('again');
  await handle.quit();
});

test('disconnect(true) comes back', async () => {
  const handle = redis.duplicate();
  await once(handle, 'ready');
  const seen = record(handle);
  handle.disconnect(true);
  await once(handle, 'ready');
  expect(seen).toEqual(['close', 'reconnecting', 'connecting', 'connect', 'ready']);
  await handle.quit();
});

test('lazyConnect waits for the first command, or for connect()', async () => {
  const first = redis.duplicate({ lazyConnect: true });
  const seen = record(first);
  await sleep(5);
  expect(first.status).toBe('wait');
  expect(seen).toEqual([]);
  expect(await first.echo('x')).toBe('x');
  expect(first.status).toBe('ready');
  expect(seen).toEqual(['connecting', 'connect', 'ready']);
  const second = redis.duplicate({ lazyConnect: true });
  await second.connect();
  expect(second.status).toBe('ready');
  const third = redis.duplicate({ lazyConnect: true });
  expect(await third.pipeline().echo('y').exec()).toEqual([[null, 'y']]);
  expect(third.status).toBe('ready');
  await Promise.all([first, second, third].map((handle) => handle.quit()));
});

test('all handles of a link tell of its outage, in order', async () => {
  const handle = manager.getConnection('websocket').duplicate();
  await once(handle, 'ready');
  const other = redis.duplicate();
  await once(other, 'ready');
  const [seen, notSeen] = [record(handle), record(other)];
  await server.killClients(({ name }) => name.endsWith(':websocket'));
  await waitFor(() => seen.includes('ready'));
  expect(seen).toEqual(['close', 'reconnecting', 'connecting', 'connect', 'ready']);
  expect(handle.status).toBe('ready');
  expect(notSeen).toEqual([]);
  await Promise.all([handle.quit(), other.quit()]);
});

test('handles with listeners are told, the others are not kept', async () => {
  const { linkView } = require('../../lib/connection/link-view');
  const { watchers } = linkView('main');
  const before = watchers.size;
  for (let index = 0; index < 100; index++) redis.duplicate();
  expect(watchers.size).toBe(before);
  const handle = redis.duplicate();
  handle.on('error', () => {});
  expect(watchers.size).toBe(before + 1);
  await handle.quit();
  expect(watchers.size).toBe(before);
});

test('a handle is bound to its purpose through cleanup() and a new initialize()', async () => {
  const websocket = manager.getConnection('websocket');
  const handle = websocket.duplicate();
  await once(handle, 'ready');
  const seen = record(handle);
  await manager.cleanup();
  expect(websocket.status).toBe('end');
  await expect(websocket.get('x')).rejects.toMatchObject({ code: 'CLOSED' });
  await expect(handle.get('x')).rejects.toMatchObject({ code: 'CLOSED' });
  await manager.initialize({
    ...server.options,
    logger: false,
    purposes: ['main', 'subscriber', 'scheduler', 'websocket'],
  });
  expect(manager.getConnection('websocket')).toBe(websocket);
  expect(await websocket.echo('x')).toBe('x');
  expect(await handle.echo('x')).toBe('x');
  expect(websocket.status).toBe('ready');
  expect(seen.slice(0, 2)).toEqual(['close', 'end']);
  await manager.cleanup();
  await manager.initialize({ ...server.options, logger: false, purposes: ['main'] });
  await expect(websocket.get('x')).rejects.toMatchObject({ code: 'CLOSED' });
  expect(await redis.echo('x')).toBe('x');
});
