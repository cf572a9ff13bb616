'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { projectRoot, runScript, startServer } = require('../support');

const directory = path.join(projectRoot, 'src/node');
const sources = fs
  .readdirSync(directory)
  .filter((name) => name.endsWith('.rs'))
  .map((name) => [name, fs.readFileSync(path.join(directory, name), 'utf8')]);

test('every function that JavaScript can call catches panics', () => {
  const functions = sources.flatMap(([name, source]) =>
    [...source.matchAll(/#\[napi(\([^\]]*\))?\]\s*(?:#\[[^\]]*\]\s*)*pub fn (\w+)/g)].map(
      ([, attributes = '', fn]) => ({
        fn: `${name} ${fn}`,
        catches: attributes.includes('catch_unwind'),
      }),
    ),
  );
  expect(functions.length).toBeGreaterThan(15);
  expect(functions.filter(({ catches }) => !catches)).toEqual([]);
});

test('what Node and libuv call beside that cannot panic, or is caught', () => {
  // A panic in one of these would end the process. A new one has to be looked at, and is then listed here.
  const callbacks = sources.flatMap(([, source]) =>
    [...source.matchAll(/unsafe extern "C" fn (\w+)\(/g)].map(([, name]) => name),
  );
  expect(callbacks.sort()).toEqual(['closed', 'closed', 'environment_ends', 'free', 'readable', 'visit', 'woken']);
  const [, waker] = /** @type {[string, string]} */ (sources.find(([name]) => name === 'waker.rs'));
  expect(waker).toMatch(/catch_unwind\([^;]*close_all[^;]*;\s*MANAGER\.forget/);
});

test('a panic is an error in JavaScript, and everything goes on', async () => {
  const binding = require('../../binding.js');
  if (binding.panicOnPurpose === undefined) {
    console.log('skipped: only a debug build (npm run build:debug) can panic on purpose');
    return;
  }
  const server = await startServer();
  const { code, stdout, stderr } = await runScript(`
    const manager = require('.');
    const { panicOnPurpose } = require('./binding.js');
    manager.initialize(${JSON.stringify({ ...server.options, logger: false })}).then(async () => {
      const redis = manager.getConnection();
      for (let time = 0; time < 3; time++) {
        try { panicOnPurpose(); } catch (error) { console.log(error instanceof Error, error.message); }
      }
      console.log(await redis.ping());
    });
  `);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${'true a panic on purpose\n'.repeat(3)}PONG\n` });
  expect(stderr).toMatch(/panicked at src.node/);
});

test('what is shipped has licences that suit, comes from one place, and is not there twice', async () => {
  const { code, stdout, stderr } = await runScript(path.join(projectRoot, 'scripts/audit.js'));
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+ crates and \d+ modules are shipped; 0 problems\n$/),
    stderr: '',
  });
});

test('values of every size, workers that end, links that are lost: memory stays whole', async () => {
  const server = await startServer();
  const { code, stdout, stderr } = await runScript(path.join(__dirname, 'memory-script.js'), {
    env: { OPTIONS: JSON.stringify(server.options), ROUNDS: '3', WORKERS: '3' },
    execArgv: ['--expose-gc'],
    timeout: 60_000,
  });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'all is well\n', stderr: '' });
}, 60_000);

test('workers end in each of four ways, over and over', async () => {
  const { code, stdout, stderr } = await runScript(path.join(projectRoot, 'scripts/test-workers.js'), {
    args: ['--times', '8'],
    timeout: 60_000,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^8 times 4 workers .*\nwrong replies 0, errors of links 0, subscriptions left 0\n/);
}, 60_000);
