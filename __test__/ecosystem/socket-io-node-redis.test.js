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

describe.each([
  ['createAdapter', createAdapter, 6],
  ['createAdapter', createAdapter, 4],
  ['createShardedAdapter', createShardedAdapter, 6],
])('%s on clients of version %i', (_, make, version) => {
  /** As the documentation of the adapter has it: a client and its duplicate. */
  async function makeAdapter() {
    const publisher = manager.getClient('websocket', { version }).duplicate();
    const subscriber = publisher.duplicate();
    await Promise.all([publisher.connect(), subscriber.connect()]);
    return make(publisher, subscriber, { key: `${make.name}${version}` });
  }

  test('two servers speak to all clients, to rooms and to each other', async () => {
    const nodes = await Promise.all([startNode(await makeAdapter()), startNode(await makeAdapter())]);
    const clients = await Promise.all(nodes.map(connect));
    const [first, second] = nodes.map(({ server }) => server);
    await waitFor(async () => (await first.of('/').adapter.serverCount()) === 2);

    const received = clients.map((client) => {
      const list = [];
      client.on('news', (...args) => list.push(args));
      return list;
    });
    first.emit('news', 'hello', { level: 7 }, Buffer.from([0, 255, 10]));
    second.emit('news', 'again');
    await waitFor(() => received.every((list) => list.length === 2));
    for (const list of received) {
      expect(list).toContainEqual(['hello', { level: 7 }, Buffer.from([0, 255, 10])]);
      expect(list).toContainEqual(['again']);
    }

    await clients[1].emitWithAck('join', 'match');
    const said = [];
    clients[1].on('said', (text) => said.push(text));
    await waitFor(async () => {
      first.to('match').emit('said', 'ready?');
      return said.length > 0;
    });
    const ids = clients.map(({ id }) => id).sort();
    await waitFor(async () => (await first.fetchSockets()).length === 2);
    expect((await second.fetchSockets()).map(({ id }) => id).sort()).toEqual(ids);
    expect((await first.in('match').fetchSockets()).map(({ id }) => id)).toEqual([clients[1].id]);
    second.on('who', (reply) => reply('second'));
    expect(await first.serverSideEmitWithAck('who')).toEqual(['second']);

    await second.close();
    await waitFor(async () => (await first.of('/').adapter.serverCount()) === 1);
    const news = once(clients[0], 'last');
    first.emit('last', 'still here');
    expect(await news).toEqual(['still here']);
  });
});
