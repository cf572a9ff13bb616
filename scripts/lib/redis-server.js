'use strict';

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { findProgram } = require('./run-command.js');
const { track } = require('./live-children.js');
const { freePort } = require('./ports.js');

const START_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 5_000;
const PORT_ATTEMPTS = 5;

/**
 * A redis-server process of our own, on a port of its own, with a directory of its own.
 *
 * @typedef {object} RunningServer
 * @property {string} host
 * @property {number} port
 * @property {number} pid
 * @property {string} directory removed when the server is stopped
 * @property {() => string} output what the server logged so far
 * @property {() => Promise<void>} stop SIGTERM, and SIGKILL when that does not help; safe to call again
 * @property {(signal: NodeJS.Signals) => void} signal
 * @property {Promise<void>} exited
 */

/** The path of a redis-server, or null. `REDIS_SERVER` names one, otherwise PATH is searched. */
function findServer() {
  return process.env.REDIS_SERVER || findProgram('redis-server') || findProgram('valkey-server');
}

/** @param {string} program @returns {number[]} for instance [7, 0, 15] */
function serverVersion(program) {
  const output = execFileSync(program, ['--version'], { encoding: 'utf8' });
  return (/v=(\d+)\.(\d+)\.(\d+)/.exec(output) ?? []).slice(1).map(Number);
}

/**
 * Starts a server that keeps nothing, on loopback.
 *
 * @param {object} [options]
 * @param {string} [options.program] default: `findServer()`
 * @param {number} [options.port] default: a free one
 * @param {string} [options.directory] default: a temporary one, removed on stop; one that is given is kept
 * @param {(port: number, directory: string) => string[]} [options.configure] more lines of redis.conf; the last one
 *   of a name wins
 * @param {boolean} [options.sentinel] a sentinel: it rewrites its configuration
 * @param {boolean} [options.waitReady] false returns as soon as the process runs (it may still be loading)
 * @param {boolean} [options.detached] in a process group of its own, so that a terminal's Ctrl-C does not reach it
 * @returns {Promise<RunningServer>}
 */
async function startRedisServer({ program, port, waitReady = true, ...settings } = {}) {
  const file = program ?? findServer();
  if (!file) throw new Error('No redis-server or valkey-server was found on PATH; REDIS_SERVER can name one.');
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(file, port ?? (await freePort()), waitReady, settings);
    } catch (error) {
      const taken = /Address already in use/i.test(/** @type {Error} */ (error).message);
      if (!taken || port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/**
 * @param {string} program
 * @param {number} port
 * @param {boolean} waitReady
 * @param {Omit<NonNullable<Parameters<typeof startRedisServer>[0]>, 'program' | 'port' | 'waitReady'>} settings
 * @returns {Promise<RunningServer>}
 */
async function startOn(program, port, waitReady, settings) {
  const { directory: givenDirectory, configure, sentinel = false, detached = false } = settings;
  const directory = givenDirectory ?? fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-'));
  const file = path.join(directory, 'redis.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    'daemonize no',
    'loglevel notice',
    'save ""',
    'appendonly no',
    `dir ${directory}`,
    ...(configure?.(port, directory) ?? []),
  ];
  fs.writeFileSync(file, lines.join('\n') + '\n');

  const child = track(
    spawn(program, sentinel ? [file, '--sentinel'] : [file], { stdio: ['ignore', 'pipe', 'pipe'], detached }),
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const exited = new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
    child.once('error', resolve);
    child.once('close', () => resolve());
  });

  const stop = async () => {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await exited;
    clearTimeout(killer);
    if (!givenDirectory) fs.rmSync(directory, { recursive: true, force: true });
  };
  try {
    if (waitReady) await ready(child, () => output, sentinel ? 'Sentinel ID is' : 'Ready to accept connections');
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host: '127.0.0.1',
    port,
    pid: /** @type {number} */ (child.pid),
    directory,
    output: () => output,
    stop,
    signal: (signal) => void child.kill(signal),
    exited,
  };
}

/**
 * Resolves when the server says that it accepts connections.
 *
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @param {() => string} output
 * @param {string} sign
 */
function ready(child, output, sign) {
  return new Promise((/** @type {(value?: undefined) => void} */ resolve, reject) => {
    /** @param {string} reason */
    const fail = (reason) => {
      clearTimeout(timer);
      reject(new Error(`redis-server ${reason}\n${output()}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${START_DEADLINE_MS / 1000} s`), START_DEADLINE_MS);
    child.stdout.on('data', () => {
      if (!output().includes(sign)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('close', (code) => fail(`ended at once with code ${code}`));
  });
}

module.exports = { findServer, serverVersion, freePort, startRedisServer };
