'use strict';

const { runScript, startScript, startServer, waitFor } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
});

const json = () => JSON.stringify({ ...server.options, logger: false });
const noLinks = () => waitFor(async () => (await server.clientList()).length === 0);

test('a script that forgets cleanup() ends by itself', async () => {
  const { code, stdout } = await runScript(`
    const manager = require('.');
    manager.initialize(${json()}).then(() => manager.getHelper().set('forgotten', 1)).then(console.log);
  `);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'true\n' });
  await noLinks();
});

test('the process stays alive for a command in flight', async () => {
  const script = startScript(`
    const manager = require('.');
    manager.initialize(${json()}).then(() => {
      console.log('waiting');
      manager.getConnection().blpop('lifetime', 0).then(([, value]) => console.log('got', value));
    });
  `);
  await script.printed('waiting');
  await server.command('RPUSH', 'lifetime', 'it');
  expect(await script.done).toMatchObject({ code: 0, stdout: 'waiting\ngot it\n' });
});

test('and for a subscription, until that ends', async () => {
  const script = startScript(`
    const manager = require('.');
    manager.initialize(${json()}).then(async () => {
      const redis = manager.getConnection('subscriber');
      redis.on('message', (channel, message) => {
        console.log(channel, message);
        redis.unsubscribe('news');
      });
      await redis.subscribe('news');
      console.log('subscribed');
    });
  `);
  await script.printed('subscribed');
  await new Promise((resolve) => setTimeout(resolve, 200));
  await server.command('PUBLISH', 'news', 'hello');
  expect(await script.done).toMatchObject({ code: 0, stdout: 'subscribed\nnews hello\n' });
});

test.each([
  ['process.exit()', 'process.exit(3)', 3],
  ['an uncaught exception', `throw new Error('on purpose')`, 1],
  ['an unhandled rejection', `Promise.reject(new Error('on purpose'))`, 1],
])('%s leaves no connection behind', async (_, statement, code) => {
  const result = await runScript(`
    require('.').initialize(${json()}).then(() => setImmediate(() => { ${statement}; }));
  `);
  expect(result.code).toBe(code);
  await noLinks();
});

test('listeners and a monitor keep nothing alive', async () => {
  const { code } = await runScript(`
    const manager = require('.');
    manager.on('ready', () => {});
    manager.on('monitor', () => {});
    manager.initialize(${json()}).then(() => {
      manager.startMonitoring(10);
      manager.getConnection().on('ready', () => {});
    });
  `);
  expect(code).toBe(0);
  await noLinks();
});
