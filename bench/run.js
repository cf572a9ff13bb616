#!/usr/bin/env node
'use strict';

/** `npm run bench`: this client against its peers, interleaved in one run. `--help` lists the options. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { provideServerProgram } = require('../scripts/lib/provide-redis.js');
const { runContest } = require('./contest.js');
const { describeMachine } = require('./machine.js');
const { readOptions } = require('./options.js');
const { hasReference } = require('./reference.js');
const { report } = require('./report.js');
const { startCluster, startServer } = require('./servers.js');
const { Summary } = require('./summary.js');

async function main() {
  const options = readOptions(process.argv.slice(2));
  const redis = await provideServerProgram(progress);
  const machine = describeMachine(redis, options.clients);
  const { servers, cells, missing } = await startServers(redis, options);
  try {
    const { measurements, failures } = await runContest({
      ...options,
      cells,
      servers,
      reference: hasReference(),
      progress,
    });
    const notMeasured = [...missing, ...failures];
    const text = report(new Summary(measurements), machine, options, notMeasured);
    const json = JSON.stringify({ machine, measurements, notMeasured }, null, 2);
    process.stdout.write(options.json ? `${json}\n` : text);
    if (options.complete) fs.writeFileSync(path.join(__dirname, 'RESULTS.md'), text);
    if (failures.length > 0) process.exitCode = 1;
  } finally {
    for (const server of Object.values(servers)) await server.stop();
  }
}

/** @param {string} line */
function progress(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * @param {string} redis
 * @param {ReturnType<typeof readOptions>} options
 */
async function startServers(redis, { cells, pinnedCore }) {
  /** @type {import('./contest.js').Contest['servers']} */
  const servers = {};
  const missing = [];
  for (const transport of new Set(cells.map((cell) => cell.transport))) {
    if (transport === 'pinned' && !canPin(pinnedCore)) {
      missing.push('one core: taskset is not available here');
      continue;
    }
    const core = transport === 'pinned' ? pinnedCore : undefined;
    servers[transport] =
      transport === 'cluster'
        ? await startCluster(redis)
        : await startServer(redis, { tls: transport === 'tls', core });
  }
  return { servers, cells: cells.filter((cell) => servers[cell.transport] !== undefined), missing };
}

/** @param {number} core */
function canPin(core) {
  try {
    execFileSync('taskset', ['-c', String(core), process.execPath, '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// Ended from outside, the servers must go too: they are killed when this process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
