'use strict';

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');
const { VERSIONS } = require('./versions.js');

let server;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
});
afterEach(async () => expect((await server.clientList()).length).toBe(5));

describe.each(VERSIONS)('version %i', (version, name) => {
  const { createClient } = require(name);

  /** Two of ours, for one listens and the other does not, and what all of them heard. */
  async function subscribers(count = 2) {
    const clients = Array.from({ length: count }, () => manager.getClient('main', { version }).duplicate());
    await Promise.all(clients.map((client) => client.connect()));
    return clients;
  }

  const quit = (clients) => Promise.all(clients.map((client) => client.quit()));

  test('listeners hear what those of the package hear', async () => {
    const theirs = createClient({ socket: { host: server.options.host, port: server.port } });
    theirs.on('error', () => {});
    onCleanup(() => theirs.isOpen && theirs.disconnect());
    await theirs.connect();
    const [ours] = await subscribers(1);
    const publisher = manager.getClient('publisher', { version });
    const heard = await Promise.all(
      [ours, theirs].map(async (client) => {
        const told = [];
        const say =
          (label) =>
          (...args) =>
            told.push([label, ...args]);
        const [a, b, both, buffer, pattern, all, shard] = 'a b both buffer pattern all shard'.split(' ').map(say);
        const outcomes = [
          await client.subscribe('one', a),
          await client.subscribe(['one', 'two'], both),
          await client.SUBSCRIBE('two', b),
          await client.subscribe('one', buffer, true),
          await client.pSubscribe('o*', pattern),
          await client.pSubscribe(['*o', 'o*'], all, true),
          await client.sSubscribe('one', shard),
        ];
        told.push(['outcomes', outcomes, client.isPubSubActive]);
        return { client, told, listeners: { a, b, both, buffer, pattern, all, shard } };
      }),
    );
    /** Says it, and waits until it was heard: the last word goes to a channel that all of them listen to in the end. */
    const say = async (...messages) => {
      for (const [channel, message] of messages) await publisher.publish(channel, message);
      await publisher.sPublish('one', `end ${messages}`);
      await waitFor(() => heard.every(({ told }) => told.some(([, text]) => text === `end ${messages}`)));
      // Shard channels are answered apart from the others.
      for (const { told } of heard) told.sort((x, y) => order(x) - order(y));
    };
    const order = ([label]) => (label === 'shard' ? 1 : 0);
    await say(['one', 'first'], ['two', Buffer.from('zw\u00f6lf')], ['three', 'nobody'], ['oo', Buffer.from([0, 255])]);
    for (const { client, listeners } of heard) {
      await client.unsubscribe('one', listeners.a);
      await client.unsubscribe(['two'], listeners.b);
      await client.pUnsubscribe('*o');
      await client.pUnsubscribe('o*', listeners.all, true);
    }
    await say(['one', 'second'], ['two', 'second']);
    for (const { client } of heard) {
      await client.unsubscribe(['one', 'two']);
      await client.PUNSUBSCRIBE('o*');
    }
    await say(['one', 'third'], ['two', 'third']);
    for (const { client, told } of heard) {
      await client.sUnsubscribe('one');
      told.push(['active', client.isPubSubActive]);
    }
    expect(heard[0].told).toStrictEqual(heard[1].told);
    expect(heard[0].told.length).toBeGreaterThan(15);
    await (theirs.close?.() ?? theirs.quit());
    await ours.quit();
  });

  test('a handle hears what it listens to, and no other hears it', async () => {
    const [first, second] = await subscribers();
    const heard = [];
    await first.subscribe('channel', (message) => heard.push(['first', message]));
    await second.subscribe('channel', (message) => heard.push(['second', message]));
    // The count is that of the connections there would be.
    expect((await first.pubSubNumSub('channel')).channel).toBe(2);
    await second.publish('channel', 'to both');
    await waitFor(() => heard.length === 2);
    await second.unsubscribe('channel');
    await second.publish('channel', 'to the first');
    await waitFor(() => heard.length === 3);
    expect(heard.at(-1)).toEqual(['first', 'to the first']);
    // A handle that listens takes commands like any other.
    expect(await first.set('k', 'v')).toBe('OK');
    await quit([first, second]);
  });

  test('subscriptions wait for connect(), and come back with it', async () => {
    const client = manager.getClient('main', { version }).duplicate();
    const heard = [];
    const subscribed = client.subscribe('later', (message) => heard.push(message));
    await client.connect();
    await subscribed;
    await client.publish('later', 'one');
    await waitFor(() => heard.length === 1);
    await client.disconnect();
    await manager.getClient('main', { version }).publish('later', 'unheard');
    await client.connect();
    await client.publish('later', 'two');
    await waitFor(() => heard.length === 2);
    expect(heard).toEqual(['one', 'two']);
    await client.quit();
  });

  test('listeners move to another handle', async () => {
    const [from, to] = await subscribers();
    const heard = [];
    await from.subscribe('moving', (message) => heard.push(String(message)), true);
    await to.extendPubSubListeners('CHANNELS', new Map(from.getPubSubListeners('CHANNELS')));
    await from.unsubscribe('moving');
    await from.publish('moving', 'there');
    await waitFor(() => heard.length === 1);
    await quit([from, to]);
  });
});
