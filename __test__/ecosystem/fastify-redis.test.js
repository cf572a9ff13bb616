'use strict';

const fastifyRedis = require('@fastify/redis');
const fastify = require('fastify');
const manager = require('../..');
const { onCleanup } = require('../support');
const { openLinks } = require('./links.js');

let links;
beforeAll(async () => {
  links = await openLinks();
});
afterEach(() => links.watch.expectDeclaredOnly());

async function getJson(url) {
  return (await fetch(url)).json();
}

test('routes use the handle that the plugin was given', async () => {
  const app = fastify({ forceCloseConnections: true });
  onCleanup(() => app.close());
  await app.register(fastifyRedis, { client: manager.getConnection() });
  app.post('/players/:name', async ({ params, body }) => app.redis.hset(`player:${params.name}`, body));
  app.get('/players/:name', async ({ params }) => app.redis.hgetall(`player:${params.name}`));
  // The old form, with a callback.
  app.get('/callback/:name', ({ params }, reply) => {
    app.redis.hget(`player:${params.name}`, 'level', (error, level) => reply.send(error ?? { level }));
  });
  const url = await app.listen();
  const added = await fetch(`${url}/players/ann`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ level: '7', guild: 'north' }),
  });
  expect(await added.json()).toBe(2);
  expect(await getJson(`${url}/players/ann`)).toEqual({ level: '7', guild: 'north' });
  expect(await getJson(`${url}/callback/ann`)).toEqual({ level: '7' });
  await app.close();
  expect(await manager.getConnection().ping()).toBe('PONG');
});

test('namespaces, each with a handle that the plugin closes', async () => {
  const app = fastify({ forceCloseConnections: true });
  onCleanup(() => app.close());
  const cache = manager.getConnection().duplicate({ keyPrefix: 'cache:' });
  const events = manager.getConnection('publisher').duplicate({ lazyConnect: true });
  await app.register(fastifyRedis, { client: cache, namespace: 'cache', closeClient: true });
  await app.register(fastifyRedis, { client: events, namespace: 'events', closeClient: true });
  expect([cache.status, events.status]).toEqual(['ready', 'ready']);
  app.get('/', async () => {
    await app.redis.cache.set('x', 'y', 'EX', 60);
    return { value: await app.redis.cache.get('x'), receivers: await app.redis.events.publish('nobody', 'x') };
  });
  expect(await getJson(await app.listen())).toEqual({ value: 'y', receivers: 0 });
  expect(await manager.getConnection().get('cache:x')).toBe('y');
  await app.close();
  expect([cache.status, events.status]).toEqual(['end', 'end']);
});
