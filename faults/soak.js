#!/usr/bin/env node
'use strict';

/**
 * `npm run soak`: hours of mixed load with a random fault every now and then, and a page that says whether memory,
 * descriptors and connections stay flat. `--help` lists the options.
 */

const { setTimeout: sleep } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const { provideServerProgram } = require('../scripts/lib/provide-redis.js');
const { machine } = require('./lib/machine.js');
const { spread } = require('./lib/format.js');
const { Trial } = require('./lib/trial.js');
const { FAULTS } = require('./soak-faults.js');

const HELP = `npm run soak -- [options]
  --minutes N   how long, default 3
  --hours N     the same in hours
  --pause N     seconds between two faults, default 3
  --seed N      repeats a run's order of faults`;

/** Rows of the table, however long the run. */
const ROWS = 24;

/** @typedef {{ minute: number, calls: number, rss: number, heap: number, sockets: number, clients: number, faults: number }} Sample */

async function main() {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({
    options: { minutes: text, hours: text, pause: text, seed: text, help: { type: 'boolean' } },
  });
  if (values.help) return void console.log(HELP);
  const minutes = number('hours', values.hours) * 60 || number('minutes', values.minutes) || 3;
  const seed = number('seed', values.seed) || Date.now() % 1_000_000;
  const pauseMs = (number('pause', values.pause) || 3) * 1000;
  process.env.REDIS_SERVER = await provideServerProgram(console.error);
  const trial = new Trial('normal');
  try {
    await soak(trial, { minutes, pauseMs, seed });
  } finally {
    await trial.end();
  }
}

/** @param {Trial} trial @param {{ minutes: number, pauseMs: number, seed: number }} options */
async function soak(trial, { minutes, pauseMs, seed }) {
  const random = generator(seed);
  const config = ['appendonly yes', 'appendfsync always', 'auto-aof-rewrite-min-size 16mb'];
  const directory = trial.directory();
  const rig = await trial.start({ server: { directory, config }, proxied: true, load: { callers: 24, pauseMs: 4 } });
  const until = Date.now() + minutes * 60_000;
  /** @type {Sample[]} */
  const samples = [];
  /** @type {Record<string, number[]>} recoveries, ms */
  const recoveries = {};
  let nextSample = Date.now() + Math.min(20_000, (minutes * 60_000) / 10);
  const began = Date.now();
  let book = 0;
  while (Date.now() < until) {
    const names = Object.keys(FAULTS);
    const name = names[Math.floor(random() * names.length)];
    const since = await FAULTS[name](rig, random);
    (recoveries[name] ??= []).push(await trial.works(since ?? Date.now()));
    await sleep(pauseMs * (0.5 + random()));
    if (Date.now() >= nextSample) {
      nextSample = Date.now() + (minutes * 60_000) / ROWS;
      samples.push(await sample(trial, rig, began, recoveries));
      // A ledger that is balanced and thrown away now and then, so that what grows is not the ledger.
      await trial.pauseLoad();
      await rig.observer.command('FLUSHALL');
      await trial.prepareLoad(`${++book}:`);
      await trial.resumeLoad(`${book}:`, { callers: 24, pauseMs: 4 });
      await trial.works(Date.now());
    }
  }
  const expected = ['COMMAND_TIMEOUT', 'CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'];
  await trial.finish({ expected, silentMs: 1000, serverLags: true });
  judge(trial, samples);
  print(trial, samples, recoveries, { minutes, seed });
}

/**
 * @param {Trial} trial
 * @param {import('./lib/trial.js').Rig} rig
 * @param {number} began
 * @param {Record<string, number[]>} recoveries
 * @returns {Promise<Sample>}
 */
async function sample(trial, { application, observer }, began, recoveries) {
  const { memory, links } = await application.tell('stats');
  return {
    minute: (Date.now() - began) / 60_000,
    calls: links.reduce((/** @type {number} */ sum, /** @type {any} */ link) => sum + link.commands, 0),
    rss: memory.rss / 2 ** 20,
    heap: memory.heapUsed / 2 ** 20,
    sockets: trial.sockets(),
    clients: (await observer.clients()).length,
    faults: Object.values(recoveries).flat().length,
  };
}

/** Flat: the last third is not above the second by more than what garbage collection explains. @param {Trial} trial @param {Sample[]} samples */
function judge(trial, samples) {
  const third = Math.floor(samples.length / 3);
  if (third === 0) return trial.check(false, 'too short for a verdict');
  /** @param {Sample[]} part @param {(sample: Sample) => number} of */
  const median = (part, of) => part.map(of).toSorted((a, b) => a - b)[Math.floor(part.length / 2)];
  const [before, after] = [samples.slice(third, -third), samples.slice(-third)];
  for (const [name, of] of /** @type {[string, (sample: Sample) => number][]} */ ([
    ['memory', ({ rss }) => rss],
    ['the heap', ({ heap }) => heap],
  ])) {
    const [from, to] = [median(before, of), median(after, of)];
    trial.check(to < from * 1.15 + 8, `${name} grew from ${from.toFixed(0)} to ${to.toFixed(0)} MiB`);
  }
  trial.check(
    samples.every(({ sockets }) => sockets <= 5),
    'descriptors are left',
  );
}

/**
 * @param {Trial} trial
 * @param {Sample[]} samples
 * @param {Record<string, number[]>} recoveries
 * @param {{ minutes: number, seed: number }} options
 */
function print({ figures, violations }, samples, recoveries, { minutes, seed }) {
  console.log(`# Soak: ${minutes} minutes of load and faults\n`);
  console.log(`${machine(String(process.env.REDIS_SERVER))}; seed ${seed}\n`);
  console.log('| minute | commands | faults | memory, MiB | heap, MiB | sockets | CLIENT LIST |');
  console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const { minute, calls, faults, rss, heap, sockets, clients } of samples) {
    const cells = [minute.toFixed(1), calls, faults, rss.toFixed(0), heap.toFixed(1), sockets, clients];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log('\n| fault | times | recovery |\n| --- | ---: | --- |');
  for (const [name, times] of Object.entries(recoveries))
    console.log(`| ${name} | ${times.length} | ${spread(times)} |`);
  console.log('');
  for (const [label, value] of figures.filter(([name]) => name !== 'writes')) console.log(`- ${label}: ${value}`);
  const books = figures.filter(([name]) => name === 'writes');
  console.log(`- writes, each ledger:\n${books.map(([, value]) => `  - ${value}`).join('\n')}`);
  for (const violation of violations) console.log(`- NOT AS PROMISED: ${violation}`);
  if (violations.length === 0) console.log('- as promised');
  process.exitCode = violations.length > 0 ? 1 : 0;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). @param {number} seed */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {string} name @param {string | undefined} value @returns {number} 0 where it is not given */
function number(name, value) {
  const parsed = Number(value ?? 0);
  if (!(parsed >= 0)) throw new Error(`--${name} takes a number, not ${value}\n\n${HELP}`);
  return parsed;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

main().catch((error) => {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
});
