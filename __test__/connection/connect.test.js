'use strict';

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

// A link whose retryStrategy wants no further attempt ends, until somebody calls connect().

/** What connect() is told to do after the link was lost: null ends it. */
let delay;
let server;
let redis;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
});
beforeEach(async () => {
  delay = null;
  await manager.initialize({
    ...server.options,
    logger: false,
    blockingConnections: 1,
    retryStrategy: () => delay,
    purposes: ['main', 'subscriber', 'other'],
  });
  redis = manager.getConnection();
});
afterEach(() => manager.cleanup());

const EVENTS = ['connecting', 'connect', 'ready', 'close', 'reconnecting', 'end'];

function record(handle) {
  const seen = [];
  for (const event of EVENTS) handle.on(event, () => seen.push(event));
  return seen;
}

async function loseAll() {
  await server.killClients();
  const ended = ({ state }) => state === 'end';
  await waitFor(() => {
    const { links, lanes } = manager.getStats();
    return links.every(ended) && lanes.links.every(ended) && redis.status === 'end';
  });
}

test('a link that was given up refuses commands, until connect() dials again', async () => {
  const seen = record(redis);
  const duplicate = redis.duplicate();
  await loseAll();
  expect(seen).toEqual(['close', 'end']);
  const refused = { code: 'CLOSED', message: 'Connection is closed.' };
  await expect(redis.get('key')).rejects.toMatchObject(refused);
  await expect(duplicate.get('key')).rejects.toMatchObject(refused);
  const connecting = redis.connect();
  expect(redis.status).toBe('connecting');
  await expect(redis.connect()).rejects.toThrow('Redis is already connecting/connected');
  await connecting;
  expect(redis.status).toBe('ready');
  expect(seen).toEqual(['close', 'end', 'connecting', 'connect', 'ready']);
  expect(await redis.set('key', 1)).toBe('OK');
  // It was the link that was dialled, for all of its handles, and for no others.
  expect(await duplicate.get('key')).toBe('1');
  expect(await redis.blpop('none', 0.01)).toBeNull();
  expect(manager.getConnection('other').status).toBe('end');
  await Promise.all([manager.getConnection('other').connect(), manager.getConnection('subscriber').connect()]);
  expect(await server.clientList()).toHaveLength(4);
  expect(await redis.subscribe('news')).toBe(1);
  await redis.unsubscribe();
});

test('connect() rejects when the attempt fails, and may be called again', async () => {
  const seen = record(redis);
  await loseAll();
  await server.stop();
  await expect(redis.connect()).rejects.toMatchObject({ code: 'CLOSED', message: 'Connection is closed.' });
  await waitFor(() => seen.length === 5);
  expect(seen).toEqual(['close', 'end', 'connecting', 'close', 'end']);
  expect(redis.status).toBe('end');
  delay = 20;
  await expect(redis.connect()).rejects.toMatchObject({ code: 'CLOSED' });
  await server.start();
  // That attempt has failed, but retryStrategy wants others now.
  await waitFor(() => redis.status === 'ready');
  expect(await redis.echo('back')).toBe('back');
});

test('connect() while the link is being dialled again waits for that', async () => {
  delay = 50;
  await server.stop();
  await waitFor(() => redis.status === 'reconnecting');
  const handle = redis.duplicate();
  await server.start();
  const connected = redis.connect();
  await waitFor(() => redis.status === 'ready');
  await connected.catch(({ code }) => expect(code).toBe('CLOSED'));
  expect(await handle.echo('x')).toBe('x');
});

test('a handle that was ended on a link that was given up', async () => {
  const handle = redis.duplicate();
  await handle.quit();
  await loseAll();
  await handle.connect();
  expect(handle.status).toBe('ready');
  expect(await handle.echo('x')).toBe('x');
  expect(redis.status).toBe('ready');
  await handle.quit();
});
