'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { projectRoot, runScript, startServer, waitFor } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
});

const openLinks = async () => (await server.clientList()).length;
const json = () => JSON.stringify({ ...server.options, logger: false });

test('module registry resets of jest share the links', async () => {
  const first = require('../..');
  await first.initialize({ ...server.options, logger: false, purposes: ['main', 'cache'] });
  jest.resetModules();
  const second = require('../..');
  expect(second).not.toBe(first);
  expect(second.isInitialized).toBe(true);
  expect(second.connectionPurposes).toEqual(['main', 'cache']);
  expect(await second.getConnection('cache').ping()).toBe('PONG');
  const warnings = [];
  second.on('warning', ({ code }) => warnings.push(code));
  await second.initialize({ envFile: false });
  expect(warnings).toEqual(['OPTIONS_IGNORED']);
  expect(await openLinks()).toBe(2);
  await second.cleanup();
  expect(first.isInitialized).toBe(false);
  await waitFor(async () => (await openLinks()) === 0);
});

test('workers share the links of the process, without initialize() of their own', async () => {
  const { code, stdout, stderr } = await runScript(`
    const { Worker } = require('node:worker_threads');
    const manager = require('.');
    const source = \`
      const { parentPort } = require('node:worker_threads');
      const manager = require(process.cwd());
      (async () => {
        const before = [manager.isInitialized, manager.connections.size, manager.connectionPurposes.join()];
        await manager.initialize();
        await manager.getConnection('scheduler').incr('workers');
        parentPort.postMessage(before);
      })();
    \`;
    manager.initialize(${json()}).then(async () => {
      await manager.getConnection().del('workers');
      await Promise.all(Array.from({ length: 4 }, () => new Promise((resolve, reject) => {
        const worker = new Worker(source, { eval: true });
        worker.once('message', (message) => console.log(...message));
        worker.once('error', reject).once('exit', resolve);
      })));
      console.log('counted', await manager.getConnection().get('workers'));
      const list = await manager.getConnection().client('LIST');
      console.log('links', list.trim().split('\\n').length);
    });
  `);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const line = 'true 5 main,publisher,subscriber,websocket,scheduler\n';
  expect(stdout).toBe(`${line.repeat(4)}counted 4\nlinks 5\n`);
});

test('a worker does not close links that others use', async () => {
  const { code, stdout, stderr } = await runScript(`
    const { Worker } = require('node:worker_threads');
    const manager = require('.');
    manager.initialize(${json()}).then(async () => {
      await new Promise((resolve) => new Worker(
        "const m = require(process.cwd()); m.getConnection().ping().then(() => m.cleanup())",
        { eval: true },
      ).once('exit', resolve));
      console.log(manager.isInitialized, await manager.getConnection().ping());
    });
  `);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/true PONG\n$/),
    stderr: '',
  });
});

test('a second copy of the package shares the links', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-copy-'));
  try {
    for (const entry of fs.readdirSync(projectRoot)) {
      if (/^(index\.js|binding\.js|package\.json|lib|.*\.node)$/.test(entry)) {
        fs.cpSync(path.join(projectRoot, entry), path.join(directory, entry), { recursive: true });
      }
    }
    fs.symlinkSync(path.join(projectRoot, 'node_modules'), path.join(directory, 'node_modules'));
    const { code, stdout, stderr } = await runScript(`
      const first = require('.');
      const second = require(${JSON.stringify(directory)});
      first.initialize(${json()}).then(async () => {
        console.log(second !== first, second.isInitialized, await second.getConnection('websocket').ping());
        const list = await second.getConnection().client('LIST');
        console.log('links', list.trim().split('\\n').length);
        await second.cleanup();
        console.log(first.isInitialized);
      });
    `);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/true true PONG\nlinks 5\n(.*\n)*false\n/);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
});

test('import has a name for every method', async () => {
  const { METHODS } = require('../../lib/manager');
  const script = `import * as names from 'unified-redis'; console.log(JSON.stringify(Object.keys(names)));`;
  const { stdout } = await runScript(script, { module: true });
  const classes = ['ReplyError', 'UnifiedRedisError', 'UnifiedRedisManager'];
  expect(JSON.parse(stdout).sort()).toEqual([...METHODS, ...classes, 'default'].sort());
});

test('import gives the same manager, whole and by name', async () => {
  const { code, stdout, stderr } = await runScript(
    `
    import manager, { initialize, getConnection, cleanup, UnifiedRedisManager, ReplyError, UnifiedRedisError } from 'unified-redis';
    import { createRequire } from 'node:module';
    const required = createRequire(process.cwd() + '/x.js')('unified-redis');
    console.log(required === manager, manager instanceof UnifiedRedisManager);
    await initialize(${json()});
    console.log(await getConnection().ping());
    const failure = await getConnection().call('nonsense').catch((error) => error);
    console.log(failure instanceof ReplyError, new UnifiedRedisError('X', 'y') instanceof Error);
    await cleanup();
    `,
    { module: true },
  );
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'true true\nPONG\ntrue true\n', stderr: '' });
});
