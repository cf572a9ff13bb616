'use strict';

// `npm run test:servers`: the command tests against several servers, each a real one: the one that is installed here,
// and Redis 8 and Valkey out of Python packages (which are built without TLS). Arguments go to jest in place of the
// folder of the command tests: `npm run test:servers -- __test__/ecosystem`.

const { buildAddonIfNeeded } = require('./lib/build-addon.js');
const { provideServerProgram } = require('./lib/provide-redis.js');
const { summarize, testEnvironment } = require('./lib/summary.js');
const { packagedServers, testServers, versionOf } = require('./servers/matrix.js');

async function main() {
  const { skipped } = await buildAddonIfNeeded({ install: true });
  if (skipped) throw new Error(`the native addon cannot be built: ${skipped}`);
  const program = await provideServerProgram();
  const installed = { name: versionOf(program), program, reason: null };
  const jestArguments = process.argv.length > 2 ? process.argv.slice(2) : undefined;
  return testServers([installed, ...(await packagedServers())], testEnvironment(program), jestArguments);
}

summarize(main());
