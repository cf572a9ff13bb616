'use strict';

const { startScript, startServer, runScript, sleep, waitFor } = require('../support');

let server;
beforeEach(async () => {
  server = await startServer();
});

const json = (more = {}) => JSON.stringify({ ...server.options, logger: false, ...more });

test('links that are down keep no process alive', async () => {
  const script = startScript(`
    const manager = require('.');
    manager.initialize(${json()}).then(() => {
      manager.on('reconnecting', () => {});
      manager.on('error', () => {});
      process.stdin.once('data', () => process.stdin.destroy());
      console.log('up');
    });
  `);
  await script.printed('up');
  await server.kill();
  await sleep(300);
  script.child.stdin.write('go\n');
  expect(await script.done).toMatchObject({ code: 0, stderr: '' });
});

test('a command that waits for a link does, until it is given up', async () => {
  const script = startScript(`
    const manager = require('.');
    manager.on('error', () => {});
    manager.initialize(${json({ enableOfflineQueue: true, maxRetriesPerRequest: 2 })}).then(() => {
      process.stdin.once('data', () => {
        process.stdin.destroy();
        manager.getConnection().get('key').catch(({ code }) => console.log(code));
      });
      console.log('up');
    });
  `);
  await script.printed('up');
  await server.kill();
  await sleep(100);
  script.child.stdin.write('go\n');
  expect(await script.done).toMatchObject({ code: 0, stdout: 'up\nMAX_RETRIES_PER_REQUEST\n' });
});

test('a pure subscriber outlives an outage', async () => {
  const script = startScript(`
    const manager = require('.');
    manager.on('error', () => {});
    manager.initialize(${json()}).then(async () => {
      const redis = manager.getConnection();
      redis.on('message', (channel, message) => {
        console.log(message);
        redis.unsubscribe();
      });
      await redis.subscribe('news');
      console.log('subscribed');
    });
  `);
  await script.printed('subscribed');
  await server.kill();
  await sleep(200);
  await server.start();
  await waitFor(async () => (await server.command('PUBLISH', 'news', 'hello')) === 1);
  expect(await script.done).toMatchObject({ code: 0, stdout: 'subscribed\nhello\n' });
});

test('process.exit() in a listener, while workers use the links', async () => {
  const worker = `
    const { workerData } = require('node:worker_threads');
    const manager = require(process.cwd());
    manager.initialize(workerData).then(async () => {
      for (;;) await manager.getConnection('publisher').publish('news', 'x');
    });
  `;
  const { code, signal, stderr } = await runScript(`
    const { Worker } = require('node:worker_threads');
    const manager = require('.');
    const options = ${json()};
    manager.initialize(options).then(async () => {
      let count = 0;
      manager.getConnection().on('message', () => {
        if (++count === 500) process.exit(7);
      });
      await manager.getConnection().subscribe('news');
      for (let index = 0; index < 3; index++) new Worker(${JSON.stringify(worker)}, { eval: true, workerData: options });
    });
  `);
  expect({ code, signal, stderr }).toEqual({ code: 7, signal: null, stderr: '' });
  await waitFor(async () => (await server.clientList()).length === 0);
});

test('what is sent in the last tick still leaves', async () => {
  const { code } = await runScript(`
    const manager = require('.');
    process.on('exit', () => manager.getConnection().rpush('last', 'words'));
    manager.initialize(${json()}).then(() => {
      manager.getConnection().rpush('last', 'but one');
      process.exit(3);
    });
  `);
  expect(code).toBe(3);
  expect(await server.command('LRANGE', 'last', 0, -1)).toEqual(['but one', 'words']);
});
