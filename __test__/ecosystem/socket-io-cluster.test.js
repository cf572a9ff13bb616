'use strict';

// The sharded adapter of socket.io on a Redis Cluster, in both dialects.

const { once } = require('node:events');
const { createShardedAdapter } = require('@socket.io/redis-adapter');
const manager = require('../..');
const { slotOf } = require('../../lib/cluster/key-slot');
const { waitFor } = require('../support');
const { openClusterLinks } = require('./links.js');
const { connect, startNode } = require('./socket-io-app.js');

let links;
beforeAll(async () => {
  links = await openClusterLinks();
}, 60_000);
afterEach(() => links.expectDeclaredOnly());

const ioredis = () => {
  const publisher = manager.getConnection('websocket').duplicate();
  return [publisher, publisher.duplicate()];
};
const nodeRedis = (version) => async () => {
  const publisher = manager.getClient('websocket', { version }).duplicate();
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  return [publisher, subscriber];
};

describe.each([
  ['ioredis', ioredis],
  ['node-redis 6', nodeRedis(6)],
  ['node-redis 4', nodeRedis(4)],
])('in the dialect %s', (name, open) => {
  const channelPrefix = name.replace(' ', '-');
  let servers;
  let clients;
  beforeAll(async () => {
    const adapter = async () => createShardedAdapter(...(await open()), { channelPrefix });
    const nodes = await Promise.all([startNode(await adapter()), startNode(await adapter())]);
    servers = nodes.map(({ server }) => server);
    clients = await Promise.all(nodes.map(connect));
    await waitFor(async () => (await servers[0].of('/').adapter.serverCount()) === 2);
  });

  /** What clients are told by an event, each in a list. */
  const hear = (event) =>
    clients.map((client) => {
      const list = [];
      client.on(event, (...args) => list.push(args));
      return list;
    });

  test('broadcasts reach all clients once, Buffers included', async () => {
    const heard = hear('news');
    servers[0].emit('news', 'hello', { level: 7 }, Buffer.from([0, 255, 10]));
    servers[1].emit('news', 'again');
    await waitFor(() => heard.every((list) => list.length === 2));
    for (const list of heard) {
      expect(list).toContainEqual(['hello', { level: 7 }, Buffer.from([0, 255, 10])]);
      expect(list).toContainEqual(['again']);
    }
  });

  test('rooms, each with a channel of its own, and the sockets of all servers', async () => {
    const heard = hear('said');
    for (const room of ['one', 'two', 'three']) {
      await clients[1].emitWithAck('join', room);
      await waitFor(() => {
        servers[0].to(room).emit('said', room);
        return heard[1].some(([text]) => text === room);
      });
    }
    expect(heard[0]).toEqual([]);
    const ids = clients.map(({ id }) => id).sort();
    await waitFor(async () => (await servers[0].fetchSockets()).length === 2);
    expect((await servers[1].fetchSockets()).map(({ id }) => id).sort()).toEqual(ids);
    expect((await servers[0].in('two').fetchSockets()).map(({ id }) => id)).toEqual([clients[1].id]);
    servers[1].on('who', (reply) => reply('second'));
    expect(await servers[0].serverSideEmitWithAck('who')).toEqual(['second']);
  });

  test('the slot of the channel moves to another node', async () => {
    const slot = slotOf(`${channelPrefix}#/#`);
    const from = await links.cluster.masterOf(slot);
    const to = (await links.cluster.masters()).find((node) => node !== from);
    await links.cluster.moveSlot(slot, to);
    expect(await links.cluster.masterOf(slot)).toBe(to);
    // Both servers hear of it again, when they are subscribed at the other node.
    await waitFor(async () => (await servers[0].of('/').adapter.serverCount()) === 2);
    const heard = hear('moved');
    for (let index = 0; index < 10; index++) servers[index % 2].emit('moved', index);
    await waitFor(() => heard.every((list) => list.length === 10));
    for (const list of heard) expect(list.map(([index]) => index).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await servers[1].of('/').adapter.serverCount()).toBe(2);
  }, 30_000);

  test('a server that closes leaves the other one alone', async () => {
    await servers[1].close();
    await waitFor(async () => (await servers[0].of('/').adapter.serverCount()) === 1);
    const news = once(clients[0], 'last');
    servers[0].emit('last', 'still here');
    expect(await news).toEqual(['still here']);
  });
});
