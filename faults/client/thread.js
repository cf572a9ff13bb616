'use strict';

const { parentPort, workerData } = require('node:worker_threads');
const manager = require('../..');

const BYTES = Buffer.alloc(20_000, 'x');

/** @param {import('../../types').Redis} redis @param {string} id */
async function use(redis, id) {
  for (;;) {
    await Promise.all([
      redis.set(`thread:${id}`, BYTES),
      redis.getBuffer(`thread:${id}`),
      redis.multi().incr('threads').echo(id).exec(),
      redis.publish('threads', id),
    ]);
  }
}

async function main() {
  manager.on('error', () => {});
  await manager.initialize({ logger: false, ...workerData.options });
  const redis = manager.getConnection();
  redis.on('message', () => {});
  await redis.subscribe('threads');
  for (const purpose of manager.connectionPurposes) use(manager.getConnection(purpose), purpose).catch(() => {});
  parentPort?.postMessage('running');
}

main();
