#!/usr/bin/env node
'use strict';

/**
 * `node bench/memory.js`: a 512 MB value, a reply of a million elements, 200,000 commands in flight at once. For each:
 * how long it took, how much memory the process held at its peak, and how much of that it kept. Every line has a
 * process of its own and does its work several times, since memory kept once is a cache and memory kept each time a
 * leak.
 */

const { fork } = require('node:child_process');
const { once } = require('node:events');
const os = require('node:os');
const { performance } = require('node:perf_hooks');
const { setTimeout: delay } = require('node:timers/promises');
const { CONTESTANTS } = require('./clients.js');
const { provideServerProgram } = require('../scripts/lib/provide-redis.js');
const { reasonOf } = require('./reason.js');
const { table } = require('./report.js');
const { startServer } = require('./servers.js');

/** @typedef {import('./servers.js').Target} Target */

const CLIENTS = ['ioredis', 'unified-redis'];
const REPETITIONS = 5;
const LARGE = 512 * 2 ** 20; // the most that a Redis string can hold
const ELEMENTS = 1_000_000;
const IN_FLIGHT = 200_000;
const MEGABYTE = 2 ** 20;
const NEEDED = 6 * 2 ** 30; // value, server's copy and its buffers, client's copies

/**
 * Each throws where an answer is wrong.
 * @type {Record<string, (redis: any) => Promise<void>>}
 */
const SCENARIOS = {
  async 'SET 512 MB'(redis) {
    expect(await redis.set('bench:written', Buffer.alloc(LARGE, 'x')), 'OK');
    expect(await redis.strlen('bench:written'), LARGE);
    expect(await redis.del('bench:written'), 1);
  },
  async 'GET 512 MB'(redis) {
    const value = await redis.getBuffer('bench:large');
    expect(value.length, LARGE);
    expect(value[LARGE - 1], 'z'.charCodeAt(0));
  },
  async 'LRANGE of 1,000,000'(redis) {
    const list = await redis.lrange('bench:list', 0, -1);
    expect(list.length, ELEMENTS);
    expect(list[ELEMENTS - 1], `element ${ELEMENTS}`);
  },
  async '200,000 GETs at once'(redis) {
    const replies = await Promise.all(Array.from({ length: IN_FLIGHT }, () => redis.get('bench:small')));
    expect(replies.length, IN_FLIGHT);
    for (const reply of replies) expect(reply, 'small');
  },
};

async function main() {
  const server = await startServer(await provideServerProgram(log));
  try {
    await fill(server.target);
    const rows = [];
    for (const scenario of Object.keys(SCENARIOS)) {
      const skipped = scenario.includes('512 MB') && os.freemem() < NEEDED;
      for (const client of CLIENTS) {
        log(`${scenario}: ${client}`);
        rows.push(
          skipped ? [scenario, client, 'not enough memory here'] : await measureApart(server, scenario, client),
        );
      }
    }
    const head = ['', 'client', 'ms', 'RSS before, MB', 'peak', 'kept after 1', `kept after ${REPETITIONS}`];
    process.stdout.write(
      table(
        head,
        rows.map((row) => head.map((_, column) => row[column] ?? '')),
      ),
    );
  } finally {
    await server.stop();
  }
}

/** @param {string} line */
function log(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * The values to read, made by the server itself.
 * @param {Target} target
 */
async function fill(target) {
  const { commands, close } = await CONTESTANTS.ioredis.connect(target);
  const redis = /** @type {import('ioredis').Redis} */ (commands);
  await redis.set('bench:small', 'small');
  await redis.setrange('bench:large', LARGE - 1, 'z');
  const push = "for i = 1, ARGV[1] do redis.call('RPUSH', KEYS[1], 'element ' .. i) end";
  await redis.eval(push, 1, 'bench:list', ELEMENTS);
  await close();
}

/**
 * @param {import('./servers.js').Server} server
 * @param {string} scenario
 * @param {string} client
 * @returns {Promise<string[]>} a row
 */
async function measureApart(server, scenario, client) {
  const child = fork(__filename, [scenario, client], { execArgv: ['--expose-gc'] });
  child.send(server.target);
  const ended = once(child, 'exit').then(([code, signal]) => [{ error: `its process ended (${signal ?? code})` }]);
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  child.kill('SIGKILL');
  await ended;
  if (answer.error !== undefined) return [scenario, client, answer.error];
  const { milliseconds, before, peak, kept } = answer;
  const figures = [milliseconds, before, peak, kept[0], kept[REPETITIONS - 1]];
  return [scenario, client, ...figures.map((figure) => Math.round(figure).toLocaleString('en-US'))];
}

/**
 * In the child.
 * @param {Target} target
 * @param {string} scenario
 * @param {string} client
 */
async function measureHere(target, scenario, client) {
  const { commands } = await CONTESTANTS[client].connect(target);
  await Promise.all(Array.from({ length: 1000 }, () => commands.get('bench:small')));
  const before = await settledRss();
  const kept = [];
  const times = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const start = performance.now();
    await SCENARIOS[scenario](commands);
    times.push(performance.now() - start);
    kept.push((await settledRss()) - before);
  }
  times.sort((a, b) => a - b);
  // maxRSS is in KiB.
  const peak = (process.resourceUsage().maxRSS * 1024) / MEGABYTE;
  return { milliseconds: times[REPETITIONS >> 1], before, peak, kept };
}

/** RSS in MB once the collector has nothing left to find: some memory is given back in a later turn only. */
async function settledRss() {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc?.();
    await delay(100);
  }
  return process.memoryUsage.rss() / MEGABYTE;
}

/**
 * @param {unknown} got
 * @param {unknown} wanted
 */
function expect(got, wanted) {
  if (got !== wanted) throw new Error(`wrong reply: ${String(got).slice(0, 100)}, not ${wanted}`);
}

if (process.send === undefined) {
  // Ended from outside, the server must go too: it is killed when this process exits.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  main().catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  });
} else {
  process.once('message', (/** @type {Target} */ target) => {
    measureHere(target, process.argv[2], process.argv[3]).then(
      (result) => process.send?.(result),
      (error) => process.send?.({ error: reasonOf(error) }),
    );
  });
}
