'use strict';

const manager = require('../..');
const { startServer, waitFor } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
});
afterEach(() => manager.cleanup());

/** @param {object} [options] */
async function subscribers(options) {
  await manager.initialize({ ...server.options, logger: false, ...options });
  manager.on('error', () => {});
  return [manager.getConnection().duplicate(), manager.getConnection().duplicate()];
}

const killSubscriber = () => server.killClients(({ name }) => name.endsWith(':subscriber'));

test('channels that differ only in bytes which are not UTF-8 are told apart', async () => {
  const [first, second] = await subscribers();
  const messages = [];
  first.on('messageBuffer', (channel, message) => messages.push(['first', channel.toString('hex'), String(message)]));
  second.on('message', (channel, message) => messages.push(['second', message]));
  await first.subscribe(Buffer.from([0xff, 1]));
  await second.subscribe(Buffer.from([0xfe, 1]));
  await server.command('PUBLISH', Buffer.from([0xff, 1]), 'one');
  await server.command('PUBLISH', Buffer.from([0xfe, 1]), 'two');
  await waitFor(() => messages.length === 2);
  expect(messages).toEqual([
    ['first', 'ff01', 'one'],
    ['second', 'two'],
  ]);
  await first.unsubscribe(Buffer.from([0xff, 1]));
  expect(await server.command('PUBSUB', 'CHANNELS')).toHaveLength(1);
});

test('without autoResubscribe, subscribing again subscribes again', async () => {
  const [first, second] = await subscribers({ autoResubscribe: false });
  const messages = [];
  first.on('message', (_, message) => messages.push(message));
  await first.subscribe('news');
  await second.subscribe('news');
  const isBack = new Promise((resolve) => manager.once('ready', resolve));
  await killSubscriber();
  await isBack;
  expect(await server.command('PUBSUB', 'CHANNELS')).toEqual([]);
  await first.subscribe('news');
  await server.command('PUBLISH', 'news', 'hello');
  await waitFor(() => messages.length === 1);
});

test('a link that was given up, and one that was closed, say so', async () => {
  const [handle] = await subscribers({ retryStrategy: () => null });
  await handle.subscribe('news');
  const hasEnded = new Promise((resolve) => manager.once('end', resolve));
  await killSubscriber();
  await hasEnded;
  await expect(handle.subscribe('news')).rejects.toMatchObject({ code: 'CLOSED' });
  await manager.cleanup();
  await expect(handle.subscribe('news')).rejects.toMatchObject({ code: 'CLOSED' });
});

test('what one handle unsubscribes in a listener, another still gets', async () => {
  const [first, second] = await subscribers();
  const messages = [];
  first.on('message', (_, message) => {
    messages.push(`first ${message}`);
    first.unsubscribe('news');
  });
  second.on('message', (_, message) => messages.push(`second ${message}`));
  await first.subscribe('news');
  await second.subscribe('news');
  await server.command('PUBLISH', 'news', '1');
  await waitFor(() => messages.length === 2);
  await server.command('PUBLISH', 'news', '2');
  await waitFor(() => messages.length === 3);
  expect(messages).toEqual(['first 1', 'second 1', 'second 2']);
});
