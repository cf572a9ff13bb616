'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const { inspect } = require('node:util');
const manager = require('../..');
const { onCleanup, runScript, startServer } = require('../support');

const { ReplyError, UnifiedRedisError } = manager;

let server;
let redis;
beforeAll(async () => {
  server = await startServer({ auth: 'hunter2' });
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
  redis = manager.getConnection();
});

test('a handle looks like what libraries expect of ioredis', () => {
  expect(redis.constructor.name).toBe('Redis');
  expect(redis.status).toBe('ready');
  expect(redis.isCluster).toBe(false);
  expect(redis.options).toMatchObject({ host: server.host, port: server.port, family: 0, db: 0, keyPrefix: '' });
  for (const name of ['pSubscribe', 'sSubscribe', 'scanIterator', 'then']) expect(redis[name]).toBeUndefined();
  expect(redis.pipeline().then).toBeUndefined();
  expect(redis.multi().then).toBeUndefined();
});

test('no secret shows', async () => {
  const error = await redis.call('config', 'set', 'requirepass', 'hunter2', 'nonsense', 'x').catch((thrown) => thrown);
  const shown = [redis, redis.options, redis.pipeline(), manager, error].map((value) =>
    inspect(value, { depth: 9, showHidden: true }),
  );
  expect(shown.join()).not.toContain('hunter2');
  expect(error.command).toEqual({ name: 'config', args: ['set', 'requirepass', '<redacted>', 'nonsense', 'x'] });
});

test('values and errors are of this realm', async () => {
  await redis.rpush('list', 'a');
  expect(await redis.lrange('list', 0, -1)).toBeInstanceOf(Array);
  expect(await redis.getBuffer('nothing')).toBeNull();
  await redis.set('text', 'a');
  expect(await redis.getBuffer('text')).toBeInstanceOf(Buffer);
  expect(redis.get('text')).toBeInstanceOf(Promise);
  await expect(redis.incr('list')).rejects.toBeInstanceOf(ReplyError);
  await expect(redis.incr('list')).rejects.toBeInstanceOf(Error);
  expect(Object.getPrototypeOf(await redis.hgetall('nothing'))).toBe(Object.prototype);
});

test('a field called __proto__ is only a field', async () => {
  await redis.hset('fields', '__proto__', 'x', 'constructor', 'y');
  const fields = await redis.hgetall('fields');
  expect(Object.keys(fields)).toEqual(['__proto__', 'constructor']);
  expect(Object.getOwnPropertyDescriptor(fields, '__proto__').value).toBe('x');
  expect(fields).toBeInstanceOf(Object);
});

describe('callbacks', () => {
  const called = (call) => new Promise((resolve) => call((...args) => resolve(args)));

  test('get the error or the reply', async () => {
    expect(await called((callback) => redis.set('cb', '1', callback))).toEqual([null, 'OK']);
    expect(await called((callback) => redis.get('cb', callback))).toEqual([null, '1']);
    expect(await called((callback) => redis.call('get', 'cb', callback))).toEqual([null, '1']);
    expect(await called((callback) => redis.mget(['cb', 'none'], callback))).toEqual([null, ['1', null]]);
    const [error, ...rest] = await called((callback) => redis.lpush('cb', 'x', callback));
    expect(error).toBeInstanceOf(ReplyError);
    expect(rest).toEqual([]);
  });

  test('keep the asynchronous context of their caller', async () => {
    const storage = new AsyncLocalStorage();
    const seen = await storage.run('mine', () =>
      called((callback) => redis.get('cb', () => callback(storage.getStore()))),
    );
    expect(seen).toEqual(['mine']);
  });

  test('that throw are uncaught exceptions, and lose nobody else their reply', async () => {
    const { stdout } = await runScript(
      `const manager = require('.');
       process.on('uncaughtException', (error) => console.log('uncaught', error.message));
       manager.initialize({ logger: false }).then(async () => {
         const redis = manager.getConnection();
         redis.get('a', () => { throw new Error('mine'); });
         const others = await Promise.all([redis.set('a', 1), redis.get('a')]);
         console.log(others.join());
       });`,
      { env: { REDIS_URL: server.url } },
    );
    expect(stdout.split('\n').sort()).toEqual(['', 'OK,1', 'uncaught mine']);
  });
});

test('a command given in the last tick of a process is sent', async () => {
  const { code } = await runScript(
    `const manager = require('.');
     manager.initialize({ logger: false }).then(() => {
       manager.getConnection().set('last words', 'goodbye');
       process.exit(3);
     });`,
    { env: { REDIS_URL: server.url } },
  );
  expect(code).toBe(3);
  expect(await redis.get('last words')).toBe('goodbye');
});

test('a large reply, a large value, and many commands at once', async () => {
  const value = Buffer.alloc(50 * 1024 * 1024, 'value');
  await redis.set('large', value);
  expect(value.equals(await redis.getBuffer('large'))).toBe(true);
  expect(await redis.get('large')).toBe(value.toString());
  await redis.del('large');

  const pipeline = redis.pipeline();
  const thousand = [...Array(1000).keys()];
  for (let round = 0; round < 300; round++) pipeline.rpush('many', thousand);
  await pipeline.exec();
  expect(await redis.lrange('many', 0, -1)).toHaveLength(300_000);

  const sets = await Promise.all(Array.from({ length: 100_000 }, (_, index) => redis.set(`n${index}`, index)));
  expect(new Set(sets)).toEqual(new Set(['OK']));
  const gets = await Promise.all(Array.from({ length: 100_000 }, (_, index) => redis.get(`n${index}`)));
  expect(gets.every((got, index) => got === String(index))).toBe(true);
});

test('replies come to whom they belong, also when a callback or a listener asks for more', async () => {
  const callers = Array.from({ length: 200 }, async (_, caller) => {
    for (let round = 0; round < 20; round++) {
      expect(await redis.echo(`${caller}:${round}`)).toBe(`${caller}:${round}`);
    }
  });
  await Promise.all(callers);
});

test('a blocking command waits as long as it says, on its own link only', async () => {
  const blocked = redis.blpop('queue', 5);
  await manager.getConnection('websocket').rpush('queue', 'item');
  expect(await blocked).toEqual(['queue', 'item']);
  expect(await redis.blpop('queue', '0.05')).toBeNull();
});

test('a blocking command outlives commandTimeout, and the others do not', async () => {
  const handle = redis.duplicate({ commandTimeout: 150 });
  const started = performance.now();
  expect(await handle.blpop('nothing there', '0.5')).toBeNull();
  expect(performance.now() - started).toBeGreaterThan(450);
  const blocked = redis.blpop('nothing there', '0.4');
  await expect(handle.get('behind it')).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT' });
  await blocked;
  await handle.quit();
});

test('keyPrefix is put before keys, and before nothing else', async () => {
  const handle = redis.duplicate({ keyPrefix: 'app:' });
  await handle.mset({ a: 1, b: 2 });
  await handle.set(Buffer.from('c'), 'a');
  expect(await redis.mget('app:a', 'app:b', 'app:c')).toEqual(['1', '2', 'a']);
  expect(await handle.mget(['a', 'b'])).toEqual(['1', '2']);
  expect(await handle.pipeline().get('a').getBuffer('c').exec()).toEqual([
    [null, '1'],
    [null, Buffer.from('a')],
  ]);
  expect(await handle.multi().get('a').exec()).toEqual([[null, '1']]);
  expect(await handle.eval('return {KEYS[1], ARGV[1]}', 1, 'k', 'v')).toEqual(['app:k', 'v']);
  expect(await handle.call('get', 'a')).toBe('1');
  expect(handle.options.keyPrefix).toBe('app:');
  const inner = handle.duplicate({ keyPrefix: Buffer.from([0xff]) });
  await inner.set('x', 1);
  expect(await redis.get(Buffer.from([0xff, 0x78]))).toBe('1');
  await Promise.all([handle.quit(), inner.quit()]);
});

test('what would be another connection is refused', () => {
  for (const override of [{ host: 'elsewhere' }, { port: 1 }, { db: 5 }, { path: '/tmp/x' }, { username: 'x' }]) {
    expect(() => redis.duplicate(override)).toThrow(UnifiedRedisError);
    expect(() => redis.duplicate(override)).toThrow(Object.keys(override)[0]);
  }
  for (const override of [{ keyPrefix: 5 }, { commandTimeout: -1 }, { commandTimeout: 'soon' }]) {
    expect(() => redis.duplicate(override)).toThrow(`Invalid option ${Object.keys(override)[0]}`);
  }
});
