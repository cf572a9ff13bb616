'use strict';

// Uses the addon in every way in which it touches memory that is not its own alone: short and huge values, strings and
// Buffers (also ones that outlive their reply), messages, failures, reconnects, workers that end in the middle of it.
// Run by `npm run test:valgrind`, and by native.test.js with ROUNDS and WORKERS of its own.

const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const manager = require('../..');

const { OPTIONS, ROUNDS = '3', WORKERS = '4' } = process.env;
const options = { ...JSON.parse(String(OPTIONS)), logger: false, commandTimeout: 60_000, connectTimeout: 60_000 };
const huge = Buffer.alloc(300_000, 'x');

async function use(redis, id) {
  const key = `memory:${id}`;
  await redis.mset(`${key}:a`, 'short', `${key}:b`, 'ü'.repeat(3000), `${key}:c`, huge);
  const replies = await Promise.all([
    redis.get(`${key}:a`),
    redis.get(`${key}:b`),
    redis.getBuffer(`${key}:c`),
    redis.call('NO-SUCH-COMMAND', id).catch(({ name }) => name),
    redis.pipeline().hset(`${key}:h`, { a: 1, b: 2 }).hgetall(`${key}:h`).exec(),
    redis.multi().incr(`${key}:n`).get(`${key}:n`).exec(),
    redis.get('x'.repeat(100_000)),
    redis.blpop(`${key}:none`, 0.01),
  ]);
  if (replies[0] !== 'short' || replies[1].length !== 3000 || !replies[2].equals(huge))
    throw new Error('a wrong reply');
  return replies[2];
}

async function worker() {
  await manager.initialize(options);
  const redis = manager.getConnection();
  redis.on('message', () => {});
  await redis.subscribe('memory', `memory:${workerData}`);
  await use(redis, workerData);
  parentPort.postMessage('in the middle');
  for (;;) await use(redis, workerData);
}

async function startWorker(index) {
  const instance = new Worker(__filename, { workerData: index });
  instance.on('error', (error) => {
    throw error;
  });
  await new Promise((resolve) => instance.once('message', resolve));
  await instance.terminate();
}

async function main() {
  manager.on('error', () => {});
  for (let round = 0; round < Number(ROUNDS); round++) {
    await manager.initialize({ ...options, blockingConnections: 1 });
    const redis = manager.getConnection();
    redis.on('messageBuffer', () => {});
    await redis.subscribe('memory');
    const kept = await Promise.all([0, 1, 2].map((id) => use(redis, id)));
    for (let index = 0; index < Number(WORKERS); index++) {
      await Promise.all([startWorker(index), manager.getConnection('publisher').publish('memory', huge)]);
    }
    // The connection is lost with commands in flight.
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => {});
    const alive = setInterval(() => {}, 1000);
    while (manager.getStats().active < manager.getStats().declared)
      await new Promise((resolve) => setTimeout(resolve, 20));
    clearInterval(alive);
    await use(redis, 'again');
    await manager.cleanup();
    if (!kept.every((buffer) => buffer.equals(huge))) throw new Error('a Buffer has changed');
    globalThis.gc?.();
  }
  console.log('all is well');
}

(isMainThread ? main() : worker()).catch((error) => {
  if (!isMainThread) return;
  console.error(error);
  process.exit(1);
});
