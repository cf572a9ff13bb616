'use strict';

// Builds the addon, sees to a redis-server, and runs every test there is: Rust, types, JavaScript.
// The last line is `N passed, N failed`, the sum of all runners. Arguments are passed on to jest, which is then the
// only runner: `npm test -- pubsub`.

const { buildAddonIfNeeded } = require('./lib/build-addon.js');
const { provideServerProgram } = require('./lib/provide-redis.js');
const { runCargoTests, runTypeTests, runJest } = require('./lib/test-runners.js');

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
  return rows;
}

/**
 * The tests start their servers themselves: what REDIS_* says about somebody's real server is kept from them.
 *
 * @param {string} program
 */
function testEnvironment(program) {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('REDIS_'));
  return { ...Object.fromEntries(entries), REDIS_SERVER: program };
}

main().then(
  (rows) => {
    console.log('');
    for (const { name, passed, failed, skipped, problem } of rows) {
      const notes = [skipped ? `${skipped} skipped` : '', problem ?? ''].filter(Boolean).join(', ');
      console.log(`${name.padEnd(8)} ${passed} passed, ${failed} failed${notes ? ` (${notes})` : ''}`);
    }
    const passed = rows.reduce((sum, row) => sum + row.passed, 0);
    const failed = rows.reduce((sum, row) => sum + row.failed, 0);
    console.log(`\n${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  },
  (error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
