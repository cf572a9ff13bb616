'use strict';

/**
 * What the server and the machine allow: redis-benchmark, a C program that does nothing with the replies, on one
 * connection with as many commands under way as there are callers. It asks again once all of them are answered.
 */

const { promisify } = require('node:util');
const { findProgram } = require('../scripts/lib/run-command.js');

const execFile = promisify(require('node:child_process').execFile);

/** @typedef {import('./contest.js').Cell} Cell */
/** @typedef {import('./measure.js').Figures} Figures */

const REFERENCE = 'redis-benchmark';

/** Round trips of the run that tells how many fill the time. */
const FIRST_ROUNDS = 50;

/** Whether there is one here. */
function hasReference() {
  return findProgram(REFERENCE) !== null;
}

/**
 * Whether it takes part in a row.
 * @param {Cell} cell
 */
function isReferenceFor({ transport, op, size }) {
  return (transport === 'tcp' || transport === 'pinned') && op === 'GET' && size === 64;
}

/**
 * @param {import('./servers.js').Target} target
 * @param {Cell} cell
 * @param {string} key one that has a value
 * @param {number} seconds
 * @param {number | null} core to pin it to
 * @returns {Promise<Partial<Figures>>}
 */
async function measureReference(target, { callers }, key, seconds, core) {
  const ask = async (/** @type {number} */ commands) => {
    const command = [REFERENCE, '-h', target.host, '-p', String(target.port), '-c', '1', '-P', String(callers)];
    command.push('-n', String(commands), '--csv', 'get', key);
    const [file, ...args] = core === null ? command : ['taskset', '-c', String(core), ...command];
    const { stdout } = await execFile(file, args);
    // "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms", …
    const [, rps, , , p50, , p99] = stdout.trim().split('\n')[1].replaceAll('"', '').split(',').map(Number);
    return { opsPerSecond: rps, p50Micros: p50 * 1000, p99Micros: p99 * 1000 };
  };
  const { opsPerSecond } = await ask(FIRST_ROUNDS * callers);
  return ask(Math.ceil((opsPerSecond * seconds) / callers) * callers);
}

module.exports = { REFERENCE, hasReference, isReferenceFor, measureReference };
