'use strict';

/** What a figure depends on, and a reader therefore has to know. */

const { execFileSync } = require('node:child_process');
const os = require('node:os');
const { CONTESTANTS, versionOf } = require('./clients.js');

/**
 * @param {string} redis the server's executable
 * @param {string[]} clients
 * @returns {Record<string, string>}
 */
function describeMachine(redis, clients) {
  const cpus = os.cpus();
  return {
    Date: new Date().toISOString().slice(0, 10),
    Processor: `${cpus[0]?.model.trim() ?? 'unknown'}, ${cpus.length} cores`,
    Memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    System: `${os.type()} ${os.release()} ${os.arch()}`,
    'Load before the run': os.loadavg()[0].toFixed(2),
    Node: process.version,
    'Redis server': redisVersion(redis),
    ...Object.fromEntries(clients.map((client) => [client, versionOf(CONTESTANTS[client])])),
  };
}

/** @param {string} redis */
function redisVersion(redis) {
  const text = execFileSync(redis, ['--version'], { encoding: 'latin1' });
  return /v=(\S+)/.exec(text)?.[1] ?? text.trim();
}

module.exports = { describeMachine };
