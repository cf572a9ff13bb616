'use strict';

const { once } = require('node:events');
const IoRedis = require('ioredis');
const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

// What ioredis emits over the life of a connection, a handle emits: the same script with both, each on a server of its own.

const EVENTS = ['wait', 'connecting', 'connect', 'ready', 'close', 'reconnecting', 'end', 'error'];

/** What retryStrategy says, to both. */
let delay = 20;
const retryStrategy = () => delay;

let theirServer;
let ourServer;
beforeAll(async () => {
  [theirServer, ourServer] = await Promise.all([startServer(), startServer()]);
  onCleanup(() => manager.cleanup());
});
beforeEach(async () => {
  delay = 20;
  await manager.initialize({ ...ourServer.options, logger: false, retryStrategy, purposes: ['main', 'subscriber'] });
});
afterEach(() => manager.cleanup());

/** A connection of one's own, and what happens to it. */
function open(kind, options) {
  const { host, port } = theirServer;
  const redis =
    kind === 'theirs'
      ? new IoRedis({ host, port, retryStrategy, ...options })
      : manager.getConnection().duplicate(options);
  onCleanup(() => redis.status === 'end' || redis.disconnect());
  const seen = [];
  for (const event of EVENTS) redis.on(event, (value) => seen.push(shown(event, value)));
  return { redis, seen, server: kind === 'theirs' ? theirServer : ourServer };
}

function shown(event, value) {
  if (event === 'error') return `error ${value.code}`;
  return value === undefined ? event : `${event} ${value}`;
}

async function settled(call) {
  try {
    return await call;
  } catch ({ message }) {
    return message;
  }
}

/** Attempts that fail come as often as it takes the server to come back. */
function withoutRepetition(seen) {
  const failed = ['connecting', 'error ECONNREFUSED', 'close', `reconnecting ${delay}`].join();
  return seen
    .join()
    .replace(new RegExp(`(?:${failed},)+`), `${failed},...,`)
    .split(',');
}

const scripts = {
  'a connection that is used and closed': async ({ redis, seen }) => {
    const statuses = [redis.status];
    await once(redis, 'ready');
    statuses.push(redis.status);
    const replies = [await redis.set('k', 'v'), await settled(redis.connect()), await redis.quit()];
    await waitFor(() => seen.includes('end'));
    statuses.push(redis.status);
    replies.push(await settled(redis.get('k')), await settled(redis.quit()));
    return { seen, statuses, replies };
  },
  'disconnect() and connect()': async ({ redis, seen }) => {
    await once(redis, 'ready');
    redis.disconnect();
    await once(redis, 'end');
    const statuses = [redis.status];
    await redis.connect();
    statuses.push(redis.status);
    redis.disconnect();
    await once(redis, 'end');
    return { seen, statuses };
  },
  'disconnect(true)': async ({ redis, seen }) => {
    await once(redis, 'ready');
    redis.disconnect(true);
    await once(redis, 'ready');
    const reply = await redis.quit();
    await waitFor(() => seen.includes('end'));
    // How long it waits is not up to a handle, whose link is there.
    return { seen: seen.map((each) => each.replace(/^reconnecting \d+$/, 'reconnecting')), reply };
  },
  'lazyConnect, and a command': async ({ redis, seen }) => {
    const statuses = [redis.status];
    await new Promise(setImmediate);
    statuses.push(redis.status);
    await redis.set('k', 'v');
    statuses.push(redis.status);
    await redis.quit();
    await waitFor(() => seen.includes('end'));
    return { seen, statuses };
  },
  'lazyConnect, and connect()': async ({ redis, seen }) => {
    await redis.connect();
    redis.disconnect();
    await once(redis, 'end');
    return { seen };
  },
  'lazyConnect, and disconnect()': async ({ redis, seen }) => {
    redis.disconnect();
    await once(redis, 'end');
    return { seen, status: redis.status };
  },
  'a server that ends and comes back': async ({ redis, seen, server }) => {
    await once(redis, 'ready');
    await server.stop();
    await waitFor(() => seen.filter((each) => each === 'error ECONNREFUSED').length >= 2);
    const { status } = redis;
    await server.start();
    await waitFor(() => seen.filter((each) => each === 'ready').length === 2);
    const reply = await redis.set('k', 'v');
    await redis.quit();
    await waitFor(() => seen.includes('end'));
    return { seen: withoutRepetition(seen), isDown: /^(reconnecting|connecting|close)$/.test(status), reply };
  },
  'a retryStrategy that wants no attempt': async ({ redis, seen, server }) => {
    await once(redis, 'ready');
    delay = null;
    const ended = new Promise((resolve) => redis.once('end', resolve));
    await server.killClients();
    await ended;
    const { status } = redis;
    const replies = [await settled(redis.get('k')), await settled(redis.connect()), redis.status];
    redis.disconnect();
    await waitFor(() => seen.filter((each) => each === 'end').length === 2);
    return { seen, status, replies };
  },
};

test.each(Object.entries(scripts))('%s', async (name, script) => {
  const options = name.startsWith('lazyConnect') ? { lazyConnect: true } : {};
  const expected = await script(open('theirs', options));
  delay = 20;
  const actual = await script(open('ours', options));
  // Of a connection that the server closes, ioredis tells by `close` alone.
  expect({ ...actual, seen: actual.seen.filter((each) => each !== 'error ECONNRESET') }).toEqual(expected);
});

test('a handle that is not connected yet does not connect in order to quit', async () => {
  const { redis, seen } = open('ours', { lazyConnect: true });
  expect(await redis.quit()).toBe('OK');
  await waitFor(() => seen.includes('end'));
  expect(seen).toEqual(['wait', 'close', 'end']);
});
