// The three configurations.

import type { Helper, Redis } from 'unified-redis';
import redisHelper = require('unified-redis/compat/redis');
import redisManager = require('unified-redis/compat/redisConnectionManager');
import { expectType } from './expect';

const helper: Helper = redisHelper;
expectType<Redis>()(redisHelper.redis);
expectType<Redis>()(redisHelper.client);
expectType<Promise<boolean>>()(redisHelper.set('key', { a: 1 }, 'EX', 60, 'NX'));

expectType<Redis>()(redisManager.getConnection());
expectType<Redis>()(redisManager.getConnection('main', { keyPrefix: 'a:', tls: {}, service: 'billing' }));
expectType<Redis>()(redisManager.createConnection('main'));
expectType<Map<string, Redis>>()(redisManager.connections);
expectType<Promise<void>>()(redisManager.initialize({ purposes: ['main'] }));

// @ts-expect-error options are those of ioredis
redisManager.getConnection('main', { keyPrefix: 7 });
// @ts-expect-error a purpose is a name
redisManager.getConnection(7);

void helper;
