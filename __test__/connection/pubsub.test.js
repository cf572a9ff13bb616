'use strict';

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

let server;
let redis;
const made = [];
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
});
beforeEach(async () => {
  await manager.initialize({ ...server.options, logger: false });
  redis = manager.getConnection();
});
afterEach(() => Promise.all(made.splice(0).map((handle) => handle.quit().catch(() => {}))));

/** A handle that keeps what it is told. */
function subscriber(purpose = 'main') {
  const handle = manager.getConnection(purpose).duplicate();
  made.push(handle);
  handle.heard = [];
  for (const event of ['message', 'pmessage', 'smessage']) {
    handle.on(event, (...args) => handle.heard.push([event, ...args]));
  }
  return handle;
}

/** Waits until everything published until now has been delivered. */
async function flushed() {
  const last = subscriber();
  await last.subscribe('last');
  await redis.publish('last', '');
  await waitFor(() => last.heard.length > 0);
}

test('messages come to the handle that subscribed, from any link, and it goes on with other commands', async () => {
  const [one, two] = [subscriber('main'), subscriber('websocket')];
  expect(await one.subscribe('a', 'b')).toBe(2);
  expect(await two.psubscribe('a*')).toBe(1);
  expect(await two.ssubscribe('shard')).toBe(1);
  expect(await redis.publish('a', 'ü')).toBe(2);
  expect(await redis.publish('b', '')).toBe(1);
  await redis.spublish('shard', 'x');
  await flushed();
  expect(one.heard).toEqual([
    ['message', 'a', 'ü'],
    ['message', 'b', ''],
  ]);
  // The order of messages of different kinds is not defined.
  expect(two.heard.sort()).toEqual([
    ['pmessage', 'a*', 'a', 'ü'],
    ['smessage', 'shard', 'x'],
  ]);
  expect(await one.get('none')).toBeNull();
  expect(await manager.getConnection('subscriber').echo('x')).toBe('x');
  expect(await server.clientList()).toHaveLength(5);
});

test('counts are those of the handle, as the server counts those of a connection', async () => {
  const [one, two] = [subscriber(), subscriber()];
  expect(await two.subscribe('x', 'y', 'z')).toBe(3);
  expect(await one.subscribe('a')).toBe(1);
  expect(await one.subscribe(['b', 'c'])).toBe(3);
  expect(await one.subscribe('a')).toBe(3);
  expect(await one.psubscribe('p*')).toBe(4);
  expect(await one.ssubscribe('s')).toBe(1);
  expect(await one.unsubscribe('a', 'nonsense')).toBe(3);
  expect(await one.unsubscribe()).toBe(1);
  expect(await one.punsubscribe()).toBe(0);
  expect(await one.sunsubscribe('s')).toBe(0);
  expect(await one.unsubscribe()).toBe(0);
  expect(await new Promise((resolve) => one.subscribe('cb', (error, count) => resolve([error, count])))).toEqual([
    null,
    1,
  ]);
  expect(await one.call('SUBSCRIBE', 'called')).toBe(2);
  await expect(one.subscribe()).rejects.toThrow("ERR wrong number of arguments for 'subscribe' command");
});

test('one handle that unsubscribes leaves the messages of another coming', async () => {
  const [one, two] = [subscriber(), subscriber()];
  await Promise.all([one.subscribe('c'), two.subscribe('c')]);
  await one.unsubscribe('c');
  await redis.publish('c', '1');
  await flushed();
  expect(one.heard).toEqual([]);
  expect(two.heard).toEqual([['message', 'c', '1']]);
  await two.unsubscribe('c');
  expect(await redis.pubsub('CHANNELS', 'c')).toEqual([]);
});

test('unsubscribing and subscribing at once leaves the handle subscribed', async () => {
  const one = subscriber();
  for (let round = 0; round < 20; round++) {
    void one.subscribe('flip');
    void one.unsubscribe('flip');
  }
  expect(await one.subscribe('flip')).toBe(1);
  expect(await redis.publish('flip', 'x')).toBe(1);
  await flushed();
  expect(one.heard).toEqual([['message', 'flip', 'x']]);
});

test('Buffers', async () => {
  const one = subscriber();
  const heard = [];
  for (const event of ['messageBuffer', 'pmessageBuffer', 'smessageBuffer']) {
    one.on(event, (...args) => heard.push([event, ...args]));
  }
  const bytes = Buffer.from([0, 255, 128]);
  await one.subscribe(Buffer.from('bytes'));
  await one.psubscribe('byt*');
  await one.ssubscribe('sbytes');
  await redis.publish('bytes', bytes);
  await redis.spublish('sbytes', bytes);
  await flushed();
  expect(heard).toContainEqual(['messageBuffer', Buffer.from('bytes'), bytes]);
  expect(heard).toContainEqual(['pmessageBuffer', 'byt*', Buffer.from('bytes'), bytes]);
  expect(heard).toContainEqual(['smessageBuffer', Buffer.from('sbytes'), bytes]);
  expect(one.heard).toContainEqual(['message', 'bytes', bytes.toString()]);
});

test('a handle that ends gives its subscriptions back', async () => {
  const [one, two] = [subscriber(), subscriber()];
  await one.subscribe('ending', 'ending2');
  await two.psubscribe('ending*');
  await one.quit();
  two.disconnect();
  await waitFor(async () => (await redis.pubsub('CHANNELS', 'ending*')).length === 0);
  await waitFor(async () => (await redis.pubsub('NUMPAT')) === 0);
});

test('a listener that throws is an uncaught exception, and costs nobody a message', async () => {
  const [one, two] = [subscriber(), subscriber()];
  const uncaught = [];
  const { queueMicrotask: original } = globalThis;
  globalThis.queueMicrotask = (callback) =>
    original(() => {
      try {
        callback();
      } catch (error) {
        uncaught.push(error.message);
      }
    });
  one.on('message', () => {
    throw new Error('mine');
  });
  await Promise.all([one.subscribe('throws'), two.subscribe('throws')]);
  await redis.publish('throws', '1');
  await redis.publish('throws', '2');
  await flushed();
  globalThis.queueMicrotask = original;
  expect(uncaught).toEqual(['mine', 'mine']);
  expect(two.heard).toEqual([
    ['message', 'throws', '1'],
    ['message', 'throws', '2'],
  ]);
});

test('subscriptions come back after an outage, and only then', async () => {
  const one = subscriber();
  await one.subscribe('outage');
  await one.psubscribe('out*');
  await server.killClients(({ name }) => name.endsWith(':subscriber'));
  await waitFor(async () => (await redis.publish('outage', 'after')) === 2);
  await waitFor(() => one.heard.length === 2);
  expect(one.heard.sort()).toEqual([
    ['message', 'outage', 'after'],
    ['pmessage', 'out*', 'outage', 'after'],
  ]);
});

test('prefixes go before shard channels, and before nothing else, as in ioredis', async () => {
  const handle = redis.duplicate({ keyPrefix: 'p:' });
  made.push(handle);
  await handle.subscribe('plain');
  await handle.ssubscribe('shard');
  expect(await redis.pubsub('CHANNELS', '*plain')).toEqual(['plain']);
  expect(await redis.pubsub('SHARDCHANNELS')).toEqual(['p:shard']);
  await handle.sunsubscribe('shard');
  expect(await redis.pubsub('SHARDCHANNELS')).toEqual([]);
});

test('without a subscriber link there are no subscriptions', async () => {
  await manager.cleanup();
  await manager.initialize({ ...server.options, logger: false, purposes: ['main'] });
  await expect(redis.subscribe('x')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  await expect(redis.subscribe('x')).rejects.toThrow(/purposes/);
  await manager.cleanup();
});

test('the subscriber link alone takes no other commands', async () => {
  await manager.cleanup();
  await manager.initialize({ ...server.options, logger: false, purposes: ['subscriber'] });
  const only = manager.getConnection('subscriber');
  expect(await only.subscribe('x')).toBe(1);
  await expect(only.get('x')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  await manager.cleanup();
});

test('subscriptions end with the links', async () => {
  const one = subscriber();
  await one.subscribe('gone');
  await manager.cleanup();
  await expect(one.subscribe('gone')).rejects.toMatchObject({ code: expect.stringMatching(/UNSUPPORTED|CLOSED/) });
  await manager.initialize({ ...server.options, logger: false });
  expect(await redis.publish('gone', 'x')).toBe(0);
  expect(await one.subscribe('again')).toBe(1);
  expect(await redis.publish('again', 'x')).toBe(1);
});
