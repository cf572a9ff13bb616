import unifiedRedis, {
  cleanup,
  getConnection,
  getHelper,
  getStats,
  healthCheck,
  initialize,
  setupGracefulShutdown,
  startMonitoring,
  stopMonitoring,
  UnifiedRedisManager,
} from 'unified-redis';
import type { HealthResult, LinkState, LinkStats, ManagerTotals, Redis, Stats } from 'unified-redis';
import * as everything from 'unified-redis';
import required = require('unified-redis');
import { EventEmitter } from 'node:events';
import { expectType } from './expect';

expectType<Promise<void>>()(initialize());
expectType<Promise<void>>()(unifiedRedis.initialize({ host: 'cache', purposes: ['main', 'jobs'] }));
expectType<Promise<void>>()(everything.initialize());
expectType<Promise<void>>()(required.initialize());
expectType<Promise<void>>()(cleanup());

expectType<Redis>()(getConnection());
expectType<Redis>()(getConnection('websocket'));
expectType<Redis>()(getConnection('a purpose of my own'));
// @ts-expect-error purposes are names
getConnection(1);

expectType<Map<string, Redis>>()(unifiedRedis.connections);
expectType<string[]>()(unifiedRedis.connectionPurposes);
expectType<boolean>()(unifiedRedis.isInitialized);
expectType<ManagerTotals>()(unifiedRedis.stats);
// @ts-expect-error what it shows is read-only
unifiedRedis.isInitialized = true;

expectType<void>()(startMonitoring());
expectType<void>()(startMonitoring(30_000));
expectType<void>()(stopMonitoring());
expectType<void>()(setupGracefulShutdown());

expectType<Stats>()(getStats());
const stats = getStats();
expectType<number>()(stats.created);
expectType<number>()(stats.connectionCount);
expectType<string[]>()(stats.purposes);
expectType<LinkStats[]>()(stats.links);
expectType<number | null>()(stats.links[0].lastRoundTripMs);
expectType<string | undefined>()(stats.links[0].lastError?.message);

async function health() {
  const results = await healthCheck();
  expectType<HealthResult[]>()(results);
  for (const result of results) {
    expectType<LinkState>()(result.state);
    if (result.status === 'healthy') {
      expectType<string>()(result.latency);
      expectType<number>()(result.latencyMs);
      // @ts-expect-error there is none
      result.error;
    } else {
      expectType<string>()(result.error);
    }
  }
}

async function disposed() {
  await using manager = unifiedRedis;
  return manager.getConnection();
}

// The manager is one, and of the class that is exported.
const manager: UnifiedRedisManager = unifiedRedis;
const emitter: EventEmitter = unifiedRedis;
expectType<typeof UnifiedRedisManager>()(unifiedRedis.UnifiedRedisManager);
expectType<UnifiedRedisManager>()(new UnifiedRedisManager());

void [health, disposed, manager, emitter, getHelper];
