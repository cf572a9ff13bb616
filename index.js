'use strict';

const { ReplyError, UnifiedRedisError } = require('./lib/errors');
const { UnifiedRedisManager } = require('./lib/manager');

/** The manager of this copy of the module, with the classes beside its methods. */
const manager = Object.assign(new UnifiedRedisManager(), { ReplyError, UnifiedRedisError, UnifiedRedisManager });

module.exports = manager;
