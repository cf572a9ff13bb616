'use strict';

const { errorCodes } = require('../../lib/bridge');
const manager = require('../..');
const { handshakeReply, startScriptedServer, startServer, waitFor } = require('../support');

const { ReplyError, UnifiedRedisError } = manager;

/** Codes that a test here cannot bring about, and which test does. */
const ELSEWHERE = {
  EHOSTUNREACH: 'no route: needs a network of its own; the kinds of system errors are in src/error.rs',
  ENOTFOUND: 'a name that does not resolve: tests/dial, where the resolver says so',
  EACCES: 'a socket that may not be opened: not for root',
  CONNECT_FAILED: 'whatever else the system may say',
  SENTINELS_FAILED: '__test__/sentinel/connect.test.js',
  WRONG_ROLE: '__test__/sentinel/connect.test.js',
  TLS_NOT_SPOKEN: 'tls.test.js',
  TLS_REQUIRED: 'tls.test.js',
  CERT_SELF_SIGNED: 'tls.test.js',
  CROSSSLOT: 'commands.test.js',
  CERT_UNKNOWN_ISSUER: 'tls.test.js',
  CERT_EXPIRED: 'tls.test.js',
  CERT_NOT_YET_VALID: 'tls.test.js',
  CERT_WRONG_NAME: 'tls.test.js',
  CERT_INVALID: 'tests/dial',
  TLS_CLIENT_CERT_REFUSED: 'tls.test.js',
  TLS_FAILED: 'tls.test.js',
  REPLY_TOO_LARGE: '__test__/unit/bridge-replies.test.js',
  INTERNAL: 'native.test.js, tests/dial/panics.rs',
};

let server;
beforeAll(async () => {
  server = await startServer({ users: ['small on >x ~* &* +@all -select'] });
});
afterEach(async () => {
  manager.removeAllListeners();
  await manager.cleanup();
});

const initialize = (more = {}) => manager.initialize({ ...server.options, logger: false, purposes: ['main'], ...more });

/** The error that a call rejects with, or throws. */
async function failureOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

/** Opens a link to a server that answers one command in its own way. */
async function openScripted(name, answer, more = {}) {
  const { host, port } = await startScriptedServer({
    onCommand: (command, connection) => (command[0] === name ? answer(connection) : handshakeReply(command)),
  });
  await initialize({ host, port, maxRetriesPerRequest: 0, shutdownTimeout: 50, ...more });
  return manager.getConnection();
}

/** Why a link could not be opened. */
async function dialFailure(more) {
  const error = await failureOf(() => initialize({ connectTimeout: 3000, ...more }));
  expect(error).toMatchObject({ code: 'INITIALIZE_FAILED' });
  expect(error.cause).toBe(error.errors[0]);
  return error.errors[0];
}

async function dialScripted(name, answer, more) {
  const { host, port } = await startScriptedServer({
    onCommand: (command, { socket }) => (command[0] === name ? answer(socket) : handshakeReply(command)),
  });
  return dialFailure({ host, port, ...more });
}

const down = async (more) => {
  const { host, port, close } = await startScriptedServer({ onCommand: handshakeReply });
  await initialize({ host, port, retryStrategy: () => 10_000, ...more });
  await close();
  await waitFor(() => manager.getStats().active === 0);
  return manager.getConnection();
};

/** @type {Record<string, () => Promise<Error>>} */
const WAYS = {
  CONNECTION_LOST: async () => {
    const redis = await openScripted('INCR', ({ socket }) => void socket.destroy());
    return failureOf(() => redis.incr('x'));
  },
  LINK_DOWN: async () => {
    const redis = await down({});
    return failureOf(() => redis.ping());
  },
  QUEUE_FULL: async () => {
    const redis = await down({ enableOfflineQueue: true, offlineQueueLimit: 1 });
    redis.get('waits').catch(() => {});
    return failureOf(() => redis.get('x'));
  },
  BACKPRESSURE: async () => {
    const redis = await openScripted('GET', () => null, { maxCommandsInFlight: 1, commandTimeout: 200 });
    redis.get('waits').catch(() => {});
    return failureOf(() => redis.get('x'));
  },
  COMMAND_TIMEOUT: async () => {
    const redis = await openScripted('GET', () => null, { commandTimeout: 50 });
    return failureOf(() => redis.get('x'));
  },
  MAX_RETRIES_PER_REQUEST: async () => {
    const redis = await openScripted('GET', ({ socket }) => void socket.destroy());
    return failureOf(() => redis.get('x'));
  },
  CLOSED: async () => {
    await initialize();
    const redis = manager.getConnection();
    await manager.cleanup();
    return failureOf(() => redis.ping());
  },
  NOT_INITIALIZED: () => failureOf(async () => manager.getConnection()),
  INITIALIZE_FAILED: () => failureOf(() => initialize({ port: 1 })),
  INVALID_OPTION: () => failureOf(() => initialize({ port: 'x' })),
  INVALID_ARGUMENT: async () => {
    await initialize();
    return failureOf(async () => manager.getHelper().set('key', undefined));
  },
  INVALID_PURPOSE: () => failureOf(async () => manager.getConnection('none')),
  UNSUPPORTED: async () => {
    await initialize();
    return failureOf(() => manager.getConnection().auth('x'));
  },
  EXEC_ABORTED: async () => {
    await initialize();
    const outcomes = manager.getConnection().multi().set('k', 1).auth('x').exec();
    return (await failureOf(() => outcomes)) ?? undefined;
  },
  ECONNREFUSED: () => dialFailure({ port: 1 }),
  ECONNRESET: () => dialScripted('CLIENT', (socket) => void socket.destroy()),
  ETIMEDOUT: () => dialScripted('CLIENT', () => null, { connectTimeout: 100 }),
  ENOENT: () => dialFailure({ host: undefined, port: undefined, path: '/none/redis.sock' }),
  AUTH_FAILED: () => dialFailure({ username: 'nobody', password: 'x' }),
  CREDENTIALS_FAILED: () => dialFailure({ credentialsProvider: () => null }),
  NOPERM: () => dialFailure({ username: 'small', password: 'x', db: 1 }),
  MAX_CLIENTS: () => dialScripted('CLIENT', () => '-ERR max number of clients reached\r\n'),
  LOADING: () => dialScripted('INFO', () => '-LOADING Redis is loading\r\n', { maxLoadingRetryTime: 60 }),
  INVALID_DB: () => dialFailure({ db: 99_999 }),
  HANDSHAKE_FAILED: () => dialScripted('CLIENT', () => 'HTTP/1.1 400 Bad Request\r\n\r\n'),
  PROTOCOL_ERROR: () => dialScripted('CLIENT', () => 'nonsense\r\n'),
  SERVER_SILENT: async () => {
    const told = new Promise((resolve) => manager.on('error', resolve));
    const alive = setInterval(() => {}, 1000);
    await openScripted('PING', () => null, { heartbeatInterval: 50, heartbeatTimeout: 50, retryStrategy: () => 9999 });
    const error = await told;
    clearInterval(alive);
    return error;
  },
  LEAKED: async () => {
    const redis = await openScripted('GET', () => null, { commandTimeout: 200 });
    const pending = redis.get('x').catch(() => {});
    const error = await failureOf(async () => manager.assertNoLeaks());
    await pending;
    return error;
  },
};

const table = new Map(errorCodes().map((row) => [row.code, row]));

test('every code is brought about here, or it is known where', () => {
  expect([...Object.keys(WAYS), ...Object.keys(ELSEWHERE)].sort()).toEqual([...table.keys()].sort());
});

/** Errors about a link say which. */
const OF_A_LINK =
  /^(CONNECTION_LOST|LINK_DOWN|QUEUE_FULL|BACKPRESSURE|COMMAND_TIMEOUT|MAX_RETRIES|CLOSED|E[A-Z]{4,}$|AUTH|CRED|NOPERM|MAX_CL|LOADING|INVALID_DB|HANDSH|PROTOCOL|SERVER)/;

test.each(Object.entries(WAYS))('%s', async (code, way) => {
  const error = await way();
  expect(error.code).toBe(code);
  expect(error).toBeInstanceOf(Error);
  if (/^INVALID_(OPTION|ARGUMENT)$/.test(code)) expect(error).toBeInstanceOf(TypeError);
  else expect(error).toBeInstanceOf(UnifiedRedisError);
  expect(error.retryable).toBe(table.get(code)?.retryable);
  expect(error.maybeExecuted).toBe(code === 'CONNECTION_LOST' || (code === 'COMMAND_TIMEOUT' && error.maybeExecuted));
  expect(error.message.length).toBeGreaterThan(10);
  if (OF_A_LINK.test(code)) expect(error.purpose).toBe('main');
  expect(error.stack).toContain(error.message.split('\n')[0]);
});

test('error replies belong to the family', async () => {
  await initialize();
  const redis = manager.getConnection();
  await redis.set('text', 'x');
  const error = await failureOf(() => redis.incr('text'));
  expect(error).toBeInstanceOf(ReplyError);
  expect(error).toMatchObject({ code: 'ERR', retryable: false, maybeExecuted: false });
  expect(Object.keys(error)).toEqual(['code', 'command']);
  for (const code of ['LOADING', 'TRYAGAIN', 'CLUSTERDOWN', 'MASTERDOWN', 'READONLY', 'BUSY', 'OOM']) {
    expect(new ReplyError(`${code} because`)).toMatchObject({ code, retryable: true, maybeExecuted: false });
  }
  expect(new ReplyError('WRONGTYPE because').retryable).toBe(false);
});
