'use strict';

/**
 * Worker threads that use all links at once and end in the middle of it, over and over: `npm run test:workers -- --times
 * 1000`. Each time there are four, ended by `terminate()`, `process.exit()`, an exception, and by running out of things to
 * do. Meanwhile the main thread checks every reply of its own. Ends with figures, and with 1 if anything is wrong.
 */

const { once } = require('node:events');
const { setTimeout: sleep } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const manager = require('..');
const { clientList } = require('./lib/admin.js');
const { startRedisServer } = require('./lib/redis-server.js');

const ENDS = ['terminate', 'exit', 'throw', 'return'];

async function main() {
  const { values } = parseArgs({ options: { times: { type: 'string', default: '50' } } });
  const times = Number(values.times);
  if (!Number.isInteger(times) || times < 1) throw new Error('--times takes a whole number');
  const server = await startRedisServer();
  try {
    await play(server, times);
  } finally {
    await manager.cleanup();
    await server.stop();
  }
}

/**
 * @param {import('./lib/redis-server.js').RunningServer} server
 * @param {number} times
 */
async function play(server, times) {
  const options = {
    host: server.host,
    port: server.port,
    logger: /** @type {const} */ (false),
    blockingConnections: 1,
  };
  await manager.initialize(options);
  const begun = performance.now();
  let checked = 0;
  let wrong = 0;
  let isOver = false;
  /** @type {number[]} */
  const memory = [];
  const checks = ['main', 'scheduler'].map(async (purpose) => {
    const redis = manager.getConnection(purpose);
    while (!isOver) {
      const text = `main ${checked++}`;
      if ((await redis.echo(text)) !== text) wrong += 1;
    }
  });
  // Should anything fail below, that is what is to be told, and not that the links are closed then.
  for (const check of checks) check.catch(() => {});
  for (let time = 0; time < times; time++) {
    await Promise.all(ENDS.map((end) => live(options, end)));
    if (time % Math.ceil(times / 10) === 0) memory.push(Math.round(process.memoryUsage.rss() / 1048576));
  }
  isOver = true;
  await Promise.all(checks);
  // The end of a worker's subscriptions may still be under way, and so may the new connection of the lane that it left.
  const isQuiet = () => manager.getStats().links[2].subscriptions === 0 && manager.getStats().active === 6;
  for (let wait = 0; wait < 100 && !isQuiet(); wait++) await sleep(50);
  const { declared, errors, links } = manager.getStats();
  const { length: connections } = await clientList({ host: server.host, port: server.port });
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${times} times ${ENDS.length} workers in ${seconds.toFixed(1)} s; ${checked} replies checked meanwhile`);
  console.log(`wrong replies ${wrong}, errors of links ${errors}, subscriptions left ${links[2].subscriptions}`);
  console.log(`connections ${connections} of ${declared}; memory in MB over time: ${memory.join(' ')}`);
  if (wrong > 0 || errors > 0 || links[2].subscriptions > 0 || connections !== declared) process.exitCode = 1;
}

/**
 * @param {object} options
 * @param {string} end
 */
async function live(options, end) {
  const worker = new Worker(__filename, { workerData: { options, end } });
  const heard = (/** @type {string} */ event) => new Promise((resolve) => worker.once(event, resolve));
  const exited = heard('exit');
  const failed = once(worker, 'error').then(([error]) => {
    if (error.message !== 'on purpose') throw error;
  });
  failed.catch(() => {});
  await Promise.race([heard('message'), failed, exited]);
  if (end === 'terminate') await worker.terminate();
  // An exception that is not on purpose, and an end, whichever comes first; both come of one that is.
  else await Promise.all([exited, end === 'throw' ? failed : Promise.race([failed, exited])]);
}

async function work() {
  const { options, end } = workerData;
  await manager.initialize(options);
  const redis = manager.getConnection();
  redis.on('message', () => {});
  await redis.subscribe('everybody', `worker ${end}`);
  const value = Buffer.alloc(50_000, 'x');
  const use = async (/** @type {ReturnType<typeof manager.getConnection>} */ handle) => {
    for (let turn = 0; turn < (end === 'return' ? 3 : Infinity); turn++) {
      await handle.set('value', value);
      await handle.getBuffer('value');
      await handle.multi().incr('counter').exec();
      await handle.publish('everybody', 'x');
    }
  };
  const uses = manager.connectionPurposes.map((purpose) => use(manager.getConnection(purpose)));
  if (end !== 'return') void redis.blpop('nothing', 0);
  parentPort?.postMessage('in the middle');
  if (end === 'exit') process.exit(0);
  if (end === 'throw') throw new Error('on purpose');
  await Promise.all(uses);
  await redis.unsubscribe();
}

(isMainThread ? main() : work()).catch((error) => {
  if (!isMainThread) {
    setImmediate(() => {
      throw error;
    });
    return;
  }
  console.error(error);
  process.exit(1);
});
