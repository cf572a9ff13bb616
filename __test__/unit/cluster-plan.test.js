'use strict';

// Where commands go in a cluster, and what becomes of several replies.

const calculateSlot = require('cluster-key-slot');
const joins = require('../../lib/cluster/joins');
const { slotOf } = require('../../lib/cluster/key-slot');
const { planOf, ANY, SCAN } = require('../../lib/cluster/plan');
const { nextCursor, parseCursor } = require('../../lib/cluster/scan-cursor');
const { command } = require('../../lib/commands');

const plan = (name, ...args) => planOf(command(name), args);

test('slots are those of the specification', () => {
  expect(slotOf('123456789')).toBe(0x31c3);
  expect(slotOf('{user1000}.following')).toBe(slotOf('user1000'));
  expect(slotOf('foo{{bar}}zap')).toBe(slotOf('{bar'));
  expect(slotOf('foo{bar}{zap}')).toBe(slotOf('bar'));
  expect(slotOf('')).toBe(0);
  expect(slotOf(12)).toBe(slotOf('12'));
  expect(slotOf(2 ** 60)).toBe(slotOf('1152921504606846976'));
  // An empty hash tag counts for nothing, and the next one is none.
  expect(slotOf('foo{}{bar}')).toBe(8363);
  expect(slotOf(Buffer.from('foo{}{bar}'))).toBe(8363);
});

test('slots are those of cluster-key-slot, for text and bytes', () => {
  const alphabet = ['a', 'Z', '0', ':', '{', '}', 'é', '€', '\u{1f600}', '\0'];
  for (let seed = 1; seed < 20_000; seed++) {
    let key = '';
    for (let rest = seed * 7919; rest > 0; rest = Math.floor(rest / alphabet.length))
      key += alphabet[rest % alphabet.length];
    if (key.includes('{}')) continue;
    const expected = calculateSlot(key);
    if (slotOf(key) !== expected || slotOf(Buffer.from(key)) !== expected) {
      throw new Error(`${JSON.stringify(key)} is not in ${expected}`);
    }
  }
});

test('one slot is where the command goes', () => {
  expect(plan('get', 'a')).toBe(slotOf('a'));
  expect(plan('mget', '{t}a', '{t}b')).toBe(slotOf('t'));
  expect(plan('sunionstore', '{t}a', '{t}b')).toBe(slotOf('t'));
  expect(plan('eval', 'return 1', 2, '{t}a', '{t}b', 'other')).toBe(slotOf('t'));
  expect(plan('EVALSHA', 'abc', '1', Buffer.from('k'))).toBe(slotOf('k'));
  expect(plan('xread', 'COUNT', 1, 'STREAMS', '{t}a', '{t}b', 0, 0)).toBe(slotOf('t'));
  expect(plan('object', 'ENCODING', 'k')).toBe(slotOf('k'));
  expect(plan('xgroup', 'CREATE', 'k', 'g', '0')).toBe(slotOf('k'));
  expect(plan('memory', 'usage', 'k')).toBe(slotOf('k'));
  expect(plan('spublish', 'ch', 'm')).toBe(slotOf('ch'));
  expect(plan('zunionstore', '{t}d', 2, '{t}a', '{t}b')).toBe(slotOf('t'));
  // Patterns are no keys, the destination is one.
  expect(plan('sort', 'a', 'BY', 'w_*', 'GET', 'x_*')).toBe(slotOf('a'));
  expect(plan('sort', '{t}a', 'BY', 'w_*', 'STORE', '{t}b')).toBe(slotOf('t'));
  // What the table does not have begins with its key.
  expect(plan('JSON.SET', 'doc', '$', '1')).toBe(slotOf('doc'));
});

test('wrong calls go somewhere, and the server says what is wrong', () => {
  expect(plan('get')).toBe(ANY);
  expect(plan('mget')).toBe(ANY);
  expect(() => plan('mset', 'a', 1, 'b')).toThrow("ERR wrong number of arguments for 'mset' command");
  expect(plan('eval', 'return 1', 5, 'a')).toBe(slotOf('a'));
  expect(plan('FOO')).toBe(ANY);
});

test('MGET and its like are split by slot, in the order of their keys', () => {
  const { parts, join } = plan('mget', 'a', 'b', '{a}c', 'b');
  expect(parts).toEqual([
    { slot: slotOf('a'), args: ['a', '{a}c'], positions: [0, 2] },
    { slot: slotOf('b'), args: ['b', 'b'], positions: [1, 3] },
  ]);
  expect(
    join([
      ['A', 'C'],
      ['B', 'B'],
    ]),
  ).toEqual(['A', 'B', 'C', 'B']);

  const mset = plan('mset', 'a', 1, 'b', 2, '{a}c', 3);
  expect(mset.parts.map(({ args }) => args)).toEqual([
    ['a', 1, '{a}c', 3],
    ['b', 2],
  ]);
  expect(mset.join(['OK', 'OK'])).toBe('OK');

  for (const name of ['del', 'unlink', 'exists', 'touch']) {
    const counted = plan(name, 'a', 'b');
    expect(counted.parts).toHaveLength(2);
    expect(counted.join([1, 2])).toBe(3);
    expect(counted.join(['1', '9007199254740993'])).toBe('9007199254740994');
  }
});

test('other keys in different slots are refused by name', () => {
  const refused = [
    ['msetnx', 'a', 1, 'b', 2],
    ['sunion', 'a', 'b'],
    ['rename', 'a', 'b'],
    ['eval', 'return 1', 2, 'a', 'b'],
    ['sort', 'a', 'STORE', 'b'],
    ['xread', 'STREAMS', 'a', 'b', 0, 0],
    ['blpop', 'a', 'b', 0],
    ['pfcount', 'a', 'b'],
    ['msetex', 2, 'a', 1, 'b', 2],
    ['bitop', 'AND', 'a', 'b'],
  ];
  for (const [name, ...args] of refused) {
    expect(() => plan(name, ...args)).toThrow(
      expect.objectContaining({
        code: 'CROSSSLOT',
        retryable: false,
        maybeExecuted: false,
        command: { name, args },
        message: expect.stringMatching(
          /^CROSSSLOT Keys in request don't hash to the same slot: \w+ has 'a' \(slot 15495\), 'b' \(slot 3300\)/,
        ),
      }),
    );
  }
  const many = Array.from({ length: 20 }, (_, index) => `key:${index}`);
  expect(() => plan('sunion', ...many)).toThrow(/, 15 more\. /);
});

test('commands without keys go where their tips say', () => {
  expect(plan('dbsize')).toMatchObject({ nodes: 'master', join: joins.sum });
  expect(plan('flushall')).toMatchObject({ nodes: 'master', join: joins.first });
  expect(plan('keys', '*')).toMatchObject({ nodes: 'master', join: joins.concat });
  expect(plan('randomkey')).toMatchObject({ nodes: 'master', join: joins.firstNonEmpty });
  expect(plan('script', 'LOAD', 'return 1')).toMatchObject({ nodes: 'all', join: joins.first });
  expect(plan('script', 'exists', 'abc')).toMatchObject({ nodes: 'master', join: joins.and });
  expect(plan('script', Buffer.from('KILL'))).toMatchObject({ nodes: 'master', join: joins.oneSucceeded });
  expect(plan('config', 'SET', 'a', 'b')).toMatchObject({ nodes: 'all' });
  expect(plan('function', 'LOAD', 'x')).toMatchObject({ nodes: 'master', join: joins.first });
  expect(plan('wait', 1, 0)).toMatchObject({ nodes: 'master', join: joins.min });
  expect(plan('pubsub', 'NUMSUB', 'x')).toMatchObject({ nodes: 'all', join: joins.sumOfCounts });
  expect(plan('scan', 0)).toBe(SCAN);
  for (const [name, ...args] of [['info'], ['ping'], ['time'], ['config', 'GET', 'x'], ['publish', 'a', 'b']]) {
    expect(plan(name, ...args)).toBe(ANY);
  }
  expect(plan('eval', 'return 1', 0)).toBe(ANY);
});

test('replies are joined', () => {
  expect(joins.and([[1, 1, 0], [1, 0, 0]])).toEqual([1, 0, 0]); // prettier-ignore
  expect(joins.min([[1, 3], [2, 1]])).toEqual([1, 1]); // prettier-ignore
  expect(joins.union([['a', 'b'], ['b', 'c']])).toEqual(['a', 'b', 'c']); // prettier-ignore
  expect(joins.sumOfCounts([['a', 1, 'b', 0], ['a', 2, 'b', 3]])).toEqual(['a', 3, 'b', 3]); // prettier-ignore
  expect(joins.firstNonEmpty([null, 'k', null])).toBe('k');
  expect(joins.firstNonEmpty([null, null])).toBeNull();
});

describe('of several outcomes', () => {
  const done = (value) => ({ status: 'fulfilled', value });
  const failed = (message) => ({ status: 'rejected', reason: new Error(message) });

  test('the first failure counts, and says that others were executed', () => {
    const outcomes = [done(1), failed('no'), failed('neither')];
    expect(() => joins.joined(outcomes, joins.sum, true)).toThrow(
      expect.objectContaining({
        message: 'no (1 of the 3 parts of the command were executed)',
        maybeExecuted: true,
      }),
    );
  });

  test('of what only reads it says nothing', () => {
    expect(() => joins.joined([done(1), failed('no')], joins.sum, false)).toThrow(/^no$/);
    expect(() => joins.joined([failed('no'), failed('neither')], joins.sum, true)).toThrow(/^no$/);
  });

  test('one success is enough where the tip says so', () => {
    expect(joins.joined([failed('no'), done('OK')], joins.oneSucceeded, true)).toBe('OK');
    expect(() => joins.joined([failed('no'), failed('neither')], joins.oneSucceeded, true)).toThrow(/^no$/);
  });
});

test('a cursor holds the master and its own cursor, and 0 is the beginning and the end', () => {
  expect(parseCursor('0')).toEqual({ slot: 0, cursor: '0' });
  expect(parseCursor(0)).toEqual({ slot: 0, cursor: '0' });
  for (const slot of [0, 5461, 16383]) {
    for (const cursor of ['1', '123456789', '18446744073709551615']) {
      const both = nextCursor(slot, cursor, undefined);
      expect(both).toMatch(/^[1-9]\d*$/);
      expect(parseCursor(both)).toEqual({ slot, cursor });
      expect(parseCursor(Buffer.from(both))).toEqual({ slot, cursor });
    }
  }
  expect(nextCursor(0, '0', 5461)).toBe('5461');
  expect(parseCursor('5461')).toEqual({ slot: 5461, cursor: '0' });
  expect(nextCursor(10923, '0', undefined)).toBe('0');
  expect(parseCursor('abc')).toBeUndefined();
  expect(parseCursor('-1')).toBeUndefined();
});
