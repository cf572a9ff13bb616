'use strict';

const { command, names, FLAGS, NOT_BLOCKING } = require('../../lib/commands');

const { READONLY, BLOCKING } = FLAGS;

test('what may be sent again', () => {
  for (const name of ['get', 'GET', 'mget', 'hgetall', 'ttl', 'eval_ro', 'sort_ro', 'scan']) {
    expect([name, command(name).flagsOf(['k'])]).toEqual([name, READONLY]);
  }
  for (const name of [
    'set',
    'getdel',
    'getex',
    'sort',
    'eval',
    'spop',
    'publish',
    'incr',
    'subscribe',
    'multi',
    'nosuch',
  ]) {
    expect([name, command(name).flagsOf(['k'])]).toEqual([name, 0]);
  }
});

test('what may be sent again depends on the subcommand', () => {
  expect(command('object').flagsOf(['ENCODING', 'k'])).toBe(READONLY);
  expect(command('object').flagsOf(['help'])).toBe(0);
  expect(command('xinfo').flagsOf([Buffer.from('stream'), 'k'])).toBe(READONLY);
  expect(command('memory').flagsOf(['purge'])).toBe(0);
  expect(command('client').flagsOf([])).toBe(0);
  expect(command('config').flagsOf(['__proto__'])).toBe(0);
});

test.each([
  ['blpop', ['a', 'b', 5], 5000],
  ['brpop', ['a', '0.25'], 250],
  ['blpop', ['a', Buffer.from('1')], 1000],
  ['blpop', ['a', 0], 0],
  ['blpop', ['a', 'nonsense'], 0],
  ['brpoplpush', ['a', 'b', 2], 2000],
  ['blmove', ['a', 'b', 'LEFT', 'RIGHT', 3], 3000],
  ['blmpop', [4, 1, 'a', 'LEFT'], 4000],
  ['bzmpop', ['0.001', 1, 'a', 'MIN'], 1],
  ['bzpopmin', ['a', 1], 1000],
  ['wait', [1, 100], 100],
  ['waitaof', [1, 1, 100], 100],
  ['xread', ['COUNT', 1, 'block', '500', 'STREAMS', 's', '$'], 500],
  ['xread', ['BLOCK', 0, 'STREAMS', 's', '$'], 0],
  ['xreadgroup', ['GROUP', 'g', 'c', 'BLOCK', 7, 'STREAMS', 's', '>'], 7],
])('%s %j may wait for %i ms', (name, args, expected) => {
  expect(command(name).blockingTimeout(args)).toBe(expected);
  expect(command(name).flagsOf(args)).toBe(BLOCKING);
});

test('a read that does not block is like any other', () => {
  expect(command('xread').flagsOf(['STREAMS', 'block', '0'])).toBe(READONLY);
  expect(command('xreadgroup').flagsOf(['GROUP', 'g', 'c', 'STREAMS', 's', '>'])).toBe(0);
  expect(command('get').blockingTimeout(['k'])).toBe(NOT_BLOCKING);
});

test('keys', () => {
  expect(command('MSET').keys(['a', 1, 'b', 2])).toEqual([0, 2]);
  expect(command('eval').keys(['return 1', 2, 'a', 'b', 'c'])).toEqual([2, 3]);
  expect(command('nosuch').keys(['a'])).toEqual([]);
});

test('names are looked up in any spelling and sent as given', () => {
  expect(command('GeT')).toMatchObject({ name: 'GeT', lower: 'get', isKnown: true });
  expect(command('get')).toBe(command('get'));
  expect(command('GET')).toBe(command('GET'));
  expect(names).toContain('get');
  expect(new Set(names).size).toBe(names.length);
});

test('names of properties of objects are names like any other', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(command(name)).toMatchObject({ name, isKnown: false, flags: 0, canBlock: false });
  }
});

test('made-up names do not pile up', () => {
  const first = command('made-up');
  for (let index = 0; index < 5000; index++) command(`made-up-${index}`);
  expect(command('made-up')).toBe(first);
  expect(command('made-up-4999')).not.toBe(command('made-up-4999'));
});
