'use strict';

/** The versions of the package that the dialect is compared with, and what they are installed as. */
const VERSIONS = /** @type {const} */ ([
  [6, 'redis'],
  [5, 'redis-v5'],
  [4, 'redis-v4'],
]);

module.exports = { VERSIONS };
