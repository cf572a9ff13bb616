'use strict';

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const { onCleanup } = require('../support');

const root = path.resolve(__dirname, '../..');
const compiler = require.resolve('typescript/bin/tsc');

/** An application that has these packages beside ours, compiled with the types of libraries checked too. */
async function compile(packages, source) {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-types-')));
  onCleanup(() => fs.rmSync(directory, { recursive: true, force: true }));
  const ours = path.join(directory, 'node_modules', 'unified-redis');
  fs.mkdirSync(ours, { recursive: true });
  for (const file of ['package.json', 'index.d.ts', 'index.d.mts', 'types']) {
    fs.cpSync(path.join(root, file), path.join(ours, file), { recursive: true });
  }
  for (const [name, from] of Object.entries({ '@types/node': '@types/node', ...packages })) {
    const target = path.join(directory, 'node_modules', name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.symlinkSync(path.join(root, 'node_modules', from), target);
  }
  fs.writeFileSync(path.join(directory, 'app.ts'), source);
  const options = '--strict --noEmit --module Node16 --target ES2022 --types node --skipLibCheck false'.split(' ');
  const run = promisify(execFile)(process.execPath, [compiler, ...options, 'app.ts'], { cwd: directory });
  return run.then(
    () => 'compiled',
    ({ stdout }) => stdout.trim().split('\n'),
  );
}

const source = (checks) => `
  import { getClient, getConnection } from 'unified-redis';
  type IsAny<T> = [1] extends [0 & T] ? true : false;
  const client = getConnection('main', { dialect: 'node-redis' });
  const other = getClient('websocket', { version: 4 });
  const redis: Promise<string | null> = getConnection().get('key');
  ${checks}
  void [client, other, redis];`;

const isTyped = `
  const isAny: IsAny<typeof client> = false;
  // @ts-expect-error not a command
  client.whatever();`;

test.each([
  ['none of it', {}, 'const isAny: IsAny<typeof client> = true; client.whatever();'],
  ['redis 4', { redis: 'redis-v4' }, `${isTyped} const reply: Promise<boolean> = client.expire('key', 1);`],
  ['redis 5', { redis: 'redis-v5' }, `${isTyped} const reply: Promise<number> = client.expire('key', 1);`],
  [
    'the client alone',
    { '@redis/client': '@redis/client' },
    `${isTyped} const reply: Promise<number> = client.expire('key', 1);`,
  ],
])('the types of an application with %s', async (_, packages, checks) => {
  expect(await compile(packages, source(checks))).toBe('compiled');
});
