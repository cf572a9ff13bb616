'use strict';

const { inspect } = require('node:util');
const { onCleanup, startServer, waitFor } = require('../support');
const manager = require('../..');

const { initialize, cleanup, getConnection } = manager;

let server;
beforeAll(async () => {
  server = await startServer();
});
afterEach(() => cleanup());
onCleanup(() => cleanup());

const quiet = { logger: false };

async function linkNames() {
  const clients = await server.clientList();
  return clients.map(({ name }) => name).sort();
}

test('opens exactly one connection for each purpose, and cleanup() closes them', async () => {
  expect(manager.isInitialized).toBe(false);
  expect(manager.connections.size).toBe(0);
  expect(await initialize({ ...server.options, ...quiet })).toBeUndefined();
  const names = manager.connectionPurposes.map((purpose) => `unified-redis:${process.pid}:${purpose}`);
  expect(await linkNames()).toEqual(names.sort());
  expect(manager.isInitialized).toBe(true);
  expect([...manager.connections.keys()]).toEqual(['main', 'publisher', 'subscriber', 'websocket', 'scheduler']);
  expect(manager.stats).toEqual({ created: 5, active: 5, errors: 0 });
  expect(await getConnection().ping()).toBe('PONG');
  await cleanup();
  await waitFor(async () => (await linkNames()).length === 0);
  expect(manager.isInitialized).toBe(false);
  expect(manager.connections.size).toBe(0);
  expect(manager.stats).toEqual({ created: 0, active: 0, errors: 0 });
});

test('calls at the same time share one attempt', async () => {
  await Promise.all([1, 2, 3].map(() => initialize({ ...server.options, ...quiet })));
  expect(await linkNames()).toHaveLength(5);
});

test('a second call changes nothing, and says so', async () => {
  const lines = [];
  const log = (line) => lines.push(line);
  const logger = { error: log, warn: log, info: log };
  const warnings = [];
  manager.on('warning', (warning) => warnings.push(warning));
  await initialize({ ...server.options, logger });
  lines.length = 0;
  await initialize();
  expect(lines).toEqual(['[unified-redis] Redis manager already initialized']);
  expect(warnings).toEqual([]);
  await initialize({ ...server.options, db: 3 });
  expect(warnings).toMatchObject([{ code: 'OPTIONS_IGNORED', options: ['db'] }]);
  expect(await linkNames()).toHaveLength(5);
  manager.removeAllListeners('warning');
});

test('connections are the same objects at every call, and work again after a restart', async () => {
  await initialize({ ...server.options, ...quiet });
  const redis = getConnection('websocket');
  expect(getConnection('websocket')).toBe(redis);
  expect(manager.connections.get('websocket')).toBe(redis);
  await redis.set('key', 'value');
  await cleanup();
  await expect(redis.get('key')).rejects.toMatchObject({ code: 'CLOSED' });
  await initialize({ ...server.options, ...quiet });
  expect(getConnection('websocket')).toBe(redis);
  expect(await redis.get('key')).toBe('value');
});

test('a connection that one service has ended is there for the next', async () => {
  await initialize({ ...server.options, ...quiet });
  const redis = getConnection('scheduler');
  await redis.quit();
  expect(getConnection('scheduler')).not.toBe(redis);
  expect(await getConnection('scheduler').ping()).toBe('PONG');
  expect(await linkNames()).toHaveLength(5);
});

test('refuses purposes that were not declared, and connections before initialize(), in the words of the original', async () => {
  expect(() => getConnection('main')).toThrow('Redis manager not initialized. Call initialize() first.');
  expect(() => getConnection('main')).toThrow(expect.objectContaining({ code: 'NOT_INITIALIZED' }));
  expect(() => manager.getHelper()).toThrow('Redis manager not initialized. Call initialize() first.');
  expect(() => getConnection('cache')).toThrow('Invalid connection purpose: cache');
  await initialize({ ...server.options, ...quiet });
  for (const purpose of ['cache', '__proto__', '', null, {}, Symbol('s')]) {
    expect(() => getConnection(purpose)).toThrow(`Invalid connection purpose: ${String(purpose)}`);
    expect(() => getConnection(purpose)).toThrow(expect.objectContaining({ code: 'INVALID_PURPOSE' }));
  }
});

test('takes other purposes, until they are open', async () => {
  await initialize({ ...server.options, ...quiet, purposes: ['main', 'cache'] });
  expect(manager.connectionPurposes).toEqual(['main', 'cache']);
  expect(await linkNames()).toHaveLength(2);
  expect(await getConnection('cache').ping()).toBe('PONG');
  expect(() => getConnection('websocket')).toThrow('Invalid connection purpose: websocket');
  manager.connectionPurposes.push('more');
  expect(manager.connectionPurposes).toEqual(['main', 'cache']);
});

test('refuses nonsense before anything is opened', async () => {
  await expect(initialize({ hots: 'x' })).rejects.toThrow('Unknown option hots: did you mean host?');
  await expect(initialize({ port: 'x' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  expect(await linkNames()).toEqual([]);
});

describe('a failure', () => {
  test('names the purposes and the cause, and the call can be made again', async () => {
    const refused = { host: '127.0.0.1', port: 1, ...quiet };
    const error = await initialize(refused).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'UnifiedRedisError', code: 'INITIALIZE_FAILED' });
    for (const purpose of manager.connectionPurposes) expect(error.message).toContain(purpose);
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.errors).toHaveLength(5);
    expect(error.errors[0]).toMatchObject({ name: 'UnifiedRedisError', code: 'ECONNREFUSED', purpose: 'main' });
    expect(manager.isInitialized).toBe(false);
    await initialize({ ...server.options, ...quiet });
    expect(await linkNames()).toHaveLength(5);
  });

  test('of a part leaves nothing open', async () => {
    const small = await startServer({ config: ['maxclients 3'] });
    const error = await initialize({ ...small.options, ...quiet }).catch((reason) => reason);
    expect(error.code).toBe('INITIALIZE_FAILED');
    expect(error.message).toContain('MAX_CLIENTS');
    await waitFor(async () => (await small.clientList()).length === 0);
  });

  test('is the same for all who waited', async () => {
    const refused = { host: '127.0.0.1', port: 1, ...quiet };
    const results = await Promise.allSettled([initialize(refused), initialize(refused)]);
    expect(results.map(({ reason }) => reason.code)).toEqual(['INITIALIZE_FAILED', 'INITIALIZE_FAILED']);
  });

  test('tells no password', async () => {
    const locked = await startServer({ auth: 'correct horse' });
    const error = await initialize({ ...locked.options, password: 'hunter2', ...quiet }).catch((reason) => reason);
    expect(error.message).toContain('AUTH_FAILED');
    expect(inspect(error, { depth: 10 })).not.toMatch(/hunter2|correct horse/);
  });
});

test('nothing that is printed of the manager holds a secret', async () => {
  const locked = await startServer({ auth: 'correct horse' });
  await initialize({ ...locked.options, ...quiet });
  const shown = inspect([manager, manager.getStats(), manager.connections], { depth: 10, showHidden: true });
  expect(shown).not.toContain('correct horse');
});
