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

describe.each([6, 5, 4])('a client of version %i', (version) => {
  /** An express app that lets three requests through. */
  async function startApp(prefix, windowMs = 60_000) {
    const client = manager.getClient('main', { version });
    const store = new RedisStore({ prefix, sendCommand: (...command) => client.sendCommand(command) });
    const app = express();
    app.use(rateLimit({ windowMs, limit: 3, standardHeaders: 'draft-6', legacyHeaders: false, store }));
    app.get('/', (request, response) => response.send('welcome'));
    return { store, url: await listen(app) };
  }

  test('requests are counted, and refused beyond the limit', async () => {
    const { url } = await startApp(`one:${version}`);
    const responses = [];
    for (let index = 0; index < 5; index++) responses.push(await fetch(url));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(responses.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0', '0']);
  });

  test('a caller is looked up, taken back and forgotten, and the server may forget its scripts', async () => {
    const { store } = await startApp(`two:${version}`);
    await store.increment('player');
    await manager.getClient('main', { version }).scriptFlush();
    await store.increment('player');
    expect(await store.get('player')).toMatchObject({ totalHits: 2, resetTime: expect.any(Date) });
    await store.decrement('player');
    expect((await store.get('player')).totalHits).toBe(1);
    await store.resetKey('player');
    expect((await store.increment('player')).totalHits).toBe(1);
  });
});
