'use strict';

const { inspect } = require('node:util');
const { createHelper } = require('../../lib/helper');
const { parseJson } = require('../../lib/helper/json');

/** A client that notes what it was asked for, and answers what the test wants. */
function createClient(answer = 'OK') {
  const calls = [];
  const client = new Proxy(
    {},
    {
      get: (_, command) =>
        command === 'then'
          ? undefined
          : async (...args) => {
              calls.push([command, ...args]);
              if (answer instanceof Error) throw answer;
              return answer;
            },
    },
  );
  const reports = [];
  const helper = createHelper(client, (operation, error) => reports.push([operation, error]));
  return { calls, client, helper, reports };
}

describe('set', () => {
  test.each([
    [
      ['k', 'v'],
      ['set', 'k', 'v'],
    ],
    [
      ['k', 'v', null, null, null],
      ['set', 'k', 'v'],
    ],
    [
      ['k', 'v', 'EX', 60],
      ['setex', 'k', 60, 'v'],
    ],
    [
      ['k', 'v', null, 60],
      ['setex', 'k', 60, 'v'],
    ],
    [
      ['k', 'v', undefined, '60'],
      ['setex', 'k', 60, 'v'],
    ],
    [
      ['k', 'v', 'EX', 60.9],
      ['setex', 'k', 60, 'v'],
    ],
    [
      ['k', 'v', 'EX', 60, 'NX'],
      ['set', 'k', 'v', 'EX', 60, 'NX'],
    ],
    [
      ['k', 'v', null, 60, 'NX'],
      ['set', 'k', 'v', 'EX', 60, 'NX'],
    ],
    [
      ['k', 'v', 'PX', 1500],
      ['set', 'k', 'v', 'PX', 1500],
    ],
    [
      ['k', 'v', 'PX', 1500, 'XX'],
      ['set', 'k', 'v', 'PX', 1500, 'XX'],
    ],
    [
      ['k', 'v', 'NX'],
      ['set', 'k', 'v', 'NX'],
    ],
    [
      ['k', 'v', 'NX', 60],
      ['set', 'k', 'v', 'EX', 60, 'NX'],
    ],
    [
      ['k', 'v', null, null, 'XX'],
      ['set', 'k', 'v', 'XX'],
    ],
  ])('%p', async (args, command) => {
    const { calls, helper } = createClient();
    expect(await helper.set(...args)).toBe(true);
    expect(calls).toEqual([command]);
  });

  test('is false where the condition did not hold', async () => {
    const { helper } = createClient(null);
    expect(await helper.set('k', 'v', 'EX', 60, 'NX')).toBe(false);
  });

  test.each([
    ['text', 'text'],
    ['', ''],
    [42, '42'],
    [true, 'true'],
    [12345678901234567890n, '12345678901234567890'],
    [null, 'null'],
    [{ a: [1, null] }, '{"a":[1,null]}'],
    [[1, 'b'], '[1,"b"]'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])('stores %p as %p', async (value, stored) => {
    const { calls, helper } = createClient();
    await helper.set('k', value);
    await helper.hset('k', 'f', value);
    expect(calls).toEqual([
      ['set', 'k', stored],
      ['hset', 'k', 'f', stored],
    ]);
  });
});

describe('arguments are checked before anything is sent', () => {
  const cyclic = { password: 'hunter2' };
  cyclic.self = cyclic;

  test.each([
    ['set', ['k', undefined], 'value'],
    ['set', ['k', () => {}], 'value'],
    ['set', ['k', Symbol('s')], 'value'],
    ['set', ['k', cyclic], 'value'],
    ['set', ['k', { n: 1n }], 'value'],
    ['set', ['k', { toJSON: () => undefined }], 'value'],
    ['set', [undefined, 'v'], 'key'],
    ['set', [{}, 'v'], 'key'],
    ['set', [NaN, 'v'], 'key'],
    ['set', ['k', 'v', 'EX', NaN], 'ttl'],
    ['set', ['k', 'v', 'EX', 0], 'ttl'],
    ['set', ['k', 'v', 'EX', 0.5], 'ttl'],
    ['set', ['k', 'v', 'EX', -1], 'ttl'],
    ['set', ['k', 'v', 'EX', Infinity], 'ttl'],
    ['set', ['k', 'v', 'EX', ''], 'ttl'],
    ['set', ['k', 'v', 'EX', '1 minute'], 'ttl'],
    ['set', ['k', 'v', 'EX'], 'ttl'],
    ['set', ['k', 'v', 'ex', 60], 'option'],
    ['set', ['k', 'v', 60], 'option'],
    ['set', ['k', 'v', 'EX', 60, true], 'nx'],
    ['set', ['k', 'v', 'NX', 60, 'XX'], 'nx'],
    ['get', [], 'key'],
    ['del', [null], 'key'],
    ['del', [[]], 'key'],
    ['del', [['a', undefined]], 'key[1]'],
    ['exists', [{}], 'key'],
    ['expire', ['k', NaN], 'ttl'],
    ['expire', ['k', 0], 'ttl'],
    ['expire', ['k'], 'ttl'],
    ['hset', ['k', undefined, 'v'], 'field'],
    ['hset', ['k', 'f', undefined], 'value'],
    ['hget', ['k'], 'field'],
    ['hgetall', [undefined], 'key'],
  ])('%s(%p)', async (method, args, argument) => {
    const { calls, helper, reports } = createClient();
    const error = await helper[method](...args).catch((reason) => reason);
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(`argument ${argument}:`),
    });
    expect(['TypeError', 'RangeError']).toContain(error.name);
    expect(inspect(error)).not.toContain('hunter2');
    expect(calls).toEqual([]);
    expect(reports).toEqual([]);
  });

  test('a ttl out of range is a RangeError', async () => {
    const { helper } = createClient();
    await expect(helper.expire('k', -5)).rejects.toBeInstanceOf(RangeError);
  });
});

describe('get and hget', () => {
  test.each([
    [null, null],
    ['', null],
    ['text', 'text'],
    ['{broken', '{broken'],
    ['{"a":[1,null]}', { a: [1, null] }],
    ['42', 42],
    ['true', true],
    ['null', null],
    ['007', '007'],
    ['12345678901234567890', '12345678901234567890'],
  ])('%p gives %p', async (stored, value) => {
    const { calls, helper } = createClient(stored);
    expect(await helper.get('k')).toEqual(value);
    expect(await helper.hget('k', 'f')).toEqual(value);
    expect(calls).toEqual([
      ['get', 'k'],
      ['hget', 'k', 'f'],
    ]);
  });
});

test('del, exists, expire, hset, hgetall and getClient', async () => {
  expect(await createClient(2).helper.del(['a', 'b'])).toBe(2);
  expect(await createClient(1).helper.exists('a')).toBe(true);
  expect(await createClient(0).helper.exists('a')).toBe(false);
  expect(await createClient(1).helper.expire('a', '60')).toBe(1);
  expect(await createClient(0).helper.hset('a', 'f', 1)).toBe(0);
  expect(await createClient({ f: '1' }).helper.hgetall('a')).toEqual({ f: '1' });
  const { client, helper } = createClient();
  expect(helper.getClient()).toBe(client);
});

test('what fails is reported and rejected', async () => {
  const failure = new Error('WRONGTYPE');
  const { helper, reports } = createClient(failure);
  await expect(helper.get('k')).rejects.toBe(failure);
  expect(reports).toEqual([['get', failure]]);
});

test('methods work taken off the helper', async () => {
  const { set } = createClient().helper;
  expect(await set('k', 'v')).toBe(true);
});

describe('numbers in JSON', () => {
  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['-12345678901234567890', '-12345678901234567890'],
    ['12345678901234567168', '12345678901234567168'],
    ['1e3', 1000],
    ['1E+3', 1000],
    ['1e400', '1e400'],
    ['1e-400', '1e-400'],
    ['1e21', 1e21],
    ['1.10', 1.1],
    ['-0', -0],
    ['0.30000000000000004', 0.30000000000000004],
    ['3.14159265358979323846', '3.14159265358979323846'],
    ['0.0000001', 1e-7],
    ['100000000000000000000', 1e20],
    ['{"id":12345678901234567890,"n":1}', { id: '12345678901234567890', n: 1 }],
    ['[1, 12345678901234567890 ,[9007199254740993]]', [1, '12345678901234567890', ['9007199254740993']]],
    ['{"12345678901234567890":"12345678901234567890"}', { '12345678901234567890': '12345678901234567890' }],
    ['["a\\"12345678901234567890\\\\",12345678901234567890]', ['a"12345678901234567890\\', '12345678901234567890']],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  test('what JavaScript writes comes back as it was', () => {
    let seed = 1;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 5000; round++) {
      const value = (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
      expect(parseJson(JSON.stringify([value]))).toEqual([value]);
    }
  });

  test('what is no JSON throws', () => {
    expect(() => parseJson('12345678901234567890x')).toThrow(SyntaxError);
  });
});
