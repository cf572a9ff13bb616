// The same by `import` from an ES module.

import unifiedRedis, {
  cleanup,
  getConnection,
  getHelper,
  getStats,
  healthCheck,
  initialize,
  ReplyError,
  setupGracefulShutdown,
  startMonitoring,
  stopMonitoring,
  UnifiedRedisError,
  UnifiedRedisManager,
} from 'unified-redis';
import type { ChainableCommander, Helper, Redis, RedisCommander, Result } from 'unified-redis';
import * as everything from 'unified-redis';
import type * as required from 'unified-redis' with { 'resolution-mode': 'require' };
import { expectType, type Equal } from './expect.js';

declare module 'unified-redis' {
  interface RedisCommander<Context> {
    triple(key: string): Result<number, Context>;
  }
}

expectType<Promise<void>>()(initialize());
expectType<Promise<void>>()(unifiedRedis.initialize());
expectType<Promise<void>>()(everything.initialize());
expectType<Promise<void>>()(everything.default.cleanup());
expectType<Redis>()(getConnection());
expectType<Helper>()(getHelper());
expectType<typeof UnifiedRedisError>()(unifiedRedis.UnifiedRedisError);
expectType<typeof ReplyError>()(unifiedRedis.ReplyError);
const manager: UnifiedRedisManager = unifiedRedis;

expectType<Promise<number>>()(getConnection().triple('key'));
expectType<ChainableCommander>()(getConnection().pipeline().triple('key'));

// Both forms name the same types.
expectType<true>()(null! as Equal<Redis, required.Redis>);
expectType<true>()(null! as Equal<RedisCommander, required.RedisCommander>);

// @ts-expect-error what changes is to be had from the manager only
everything.isInitialized;

void [cleanup, getStats, healthCheck, setupGracefulShutdown, startMonitoring, stopMonitoring, manager];
