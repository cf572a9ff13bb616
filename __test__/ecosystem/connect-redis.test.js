'use strict';

const { promisify } = require('node:util');
const { default: RedisStore } = require('connect-redis');
const manager = require('../..');
const { openLinks } = require('./links.js');
const { startApp } = require('./session-app.js');

let links;
beforeAll(async () => {
  links = await openLinks();
});
afterEach(() => links.watch.expectDeclaredOnly());

test('a session lives in the store, whichever server is asked, until it is destroyed', async () => {
  const [first, second] = await Promise.all(
    [1, 2].map(() => startApp(new RedisStore({ client: manager.getConnection(), prefix: 'web:' }))),
  );
  const response = await fetch(first);
  const headers = { cookie: response.headers.get('set-cookie').split(';')[0] };
  const visit = async (url) => (await fetch(url, { headers })).json();
  expect(await response.json()).toBe(1);
  expect(await visit(second)).toBe(2);
  expect(await visit(first)).toBe(3);
  const [key] = await manager.getConnection().keys('web:*');
  expect(await manager.getConnection().ttl(key)).toBeGreaterThan(50);
  await visit(`${second}/logout`);
  expect(await visit(first)).toBe(1);
});

test('all sessions of a store', async () => {
  const store = new RedisStore({ client: manager.getConnection(), prefix: 'all:', scanCount: 7, ttl: 30 });
  const [set, touch, ids, all, length, clear] = ['set', 'touch', 'ids', 'all', 'length', 'clear'].map((name) =>
    promisify(store[name]).bind(store),
  );
  const expected = Array.from({ length: 50 }, (_, index) => `s${index}`);
  await Promise.all(expected.map((id) => set(id, { id })));
  expect((await ids()).sort()).toEqual([...expected].sort());
  expect((await all()).map(({ id }) => id).sort()).toEqual([...expected].sort());
  expect(await length()).toBe(50);
  await manager.getConnection().expire('all:s1', 5);
  await touch('s1', {});
  expect(await manager.getConnection().ttl('all:s1')).toBeGreaterThan(25);
  await clear();
  expect(await length()).toBe(0);
});
