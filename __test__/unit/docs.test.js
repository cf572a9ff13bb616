'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { projectRoot, runScript, startServer } = require('../support');

const read = (file) => fs.readFileSync(path.join(projectRoot, file), 'utf8');
const packageJson = JSON.parse(read('package.json'));

test('tables are up to date', async () => {
  const { code, stderr } = await runScript(path.join(projectRoot, 'scripts/docs.js'), { args: ['--check'] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test.each(['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'docs/ioredis.md', 'docs/sentinel.md'])(
  'links of %s lead somewhere',
  (file) => {
    const targets = [...read(file).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target]) => target);
    // Written by `npm run bench`, which takes its time.
    const missing = targets.filter((target) => target !== 'bench/RESULTS.md' && !leadsSomewhere(file, target));
    expect(missing).toEqual([]);
  },
);

function leadsSomewhere(file, target) {
  const [name, anchor] = target.split('#');
  const wanted = name === '' ? file : path.join(path.dirname(file), name);
  if (!fs.existsSync(path.join(projectRoot, wanted))) return false;
  if (anchor === undefined) return true;
  const headings = [...read(wanted).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return headings.some((heading) => heading.toLowerCase().replaceAll(' ', '-') === anchor);
}

describe.each(['README.md', 'docs/ioredis.md'])('samples of %s', (file) => {
  let server;
  beforeAll(async () => {
    server = await startServer();
  });

  const samples = [...read(file).matchAll(/^```js\n([^]*?)^```$/gm)].map(([, sample]) => sample);

  test.each(samples.map((sample, index) => [index + 1, sample]))('number %i runs', async (_, sample) => {
    await server.command('FLUSHALL');
    const module = /^import /m.test(sample);
    const { code, stderr } = await runScript(module ? sample : inContext(sample), {
      module,
      env: { REDIS_URL: server.url, REDIS_LOG_LEVEL: 'error' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  /** Where the sample stands: in a program that is initialized. `expression; // => value` becomes an assertion. */
  function inContext(sample) {
    const checked = sample.replace(/^(.+); \/\/ => (.+)$/gm, 'deepStrictEqual($1, $2);');
    return `
      const { deepStrictEqual } = require('node:assert');
      (async (unifiedRedis) => {
        await unifiedRedis.initialize();
        const redis = unifiedRedis.getConnection();
        const helper = unifiedRedis.getHelper();
        await (async () => {\n${checked}\n})();
        await unifiedRedis.getConnection('subscriber').unsubscribe();
        await unifiedRedis.getConnection('websocket').unsubscribe();
        await unifiedRedis.getClient('websocket').unsubscribe();
      })(require('unified-redis'));
    `;
  }
});

describe('platform packages', () => {
  const triples = fs.readdirSync(path.join(projectRoot, 'npm')).sort();
  const manifest = (triple) => JSON.parse(read(`npm/${triple}/package.json`));

  test('there is one for each target', () => {
    const named = triples.map((triple) => read(`npm/${triple}/README.md`).match(/\*\*(.+)\*\* binary/)[1]);
    expect(named.sort()).toEqual([...packageJson.napi.targets].sort());
  });

  test.each(triples)('%s is what the loader looks for', (triple) => {
    const { name, version, main, files, license, engines } = manifest(triple);
    const file = `${packageJson.napi.binaryName}.${triple}.node`;
    expect({ name, main, files }).toEqual({ name: `${packageJson.name}-${triple}`, main: file, files: [file] });
    expect({ version, license, engines }).toEqual({
      version: packageJson.version,
      license: packageJson.license,
      engines: packageJson.engines,
    });
    expect(read('binding.js')).toContain(`require('${name}')`);
  });

  test('the loader uses one that is installed', async () => {
    const addon = fs.readdirSync(projectRoot).find((name) => name.endsWith('.node'));
    const triple = triples.find((candidate) => addon.includes(`.${candidate}.`));
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-installed-'));
    const installed = path.join(directory, 'node_modules', `unified-redis-${triple}`);
    try {
      for (const entry of ['index.js', 'binding.js', 'package.json', 'lib']) {
        fs.cpSync(path.join(projectRoot, entry), path.join(directory, entry), { recursive: true });
      }
      fs.cpSync(path.join(projectRoot, 'npm', triple), installed, { recursive: true });
      fs.copyFileSync(path.join(projectRoot, addon), path.join(installed, addon));
      fs.symlinkSync(path.join(projectRoot, 'node_modules/@ioredis'), path.join(directory, 'node_modules/@ioredis'));
      const { code, stdout, stderr } = await runScript(
        `
        console.log(require(${JSON.stringify(directory)}).isInitialized);
        console.log(Object.keys(require.cache).filter((file) => file.endsWith('.node')).join());
        `,
        { cwd: directory },
      );
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: `false\n${fs.realpathSync(path.join(installed, addon))}\n`,
        stderr: '',
      });
    } finally {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  });
});
