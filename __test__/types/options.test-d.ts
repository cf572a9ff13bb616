import { readFileSync } from 'node:fs';
import { initialize, type InitializeOptions, type RetryStrategy, type TlsOptions } from 'unified-redis';
import { elastiCacheIam } from 'unified-redis/iam';
import type { OptionName } from '../../lib/options/schema';
import { expectType, type Equal } from './expect';

// Every option of the schema is declared, and nothing else.
type TopLevel = Exclude<OptionName, `tls.${string}`>;
type Tls = OptionName extends infer Name ? (Name extends `tls.${infer Rest}` ? Rest : never) : never;
expectType<true>()(null! as Equal<keyof InitializeOptions, TopLevel>);
expectType<true>()(null! as Equal<keyof TlsOptions, Tls>);

initialize({
  host: process.env.REDIS_HOST,
  port: process.env.REDIS_PORT || 6379,
  password: process.env.REDIS_PASSWORD || null,
  db: process.env.REDIS_DB || 0,
  tls: { ca: readFileSync('ca.pem'), rejectUnauthorized: true, requestCert: true, agent: false },
  family: 4,
  keepAlive: 30000,
  connectTimeout: 15000,
  commandTimeout: 10000,
  lazyConnect: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: null,
  retryStrategy: (times) => Math.min(times * 50, 2000),
});
initialize({ url: 'rediss://cache:6380/1', tls: true, envFile: false, purposes: ['main', 'subscriber'] as const });

initialize({
  credentialsProvider: async () => ({ username: 'app', password: 'x', expiresAt: new Date(), sessionTtl: 1 }),
});
initialize({ credentialsProvider: () => ({ password: 'x' }) });
initialize({ credentialsProvider: elastiCacheIam({ userId: 'app', cacheName: 'cache', region: 'eu-central-1' }) });
// @ts-expect-error a provider gives a password
initialize({ credentialsProvider: () => ({ username: 'app' }) });
// @ts-expect-error a region is needed
elastiCacheIam({ userId: 'app', cacheName: 'cache' });

initialize({
  sentinels: [{ host: 'a', port: 26379 }, { host: 'b' }, 'c:1'],
  name: 'mymaster',
  role: 'slave',
  sentinelUsername: 'app',
  sentinelPassword: process.env.SENTINEL_PASSWORD || null,
  sentinelTLS: { ca: 'ca.pem' },
  natMap: { '10.0.0.1:6379': { host: 'localhost', port: 6379 } },
  preferredSlaves: (replicas) => replicas.find(({ ip, flags }) => ip !== '10.0.0.1' && flags === 'slave'),
});
initialize({ sentinels: 'a:1,b:2', name: 'm', natMap: (address) => ({ host: address, port: 1 }), preferredSlaves: [] });
// @ts-expect-error a sentinel has a host
initialize({ sentinels: [{ port: 26379 }], name: 'm' });
// @ts-expect-error as ioredis calls it
initialize({ sentinels: [{ host: 'a' }], name: 'm', role: 'replica' });
// @ts-expect-error retryStrategy decides
initialize({ sentinels: [{ host: 'a' }], name: 'm', sentinelRetryStrategy: () => 1 });

initialize({ logger: console, logLevel: 'debug' });
initialize({ logger: false });
// @ts-expect-error a logger has all three
initialize({ logger: { error() {}, info() {} } });
// @ts-expect-error not a level
initialize({ logLevel: 'verbose' });

const stopping: RetryStrategy = (times, cause) => (times > 5 || cause.message === '' ? null : 100);
initialize({ retryStrategy: stopping });
// @ts-expect-error a delay is a number
initialize({ retryStrategy: () => 'soon' });

initialize({ reconnectOnError: (error) => error.message.startsWith('READONLY') });
initialize({ reconnectOnError: () => 2 });
initialize({ reconnectOnError: null });
// @ts-expect-error there is no 3
initialize({ reconnectOnError: () => 3 });

// @ts-expect-error all links are opened
initialize({ lazyConnect: true });
// @ts-expect-error unknown options are refused
initialize({ hots: 'cache' });
// @ts-expect-error unknown TLS options too
initialize({ tls: { verify: true } });
// @ts-expect-error purposes are names
initialize({ purposes: [1] });
