'use strict';

// Runs the backend of examples/leaky-backend twice against the same Redis, with the same traffic: with the three Redis
// configurations it had, and with these replaced. Prints its sockets over time, and ends with code 0 if the first grow,
// the second stay at the declared number, and both backends answered the same.

const assert = require('node:assert/strict');
const { buildAddonIfNeeded } = require('./lib/build-addon.js');
const { provideRedis } = require('./lib/provide-redis.js');
const { report } = require('./demo-leak/report.js');
const { playTraffic } = require('./demo-leak/traffic.js');

/** One for each purpose. */
const DECLARED = 5;

async function main() {
  // What was started is killed on exit.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
  const { skipped } = await buildAddonIfNeeded({ install: true });
  if (skipped) throw new Error(`the native addon cannot be built: ${skipped}`);
  const redis = await provideRedis();
  try {
    console.log(redis.ownServer ? `demo: started Redis on ${redis.url}` : 'demo: using the Redis of REDIS_URL');
    const before = await playTraffic(redis.url, 'before');
    const after = await playTraffic(redis.url, 'after');
    console.log(`\n${report(before, after)}`);
    check(before, after);
    console.log(`\nthe ${before.answers.length} answers over HTTP, over WebSocket and from scripts were the same`);
  } finally {
    await redis.stop();
  }
}

/**
 * @param {import('./demo-leak/traffic.js').Played} before
 * @param {import('./demo-leak/traffic.js').Played} after
 */
function check(before, after) {
  assert.deepEqual(after.answers, before.answers, 'the answers differ');
  const grown = before.sockets.map(({ count }) => count);
  for (let at = 1; at < grown.length; at++) assert.ok(grown[at] > grown[at - 1], 'the first did not grow');
  assert.equal(after.stuck, 0, 'a script did not end');
  assert.equal(after.peak, DECLARED, 'the second, while players played');
  for (const { when, count } of after.sockets) assert.equal(count, DECLARED, `the second, ${when}`);
}

main().catch((error) => {
  console.error(`demo: ${error.message}`);
  process.exitCode = 1;
});
