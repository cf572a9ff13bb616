'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');
const { track } = require('../../scripts/lib/live-children.js');
const { onCleanup } = require('./cleanup.js');

const projectRoot = path.resolve(__dirname, '../..');

/**
 * @typedef {object} ScriptOptions
 * @property {Record<string, string | undefined>} [env] added to an environment without any REDIS_*
 * @property {number} [timeout] ms, after which it is killed; default 20,000
 * @property {string[]} [args]
 * @property {string[]} [execArgv] options of node itself
 * @property {string} [cwd] default: the project, so that `require('unified-redis')` works
 * @property {boolean} [module] the source is an ES module
 */

/**
 * @typedef {object} ScriptResult
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {string} stdout
 * @property {string} stderr
 * @property {number} durationMs
 * @property {boolean} timedOut
 */

/**
 * Runs a script in a Node of its own and waits for its end.
 *
 * @param {string} script an absolute path, or source text
 * @param {ScriptOptions} [options]
 * @returns {Promise<ScriptResult>}
 */
function runScript(script, options) {
  return startScript(script, options).done;
}

/**
 * Starts a script in a Node of its own, for tests that do something while it runs.
 *
 * @param {string} script an absolute path, or source text
 * @param {ScriptOptions} [options]
 */
function startScript(script, { env = {}, timeout = 20_000, args = [], execArgv = [], cwd = projectRoot, module } = {}) {
  const started = performance.now();
  const source = path.isAbsolute(script) && !script.includes('\n') ? [script] : ['-e', script];
  const kind = module ? ['--input-type=module'] : [];
  const child = track(
    spawn(process.execPath, [...execArgv, ...kind, ...source, ...args], {
      cwd,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  );
  let stdout = '';
  let stderr = '';
  let timedOut = false;
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, timeout);
  const done = new Promise((/** @type {(result: ScriptResult) => void} */ resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr, durationMs: performance.now() - started, timedOut });
    });
  });
  onCleanup(() => {
    child.kill('SIGKILL');
    return done;
  });
  return {
    child,
    pid: /** @type {number} */ (child.pid),
    done,
    /** @param {NodeJS.Signals} signal */
    kill: (signal) => child.kill(signal),
    /**
     * Waits until the script has printed something.
     *
     * @param {string | RegExp} pattern looked for in stdout
     * @returns {Promise<string>} what has been printed until then
     */
    printed: async (pattern) => {
      const found = () => (typeof pattern === 'string' ? stdout.includes(pattern) : pattern.test(stdout));
      while (!found()) {
        const ended = await Promise.race([
          done,
          new Promise((resolve) => child.stdout.once('data', () => resolve(null))),
        ]);
        if (ended && !found()) throw new Error(`ended without printing ${pattern}:\n${stdout}\n${stderr}`);
      }
      return stdout;
    },
  };
}

function cleanEnvironment() {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('REDIS_'));
  return Object.fromEntries(entries);
}

module.exports = { runScript, startScript, projectRoot };
