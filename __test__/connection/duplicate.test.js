'use strict';

const fs = require('node:fs');
const { once } = require('node:events');
const path = require('node:path');
const ts = require('typescript');
const manager = require('../..');
const { HANDLE_OPTIONS } = require('../../lib/connection/options/table');
const { onCleanup, startServer, waitFor } = require('../support');

// What duplicate(options) makes of each option of ioredis.

let server;
let redis;
beforeAll(async () => {
  server = await startServer({ auth: 'right' });
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false, commandTimeout: 5000 });
  redis = manager.getConnection();
});

describe('the list of options', () => {
  const ioredis = path.dirname(require.resolve('ioredis'));

  test('has every default of ioredis', () => {
    const { DEFAULT_REDIS_OPTIONS } = require(path.join(ioredis, 'redis/RedisOptions'));
    expect(Object.keys(HANDLE_OPTIONS)).toEqual(expect.arrayContaining(Object.keys(DEFAULT_REDIS_OPTIONS)));
  });

  test('has every option in the types of ioredis, and no other', () => {
    const names = [
      ['redis/RedisOptions.d.ts', ['CommonRedisOptions']],
      ['utils/Commander.d.ts', ['CommanderOptions']],
      ['connectors/SentinelConnector/index.d.ts', ['SentinelConnectionOptions']],
      ['connectors/StandaloneConnector.d.ts', ['TcpOptions', 'IpcOptions', 'StandaloneConnectionOptions']],
    ].flatMap(([file, types]) => optionsIn(path.join(ioredis, file), types));
    expect(names.length).toBeGreaterThan(50);
    expect(Object.keys(HANDLE_OPTIONS).sort()).toEqual([...new Set(names)].sort());
  });

  /** Names of properties, and those that `Pick` picks. */
  function optionsIn(file, types) {
    const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const declarations = source.statements.filter((node) => types.includes(node.name?.text));
    expect(declarations).toHaveLength(types.length);
    const found = [];
    const visit = (node) => {
      if (ts.isPropertySignature(node)) found.push(node.name.text);
      else if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) found.push(node.literal.text);
      else ts.forEachChild(node, visit);
    };
    declarations.forEach((declaration) => ts.forEachChild(declaration, visit));
    return found;
  }

  test('says why, of each option that is not the own one of a handle', () => {
    for (const [name, { doc }] of Object.entries(HANDLE_OPTIONS))
      expect([name, doc]).toEqual([name, expect.any(String)]);
  });
});

test('what ioredis has by default is accepted, but for what links have otherwise', () => {
  const { DEFAULT_REDIS_OPTIONS } = require(path.join(path.dirname(require.resolve('ioredis')), 'redis/RedisOptions'));
  const refused = Object.entries(DEFAULT_REDIS_OPTIONS).filter(([name, value]) => {
    try {
      redis.duplicate({ [name]: value }).disconnect();
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining(name) });
      return true;
    }
  });
  expect(refused.map(([name]) => name).sort()).toEqual([
    'connectTimeout',
    'host',
    'port',
    'sentinelReconnectStrategy',
    'sentinelRetryStrategy',
  ]);
});

test('what the links have is accepted, also all of it', () => {
  const handle = redis.duplicate({ ...server.options, db: '0', path: null, tls: undefined, username: null });
  expect(handle.options).toMatchObject({ host: server.host, port: server.port, password: null, db: 0 });
  redis.duplicate({ ...redis.options }).disconnect();
  handle.disconnect();
});

const REFUSED = [
  { host: 'elsewhere' },
  { port: 1 },
  { path: '/tmp/x' },
  { db: 5 },
  { username: 'x' },
  { password: 'wrong' },
  { tls: {} },
  { family: 6 },
  { connectTimeout: 1 },
  { replyMapping: 'resp3' },
  { readOnly: true },
  { sentinels: [{ host: 'x', port: 1 }] },
  { name: 'mymaster' },
  { Connector: class {} },
  { monitor: true },
  { url: 'redis://elsewhere' },
  { blockingConnections: 5 },
];

test.each(REFUSED)('%p is refused, by its name', (options) => {
  expect(() => redis.duplicate(options)).toThrow(manager.UnifiedRedisError);
  expect(() => redis.duplicate(options)).toThrow(Object.keys(options)[0]);
  expect(() => redis.duplicate(options)).not.toThrow('wrong');
});

const WRONG = [
  [{ keyPrefx: 'x' }, 'Unknown option keyPrefx: did you mean keyPrefix?'],
  [{ dropBufferSupport: true }, 'Unknown option dropBufferSupport'],
  [{ keyPrefix: 5 }, 'Invalid option keyPrefix'],
  [{ stringNumbers: 'maybe' }, 'Invalid option stringNumbers'],
  [{ retryStrategy: 5 }, 'Invalid option retryStrategy'],
  [{ scripts: 'x' }, 'Invalid option scripts'],
  [{ protocol: 4 }, 'Invalid option protocol'],
  [{ maxRetriesPerRequest: -1 }, 'Invalid option maxRetriesPerRequest'],
];

test.each(WRONG)('%p makes no sense', (options, message) => {
  expect(() => redis.duplicate(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  expect(() => redis.duplicate(options)).toThrow(message);
});

test('options may be left out, and are an object', () => {
  redis.duplicate(null).disconnect();
  redis.duplicate(undefined).disconnect();
  expect(() => redis.duplicate('x')).toThrow('Invalid option options');
});

test('undefined and null stand for the default, as in ioredis', async () => {
  const handle = redis.duplicate({ keyPrefix: 'p:', commandTimeout: null, scripts: undefined });
  await handle.set('k', 1);
  expect(await redis.get('p:k')).toBe('1');
  const inner = handle.duplicate({ keyPrefix: undefined });
  expect(inner.options.keyPrefix).toBe('');
  expect(await inner.get('k')).toBeNull();
  expect(await handle.duplicate().get('k')).toBe('1');
});

test('connectionName names the handle', async () => {
  const handle = redis.duplicate({ connectionName: 'worker' });
  expect(await handle.client('GETNAME')).toBe('worker');
  expect(await handle.duplicate().client('GETNAME')).toBe('worker');
  expect(await redis.client('GETNAME')).toMatch(/^unified-redis:/);
});

test('blockingTimeout gives null where a connection may have died unnoticed', async () => {
  const handle = redis.duplicate({ blockingTimeout: 300, blockingTimeoutGrace: 50 });
  const started = performance.now();
  expect(await handle.blpop('none', 0)).toBeNull();
  expect(performance.now() - started).toBeLessThan(4000);
  // The server still waits there, in the place of everybody on that link.
  await manager.getConnection('websocket').rpush('none', 'x');
  expect(await redis.echo('x')).toBe('x');
});

test('a retryStrategy of its own ends the handle when the connection is lost, and not the link', async () => {
  const attempts = [];
  const ending = redis.duplicate({ retryStrategy: (times) => void attempts.push(times) });
  const staying = redis.duplicate({ retryStrategy: () => 1 });
  const never = redis.duplicate({ retryStrategy: null });
  await Promise.all([ending, staying, never].map((handle) => once(handle, 'ready')));
  const seen = [];
  for (const event of ['close', 'reconnecting', 'end']) ending.on(event, () => seen.push(event));
  await server.killClients(({ name }) => name.endsWith(':main'));
  await waitFor(() => seen.includes('end') && never.status === 'end' && redis.status === 'ready');
  expect(attempts).toEqual([1]);
  expect(seen).toEqual(['close', 'end']);
  await expect(ending.get('k')).rejects.toMatchObject({ code: 'CLOSED' });
  expect(staying.status).toBe('ready');
  await ending.connect();
  expect(await ending.echo('x')).toBe('x');
  await Promise.all([ending.quit(), staying.quit()]);
});

test('maxRetriesPerRequest: null outlasts the attempts of the link', async () => {
  await manager.cleanup();
  await manager.initialize({ ...server.options, logger: false, maxRetriesPerRequest: 1, retryStrategy: () => 20 });
  const patient = redis.duplicate({ maxRetriesPerRequest: null });
  await redis.set('k', 'v');
  await server.pause();
  const calls = [patient.get('k'), patient.pipeline().get('k').exec(), redis.get('k')];
  calls.forEach((call) => call.catch(() => {}));
  await waitFor(() => manager.getStats().links[0].inFlight >= 3);
  await server.kill();
  await expect(calls[2]).rejects.toMatchObject({ code: 'MAX_RETRIES_PER_REQUEST' });
  await server.start();
  expect(await calls[0]).toBeNull();
  expect(await calls[1]).toEqual([[null, null]]);
});

test('enableOfflineQueue: false refuses commands where the link would let them wait', async () => {
  await manager.cleanup();
  await manager.initialize({ ...server.options, logger: false, enableOfflineQueue: true, retryStrategy: () => 20 });
  const hasty = redis.duplicate({ enableOfflineQueue: false });
  await server.stop();
  await waitFor(() => hasty.status !== 'ready');
  const waiting = redis.set('k', 1);
  await expect(hasty.get('k')).rejects.toMatchObject({ code: 'LINK_DOWN', retryable: true });
  const [[error]] = await hasty.pipeline().get('k').exec();
  expect(error).toMatchObject({ code: 'LINK_DOWN' });
  await server.start();
  expect(await waiting).toBe('OK');
  expect(await hasty.get('k')).toBe('1');
});
