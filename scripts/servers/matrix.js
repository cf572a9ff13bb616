'use strict';

const { execFileSync } = require('node:child_process');
const { runJest } = require('../lib/test-runners.js');
const { PACKAGED_SERVERS, fetchServer } = require('./fetch.js');

/** The tests whose outcome may depend on the server: what is said to it, and what it says. */
const COMMAND_TESTS = ['__test__/connection/'];

/**
 * @typedef {{ name: string, program: string | null, reason: string | null }} MatrixServer `reason` is why there is no
 *   program
 */

/**
 * The servers beside the one that is installed here.
 *
 * @returns {Promise<MatrixServer[]>}
 */
async function packagedServers() {
  const servers = [];
  // One after another: they share a cache.
  for (const server of PACKAGED_SERVERS) {
    const fetched = await fetchServer(server);
    const name = fetched.program ? versionOf(fetched.program) : server.name;
    servers.push({ name, ...fetched });
  }
  return servers;
}

/**
 * Runs the command tests against each server. One that could not be had is named with the reason, and is no failure:
 * whoever is offline still has a run to trust.
 *
 * @param {MatrixServer[]} servers
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} [jestArguments] default: the command tests
 */
async function testServers(servers, env, jestArguments = COMMAND_TESTS) {
  const rows = [];
  for (const { name, program, reason } of servers) {
    if (program === null) {
      console.log(`\n--- ${name}: not run, ${reason}`);
      rows.push({ name, passed: 0, failed: 0, skipped: 0, problem: `not run: ${reason}` });
      continue;
    }
    console.log(`\n--- jest on ${name}`);
    const counts = await runJest({ ...env, REDIS_SERVER: program }, jestArguments);
    rows.push({ name, ...counts });
  }
  return rows;
}

/** @param {string} program @returns {string} for instance `Redis 8.2.3` */
function versionOf(program) {
  const output = execFileSync(program, ['--version'], { encoding: 'latin1' });
  const [, product = 'server', version = '?'] = /(\w+) server v=(\S+)/i.exec(output) ?? [];
  return `${product} ${version}`;
}

module.exports = { packagedServers, testServers, versionOf };
