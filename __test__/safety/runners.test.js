'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { onCleanup, projectRoot, runScript, startServer } = require('../support');

let server;
let directory;
beforeAll(async () => {
  server = await startServer();
  // Within the project, where the runners find themselves; outside of what its own jest looks at.
  fs.mkdirSync(path.join(projectRoot, 'target'), { recursive: true });
  directory = fs.mkdtempSync(path.join(projectRoot, 'target/runners-'));
  onCleanup(() => fs.rmSync(directory, { recursive: true, force: true }));
});

/** A suite that opens everything there is and ends nothing. */
const suite = (imports) => `
${imports}
const assert = require('node:assert');
const manager = require(${JSON.stringify(projectRoot)});

describe('an application', () => {
  (globalThis.beforeAll ?? before)(() => manager.initialize({ ...${JSON.stringify('OPTIONS')}, logger: false }));

  it('works', async () => {
    const redis = manager.getConnection();
    manager.on('ready', () => {});
    redis.on('ready', () => {});
    manager.startMonitoring(50);
    await redis.set('runner', 'x');
    assert.strictEqual(await redis.duplicate().get('runner'), 'x');
    await redis.watch('runner');
    assert.strictEqual(await manager.getHelper().get('runner'), 'x');
  });
});
`;

/** @param {string} name @param {string} imports @param {string[]} command */
async function run(name, imports, command) {
  const file = path.join(directory, name);
  fs.writeFileSync(file, suite(imports).replace('"OPTIONS"', JSON.stringify(server.options)));
  const [program, ...args] = command;
  const result = await runScript(path.join(projectRoot, 'node_modules', program), {
    args: args.map((arg) => arg.replace('FILE', file).replace('DIRECTORY', directory)),
    cwd: directory,
    timeout: 25_000,
  });
  return { ...result, output: result.stdout + result.stderr };
}

test('a suite of jest', async () => {
  fs.writeFileSync(path.join(directory, 'jest.config.js'), `module.exports = { testMatch: ['**/*.jest.js'] };`);
  const command = ['jest/bin/jest.js', '--rootDir=DIRECTORY', '--config=DIRECTORY/jest.config.js', '--runInBand'];
  const { code, output, timedOut } = await run('suite.jest.js', '', [...command, '--detectOpenHandles']);
  expect({ code, timedOut }).toEqual({ code: 0, timedOut: false });
  expect(output).toContain('1 passed');
  expect(output).not.toMatch(/open handle|did not exit|failed to exit/i);
});

test('a suite of mocha, which waits for the event loop', async () => {
  const { code, output, timedOut } = await run('suite.mocha.js', '', ['mocha/bin/mocha.js', '--no-config', 'FILE']);
  expect({ code, timedOut }).toEqual({ code: 0, timedOut: false });
  expect(output).toContain('1 passing');
});

test('a suite of node:test', async () => {
  const imports = "const { describe, it, before } = require('node:test');";
  const file = path.join(directory, 'suite.node.js');
  fs.writeFileSync(file, suite(imports).replace('"OPTIONS"', JSON.stringify(server.options)));
  const { code, stdout, timedOut } = await runScript(file, { execArgv: ['--test'], timeout: 25_000 });
  expect({ code, timedOut }).toEqual({ code: 0, timedOut: false });
  expect(stdout).toMatch(/# pass 1|pass 1/);
});

test.each(['threads', 'forks'])('a suite of vitest, in %s', async (pool) => {
  const imports =
    "const { describe, it, beforeAll: before } = await import('vitest');\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";
  const command = [
    'vitest/vitest.mjs',
    'run',
    `--pool=${pool}`,
    '--root=DIRECTORY',
    'suite',
    '--reporter=hanging-process',
  ];
  fs.writeFileSync(
    path.join(directory, 'vitest.config.mjs'),
    `export default { test: { include: ['**/*.vitest.mjs'] } };`,
  );
  const { code, output, timedOut } = await run('suite.vitest.mjs', imports, [...command, '--reporter=default']);
  expect({ code, timedOut }).toEqual({ code: 0, timedOut: false });
  expect(output).toMatch(/1 passed/);
  expect(output).not.toMatch(/close timed out|hanging|something prevents/i);
});

test('all of them say what is left, where they ask', async () => {
  const ask = 'manager.assertNoLeaks()';
  const imports = "const { describe, it, before, after } = require('node:test');";
  const file = path.join(directory, 'leaks.node.js');
  const source = suite(imports)
    .replace('"OPTIONS"', JSON.stringify({ ...server.options, trackLeaks: true }))
    // Node 22 ends well although a hook of a suite has failed.
    .replace("describe('an application'", `after(() => ${ask});\n\ndescribe('an application'`);
  fs.writeFileSync(file, source);
  const { code, stdout } = await runScript(file, { execArgv: ['--test'], timeout: 25_000 });
  expect(code).toBe(1);
  expect(stdout).toMatch(/2 things are still held:/);
  expect(stdout).toMatch(/handle of duplicate\(\) \(main\), from .*leaks\.node\.js:\d+/);
  expect(stdout).toMatch(/watch without EXEC or UNWATCH \(main\), from .*leaks\.node\.js:\d+/);
});
