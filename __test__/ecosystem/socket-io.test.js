'use strict';

const { once } = require('node:events');
const { createAdapter, createShardedAdapter } = require('@socket.io/redis-adapter');
const manager = require('../..');
const { waitFor } = require('../support');
const { openLinks } = require('./links.js');
const { connect, startNode } = require('./socket-io-app.js');

let links;
beforeAll(async () => {
  links = await openLinks();
});
afterEach(() => links.watch.expectDeclaredOnly());

/** Two servers that know of each other by Redis only, each with a client that has said hello. */
async function startServers(makeAdapter) {
  const nodes = await Promise.all([startNode(makeAdapter()), startNode(makeAdapter())]);
  const clients = await Promise.all(nodes.map(connect));
  return { nodes, clients };
}

/** An adapter whose handles are as ioredis' documentation of the adapter has them: a client and its duplicate. */
function classic() {
  const publisher = manager.getConnection('websocket').duplicate();
  return createAdapter(publisher, publisher.duplicate());
}

function sharded() {
  const publisher = manager.getConnection('websocket').duplicate();
  return createShardedAdapter(publisher, publisher.duplicate());
}

describe.each([
  ['createAdapter', classic],
  ['createShardedAdapter', sharded],
])('%s', (_, makeAdapter) => {
  let nodes;
  let clients;
  beforeAll(async () => {
    ({ nodes, clients } = await startServers(makeAdapter));
    await waitFor(async () => (await nodes[0].server.of('/').adapter.serverCount()) === 2);
  });

  test('a broadcast reaches the clients of both servers, once each, Buffers included', async () => {
    const received = clients.map((client) => {
      const list = [];
      client.on('news', (...args) => list.push(args));
      return list;
    });
    nodes[0].server.emit('news', 'hello', { level: 7 }, Buffer.from([0, 255, 10]));
    nodes[1].server.emit('news', 'again');
    await waitFor(() => received.every((list) => list.length === 2));
    for (const list of received) {
      expect(list).toContainEqual(['hello', { level: 7 }, Buffer.from([0, 255, 10])]);
      expect(list).toContainEqual(['again']);
    }
  });

  test('a room spans the servers', async () => {
    const [inside, outside] = [[], []];
    const visitor = await connect(nodes[1]);
    clients[1].on('said', (text) => inside.push(text));
    visitor.on('said', (text) => outside.push(text));
    await Promise.all(clients.map((client) => client.emitWithAck('join', 'match')));
    await waitFor(() => nodes[1].server.of('/').adapter.rooms.has('match'));
    // Subscriptions to rooms are on their way to the server: nobody says when they are there.
    await waitFor(async () => {
      clients[0].emit('say', 'match', 'ready?');
      return inside.length > 0;
    });
    expect(new Set(inside)).toEqual(new Set(['ready?']));
    expect(outside).toEqual([]);
    visitor.disconnect();
  });

  test('fetchSockets() and rooms of all servers', async () => {
    const ids = clients.map(({ id }) => id).sort();
    const idsOf = async (operator) => (await operator.fetchSockets()).map(({ id }) => id).sort();
    await waitFor(async () => (await idsOf(nodes[0].server)).length === 2);
    for (const { server } of nodes) {
      expect(await idsOf(server)).toEqual(ids);
      expect(await idsOf(server.in('match'))).toEqual(ids);
      expect(await idsOf(server.in('nobody'))).toEqual([]);
    }
    nodes[0].server.in(clients[1].id).socketsJoin('alone');
    await waitFor(async () => (await idsOf(nodes[0].server.in('alone'))).length === 1);
    expect(await idsOf(nodes[1].server.in('alone'))).toEqual([clients[1].id]);
  });

  test('acknowledgements of clients, and of servers', async () => {
    for (const client of clients) client.on('ask', (reply) => reply(client.id));
    // The adapter's timer runs on when all have answered, and jest would wait for it.
    const answers = await nodes[0].server.timeout(400).emitWithAck('ask');
    expect(answers.sort()).toEqual(clients.map(({ id }) => id).sort());
    nodes[1].server.on('who', (reply) => reply('second'));
    expect(await nodes[0].server.serverSideEmitWithAck('who')).toEqual(['second']);
  });

  test('a server that closes leaves the other one alone', async () => {
    await nodes[1].server.close();
    await waitFor(async () => (await nodes[0].server.of('/').adapter.serverCount()) === 1);
    const news = once(clients[0], 'last');
    nodes[0].server.emit('last', 'still here');
    expect(await news).toEqual(['still here']);
    expect((await nodes[0].server.fetchSockets()).map(({ id }) => id)).toEqual([clients[0].id]);
  });
});
