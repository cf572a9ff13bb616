'use strict';

module.exports = require('unified-redis/compat/redisConnectionManager');
