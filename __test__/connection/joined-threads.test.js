'use strict';

// Threads that use the links without having called initialize(), or with other options than who did.

const { Worker } = require('node:worker_threads');
const manager = require('../..');
const bridge = require('../../lib/bridge');
const { onCleanup, startServer } = require('../support');

let server;
let options;
beforeAll(async () => {
  server = await startServer({ auth: 'a secret' });
  onCleanup(() => manager.cleanup());
  options = { ...server.options, logger: false, purposes: ['main', 'subscriber'], db: 3, connectTimeout: 7000 };
});
afterEach(() => manager.cleanup());

/** What a thread finds; `code` has `manager`, and returns it. */
async function inThread(code) {
  const worker = new Worker(
    `
    const { workerData: { library, options }, parentPort } = require('node:worker_threads');
    const manager = require(library);
    const refused = (redis, options) => {
      try {
        redis.duplicate(options).disconnect();
        return null;
      } catch ({ code }) {
        return code;
      }
    };
    (async () => { ${code} })().then((found) => parentPort.postMessage(found), (error) => parentPort.postMessage(String(error)));
    `,
    { eval: true, workerData: { library: require.resolve('../..'), options: { ...options, db: 5 } } },
  );
  const found = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await worker.terminate();
  return found;
}

const LOOK = `
  const redis = manager.getConnection();
  await redis.incr('counter');
  const { db, connectTimeout, keepAlive, enableOfflineQueue, stringNumbers, password } = redis.options;
  return {
    shown: { db, connectTimeout, keepAlive, enableOfflineQueue, password },
    accepted: [refused(redis, { db: 3 }), refused(redis, { connectTimeout: 7000, keepAlive: 1000 })],
    refused: [refused(redis, { db: 0 }), refused(redis, { connectTimeout: 15000 }), refused(redis, { tls: {} })],
  };
`;

const FOUND = {
  shown: { db: 3, connectTimeout: 7000, keepAlive: 1000, enableOfflineQueue: true, password: null },
  accepted: [null, null],
  refused: ['UNSUPPORTED', 'UNSUPPORTED', 'UNSUPPORTED'],
};

test('a thread without initialize() knows the options of the links', async () => {
  await manager.initialize({ ...options, keepAlive: 1000, enableOfflineQueue: true, retryStrategy: () => 20 });
  expect(await inThread(LOOK)).toEqual(FOUND);
});

test('so does one whose own options do not count', async () => {
  await manager.initialize({ ...options, keepAlive: 1000, enableOfflineQueue: true });
  expect(await inThread(`await manager.initialize(options); ${LOOK}`)).toEqual(FOUND);
});

test('what other threads are told has no secrets', async () => {
  const url = `redis://:${encodeURIComponent('a secret')}@${server.options.host}:${server.options.port}/3`;
  await manager.initialize({ url, logger: false });
  const described = bridge.describedLinks();
  expect(described).toMatchObject({ port: server.options.port, db: 3 });
  expect(JSON.stringify(described)).not.toMatch(/a( |%20)secret/);
});
