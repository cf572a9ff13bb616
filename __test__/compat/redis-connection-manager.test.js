'use strict';

const { onCleanup, startServer, waitFor } = require('../support');

let server;
let manager;
let connections;
let warnings;

beforeAll(async () => {
  server = await startServer();
});
beforeEach(async () => {
  await server.command('FLUSHALL');
  Object.assign(process.env, { REDIS_LOG_LEVEL: 'silent', REDIS_HOST: server.host, REDIS_PORT: String(server.port) });
  jest.resetModules();
  manager = require('../..');
  connections = require('../../compat/redisConnectionManager');
  warnings = [];
  manager.on('warning', ({ code, message }) => warnings.push([code, message]));
});
afterEach(() => manager.cleanup());
onCleanup(() => manager.cleanup());

const sockets = async () => (await server.clientList()).length;

test('any number of options objects are handles on the links of their purposes', async () => {
  const handles = Array.from({ length: 300 }, (_, index) =>
    connections.getConnection('main', { keyPrefix: `p${index}:` }),
  );
  await Promise.all(handles.map((handle, index) => handle.set('key', index)));
  expect(await server.command('DBSIZE')).toBe(300);
  expect(await server.command('GET', 'p299:key')).toBe('299');
  expect(await sockets()).toBe(5);
  expect(warnings).toEqual([]);
});

test('the same purpose and options are the same handle, and others another', async () => {
  const one = connections.getConnection('websocket', { keyPrefix: 'a:' });
  expect(connections.getConnection('websocket', { keyPrefix: 'a:' })).toBe(one);
  expect(connections.getConnection('scheduler', { keyPrefix: 'a:' })).not.toBe(one);
  expect(connections.createConnection('websocket', { keyPrefix: 'a:' })).not.toBe(one);
  expect([one.purpose, one.options.keyPrefix]).toEqual(['websocket', 'a:']);
  expect(connections.getConnection().purpose).toBe('main');
  expect(connections.getConnection()).toBe(connections.getConnection('default', {}));
  expect([...connections.connections.values()]).toContain(one);

  const received = [];
  const listeners = ['first', 'second'].map((name) => connections.getConnection('websocket', { connectionName: name }));
  await Promise.all(
    listeners.map((handle, index) => {
      handle.on('message', (channel) => received.push([index, channel]));
      return handle.subscribe(`channel-${index}`);
    }),
  );
  await one.publish('channel-1', 'x');
  await waitFor(() => received.length > 0);
  expect(received).toEqual([[1, 'channel-1']]);
  await Promise.all(listeners.map((handle) => handle.quit()));
  expect(connections.getConnection('websocket', { connectionName: 'first' })).not.toBe(listeners[0]);
  expect(await connections.getConnection('websocket', { connectionName: 'first' }).ping()).toBe('PONG');
});

test('options that are made up for each request do not fill the memory', async () => {
  const first = connections.getConnection('main', { connectionName: 'request-0' });
  for (let request = 1; request <= 1500; request++) {
    connections.getConnection('main');
    connections.getConnection('main', { connectionName: `request-${request}` });
  }
  expect(connections.connections.size).toBe(1000);
  expect(await first.ping()).toBe('PONG');
  expect(connections.connections.has('main_{}')).toBe(true);
  expect(await sockets()).toBe(5);
});

test.each([
  ['db', 2, '0'],
  ['host', 'redis.example.com', `'127.0.0.1'`],
  ['port', 6380, undefined],
  ['path', '/tmp/redis.sock', 'null'],
  ['sentinels', [{ host: 'a' }], 'null'],
])('what would be other data is refused: %s', async (name, value, shared) => {
  const expected = {
    code: 'UNSUPPORTED',
    message: expect.stringContaining(`has ${name}: ${shared ?? server.port}`),
  };
  const get = () => connections.getConnection('main', { [name]: value });
  expect(get).toThrow(expect.objectContaining(expected));
  await manager.initialize();
  expect(get).toThrow(expect.objectContaining(expected));
  expect(await sockets()).toBe(5);
});

test('what the links have anyway may be asked for', async () => {
  const { port } = server;
  const options = {
    host: 'localhost',
    port: String(port),
    db: '0',
    path: null,
    username: undefined,
    lazyConnect: true,
  };
  expect(await connections.getConnection('main', { ...options, connectTimeout: 15000 }).ping()).toBe('PONG');
  expect(warnings).toEqual([]);
  await manager.cleanup();
  await manager.initialize({ db: 3, purposes: ['main'] });
  await connections.getConnection('main', { db: 3 }).set('key', 'value');
  expect(() => connections.getConnection('main', { db: 0 })).toThrow(/has db: 3/);
});

test('options without effect are warned about, each once, and what ioredis does not know either is not', async () => {
  const options = { connectTimeout: 1, readOnly: true, service: 'billing', username: null, enableAutoPipelining: true };
  connections.getConnection('main', options);
  connections.getConnection('main', { ...options, other: 1 });
  await connections.getConnection('scheduler', { tls: {}, protocol: 3, enableReadyCheck: false }).ping();
  connections.getConnection('main', { enableReadyCheck: true, keepAlive: 7 });
  const named = warnings.map(([code, message]) => [code, /\{ (\w+) \}/.exec(message)?.[1]]);
  const ignored = 'CONNECTION_OPTION_IGNORED';
  expect(named).toEqual(['connectTimeout', 'readOnly', 'tls', 'keepAlive'].map((name) => [ignored, name]));
});

test('what a handle can have for itself it has', async () => {
  const seen = [];
  const options = {
    maxRetriesPerRequest: null,
    enableOfflineQueue: false,
    connectionName: 'worker',
    retryStrategy: () => null,
    reconnectOnError: ({ message }) => seen.push(message) && false,
  };
  const handle = connections.getConnection('scheduler', { ...options, keepAlive: null, stringNumbers: undefined });
  expect(handle.options).toMatchObject({ ...options, keepAlive: expect.any(Number), stringNumbers: false });
  expect(await handle.client('GETNAME')).toBe('worker');
  await expect(handle.call('NOSUCH')).rejects.toThrow('unknown command');
  expect(seen).toEqual([expect.stringContaining('unknown command')]);
  const waiting = connections.getConnection('scheduler');
  await server.killClients();
  await waitFor(() => handle.status === 'end');
  await waitFor(() => waiting.ping());
  // The one that has ended is not given out again.
  expect(await connections.getConnection('scheduler', options).ping()).toBe('PONG');
  expect(warnings).toEqual([]);
});

test('a purpose without a link is that of main, and warned about', async () => {
  const sessions = connections.getConnection('sessions');
  expect(await sessions.ping()).toBe('PONG');
  expect(sessions.purpose).toBe('main');
  expect(warnings).toEqual([['PURPOSE_NOT_DECLARED', expect.stringContaining(`'sessions'`)]]);
});

test('options that make no sense are named', () => {
  const of = (options) => () => connections.getConnection('main', options);
  expect(of({ commandTimeout: -1 })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('commandTimeout') }),
  );
  expect(of({ keyPrefix: 7 })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('keyPrefix') }),
  );
  expect(of('fast')).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('options') }),
  );
});

test('what else a connection manager is asked for', async () => {
  expect(connections.isInitialized).toBe(false);
  await connections.initialize();
  expect(await connections.healthCheck()).toHaveLength(5);
  expect(connections.getStats()).toMatchObject({ initialized: true, connectionCount: 5 });
  await connections.cleanup();
  await waitFor(async () => (await sockets()) === 0);
});
