'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { onCleanup, projectRoot, runScript, startServer, waitFor } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
});

/** A copy of the package, as a second version of a dependency tree has it. */
function copyPackage() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-copy-'));
  onCleanup(() => fs.rmSync(directory, { recursive: true, force: true }));
  for (const entry of fs.readdirSync(projectRoot)) {
    if (/^(index\.js|binding\.js|package\.json|lib|.*\.node)$/.test(entry)) {
      fs.cpSync(path.join(projectRoot, entry), path.join(directory, entry), { recursive: true });
    }
  }
  fs.symlinkSync(path.join(projectRoot, 'node_modules'), path.join(directory, 'node_modules'));
  return directory;
}

const worker = `
  const { parentPort, workerData } = require('node:worker_threads');
  const manager = require(workerData.directory);
  manager.initialize(workerData.options).then(async () => {
    parentPort.postMessage(await manager.getConnection().incr('counter'));
    if (workerData.stays) setInterval(() => manager.getConnection().incr('counter').catch(() => {}), 1);
  });
`;

test.each([
  ['loaded by the main thread first', true],
  ['loaded by workers alone, and at the same time', false],
])('three copies in threads that come and go share the links (%s)', async (_, mainFirst) => {
  const copies = [projectRoot, copyPackage(), copyPackage()];
  await server.command('FLUSHALL');
  const { code, signal, stdout, stderr } = await runScript(`
    const { Worker } = require('node:worker_threads');
    const copies = ${JSON.stringify(copies)};
    const options = ${JSON.stringify({ ...server.options, logger: false })};

    function run(directory, stays) {
      const instance = new Worker(${JSON.stringify(worker)}, { eval: true, workerData: { directory, options, stays } });
      instance.once('message', () => stays && setTimeout(() => instance.terminate(), 20));
      return new Promise((resolve, reject) => instance.once('error', reject).once('exit', resolve));
    }

    (async () => {
      if (${mainFirst}) await require(copies[0]).initialize(options);
      for (let round = 0; round < 4; round++) {
        await Promise.all([...copies, ...copies].map((directory, index) => run(directory, index >= copies.length)));
      }
      const managers = copies.map((directory) => require(directory));
      console.log(managers.map(({ isInitialized }) => isInitialized).join());
      const list = await managers[2].getConnection().client('LIST');
      console.log(list.trim().split('\\n').length);
      await managers[1].initialize({ ...options });
      await managers[1].cleanup();
      console.log(managers.map(({ isInitialized }) => isInitialized).join());
    })();
  `);
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  expect(stdout).toBe('true,true,true\n5\nfalse,false,false\n');
  await waitFor(async () => (await server.clientList()).length === 0);
});
