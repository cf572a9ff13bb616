'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/**
 * Runs a command, its output going where ours goes, or into the result as well.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, output?: 'show' | 'capture' | 'both' | 'stderr',
 *   signal?: AbortSignal }} [options]
 *   `show` (the default) passes the output on, `capture` returns it, `both` does both, `stderr` does both with what the
 *   command says on stderr and drops the rest. The signal ends the command.
 * @returns {Promise<{ code: number, output: string }>} `code` is 127 for a file that is not there, and 128 for a
 *   command that a signal ended.
 */
function runCommand(file, args, { cwd = projectRoot, env = process.env, output = 'show', signal } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, signal, stdio: STDIO[output] });
    /** @type {string[]} */
    const chunks = [];
    for (const [stream, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      const readable = /** @type {import('node:stream').Readable | null} */ (stream);
      readable?.setEncoding('utf8').on('data', (text) => {
        chunks.push(text);
        if (output !== 'capture') /** @type {NodeJS.WriteStream} */ (target).write(text);
      });
    }
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 128, output: chunks.join('') }));
  });
}

/** @type {Record<string, import('node:child_process').StdioOptions>} */
const STDIO = {
  show: 'inherit',
  capture: ['ignore', 'pipe', 'pipe'],
  both: ['ignore', 'pipe', 'pipe'],
  stderr: ['ignore', 'ignore', 'pipe'],
};

/**
 * The full path of a program, or null.
 *
 * @param {string} name
 */
function findProgram(name) {
  for (const directory of [...(process.env.PATH ?? '').split(path.delimiter), ...EXTRA_DIRECTORIES]) {
    const file = path.join(directory, name);
    try {
      fs.accessSync(file, fs.constants.X_OK);
      if (directory && fs.statSync(file).isFile()) return file;
    } catch {
      // Not here; the next directory may have it.
    }
  }
  return null;
}

// Where package managers put servers although PATH may not say so (root's PATH on Debian, Homebrew's on macOS).
const EXTRA_DIRECTORIES = ['/usr/local/bin', '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

const projectRoot = path.resolve(__dirname, '../..');

module.exports = { runCommand, findProgram, projectRoot };
