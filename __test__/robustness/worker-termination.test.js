'use strict';

const { runScript, startServer, waitFor } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
});

/** A worker that uses all links at once, until it is ended; some end themselves. */
const worker = `
  const { parentPort, workerData } = require('node:worker_threads');
  const manager = require(process.cwd());
  manager.on('error', () => {});
  const value = Buffer.alloc(50_000, 'x');
  async function use(redis, id) {
    for (;;) {
      await redis.set('value', value);
      await redis.getBuffer('value');
      await redis.multi().incr('counter').echo(id).exec();
      await redis.publish('everybody', id);
    }
  }
  manager.initialize(workerData.options).then(async () => {
    const redis = manager.getConnection();
    redis.on('message', () => {
      if (workerData.end === 'throw') throw new Error('on purpose');
      if (workerData.end === 'exit') process.exit(0);
    });
    await redis.subscribe('everybody', 'worker' + workerData.index);
    parentPort.postMessage('up');
    for (const purpose of manager.connectionPurposes) {
      use(manager.getConnection(purpose), purpose).catch(() => {});
    }
  });
`;

test('workers end in the middle of everything, and nobody else notices', async () => {
  const { code, signal, stdout, stderr } = await runScript(`
    const { Worker } = require('node:worker_threads');
    const { setTimeout: sleep } = require('node:timers/promises');
    const manager = require('.');
    const options = ${JSON.stringify({ ...server.options, logger: false })};
    let wrong = 0;
    let isOver = false;

    async function check(redis) {
      for (let index = 0; !isOver; index++) if ((await redis.echo('main' + index)) !== 'main' + index) wrong += 1;
    }

    async function start(index) {
      const end = ['terminate', 'exit', 'terminate', 'throw'][index % 4];
      const instance = new Worker(${JSON.stringify(worker)}, { eval: true, workerData: { options, index, end } });
      instance.on('error', () => {});
      await Promise.race([new Promise((resolve) => instance.once('message', resolve)), sleep(3000)]);
      await sleep(Math.random() * 100);
      await instance.terminate();
    }

    manager.initialize(options).then(async () => {
      const checks = ['main', 'scheduler'].map((purpose) => check(manager.getConnection(purpose)));
      for (let round = 0; round < 4; round++) await Promise.all([0, 1, 2, 3].map((at) => start(round * 4 + at)));
      isOver = true;
      await Promise.all(checks);
      await sleep(100);
      const { links } = manager.getStats();
      console.log(JSON.stringify({ wrong, links: links.length, subscriptions: links[2].subscriptions }));
    });
  `);
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({ wrong: 0, links: 5, subscriptions: 0 });
  await waitFor(async () => (await server.clientList()).length === 0);
});
