'use strict';

/**
 * One measurement: N closed-loop callers, each of which awaits its reply before it asks again.
 *
 * Counters are read at both ends of a window inside the run, so neither the start nor the last callers' end is counted.
 * Latency is sampled in the same run: every STRIDE-th command of each caller is timed. Two clock readings cost about as
 * much as a fast client's whole command, so timing each would slow the fastest client most; at one in 61 it is lost in
 * the noise. The strides are prime, so that no caller or position in a batch is favoured.
 */

const fs = require('node:fs');
const { performance } = require('node:perf_hooks');
const { setTimeout: delay } = require('node:timers/promises');

/** @typedef {import('./clients.js').Session} Session */

/**
 * @typedef {object} Work
 * @property {'GET' | 'SET' | 'PIPELINE'} op PIPELINE: 100 GETs at a time; each of them counts as a command
 * @property {number} size bytes of a value
 * @property {number} callers
 * @property {number} seconds length of the window
 */

/**
 * @typedef {object} Figures
 * @property {number} opsPerSecond
 * @property {number} loopMicros event-loop time (not idle) per command
 * @property {number | null} mainMicros CPU time of the main thread per command; null where the system does not tell
 * @property {number} cpuMicros CPU time of the whole process, native threads included, per command
 * @property {number} p50Micros a pipeline's latency is that of all its commands together
 * @property {number} p99Micros
 */

const KEYS = 1000;
const PIPELINE_LENGTH = 100;
const SETTLE_MILLISECONDS = 150;
const SAMPLES = new Float64Array(1 << 17);

/** @type {Map<number, string>} */
const values = new Map();

/**
 * Writes the values that the GETs read, and lets the client's code get hot.
 * @param {Session} session
 * @param {number[]} sizes
 */
async function prepare(session, sizes) {
  for (const size of sizes) {
    const value = Buffer.alloc(size, 'The quick brown fox jumps over the lazy dog. ').toString('latin1');
    values.set(size, value);
    const writes = Array.from({ length: KEYS }, (_, index) => session.commands.set(keyFor(size, index), value));
    await Promise.all(writes);
    await measure(session, { op: 'GET', size, callers: 50, seconds: 0.2 });
    await measure(session, { op: 'SET', size, callers: 50, seconds: 0.1 });
  }
}

/**
 * @param {Session} session
 * @param {Work} work
 * @returns {Promise<Figures>}
 */
async function measure(session, { op, size, callers, seconds }) {
  globalThis.gc?.();
  const perIssue = op === 'PIPELINE' ? PIPELINE_LENGTH : 1;
  const expected = op === 'GET' ? size : op === 'SET' ? 'OK'.length : PIPELINE_LENGTH;
  const run = { running: true, sampling: false, issued: 0, samples: 0 };
  const stride = callers <= 10 ? 7 : 61;
  const loops = Array.from({ length: callers }, (_, index) =>
    callInLoop(issuer(session, op, size, index), expected, stride, 1 + (index % stride), run),
  );
  const failed = Promise.all(loops).then(() => Promise.reject(new Error('the callers ended early')));
  let before, after;
  try {
    await Promise.race([delay(SETTLE_MILLISECONDS), failed]);
    run.sampling = true;
    before = readCounters(run.issued);
    await Promise.race([delay(seconds * 1000), failed]);
    after = readCounters(run.issued);
  } finally {
    run.sampling = false;
    run.running = false;
    await Promise.allSettled([failed, ...loops]);
  }

  const commands = (after.issued - before.issued) * perIssue;
  if (commands === 0) throw new Error('no reply in the whole window');
  const latencies = SAMPLES.subarray(0, Math.min(run.samples, SAMPLES.length)).sort();
  return {
    opsPerSecond: (commands * 1e6) / (after.time - before.time),
    loopMicros: (after.active - before.active) / commands,
    mainMicros: after.main === null || before.main === null ? null : (after.main - before.main) / commands,
    cpuMicros: (after.cpu - before.cpu) / commands,
    p50Micros: percentile(latencies, 0.5),
    p99Micros: percentile(latencies, 0.99),
  };
}

/**
 * @param {() => Promise<any>} issue
 * @param {number} expected length of the right reply, so that a wrong one cannot pass for a fast one
 * @param {number} stride
 * @param {number} countdown the caller's first sample; differs among callers
 * @param {{ running: boolean, sampling: boolean, issued: number, samples: number }} run
 */
async function callInLoop(issue, expected, stride, countdown, run) {
  while (run.running) {
    let reply;
    if (--countdown === 0) {
      countdown = stride;
      const start = performance.now();
      reply = await issue();
      if (run.sampling) SAMPLES[run.samples++ & (SAMPLES.length - 1)] = (performance.now() - start) * 1000;
    } else {
      reply = await issue();
    }
    if (reply?.length !== expected) throw new Error(`wrong reply: ${String(reply).slice(0, 100)}`);
    run.issued++;
  }
}

/**
 * @param {Session} session
 * @param {Work['op']} op
 * @param {number} size
 * @param {number} index the caller's
 * @returns {() => Promise<any>}
 */
function issuer({ commands, pipeline }, op, size, index) {
  const key = keyFor(size, index);
  if (op === 'GET') return () => commands.get(key);
  if (op === 'SET') {
    const value = values.get(size) ?? '';
    return () => commands.set(key, value);
  }
  const keys = Array.from({ length: PIPELINE_LENGTH }, (_, offset) => keyFor(size, index + offset));
  return () => pipeline(keys);
}

/** Times in µs. @param {number} issued */
function readCounters(issued) {
  const cpu = process.cpuUsage();
  const time = performance.now() * 1000;
  const active = performance.eventLoopUtilization().active * 1000;
  return { issued, time, active, main: mainThreadMicros(), cpu: cpu.user + cpu.system };
}

/**
 * CPU time of the main thread as the kernel has it: the check on the event loop's own figure, which counts the wait for
 * a processor as work and a poll that finds work at once as none.
 * @returns {number | null}
 */
function mainThreadMicros() {
  try {
    const [nanoseconds] = fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ');
    return Number(nanoseconds) / 1000;
  } catch {
    return null;
  }
}

/**
 * @param {Float64Array} sorted
 * @param {number} share
 */
function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/**
 * @param {number} size
 * @param {number} index
 */
function keyFor(size, index) {
  return `bench:${size}:${index % KEYS}`;
}

module.exports = { prepare, measure, keyFor };
