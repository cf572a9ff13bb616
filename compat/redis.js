'use strict';

// In place of a redis.js that made one ioredis client and exported helper functions on it.

const manager = require('../index');
const { openingHandle } = require('../lib/compat/opening');
const { helperOn } = require('../lib/manager');

/** The client. It connects by itself when it is first used. */
const redis = openingHandle('main');

const helper = helperOn(/** @type {any} */ (manager), redis);
const { set, get, del, exists, expire, hset, hget, hgetall, getClient } = helper;

// One by one, so that `import { get }` finds them.
module.exports = { set, get, del, exists, expire, hset, hget, hgetall, getClient, redis, client: redis };
