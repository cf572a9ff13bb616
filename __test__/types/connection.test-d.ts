import {
  getConnection,
  type Callback,
  type ChainableCommander,
  type Redis,
  type RedisKey,
  type RedisOptions,
  type RedisStatus,
  type RedisValue,
  type Result,
  type ScanStream,
} from 'unified-redis';
import { expectReply, expectType } from './expect';

declare module 'unified-redis' {
  interface RedisCommander<Context> {
    double(key: string, callback?: Callback<number>): Result<number, Context>;
  }
}

type Results = [error: Error | null, result: unknown][] | null;

const redis = getConnection();

// Properties and life
expectType<RedisStatus>()(redis.status);
expectType<RedisOptions>()(redis.options);
expectType<string>()(redis.purpose);
// @ts-expect-error it is the link's
redis.status = 'ready';
expectType<Promise<void>>()(redis.connect());
expectType<void>()(redis.disconnect());
expectReply<'OK'>()(redis.quit());
expectReply<Redis>()(redis.monitor());
expectType<'normal' | 'monitor'>()(redis.mode);
expectType<Redis>()(redis.duplicate());
expectType<Redis>()(redis.duplicate({ keyPrefix: 'game:', commandTimeout: 500, maxRetriesPerRequest: null }));
// @ts-expect-error not an option
redis.duplicate({ keyPrefixx: '' });

// Pipelines
const pipeline = redis.pipeline();
expectType<ChainableCommander>()(pipeline);
expectType<ChainableCommander>()(pipeline.set('a', 1).get('a').getBuffer('a').hset('h', { a: 1 }).del('a', 'b'));
expectType<ChainableCommander>()(
  pipeline.get('a', (error, value) => {
    expectType<Error | null | undefined>()(error);
    expectType<string | null | undefined>()(value);
  }),
);
expectType<number>()(pipeline.length);
expectReply<Results>()(pipeline.exec());
expectReply<Results>()(pipeline.exec((error, results) => expectType<Results | undefined>()(results)));
expectType<ChainableCommander>()(
  redis.pipeline([
    ['set', 'a', 1],
    ['get', 'a'],
  ]),
);
expectType<ChainableCommander>()(
  pipeline
    .addBatch([['incr', 'a']])
    .multi()
    .incr('a'),
);
// @ts-expect-error a pipeline checks arguments as well
pipeline.set('a');

// Transactions
expectType<ChainableCommander>()(redis.multi());
expectType<ChainableCommander>()(redis.multi([['incr', 'a']]));
expectType<ChainableCommander>()(redis.multi({ pipeline: true }));
expectReply<'OK'>()(redis.multi({ pipeline: false }));
expectReply<Results>()(redis.multi().incr('a').expire('a', 10).exec());
expectReply<Results>()(redis.exec());
expectReply<'OK'>()(redis.watch('a', 'b'));
expectReply<'OK'>()(redis.unwatch());
expectReply<'OK'>()(redis.discard());

// Scripts
expectType<void>()(redis.defineCommand('double', { numberOfKeys: 1, lua: 'return 2', readOnly: true }));
// @ts-expect-error a script is needed
redis.defineCommand('double', {});
expectReply<number>()(redis.double('a'));
redis.double('a', (error, value) => expectType<number | undefined>()(value));
expectType<ChainableCommander>()(redis.pipeline().double('a').double('b'));

// Streams of SCAN
expectType<ScanStream>()(redis.scanStream({ match: 'a*', count: 100, type: 'hash' }));
redis.hscanStream('h', { noValues: true }).on('data', (fields) => expectType<string[]>()(fields));
redis.zscanBufferStream('z').on('data', (elements) => expectType<Buffer[]>()(elements));
expectType<void>()(redis.sscanStream('s').close());
// @ts-expect-error of which key?
redis.sscanStream();

async function iterate() {
  for await (const keys of redis.scanStream()) expectType<any>()(keys);
}

// What functions of an application take
async function cached(client: Pick<Redis, 'get' | 'setex'>, key: RedisKey, value: RedisValue) {
  return (await client.get(key)) ?? client.setex(key, 60, value);
}
const fake = {
  get: async (key: string) => key,
  setex: async (_key: string, _seconds: number, _value: string) => 'OK' as const,
};
class FakeRedis {
  async get(key: string): Promise<string | null> {
    return key;
  }
  async setex(_key: string, _seconds: number, _value: string) {
    return 'OK' as const;
  }
}
void [iterate, cached(redis, 'a', 1), cached(fake, 'a', 'b'), cached(new FakeRedis(), 'a', 'b')];
