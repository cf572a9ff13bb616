'use strict';

const { Worker } = require('node:worker_threads');
const { once } = require('node:events');
const manager = require('../..');
const { handshakeReply, onCleanup, projectRoot, startScriptedServer, startServer, waitFor } = require('../support');

afterEach(() => manager.cleanup());
manager.on('error', () => {});

test('a server that stands still keeps no subscribe() and no unsubscribe() waiting', async () => {
  const server = await startServer();
  onCleanup(() => server.resume());
  const options = { ...server.options, logger: false, commandTimeout: 300, heartbeatInterval: 0, shutdownTimeout: 100 };
  await manager.initialize(options);
  const redis = manager.getConnection();
  await redis.subscribe('before');
  server.pause();
  const [subscribed, unsubscribed] = await Promise.allSettled([redis.subscribe('news'), redis.unsubscribe('before')]);
  server.resume();
  expect(subscribed.reason).toMatchObject({ code: 'COMMAND_TIMEOUT' });
  expect(unsubscribed.status).toBe('fulfilled');
  // What the server did in the end of what was given up, it is told to undo.
  await waitFor(async () => (await server.command('PUBSUB', 'NUMSUB', 'news'))[1] === 0);
  await redis.subscribe('news');
  expect(await server.command('PUBSUB', 'NUMSUB', 'news')).toEqual(['news', 1]);
});

test('nor does one that hangs up at every SUBSCRIBE', async () => {
  const { port } = await startScriptedServer({
    onCommand: (command, { socket }) => {
      if (command[0] === 'SUBSCRIBE' || command[0] === 'QUIT') socket.end();
      else return handshakeReply(command);
    },
  });
  await manager.initialize({ port, logger: false, commandTimeout: 500, shutdownTimeout: 100 });
  const redis = manager.getConnection();
  await expect(redis.subscribe('news')).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT' });
});

test('a thread that has not heard of the new links yet gets no reply from the wrong one', async () => {
  const server = await startServer();
  const options = { ...server.options, logger: false };
  await manager.initialize({ ...options, purposes: ['main', 'subscriber'] });
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    const manager = require(${JSON.stringify(projectRoot)});
    manager.initialize().then(async () => {
      const redis = manager.getConnection();
      await redis.ping();
      parentPort.postMessage('ready');
      Atomics.wait(workerData, 0, 0);
      const outcomes = await Promise.allSettled([redis.get('a'), redis.get('b')]);
      parentPort.postMessage(outcomes.map(({ reason }) => reason?.code));
    });
  `;
  const worker = new Worker(source, { eval: true, workerData: gate });
  onCleanup(() => worker.terminate());
  await once(worker, 'message');
  await manager.cleanup();
  await manager.initialize({ ...options, purposes: ['subscriber', 'main'] });
  const [codes] = await Promise.all([
    once(worker, 'message'),
    Promise.resolve().then(() => {
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
    }),
  ]);
  expect(codes[0]).toEqual(['CLOSED', 'CLOSED']);
});
