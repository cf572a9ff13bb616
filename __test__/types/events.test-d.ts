import unifiedRedis, { getConnection, type ErrorCode, type UnifiedRedisError, type WarningCode } from 'unified-redis';
import type { WarningCode as DeclaredWarning } from '../../lib/manager/warnings';
import { expectType, type Equal } from './expect';

// Every warning of the code is declared, and nothing else.
expectType<true>()(null! as Equal<WarningCode, DeclaredWarning>);

unifiedRedis
  .on('ready', (event) => {
    expectType<string>()(event.purpose);
    expectType<number>()(event.at);
  })
  .once('reconnecting', ({ purpose, delay, attempt }) => {
    expectType<string>()(purpose);
    expectType<number>()(delay);
    expectType<number>()(attempt);
  })
  .addListener('error', (error) => expectType<UnifiedRedisError>()(error))
  .prependListener('warning', ({ code, message }) => {
    expectType<WarningCode | ErrorCode>()(code);
    expectType<string>()(message);
  })
  .on('monitor', ({ connectedClients, maxclients }) => {
    expectType<number>()(connectedClients);
    expectType<number | null>()(maxclients);
  })
  .on('something else', (...args) => expectType<any[]>()(args));
// @ts-expect-error that is not what it tells
unifiedRedis.on('ready', (purpose: string) => purpose);
// @ts-expect-error nor here
unifiedRedis.once('error', (error: number) => error);

const redis = getConnection('subscriber');
redis.on('message', (channel, message) => {
  expectType<string>()(channel);
  expectType<string>()(message);
});
redis.once('messageBuffer', (channel, message) => {
  expectType<Buffer>()(channel);
  expectType<Buffer>()(message);
});
redis.on('pmessage', (pattern, channel, message) => expectType<string[]>()([pattern, channel, message]));
redis.on('pmessageBuffer', (pattern, channel) => {
  expectType<string>()(pattern);
  expectType<Buffer>()(channel);
});
redis.on('smessage', (channel: string, message: string) => [channel, message]);
redis.on('error', (error) => expectType<Error>()(error));
redis.on('ready', () => {});
redis.on('reconnecting', (delay) => expectType<number>()(delay));
redis.on('of my own', (...args) => expectType<any[]>()(args));
expectType<typeof redis>()(redis.on('end', () => {}));
redis.off('end', () => {}).removeAllListeners('message');
