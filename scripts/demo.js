'use strict';

// Shows the example game backend on its five connections: `npm run demo` serves it until Ctrl-C,
// `npm run demo -- --once` plays a whole round against it, prints what it checked, and ends with code 0 or 1. With
// `--cluster`, either happens on a Redis Cluster.

const { buildAddonIfNeeded } = require('./lib/build-addon.js');
const { startBackend } = require('./demo/backend.js');
const { openCluster, openServer } = require('./demo/place.js');
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
  const place = await (process.argv.includes('--cluster') ? openCluster() : openServer());
  try {
    console.log(`demo: ${place.description}`);
    return once ? await playRound(place) : await serve(place);
  } finally {
    await place.stop();
  }
}

/**
 * Serves the page until somebody stops it.
 *
 * @param {import('./demo/place.js').Place} place
 * @returns {Promise<boolean>} whether all went well
 */
async function serve(place) {
  const port = await choosePort(process.env.PORT);
  const backend = await startBackend({ ...place.env, PORT: String(port), GAME_BOTS: process.env.GAME_BOTS ?? '6' });
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
