'use strict';

const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const { handshakeReply, startScriptedServer, startServer, waitFor } = require('../support');
const manager = require('../..');

const { initialize, cleanup, getConnection } = manager;

let server;
beforeAll(async () => {
  server = await startServer();
});
afterEach(() => cleanup());

const options = () => ({ ...server.options, logger: false });
const openLinks = async () => (await server.clientList()).length;

test('without anything to clean up does nothing, any number of times', async () => {
  await cleanup();
  await Promise.all([cleanup(), cleanup()]);
  expect(manager.isInitialized).toBe(false);
});

test('calls at the same time share one closing', async () => {
  await initialize(options());
  await Promise.all([cleanup(), cleanup(), cleanup()]);
  await waitFor(async () => (await openLinks()) === 0);
});

test('finishes what is in flight', async () => {
  await initialize(options());
  const replies = Promise.all(Array.from({ length: 1000 }, (_, index) => getConnection().set(`key:${index}`, index)));
  await cleanup();
  expect(new Set(await replies)).toEqual(new Set(['OK']));
});

test('waits for what is in flight no longer than shutdownTimeout', async () => {
  await initialize({ ...options(), shutdownTimeout: 200 });
  const blocked = getConnection('scheduler').blpop('nothing', 0);
  const settled = expect(blocked).rejects.toMatchObject({ code: 'CLOSED' });
  const start = performance.now();
  await cleanup();
  expect(performance.now() - start).toBeLessThan(3000);
  await settled;
});

test('gives up an initialize() under way', async () => {
  const silent = await startScriptedServer({ onCommand: () => null });
  const attempt = initialize({ host: silent.host, port: silent.port, logger: false });
  const outcome = expect(attempt).rejects.toMatchObject({ code: 'CLOSED' });
  await waitFor(() => silent.connections.length === 5);
  const start = performance.now();
  await cleanup();
  expect(performance.now() - start).toBeLessThan(3000);
  await outcome;
  await waitFor(() => silent.connections.every(({ socket }) => socket.destroyed));
});

test('a worker that calls initialize() while it closes waits for the end, too', async () => {
  await initialize({ ...options(), shutdownTimeout: 400 });
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const manager = require(workerData.directory);
     parentPort.postMessage('here');
     parentPort.once('message', async () => {
       await manager.initialize(workerData.options);
       parentPort.postMessage(await manager.getConnection().ping());
     });`,
    { eval: true, workerData: { directory: require.resolve('../..'), options: options() } },
  );
  await once(worker, 'message');
  const blocked = expect(getConnection('scheduler').blpop('nothing', 0)).rejects.toMatchObject({ code: 'CLOSED' });
  const closed = cleanup();
  worker.postMessage('now');
  expect(await once(worker, 'message')).toEqual(['PONG']);
  await Promise.all([closed, blocked, worker.terminate()]);
});

test('initialize() called while it closes waits for the end and opens again', async () => {
  await initialize(options());
  const closed = cleanup();
  const opened = initialize(options());
  await closed;
  await opened;
  expect(await getConnection().ping()).toBe('PONG');
  expect(await openLinks()).toBe(5);
});

test('the last call wins', async () => {
  await initialize(options());
  const calls = [cleanup(), initialize(options()).catch((error) => error.code), cleanup()];
  await Promise.all(calls);
  expect(manager.isInitialized).toBe(false);
  await waitFor(async () => (await openLinks()) === 0);
  const more = [initialize(options()).catch((error) => error.code), cleanup(), initialize(options())];
  expect((await Promise.all(more))[0]).toBe('CLOSED');
  expect(manager.isInitialized).toBe(true);
});

test('works with await using', async () => {
  await initialize(options());
  await manager[Symbol.asyncDispose]();
  expect(manager.isInitialized).toBe(false);
});

test('ends cleanly with a server that does not answer QUIT', async () => {
  const mute = await startScriptedServer({
    onCommand: (command) => (command[0] === 'QUIT' ? null : handshakeReply(command)),
  });
  await initialize({ host: mute.host, port: mute.port, logger: false, shutdownTimeout: 200 });
  const start = performance.now();
  await cleanup();
  expect(performance.now() - start).toBeLessThan(3000);
});
