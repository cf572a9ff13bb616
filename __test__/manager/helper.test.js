'use strict';

const { startServer } = require('../support');
const manager = require('../..');

let server;
let helper;
beforeAll(async () => {
  server = await startServer();
  await manager.initialize({ ...server.options, logger: false });
  helper = manager.getHelper();
});
afterAll(() => manager.cleanup());

test('set and get', async () => {
  expect(await helper.get('missing')).toBeNull();
  for (const value of ['text', 42, true, null, { a: [1, { b: 'ü' }] }, [1, 2]]) {
    expect(await helper.set('key', value)).toBe(true);
    expect(await helper.get('key')).toEqual(value);
  }
  await helper.set('key', '');
  expect(await helper.get('key')).toBeNull();
  await helper.set('key', 12345678901234567890n);
  expect(await helper.get('key')).toBe('12345678901234567890');
});

test('expiries and conditions', async () => {
  expect(await helper.set('lock', 1, 'EX', 60, 'NX')).toBe(true);
  expect(await helper.set('lock', 2, 'EX', 60, 'NX')).toBe(false);
  expect(await helper.get('lock')).toBe(1);
  expect(await server.command('TTL', 'lock')).toBeGreaterThan(50);
  expect(await helper.set('session', {}, null, '120')).toBe(true);
  expect(await server.command('TTL', 'session')).toBeGreaterThan(110);
  expect(await helper.set('short', 'x', 'PX', 5000)).toBe(true);
  expect(await server.command('PTTL', 'short')).toBeLessThanOrEqual(5000);
  expect(await helper.set('absent', 1, 'XX')).toBe(false);
  expect(await helper.expire('lock', 500)).toBe(1);
  expect(await helper.expire('absent', 500)).toBe(0);
});

test('del and exists', async () => {
  await helper.set('a', 1);
  await helper.set('b', 2);
  expect(await helper.exists('a')).toBe(true);
  expect(await helper.del(['a', 'b', 'c'])).toBe(2);
  expect(await helper.exists('a')).toBe(false);
});

test('hashes', async () => {
  expect(await helper.hset('hash', 'plain', 'text')).toBe(1);
  expect(await helper.hset('hash', 'plain', 'other')).toBe(0);
  expect(await helper.hset('hash', 'object', { score: 7 })).toBe(1);
  expect(await helper.hget('hash', 'object')).toEqual({ score: 7 });
  expect(await helper.hget('hash', 'missing')).toBeNull();
  expect(await helper.hgetall('hash')).toEqual({ plain: 'other', object: '{"score":7}' });
  expect(await helper.hgetall('missing')).toEqual({});
});

test('a field called __proto__ is only a field', async () => {
  await helper.hset('proto', '__proto__', { polluted: true });
  const hash = await helper.hgetall('proto');
  expect(Object.getOwnPropertyNames(hash)).toEqual(['__proto__']);
  expect({}.polluted).toBeUndefined();
});

test('errors of the server come through', async () => {
  await helper.set('text', 'x');
  await expect(helper.hget('text', 'f')).rejects.toMatchObject({ name: 'ReplyError', code: 'WRONGTYPE' });
});

test('getClient() is the connection main', () => {
  expect(helper.getClient()).toBe(manager.getConnection('main'));
});

test('methods work taken off', async () => {
  const { set, get } = manager.getHelper();
  await set('taken', 1);
  expect(await get('taken')).toBe(1);
});
