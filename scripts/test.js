'use strict';

// Builds the addon, sees to a redis-server, and runs every test there is: Rust, types, JavaScript, and the command tests
// on other servers too. The last line is `N passed, N failed`, the sum of all runners. Arguments are passed on to jest,
// which is then the only runner: `npm test -- pubsub`.

const { buildAddonIfNeeded } = require('./lib/build-addon.js');
const { provideServerProgram } = require('./lib/provide-redis.js');
const { summarize, testEnvironment } = require('./lib/summary.js');
const { runCargoTests, runTypeTests, runJest } = require('./lib/test-runners.js');
const { packagedServers, testServers } = require('./servers/matrix.js');

async function main() {
  const jestArguments = process.argv.slice(2);
  const { skipped } = await buildAddonIfNeeded({ install: true });
  if (skipped) throw new Error(`the native addon cannot be built: ${skipped}`);
  const env = testEnvironment(await provideServerProgram());

  /** @type {[string, () => Promise<import('./lib/test-runners.js').Counts>][]} */
  const runners = [['jest', () => runJest(env, jestArguments)]];
  if (jestArguments.length === 0) {
    runners.unshift(['cargo', () => runCargoTests(env)], ['types', () => runTypeTests(env)]);
  }
  const rows = [];
  for (const [name, run] of runners) {
    console.log(`\n--- ${name}`);
    rows.push({ name, ...(await run()) });
  }
  if (jestArguments.length === 0) rows.push(...(await testServers(await packagedServers(), env)));
  return rows;
}

summarize(main());
