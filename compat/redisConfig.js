'use strict';

// In place of a redisConfig.js that made one client of node-redis and exported it.

const { openingClient } = require('../lib/compat/opening');

/** The client. It connects by itself when it is first used. */
const redis = openingClient('main');

function getClient() {
  return redis;
}

module.exports = { redis, client: redis, getClient };
