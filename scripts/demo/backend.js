'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');
const { track } = require('../lib/live-children.js');
const { projectRoot } = require('../lib/run-command.js');

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 15_000;

const GAME_BACKEND = path.join(projectRoot, 'examples', 'game-backend', 'server.js');

/**
 * A running backend, in a process of its own.
 *
 * @typedef {object} Backend
 * @property {string} address
 * @property {number} pid
 * @property {() => Promise<number | null>} stop SIGTERM; resolves to the exit code, null when it had to be killed
 * @property {Promise<number | null>} exited
 */

/**
 * @param {Record<string, string | undefined>} env
 * @param {{ quiet?: boolean, file?: string }} [options] quiet: keep its output to ourselves, unless it fails to start;
 *   file: its program, by default the game backend's
 * @returns {Promise<Backend>}
 */
async function startBackend(env, { quiet = false, file = GAME_BACKEND } = {}) {
  const child = track(
    spawn(process.execPath, [file], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', quiet ? 'pipe' : 'inherit'],
    }),
  );
  let output = '';
  const keep = (/** @type {Buffer} */ data) => void (output += data);
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  if (!quiet) child.stdout?.pipe(process.stdout, { end: false });
  const exited = new Promise((/** @type {(code: number | null) => void} */ resolve) => {
    child.once('close', (code) => resolve(code));
  });

  const address = await new Promise((/** @type {(address: string) => void} */ resolve, reject) => {
    const fail = (/** @type {string} */ reason) => reject(new Error(`the backend ${reason}\n${output}`));
    const timer = setTimeout(() => fail('did not start in time'), START_DEADLINE_MS);
    child.stdout?.on('data', () => {
      const match = /listening on (http:\S+)/.exec(output);
      if (!match) return;
      clearTimeout(timer);
      resolve(match[1]);
    });
    void exited.then((code) => {
      clearTimeout(timer);
      fail(`ended at once with code ${code}`);
    });
  });

  const stop = async () => {
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    child.kill('SIGTERM');
    const code = await exited;
    clearTimeout(killer);
    return code;
  };
  return { address, pid: /** @type {number} */ (child.pid), stop, exited };
}

module.exports = { startBackend };
