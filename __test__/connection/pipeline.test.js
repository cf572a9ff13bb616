'use strict';

const manager = require('../..');
const { onCleanup, startServer } = require('../support');

const { ReplyError } = manager;

let redis;
beforeAll(async () => {
  const server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
  redis = manager.getConnection();
});
beforeEach(() => redis.flushall());

describe('pipelines', () => {
  test('give each command its outcome, in order', async () => {
    const pipeline = redis.pipeline();
    expect(pipeline.set('a', 1)).toBe(pipeline);
    pipeline.get('a').lpush('a', 'x').getBuffer('a').call('echo', 'called').hgetall('none');
    expect(pipeline).toHaveLength(6);
    const results = await pipeline.exec();
    expect(results[0]).toEqual([null, 'OK']);
    expect(results[1]).toEqual([null, '1']);
    expect(results[2]).toEqual([expect.any(ReplyError)]);
    expect(results[2][0].command).toEqual({ name: 'lpush', args: ['a', 'x'] });
    expect(results[3]).toEqual([null, Buffer.from('1')]);
    expect(results.slice(4)).toEqual([
      [null, 'called'],
      [null, {}],
    ]);
  });

  test('can be given as arrays', async () => {
    expect(
      await redis
        .pipeline([
          ['set', 'a', 'b'],
          ['get', 'a'],
        ])
        .exec(),
    ).toEqual([
      [null, 'OK'],
      [null, 'b'],
    ]);
    expect(await redis.pipeline().exec()).toEqual([]);
    expect(await redis.pipeline([]).exec()).toEqual([]);
  });

  test('call back, for all and for each', async () => {
    const seen = [];
    const results = await new Promise((resolve) => {
      redis
        .pipeline()
        .set('a', 'b', (error, reply) => seen.push([error, reply]))
        .incr('a', (error) => seen.push(error.message))
        .exec((error, value) => resolve([error, value]));
    });
    expect(results[0]).toBeNull();
    expect(results[1]).toHaveLength(2);
    expect(seen).toEqual([[null, 'OK'], 'ERR value is not an integer or out of range']);
  });

  test('send their commands once, however often exec() is called', async () => {
    const pipeline = redis.pipeline().incr('once');
    const [first, second] = await Promise.all([pipeline.exec(), pipeline.exec()]);
    expect(second).toBe(first);
    expect(await redis.get('once')).toBe('1');
  });

  test('take arguments in all forms', async () => {
    const results = await redis
      .pipeline()
      .mset({ a: 1, b: null })
      .hset('h', new Map([['f', Buffer.from([255])]]))
      .mget(['a', 'b'])
      .hgetallBuffer('h')
      .exec();
    expect(results.map(([, value]) => value)).toEqual(['OK', 1, ['1', ''], { f: Buffer.from([255]) }]);
  });

  test('of many commands, and with large values', async () => {
    const pipeline = redis.pipeline();
    for (let index = 0; index < 20_000; index++) pipeline.set(`k${index}`, 'x'.repeat(200));
    expect(await pipeline.exec()).toHaveLength(20_000);
  });

  test('may hold transactions', async () => {
    const results = await redis.pipeline().set('a', 1).multi().incr('a').get('a').exec().get('a').exec();
    expect(results.map(([, value]) => value)).toEqual(['OK', 'OK', 'QUEUED', 'QUEUED', [2, '2'], '2']);
  });
});

describe('transactions', () => {
  test('give the outcomes of their commands', async () => {
    const results = await redis.multi().set('a', 1).lpush('a', 'x').get('a').exec();
    expect(results[0]).toEqual([null, 'OK']);
    expect(results[1]).toEqual([expect.any(ReplyError)]);
    expect(results[1][0].command).toEqual({ name: 'lpush', args: ['a', 'x'] });
    expect(results[2]).toEqual([null, '1']);
  });

  test('can be given as arrays, be empty, and call back', async () => {
    expect(
      await redis
        .multi([
          ['set', 'a', 'b'],
          ['get', 'a'],
        ])
        .exec(),
    ).toEqual([
      [null, 'OK'],
      [null, 'b'],
    ]);
    expect(await redis.multi().exec()).toEqual([]);
    expect(
      await new Promise((resolve) =>
        redis
          .multi()
          .get('a')
          .exec((error, value) => resolve(value)),
      ),
    ).toEqual([[null, 'b']]);
    expect(await redis.multi({ pipeline: true }).get('a').exec()).toEqual([[null, 'b']]);
  });

  test('that the server refuses reject, and say why', async () => {
    const error = await redis
      .multi()
      .set('a')
      .get('a')
      .exec()
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ReplyError);
    expect(error.message).toBe('EXECABORT Transaction discarded because of previous errors.');
    expect(error.previousErrors).toHaveLength(1);
    expect(error.previousErrors[0]).toMatchObject({ code: 'ERR', command: { name: 'set', args: ['a'] } });
  });

  test('can be discarded', async () => {
    const transaction = redis.multi().set('a', 'discarded').discard();
    await expect(transaction.exec()).rejects.toThrow('EXEC without MULTI');
    expect(await redis.get('a')).toBeNull();
  });

  test('mix strings and Buffers', async () => {
    const results = await redis
      .multi()
      .set('a', 'ü')
      .get('a')
      .getBuffer('a')
      .hset('h', 'f', 'v')
      .hgetall('h')
      .hgetallBuffer('h')
      .exec();
    expect(results.map(([, value]) => value)).toEqual([
      'OK',
      'ü',
      Buffer.from('ü'),
      1,
      { f: 'v' },
      { f: Buffer.from('v') },
    ]);
  });

  test('give null when a watched key had changed', async () => {
    await redis.watch('a');
    await manager.getConnection('websocket').set('a', 'changed');
    expect(await redis.multi().set('a', 'mine').exec()).toBeNull();
    expect(await redis.get('a')).toBe('changed');
  });

  test('send once, however often exec() is called', async () => {
    const transaction = redis.multi().incr('once');
    const [first, second] = await Promise.all([transaction.exec(), transaction.exec()]);
    expect([first, second]).toEqual([[[null, 1]], [[null, 1]]]);
    expect(await redis.get('once')).toBe('1');
  });
});
