'use strict';

// Shows the example game backend on its five connections: `npm run demo` serves it until Ctrl-C,
// `npm run demo -- --once` plays a whole round against it, prints what it checked, and ends with code 0 or 1.

const { buildAddonIfNeeded } = require('./lib/build-addon.js');
const { provideRedis } = require('./lib/provide-redis.js');
const { startBackend } = require('./demo/backend.js');
const { playRound } = require('./demo/round.js');
const { choosePort } = require('./demo/port.js');

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Ends at once; what was started is killed on exit. */
const abort = () => process.exit(130);

async function main() {
  for (const signal of SIGNALS) process.on(signal, abort);
  const once = process.argv.includes('--once');
  const { skipped } = await buildAddonIfNeeded({ install: true });
  if (skipped) throw new Error(`the native addon cannot be built: ${skipped}`);
  const redis = await provideRedis({ detached: true });
  try {
    console.log(redis.ownServer ? `demo: started Redis on ${redis.url}` : 'demo: using the Redis of REDIS_URL');
    return once ? await playRound(redis.url) : await serve(redis.url);
  } finally {
    await redis.stop();
  }
}

/**
 * Serves the page until somebody stops it.
 *
 * @param {string} url of Redis
 * @returns {Promise<boolean>} whether all went well
 */
async function serve(url) {
  const port = await choosePort(process.env.PORT);
  const backend = await startBackend({ REDIS_URL: url, PORT: String(port), GAME_BOTS: process.env.GAME_BOTS ?? '6' });
  console.log(`\ndemo: the game is on ${backend.address} - open it in a browser; Ctrl-C ends it\n`);
  let stopped = false;
  const stop = () => {
    stopped = true;
    void backend.stop();
  };
  for (const signal of SIGNALS) process.off(signal, abort).on(signal, stop);
  const code = await backend.exited;
  if (!stopped) console.error(`demo: the backend ended by itself with code ${code}`);
  return code === 0;
}

main().then(
  (success) => {
    process.exitCode = success ? 0 : 1;
  },
  (error) => {
    console.error(`demo: ${error.message}`);
    process.exitCode = 1;
  },
);
