'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { onCleanup, runScript, startServer } = require('../support');

const root = path.resolve(__dirname, '../..');

let server;
beforeAll(async () => {
  server = await startServer();
});

/** An application with these packages of ours installed, which runs a script. */
async function app(packages, script, manifest = {}) {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-app-')));
  onCleanup(() => fs.rmSync(directory, { recursive: true, force: true }));
  fs.writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name: 'app', ...manifest }));
  const modules = path.join(directory, 'node_modules');
  // A copy, which finds nothing that is not there; what it has of its own lies beside it.
  fs.mkdirSync(path.join(modules, 'unified-redis'), { recursive: true });
  for (const file of ['package.json', 'index.js', 'binding.js', 'lib']) {
    fs.cpSync(path.join(root, file), path.join(modules, 'unified-redis', file), { recursive: true });
  }
  for (const file of fs.readdirSync(root).filter((each) => each.endsWith('.node'))) {
    fs.symlinkSync(path.join(root, file), path.join(modules, 'unified-redis', file));
  }
  for (const [name, from] of Object.entries({ '@ioredis/commands': '@ioredis/commands', ...packages })) {
    const target = path.join(modules, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.symlinkSync(path.join(root, 'node_modules', from), target);
  }
  const file = path.join(directory, 'app.js');
  fs.writeFileSync(
    file,
    `const manager = require('unified-redis');
     const load = (name) => Object.keys(require.cache).some((each) => each.includes(name));
     const tell = (value) => console.log(JSON.stringify(value));
     (async () => {
       await manager.initialize(${JSON.stringify({ ...server.options, logger: false })});
       ${script}
       await manager.cleanup();
     })();`,
  );
  const { stdout, stderr } = await runScript(file, { cwd: directory });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const IS_LOADED = `load('@redis${path.sep}client') || load('node-redis')`;

test('nothing of the dialect or the package is loaded before it is asked for', async () => {
  const lines = await app(
    { redis: 'redis' },
    `const redis = manager.getConnection(); await redis.ping(); tell(${IS_LOADED});
     await manager.getClient().ping(); tell(${IS_LOADED});`,
  );
  expect(lines).toEqual([false, true]);
});

test('without the package there is one clear error, and the rest works', async () => {
  const lines = await app(
    {},
    `try { manager.getClient(); } catch ({ code, message }) { tell([code, message]); }
     try { manager.getClient('main', { version: 4 }); } catch ({ code, message }) { tell([code, message]); }
     tell(await manager.getConnection().ping());`,
  );
  expect(lines).toEqual([
    [
      'UNSUPPORTED',
      'The dialect "node-redis" runs on the package "redis", which is not installed. Install it: npm install redis@6',
    ],
    [
      'UNSUPPORTED',
      'The dialect "node-redis" runs on the package "redis", version 4, which is not installed. Install it: npm install redis@4',
    ],
    'PONG',
  ]);
});

test('the version of the application is the default, and another one is not put in its place', async () => {
  const lines = await app(
    { redis: 'redis-v4' },
    `const { commandOptions } = require('redis');
     const client = manager.getClient();
     await client.set('k', 'v');
     tell(await client.expire('k', 10));
     tell((await client.get(commandOptions({ returnBuffers: true }), 'k')).toString());
     try { manager.getClient('main', { version: 6 }); } catch ({ message }) { tell(message); }`,
  );
  expect(lines).toEqual([
    true,
    'v',
    'The dialect "node-redis" runs on the package "redis", version 6, which is not what is installed (redis 4.7.1). ' +
      'Install it: npm install redis@6; beside another version: npm install redis-v6@npm:redis@6',
  ]);
});

test('another version beside it is found by its alias', async () => {
  const lines = await app(
    { redis: 'redis', 'old-redis': 'redis-v4' },
    `tell(await manager.getClient('main').exists('missing'));
     tell(typeof manager.getClient('main', { version: 4 }).executeIsolated);
     tell(typeof manager.getClient('main', { version: 6 }).withTypeMapping);`,
    { dependencies: { redis: '^6', 'old-redis': 'npm:redis@^4.7.1' } },
  );
  expect(lines).toEqual([0, 'function', 'function']);
});

test('@redis/client alone is enough, without the modules', async () => {
  const lines = await app(
    { '@redis/client': '@redis/client' },
    `const client = manager.getClient(); tell([await client.ping(), typeof client.json]);`,
  );
  expect(lines).toEqual([['PONG', 'undefined']]);
});
