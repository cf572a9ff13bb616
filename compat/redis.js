'use strict';

// In place of a redis.js that made one ioredis client and exported helper functions on it.

const manager = require('../index');
const { openingHandle } = require('../lib/compat/opening');
const { helperOn } = require('../lib/manager');

/** The client. It connects by itself when it is first used. */
const redis = openingHandle('main');

module.exports = { ...helperOn(/** @type {any} */ (manager), redis), redis, client: redis };
