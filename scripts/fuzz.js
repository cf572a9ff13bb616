'use strict';

/**
 * Fuzzes the decoder of replies: `npm run fuzz -- --seconds 60`. libFuzzer mutates the committed corpus, AddressSanitizer
 * watches the memory, and no single allocation may exceed 16 MiB whatever length a reply announces.
 *
 * No cargo-fuzz and no nightly compiler are needed: the one flag that stable keeps back is the sanitizer's, and
 * RUSTC_BOOTSTRAP lets it through for these files alone. A finding stays as fuzz/crash-*, and goes into the corpus once it
 * is fixed. `--minimize` replaces the corpus by the least that reaches as much, findings of the last run included.
 */

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { projectRoot, runCommand } = require('./lib/run-command.js');

const TARGET = 'decode';
const FUZZ = path.join(projectRoot, 'fuzz');
const CORPUS = path.join(FUZZ, 'corpus', TARGET);
/** What the runs on this machine have found; not committed. */
const FOUND = path.join(FUZZ, 'target', 'found', TARGET);

/** What `cargo fuzz` sets. */
const RUSTFLAGS = [
  '-Zsanitizer=address',
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Ccodegen-units=1',
  '--cfg=fuzzing',
].join(' ');

async function main() {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '60' }, minimize: { type: 'boolean', default: false } },
  });
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error('--seconds takes a whole number of seconds');
  const triple = await hostTriple();
  const env = { ...process.env, RUSTFLAGS, RUSTC_BOOTSTRAP: '1' };
  const manifest = path.join(FUZZ, 'Cargo.toml');
  await run('cargo', ['build', '--release', '--quiet', '--manifest-path', manifest, '--target', triple], env);
  const program = path.join(FUZZ, 'target', triple, 'release', TARGET);
  fs.mkdirSync(FOUND, { recursive: true });
  if (values.minimize) return minimize(program);

  const limits = ['-malloc_limit_mb=16', '-rss_limit_mb=1024', '-max_len=4096', '-timeout=10'];
  const options = [`-max_total_time=${seconds}`, '-print_final_stats=1', `-artifact_prefix=${FUZZ}/`, ...limits];
  const output = await run(program, [...options, FOUND, CORPUS], process.env);
  report(output, seconds);
}

/** @param {string} program */
async function minimize(program) {
  const least = path.join(FUZZ, 'target', 'least');
  fs.rmSync(least, { recursive: true, force: true });
  fs.mkdirSync(least, { recursive: true });
  await run(program, ['-set_cover_merge=1', '-use_counters=0', '-max_len=256', least, CORPUS, FOUND], process.env);
  fs.rmSync(CORPUS, { recursive: true });
  fs.cpSync(least, CORPUS, { recursive: true });
  console.log(`the corpus has ${fs.readdirSync(CORPUS).length} files now`);
}

/**
 * @param {string} output of libFuzzer
 * @param {number} seconds
 */
function report(output, seconds) {
  const last = [...output.matchAll(/cov: (\d+) ft: (\d+) corp: (\d+)/g)].pop();
  const figure = (/** @type {string} */ name) => Number(new RegExp(`stat::${name}:\\s+(\\d+)`).exec(output)?.[1]);
  const executions = figure('number_of_executed_units');
  console.log('libFuzzer with AddressSanitizer, in reads of any lengths, into three kinds of sinks');
  console.log(`executions   ${executions} in ${seconds} s (${figure('average_exec_per_sec')} a second)`);
  console.log(`coverage     ${last?.[1]} edges, ${last?.[2]} features, ${last?.[3]} inputs that reach them`);
  console.log(`memory       ${figure('peak_rss_mb')} MB at the most`);
  console.log('findings     0');
}

async function hostTriple() {
  const output = await run('rustc', ['-vV'], process.env);
  const triple = /^host: (.+)$/m.exec(output)?.[1];
  if (triple === undefined) throw new Error('rustc does not say for which machine it builds');
  return triple;
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} what it said
 */
async function run(file, args, env) {
  const { code, output } = await runCommand(file, args, { env, cwd: FUZZ, output: 'capture' });
  if (code !== 0) throw new Error(`${path.basename(file)} ended with code ${code}:\n${output}`);
  return output;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
