'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { findProgram, projectRoot, runCommand } = require('./run-command.js');
const { installPackages } = require('./install-packages.js');

const SOURCES = ['src', 'Cargo.toml', 'Cargo.lock', 'build.rs'];
const GENERATED = ['binding.js', 'binding.d.ts'];

/**
 * Builds the addon when it is missing or older than its sources; otherwise returns at once.
 *
 * @param {{ log?: (line: string) => void, install?: boolean }} [options] `install` lets a missing C compiler (which
 *   links the addon) be installed with the system's package manager
 * @returns {Promise<{ built: boolean, skipped: string | null }>} `skipped` is the reason why an addon that is needed
 *   could not be built here; a build that fails throws
 */
async function buildAddonIfNeeded({ log = console.log, install = false } = {}) {
  if (isUpToDate()) return { built: false, skipped: null };
  let missing = missingTool();
  if (missing === 'cc' && install) {
    await installPackages('compiler', log);
    missing = missingTool();
  }
  if (missing) return { built: false, skipped: INSTRUCTIONS[missing] };

  log('building the native addon ...');
  const code = await npm('run', '--silent', 'build');
  if (code !== 0) throw new Error(`building the native addon failed (npm run build ended with code ${code})`);
  return { built: true, skipped: null };
}

/** Whether this platform's addon and its loader are there, and none of the sources is newer. */
function isUpToDate() {
  const addon = fs
    .readdirSync(projectRoot)
    .find((name) => name.startsWith(`unified-redis.${process.platform}-${process.arch}`) && name.endsWith('.node'));
  if (!addon || GENERATED.some((name) => !fs.existsSync(path.join(projectRoot, name)))) return false;
  const built = fs.statSync(path.join(projectRoot, addon)).mtimeMs;
  return SOURCES.every((name) => newest(path.join(projectRoot, name)) <= built);
}

/** @param {string} file @returns {number} the latest modification time in a file or tree, in ms */
function newest(file) {
  const status = fs.statSync(file);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...fs.readdirSync(file).map((name) => newest(path.join(file, name))));
}

/** @returns {keyof typeof INSTRUCTIONS | null} */
function missingTool() {
  try {
    require.resolve('@napi-rs/cli');
  } catch {
    return 'cli';
  }
  if (!findProgram('cargo')) return 'cargo';
  return findProgram('cc') ? null : 'cc';
}

const INSTRUCTIONS = {
  cli: 'the development dependencies are not installed (run `npm ci`)',
  cargo: 'there is no Rust toolchain on PATH (https://rustup.rs installs one)',
  cc: 'there is no C compiler on PATH (Debian: apt-get install build-essential, macOS: xcode-select --install)',
};

/** @param {string[]} args @returns {Promise<number>} the exit code */
async function npm(...args) {
  // The npm that runs us, as a script: on Windows `npm` is a batch file, which spawn refuses.
  const script = process.env.npm_execpath;
  const { code } = await (script ? runCommand(process.execPath, [script, ...args]) : runCommand('npm', args));
  return code;
}

module.exports = { buildAddonIfNeeded };
