import { getConnection, type Callback } from 'unified-redis';
import { expectReply, expectType } from './expect';

declare const keys: string[];
declare const readonlyKeys: readonly string[];
declare const members: (string | number)[];
declare const unit: 'EX' | 'PX';

const redis = getConnection();
const text = expectReply<string>();
const textOrNull = expectReply<string | null>();
const texts = expectReply<string[]>();
const textsOrNull = expectReply<(string | null)[]>();
const number = expectReply<number>();
const numbers = expectReply<number[]>();
const ok = expectReply<'OK'>();
const buffer = expectReply<Buffer>();
const bufferOrNull = expectReply<Buffer | null>();
const scanned = expectReply<[cursor: string, elements: string[]]>();

// Strings
textOrNull(redis.get('a'));
textOrNull(redis.get(Buffer.from('a')));
bufferOrNull(redis.getBuffer('a'));
textOrNull(redis.getdel('a'));
textOrNull(redis.getex('a', 'EX', 10));
textOrNull(redis.getex('a', 'PERSIST'));
textOrNull(redis.getset('a', 1));
text(redis.getrange('a', 0, -1));
ok(redis.set('a', 'b'));
ok(redis.set('a', Buffer.from('b'), 'EX', 10));
ok(redis.set('a', 1, 'KEEPTTL'));
ok(redis.set('a', 1, unit, 10));
expectReply<'OK' | null>()(redis.set('a', 1, 'EX', 10, 'NX'));
expectReply<'OK' | null>()(redis.set('a', 1, 'NX', 'PX', 10));
expectReply<'OK' | null>()(redis.set('a', 1, 'XX'));
textOrNull(redis.set('a', 1, 'GET'));
textOrNull(redis.set('a', 1, 'EX', 10, 'NX', 'GET'));
bufferOrNull(redis.setBuffer('a', 1, 'GET'));
ok(redis.setex('a', 10, 'b'));
ok(redis.psetex('a', 10, 'b'));
number(redis.setnx('a', 'b'));
textsOrNull(redis.mget('a', 'b'));
textsOrNull(redis.mget(...keys));
textsOrNull(redis.mget(readonlyKeys));
expectReply<(Buffer | null)[]>()(redis.mgetBuffer(keys));
ok(redis.mset('a', 1, 'b', 2));
ok(redis.mset({ a: 1 }));
ok(redis.mset(new Map([['a', 1]])));
number(redis.msetnx({ a: 1 }));
number(redis.incr('a'));
number(redis.incrby('a', 2));
text(redis.incrbyfloat('a', 0.5));
number(redis.decr('a'));
number(redis.decrby('a', '2'));
number(redis.append('a', 'b'));
number(redis.strlen('a'));
number(redis.setrange('a', 1, 'b'));

// Bitmaps and HyperLogLog
number(redis.setbit('a', 7, 1));
number(redis.getbit('a', 7));
number(redis.bitcount('a'));
number(redis.bitcount('a', 0, 1, 'BIT'));
number(redis.bitpos('a', 1));
number(redis.bitop('AND', 'c', 'a', 'b'));
expectReply<(number | null)[]>()(redis.bitfield('a', 'INCRBY', 'u8', 0, 1));
number(redis.pfadd('a', 'b', 'c'));
number(redis.pfcount('a', 'b'));
ok(redis.pfmerge('c', 'a', 'b'));

// Keys
number(redis.del('a'));
number(redis.del('a', Buffer.from('b')));
number(redis.del(...keys));
number(redis.del(keys));
number(redis.unlink(keys));
number(redis.exists('a', 'b'));
number(redis.touch('a'));
number(redis.expire('a', 10));
number(redis.expire('a', '10', 'NX'));
number(redis.pexpire('a', 10));
number(redis.expireat('a', 1700000000));
number(redis.ttl('a'));
number(redis.pttl('a'));
number(redis.persist('a'));
texts(redis.keys('a*'));
text(redis.type('a'));
ok(redis.rename('a', 'b'));
number(redis.renamenx('a', 'b'));
number(redis.copy('a', 'b', 'REPLACE'));
textOrNull(redis.randomkey());
scanned(redis.scan(0));
scanned(redis.scan('0', 'MATCH', 'a*', 'COUNT', 100));
scanned(redis.scan(0, 'COUNT', 100, 'MATCH', 'a*', 'TYPE', 'hash'));
expectReply<[cursor: Buffer, elements: Buffer[]]>()(redis.scanBuffer(0));
number(redis.sort('a', 'BY', 'w*', 'LIMIT', 0, 10, 'DESC', 'ALPHA', 'STORE', 'b'));
textsOrNull(redis.sort('a', 'GET', 'x*', 'y*', 'ASC'));
textOrNull(redis.object('ENCODING', 'a'));

// Hashes
number(redis.hset('h', 'a', 1, 'b', 2));
number(redis.hset('h', { a: 1 }));
number(redis.hset('h', new Map([['a', 1]])));
number(redis.hset('h', ...members));
ok(redis.hmset('h', { a: 1 }));
number(redis.hsetnx('h', 'a', 1));
textOrNull(redis.hget('h', 'a'));
bufferOrNull(redis.hgetBuffer('h', 'a'));
textsOrNull(redis.hmget('h', 'a', 'b'));
textsOrNull(redis.hmget('h', keys));
expectReply<Record<string, string>>()(redis.hgetall('h'));
expectReply<Record<string, Buffer>>()(redis.hgetallBuffer('h'));
number(redis.hdel('h', 'a', 'b'));
number(redis.hexists('h', 'a'));
texts(redis.hkeys('h'));
texts(redis.hvals('h'));
number(redis.hlen('h'));
number(redis.hincrby('h', 'a', 1));
text(redis.hincrbyfloat('h', 'a', 0.5));
textOrNull(redis.hrandfield('h'));
texts(redis.hrandfield('h', 2, 'WITHVALUES'));
numbers(redis.hexpire('h', 10, 'NX', 'FIELDS', 2, 'a', 'b'));
scanned(redis.hscan('h', 0, 'MATCH', 'a*'));

// Lists
number(redis.lpush('l', 'a', 'b'));
number(redis.lpush('l', members));
number(redis.rpush('l', ...members));
textOrNull(redis.lpop('l'));
expectReply<string[] | null>()(redis.lpop('l', 2));
textOrNull(redis.rpop('l'));
texts(redis.lrange('l', 0, -1));
expectReply<Buffer[]>()(redis.lrangeBuffer('l', 0, -1));
number(redis.llen('l'));
number(redis.lrem('l', 0, 'a'));
ok(redis.ltrim('l', 0, 9));
ok(redis.lset('l', 0, 'a'));
textOrNull(redis.lindex('l', 0));
number(redis.linsert('l', 'BEFORE', 'a', 'b'));
expectReply<number | null>()(redis.lpos('l', 'a', 'RANK', -1));
numbers(redis.lpos('l', 'a', 'COUNT', 0));
text(redis.lmove('l', 'm', 'LEFT', 'RIGHT'));
textOrNull(redis.blmove('l', 'm', 'LEFT', 'RIGHT', 0));
expectReply<[string, string] | null>()(redis.blpop('l', 'm', 0));
expectReply<[string, string] | null>()(redis.brpop(keys, 1.5));
expectReply<[string, string] | null>()(redis.brpop(...keys, 1.5));

// Sets
number(redis.sadd('s', 'a', 1));
number(redis.sadd('s', members));
number(redis.srem('s', ...members));
texts(redis.smembers('s'));
number(redis.sismember('s', 'a'));
numbers(redis.smismember('s', 'a', 'b'));
number(redis.scard('s'));
textOrNull(redis.spop('s'));
texts(redis.spop('s', 2));
texts(redis.srandmember('s', 2));
number(redis.smove('s', 't', 'a'));
texts(redis.sinter('s', 't'));
number(redis.sunionstore('u', keys));
number(redis.sintercard(2, 's', 't', 'LIMIT', 10));
scanned(redis.sscan('s', 0, 'COUNT', 10));

// Sorted sets
number(redis.zadd('z', 1, 'a', 2, 'b'));
number(redis.zadd('z', 'NX', 'CH', ...members));
textOrNull(redis.zadd('z', 'XX', 'INCR', 1, 'a'));
text(redis.zadd('z', 'INCR', 1, 'a'));
textOrNull(redis.zscore('z', 'a'));
textsOrNull(redis.zmscore('z', 'a', 'b'));
text(redis.zincrby('z', 1, 'a'));
expectReply<number | null>()(redis.zrank('z', 'a'));
expectReply<[rank: number, score: string] | null>()(redis.zrevrank('z', 'a', 'WITHSCORE'));
number(redis.zcard('z'));
number(redis.zcount('z', '-inf', '(5'));
texts(redis.zrange('z', 0, -1));
texts(redis.zrange('z', 0, -1, 'REV', 'WITHSCORES'));
texts(redis.zrange('z', '(1', '+inf', 'BYSCORE', 'LIMIT', 0, 10));
texts(redis.zrevrange('z', 0, 9, 'WITHSCORES'));
texts(redis.zrangebyscore('z', 0, 10, 'WITHSCORES', 'LIMIT', 0, 10));
texts(redis.zrevrangebyscore('z', '+inf', '-inf', 'LIMIT', 0, 10));
texts(redis.zrangebylex('z', '[a', '(c'));
number(redis.zrangestore('y', 'z', 0, -1));
number(redis.zrem('z', 'a', 'b'));
number(redis.zremrangebyscore('z', 0, 10));
number(redis.zremrangebyrank('z', 0, 10));
texts(redis.zpopmin('z'));
texts(redis.zpopmax('z', 2));
expectReply<[key: string, member: string, score: string] | null>()(redis.bzpopmin('z', 0));
number(redis.zunionstore('y', 2, 'z', 'x', 'WEIGHTS', 1, 2, 'AGGREGATE', 'MAX'));
texts(redis.zinter(2, 'z', 'x', 'WITHSCORES'));
scanned(redis.zscan('z', 0));

// Streams
textOrNull(redis.xadd('x', '*', 'field', 'value'));
textOrNull(redis.xadd('x', 'MAXLEN', '~', 1000, '*', 'field', 'value'));
number(redis.xlen('x'));
expectReply<[id: string, fields: string[]][]>()(redis.xrange('x', '-', '+', 'COUNT', 10));
expectReply<[key: string, items: [id: string, fields: string[]][]][] | null>()(
  redis.xread('COUNT', 10, 'BLOCK', 0, 'STREAMS', 'x', '$'),
);
expectReply<[key: string, items: [id: string, fields: string[] | null][]][] | null>()(
  redis.xreadgroup('GROUP', 'g', 'c', 'COUNT', 10, 'BLOCK', 0, 'NOACK', 'STREAMS', 'x', '>'),
);
number(redis.xack('x', 'g', '1-0', '2-0'));
ok(redis.xgroup('CREATE', 'x', 'g', '$', 'MKSTREAM'));
number(redis.xgroup('DESTROY', 'x', 'g'));
expectReply<[id: string, consumer: string, idle: number, deliveries: number][]>()(
  redis.xpending('x', 'g', '-', '+', 10),
);
texts(redis.xclaim('x', 'g', 'c', 1000, '1-0', 'JUSTID'));
number(redis.xdel('x', '1-0'));
number(redis.xtrim('x', 'MAXLEN', '~', 1000));

// Geo
number(redis.geoadd('g', 13.4, 52.5, 'Berlin'));
textOrNull(redis.geodist('g', 'a', 'b', 'KM'));
expectReply<([longitude: string, latitude: string] | null)[]>()(redis.geopos('g', 'a'));
texts(redis.geosearch('g', 'FROMMEMBER', 'a', 'BYRADIUS', 10, 'KM', 'ASC', 'COUNT', 3));
expectReply<unknown[]>()(redis.geosearch('g', 'FROMLONLAT', 1, 2, 'BYRADIUS', 10, 'KM', 'WITHDIST'));

// Publish and subscribe
number(redis.publish('c', 'message'));
number(redis.subscribe('c', 'd'));
number(redis.psubscribe('c*'));
number(redis.ssubscribe('c'));
number(redis.unsubscribe());
redis.subscribe('c', (error, count) => expectType<number | undefined>()(count));

// Scripts and functions
expectReply<unknown>()(redis.eval('return 1', 0));
expectReply<unknown>()(redis.eval('return KEYS', 1, 'key', 'arg', 1));
expectReply<unknown>()(redis.evalsha('sha', 1, ...members));
expectReply<unknown>()(redis.fcall('f', 1, 'key'));
text(redis.script('LOAD', 'return 1'));
numbers(redis.script('EXISTS', 'sha'));

// Connection and server
expectReply<'PONG'>()(redis.ping());
text(redis.ping('hello'));
text(redis.echo('hello'));
text(redis.info());
text(redis.info('server', 'clients'));
number(redis.dbsize());
ok(redis.flushdb());
ok(redis.flushall('ASYNC'));
texts(redis.config('GET', 'maxmemory'));
ok(redis.config('SET', 'maxmemory', '1gb'));
text(redis.client('LIST'));
number(redis.client('ID'));
expectReply<number | null>()(redis.memory('USAGE', 'a'));
expectReply<[seconds: string, microseconds: string]>()(redis.time());
number(redis.wait(1, 100));

// Any command
expectReply<unknown>()(redis.call('set', 'a', 1));
expectReply<unknown>()(redis.call('set', ['a', 1]));
expectReply<unknown>()(redis.callBuffer('get', 'a'));

// Twins of commands whose reply holds no string
number(redis.delBuffer('a'));
buffer(redis.echoBuffer('hello'));
buffer(redis.setBuffer('a', 'b'));

// Callbacks, after any arguments
redis.get('a', (error, value) => {
  expectType<Error | null | undefined>()(error);
  expectType<string | null | undefined>()(value);
});
redis.set('a', 'b', 'EX', 10, 'NX', (error, reply) => expectType<'OK' | null | undefined>()(reply));
redis.del('a', 'b', (error, count) => expectType<number | undefined>()(count));
redis.del(keys, (error, count) => expectType<number | undefined>()(count));
redis.hgetallBuffer('h', (error, fields) => expectType<Record<string, Buffer> | undefined>()(fields));
redis.zrange('z', 0, -1, 'WITHSCORES', (error, elements) => expectType<string[] | undefined>()(elements));
declare const callback: Callback<string | null>;
textOrNull(redis.get('a', callback));

// @ts-expect-error a key is needed
redis.get();
// @ts-expect-error keys are no numbers
redis.get(1);
// @ts-expect-error one key
redis.get('a', 'b');
// @ts-expect-error objects are no values
redis.set('a', { b: 1 });
// @ts-expect-error no value
redis.set('a', undefined);
// @ts-expect-error no such option
redis.set('a', 'b', 'EXX', 10);
// @ts-expect-error a duration is missing
redis.set('a', 'b', 'EX');
// @ts-expect-error in upper case
redis.set('a', 'b', 'ex', 10);
// @ts-expect-error not both
redis.set('a', 'b', 'NX', 'XX');
// @ts-expect-error no such condition
redis.expire('a', 10, 'YY');
// @ts-expect-error the field is missing
redis.hget('h');
// @ts-expect-error objects are no members
redis.sadd('s', { a: 1 });
// @ts-expect-error the other end is missing
redis.lrange('l', 0);
// @ts-expect-error the timeout is missing
redis.brpoplpush('l', 'm');
// @ts-expect-error WITHSCORES, not WITHSCORE
redis.zrange('z', 0, -1, 'WITHSCORE');
// @ts-expect-error what is read is missing
redis.xread('COUNT', 10);
// @ts-expect-error a callback is given the reply
redis.get('a', (error: Error | null | undefined, value: number) => value);
// @ts-expect-error no such command
redis.gett('a');
// @ts-expect-error that is node-redis
redis.hGetAll('h');
