'use strict';

const { findServer, startRedisServer } = require('./redis-server.js');
const { installPackages } = require('./install-packages.js');

/**
 * A Redis to work with: the one that `REDIS_URL` names, or a server of our own on a free port.
 *
 * @param {object} [options]
 * @param {(line: string) => void} [options.log]
 * @param {boolean} [options.detached] keep the terminal's Ctrl-C from the server: the caller handles it and calls stop()
 * @returns {Promise<{ url: string, ownServer: boolean, stop: () => Promise<void> }>}
 */
async function provideRedis({ log = console.log, detached } = {}) {
  const url = process.env.REDIS_URL;
  if (url) return { url, ownServer: false, stop: async () => {} };
  const server = await startRedisServer({ program: await provideServerProgram(log), detached });
  return { url: `redis://${server.host}:${server.port}`, ownServer: true, stop: server.stop };
}

/**
 * The path of a redis-server or valkey-server, installed first if there is none.
 *
 * @param {(line: string) => void} [log]
 * @returns {Promise<string>}
 */
async function provideServerProgram(log = console.log) {
  const found = findServer();
  if (found) return found;
  const reason = await installPackages('redis', log);
  const installed = findServer();
  if (installed) return installed;
  throw new Error(
    `No redis-server or valkey-server was found on PATH, and installing one did not work: ${reason}.\n` +
      'Install Redis (Debian: apt-get install redis-server, macOS: brew install redis) and run this again, ' +
      'or set REDIS_SERVER to the path of one; `npm run demo` also takes a running one by REDIS_URL.',
  );
}

module.exports = { provideRedis, provideServerProgram };
