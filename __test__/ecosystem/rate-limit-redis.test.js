'use strict';

const express = require('express');
const { rateLimit } = require('express-rate-limit');
const { RedisStore } = require('rate-limit-redis');
const manager = require('../..');
const { listen, openLinks } = require('./links.js');

let links;
beforeAll(async () => {
  links = await openLinks();
});
afterEach(() => links.watch.expectDeclaredOnly());

/** An express app that lets three requests through. */
async function startApp(prefix, windowMs = 60_000) {
  const redis = manager.getConnection();
  const store = new RedisStore({ prefix, sendCommand: (...command) => redis.call(...command) });
  const app = express();
  app.use(rateLimit({ windowMs, limit: 3, standardHeaders: 'draft-6', legacyHeaders: false, store }));
  app.get('/', (request, response) => response.send('welcome'));
  return { store, url: await listen(app) };
}

test('requests are counted, and refused beyond the limit', async () => {
  const { url } = await startApp('one:');
  const responses = [];
  for (let index = 0; index < 5; index++) responses.push(await fetch(url));
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
  expect(responses.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0', '0']);
});

test('two servers count together, a window ends, and the server may forget its scripts', async () => {
  const [first, second] = await Promise.all([startApp('two:', 700), startApp('two:', 700)]);
  const statuses = await Promise.all([first.url, second.url, first.url].map(async (url) => (await fetch(url)).status));
  expect(statuses).toEqual([200, 200, 200]);
  expect((await fetch(second.url)).status).toBe(429);
  await manager.getConnection().script('FLUSH');
  await new Promise((resolve) => setTimeout(resolve, 750));
  expect((await fetch(second.url)).status).toBe(200);
});

test('a caller is looked up, taken back and forgotten', async () => {
  const { store } = await startApp('three:');
  await store.increment('player');
  await store.increment('player');
  expect(await store.get('player')).toMatchObject({ totalHits: 2, resetTime: expect.any(Date) });
  await store.decrement('player');
  expect((await store.get('player')).totalHits).toBe(1);
  await store.resetKey('player');
  expect((await store.increment('player')).totalHits).toBe(1);
});
