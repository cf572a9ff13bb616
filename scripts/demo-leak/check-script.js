'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { track } = require('../lib/live-children.js');

const DEADLINE_MS = 20_000;

/**
 * A script that has printed its result.
 *
 * @typedef {object} CheckScript
 * @property {unknown} printed
 * @property {Promise<unknown>} ended rejected where it has not ended by itself in time
 * @property {() => boolean} isRunning
 * @property {() => void} kill
 */

/**
 * @param {string} file
 * @param {Record<string, string>} env
 * @returns {Promise<CheckScript>}
 */
async function startCheckScript(file, env) {
  const child = track(
    spawn(process.execPath, [file], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const ended = once(child, 'exit', { signal }).catch(() => {
    throw new Error(`${file} did not end within ${DEADLINE_MS / 1000} s`);
  });
  ended.catch(() => {});
  child.stdout.setEncoding('utf8');
  let output = '';
  while (!output.includes('\n')) {
    const [text] = await Promise.race([once(child.stdout, 'data', { signal }), ended.then(() => [null])]);
    if (text === null) throw new Error(`${file} ended with code ${child.exitCode} and printed nothing`);
    output += text;
  }
  return {
    printed: JSON.parse(output),
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: () => void child.kill('SIGKILL'),
  };
}

module.exports = { startCheckScript };
