'use strict';

// `npm ci` in a checkout ends here: it leaves an addon that matches the sources. Without the tools to build one the
// installation still succeeds, since a platform package may provide the addon.

const { buildAddonIfNeeded } = require('./lib/build-addon.js');

buildAddonIfNeeded().then(
  ({ skipped }) => {
    if (skipped) console.log(`unified-redis: the native addon was not built: ${skipped}`);
  },
  (error) => {
    console.error(`unified-redis: ${error.message}`);
    process.exitCode = 1;
  },
);
