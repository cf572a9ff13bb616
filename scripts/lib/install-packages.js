'use strict';

const { findProgram, runCommand } = require('./run-command.js');

/**
 * What can be installed, and the package names to try, in order, with each package manager.
 *
 * @type {Record<'redis' | 'compiler', Record<string, string[]>>}
 */
const PACKAGES = {
  redis: {
    'apt-get': ['redis-server', 'valkey-server'],
    brew: ['redis', 'valkey'],
    dnf: ['redis', 'valkey'],
    apk: ['redis', 'valkey'],
  },
  compiler: {
    'apt-get': ['build-essential'],
    dnf: ['gcc'],
    apk: ['build-base'],
  },
};

/** @type {Record<string, { needsRoot: boolean, refresh?: string[], install: string[] }>} */
const MANAGERS = {
  'apt-get': { needsRoot: true, refresh: ['update'], install: ['install', '-y', '--no-install-recommends'] },
  brew: { needsRoot: false, install: ['install'] },
  dnf: { needsRoot: true, install: ['install', '-y'] },
  apk: { needsRoot: true, install: ['add', '--no-cache'] },
};

/**
 * Installs something with the system's package manager, as root or through a `sudo` that asks no password.
 *
 * @param {keyof typeof PACKAGES} what
 * @param {(line: string) => void} log
 * @returns {Promise<string | null>} null when it was installed, otherwise the reason why not
 */
async function installPackages(what, log) {
  const manager = Object.keys(MANAGERS).find((name) => name in PACKAGES[what] && findProgram(name));
  if (!manager) return 'no package manager that offers it was found (apt-get, brew, dnf, apk)';
  const { needsRoot, refresh, install } = MANAGERS[manager];
  const prefix = needsRoot ? await rootPrefix() : [];
  if (!prefix) return `${manager} needs root, and sudo wants a password here`;

  /** @param {string[]} args */
  const run = (args) => {
    const [file, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', manager, ...args];
    return runCommand(file, rest, { output: 'capture' });
  };
  if (refresh) await run(refresh);
  let output = '';
  for (const name of PACKAGES[what][manager]) {
    log(`installing ${name} with ${manager} ...`);
    const result = await run([...install, name]);
    if (result.code === 0) {
      if (manager === 'apt-get' && what === 'redis') await stopDebianService(prefix, name);
      return null;
    }
    output = result.output;
  }
  return `${manager} could not install it: ${output.trim().split('\n').slice(-3).join(' / ')}`;
}

/** What to put before a command that needs root; null when there is no way. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (!findProgram('sudo')) return null;
  const { code } = await runCommand('sudo', ['-n', 'true'], { output: 'capture' });
  return code === 0 ? ['sudo', '-n'] : null;
}

/**
 * Debian starts a service with the package. Only the program is wanted here: what was not running before keeps not
 * running.
 *
 * @param {string[]} prefix
 * @param {string} service
 */
async function stopDebianService(prefix, service) {
  const command = findProgram('systemctl') ? ['systemctl', 'disable', '--now', service] : ['service', service, 'stop'];
  const [file, ...args] = [...prefix, ...command];
  await runCommand(file, args, { output: 'capture' });
}

module.exports = { installPackages };
