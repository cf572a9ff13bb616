'use strict';

const { startScript, startServer, waitFor } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
});

const openLinks = async () => (await server.clientList()).length;

/** A service: initialized with the options, and alive for as long as nothing ends it. */
async function startService(setup = '', options = {}) {
  const script = startScript(
    `
    const manager = require('.');
    setInterval(() => {}, 1000);
    manager.initialize(${JSON.stringify({ ...server.options, ...options })}).then(async () => {
      ${setup}
      console.log('listening');
    });
    `,
  );
  await script.printed('listening');
  return script;
}

test.each(['SIGINT', 'SIGTERM', 'SIGQUIT'])('%s closes the links and ends the process with 0', async (signal) => {
  const service = await startService();
  expect(await openLinks()).toBe(5);
  service.kill(signal);
  const { code, stdout } = await service.done;
  expect(code).toBe(0);
  expect(stdout).toContain(`Received ${signal}, shutting down Redis connections...`);
  await waitFor(async () => (await openLinks()) === 0);
});

test('what is in flight is finished first', async () => {
  await server.command('DEL', 'list');
  const service = await startService(`
    manager.getConnection().blpop('list', 0).then(([, value]) => console.log('popped', value));
  `);
  service.kill('SIGTERM');
  await service.printed('Received');
  await server.command('RPUSH', 'list', 'last words');
  const { code, stdout } = await service.done;
  expect(code).toBe(0);
  expect(stdout).toContain('popped last words');
});

test('but not for longer than shutdownTimeout', async () => {
  const service = await startService(`manager.getConnection().blpop('nothing', 0).catch(() => {});`, {
    shutdownTimeout: 300,
  });
  const start = performance.now();
  service.kill('SIGTERM');
  expect((await service.done).code).toBe(0);
  expect(performance.now() - start).toBeLessThan(5000);
});

test('a second signal ends the process at once', async () => {
  const service = await startService(`manager.getConnection().blpop('nothing', 0).catch(() => {});`, {
    shutdownTimeout: 20_000,
  });
  service.kill('SIGINT');
  await service.printed('Received');
  service.kill('SIGINT');
  expect((await service.done).code).toBe(130);
});

test.each(['on', 'once'])('an application with a handler of its own (%s) decides by itself', async (method) => {
  const service = await startService(`
    process.${method}('SIGTERM', async () => {
      console.log('mine', await manager.getConnection().ping());
      await manager.cleanup();
      process.exitCode = 7;
      process.exit();
    });
  `);
  service.kill('SIGTERM');
  const { code, stdout } = await service.done;
  expect(code).toBe(7);
  expect(stdout).toContain('mine PONG');
  expect(stdout).not.toContain('Received');
});

test('a once handler from before initialize() counts too', async () => {
  const service = startScript(`
    process.once('SIGTERM', () => setTimeout(() => process.exit(7), 300));
    setInterval(() => {}, 1000);
    require('.').initialize(${JSON.stringify(server.options)}).then(() => console.log('listening'));
  `);
  await service.printed('listening');
  service.kill('SIGTERM');
  expect((await service.done).code).toBe(7);
});

test('after cleanup(), and with gracefulShutdown: false, signals do what they do without us', async () => {
  const cleaned = await startService('await manager.cleanup();');
  cleaned.kill('SIGTERM');
  expect(await cleaned.done).toMatchObject({ code: null, signal: 'SIGTERM' });
  const without = await startService('', { gracefulShutdown: false });
  without.kill('SIGINT');
  expect(await without.done).toMatchObject({ code: null, signal: 'SIGINT' });
  await waitFor(async () => (await openLinks()) === 0);
});

test('however many copies of the module and calls there are, there is one listener', async () => {
  const service = await startService(`
    for (let copy = 0; copy < 20; copy++) {
      for (const file of Object.keys(require.cache)) if (!file.endsWith('.node')) delete require.cache[file];
      const other = require(process.cwd());
      await other.initialize();
      other.setupGracefulShutdown();
      other.setupGracefulShutdown();
    }
    console.log('listeners', process.listenerCount('SIGTERM'));
  `);
  service.kill('SIGTERM');
  const { code, stdout, stderr } = await service.done;
  expect(stdout).toContain('listeners 1\n');
  expect(stderr).not.toContain('MaxListenersExceededWarning');
  expect(code).toBe(0);
});

test('a worker registers nothing, and the main thread closes what it opened', async () => {
  const service = startScript(`
    const { Worker, isMainThread } = require('node:worker_threads');
    const manager = require('.');
    const worker = new Worker(
      "require(process.cwd()).initialize(" + ${JSON.stringify(JSON.stringify(server.options))} + ")" +
        ".then(() => { require('node:worker_threads').parentPort.postMessage('ready'); setInterval(() => {}, 1000); })",
      { eval: true },
    );
    worker.once('message', () => {
      console.log('listeners', process.listenerCount('SIGTERM'));
      manager.setupGracefulShutdown();
      console.log('listening');
    });
  `);
  await service.printed('listening');
  expect(await openLinks()).toBe(5);
  service.kill('SIGTERM');
  const { code, stdout } = await service.done;
  expect(stdout).toContain('listeners 0\n');
  expect(code).toBe(0);
  await waitFor(async () => (await openLinks()) === 0);
});

test('a sandbox such as that of jest gets no listeners', async () => {
  const manager = require('../..');
  await manager.initialize({ ...server.options, logger: false });
  manager.setupGracefulShutdown();
  expect(process.listenerCount('SIGTERM')).toBe(0);
  await manager.cleanup();
});
