#!/usr/bin/env node
'use strict';

/** `npm run test:faults`: what becomes of everything when something goes wrong. `--help` lists the options. */

const { setTimeout: sleep } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const { provideServerProgram } = require('../scripts/lib/provide-redis.js');
const { writePage } = require('./lib/page.js');
const { Trial } = require('./lib/trial.js');
const { SCENARIOS } = require('./scenarios');

const HELP = `npm run test:faults -- [options] [scenario ...]
  --list    the names of the scenarios
  --short   seconds for each, as the tests have it
  --full    10,000 reconnects, 30 s of a blocked event loop and so on: about half an hour
  --write   write docs/faults.md (with all scenarios)
  --json    results as JSON, a line each`;

/** For one scenario, whatever happens. */
const DEADLINE_MS = { short: 60_000, normal: 300_000, full: 3_600_000 };

/** @typedef {import('./lib/page.js').Result} Result */

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: Object.fromEntries(
      ['help', 'list', 'short', 'full', 'write', 'json'].map((name) => [
        name,
        { type: /** @type {const} */ ('boolean') },
      ]),
    ),
  });
  if (values.help) return void console.log(HELP);
  if (values.list) return void console.log(Object.keys(SCENARIOS).join('\n'));
  const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
  const unknown = names.filter((name) => !Object.hasOwn(SCENARIOS, name));
  if (unknown.length > 0) throw new Error(`no such scenario: ${unknown.join(', ')}\n\n${HELP}`);
  if (values.write && positionals.length > 0) throw new Error('--write takes all scenarios, or none would be the page');
  process.env.REDIS_SERVER = await provideServerProgram(console.error);

  const scale = values.short ? 'short' : values.full ? 'full' : 'normal';
  const results = [];
  for (const name of names) {
    const result = await run(name, scale);
    results.push(result);
    if (values.json) console.log(JSON.stringify(result));
    else show(result);
  }
  if (values.write) writePage(results, process.env.REDIS_SERVER);
  const failed = results.filter(({ violations }) => violations.length > 0).length;
  if (!values.json) console.log(`\n${results.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/**
 * @param {string} name
 * @param {import('./lib/trial.js').Scale} scale
 * @returns {Promise<Result>}
 */
async function run(name, scale) {
  const trial = new Trial(scale);
  const began = performance.now();
  let skipped = null;
  const late = new AbortController();
  const deadline = sleep(DEADLINE_MS[scale], 'late', { signal: late.signal });
  try {
    const ended = await Promise.race([SCENARIOS[name].run(trial), deadline]);
    if (ended === 'late') trial.violations.push(`it did not end within ${DEADLINE_MS[scale] / 1000} s`);
    else if (ended) skipped = ended;
  } catch (error) {
    trial.violations.push(String(error instanceof Error ? error.stack : error));
  } finally {
    late.abort();
    deadline.catch(() => {});
    await trial.end();
  }
  const { figures, violations } = trial;
  return { name, figures, violations, skipped, seconds: (performance.now() - began) / 1000 };
}

/** @param {Result} result */
function show({ name, figures, violations, skipped, seconds }) {
  const verdict = skipped ? `not run: ${skipped}` : violations.length > 0 ? 'FAILED' : 'as promised';
  console.log(`\n${SCENARIOS[name].title} [${name}, ${seconds.toFixed(1)} s]: ${verdict}`);
  for (const [label, value] of figures) console.log(`  ${label.padEnd(14)} ${value}`);
  for (const violation of violations) console.log(`  VIOLATION      ${violation}`);
}

// Ended from outside, servers and applications must go too: they are killed when this process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
