'use strict';

const { EventEmitter } = require('node:events');
const IoRedis = require('ioredis');
const manager = require('../..');
const { onCleanup, startServer } = require('../support');

/** ioredis 5, as bull brings it along. */
const IoRedis5 = require(require.resolve('ioredis', { paths: [require.resolve('bull')] }));

let redis;
let address;
beforeAll(async () => {
  const server = await startServer();
  address = { host: server.host, port: server.port };
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
  redis = manager.getConnection();
});

const INTERNAL = 'marked as internal in ioredis, or private there';
const ONE_LINK = 'belongs to the socket, which the link has';

/** What a handle does not have, and why. */
const NOT_ON_HANDLES = {
  sendCommand: 'takes a Command object, which is internal; call() sends any command',
  commandQueue: ONE_LINK,
  offlineQueue: ONE_LINK,
  resetCommandQueue: ONE_LINK,
  resetOfflineQueue: ONE_LINK,
  flushQueue: ONE_LINK,
  connector: ONE_LINK,
  condition: ONE_LINK,
  stream: ONE_LINK,
  reconnectTimeout: ONE_LINK,
  connectionEpoch: ONE_LINK,
  retryAttempts: ONE_LINK,
  manuallyClosing: ONE_LINK,
  setSocketTimeout: ONE_LINK,
  recoverFromFatalError: ONE_LINK,
  handleReconnection: ONE_LINK,
  getBlockingTimeoutInMs: INTERNAL,
  getConfiguredBlockingTimeout: INTERNAL,
  silentEmit: INTERNAL,
  parseOptions: INTERNAL,
  setStatus: INTERNAL,
  createScanStream: INTERNAL,
  addedBuiltinSet: INTERNAL,
};

const NOT_ON_PIPELINES = {
  sendCommand: 'takes a Command object, which is internal; call() adds any command',
  defineCommand: 'is for handles; their pipelines have the command too',
  addBuiltinCommand: 'is for handles; their pipelines have the command too',
  createBuiltinCommand: 'is for handles',
  getBuiltinCommands: 'is for handles',
  scriptsSet: 'is for handles',
  addedBuiltinSet: INTERNAL,
  isCluster: INTERNAL,
  replyPending: INTERNAL,
  fillResult: INTERNAL,
  promise: 'is what exec() returns',
  resolve: INTERNAL,
  reject: INTERNAL,
};

const NO_CLASS = 'is for who makes connections of his own; handles come from getConnection()';
const NOT_ON_THE_CLASS = {
  createClient: NO_CLASS,
  defaultOptions: NO_CLASS,
  default: NO_CLASS,
  Redis: NO_CLASS,
  Cluster: NO_CLASS,
  AbstractConnector: NO_CLASS,
  SentinelConnector: NO_CLASS,
  SentinelIterator: NO_CLASS,
  ReplyError: 'is exported by the package',
  ScanStream: 'is what scanStream() and its like return',
  Pipeline: 'is what pipeline() returns',
  Promise: 'cannot be changed in ioredis either, since version 5',
  print: 'prints; console.log does',
};

/** Everything that can be reached on an object, without what every EventEmitter has. Underscores are private. */
function reachable(object, until = Object.prototype) {
  const names = new Set();
  for (let each = object; each && each !== until && each !== Function.prototype; each = Object.getPrototypeOf(each)) {
    for (const name of Object.getOwnPropertyNames(each)) names.add(name);
  }
  return [...names].filter((name) => !name.startsWith('_') && !(name in EventEmitter.prototype));
}

describe.each([
  [6, IoRedis],
  [5, IoRedis5],
])('ioredis %i', (major, Theirs) => {
  let theirs;
  beforeAll(async () => {
    theirs = new Theirs(address);
    onCleanup(() => theirs.disconnect());
    await theirs.ping();
  });

  test('is the version in question', () => {
    expect(Theirs).not.toBe(major === 6 ? IoRedis5 : IoRedis);
  });

  test('handles have what its Redis has', () => {
    const missing = reachable(theirs).filter((name) => !(name in redis));
    expect(missing.filter((name) => !Object.hasOwn(NOT_ON_HANDLES, name))).toEqual([]);
  });

  test.each(['pipeline', 'multi'])('what %s() returns has what its pipelines have', (method) => {
    const ours = redis[method]();
    const missing = reachable(theirs[method]()).filter((name) => !(name in ours));
    expect(missing.filter((name) => !Object.hasOwn(NOT_ON_PIPELINES, name))).toEqual([]);
  });

  test('the class of handles has what applications use of its class', () => {
    const missing = reachable(Theirs).filter((name) => !(name in redis.constructor));
    expect(missing.filter((name) => !Object.hasOwn(NOT_ON_THE_CLASS, name))).toEqual([]);
    expect(redis.constructor.name).toBe('Redis');
  });

  test('what is a method there is one here, what is none there is none here', () => {
    const kinds = (object) => (name) => [name, typeof object[name] === 'function' ? 'method' : 'property'];
    for (const [their, our] of [
      [theirs, redis],
      [theirs.pipeline(), redis.pipeline()],
    ]) {
      const shared = reachable(their).filter((name) => name in our);
      expect(shared.map(kinds(our))).toEqual(shared.map(kinds(their)));
      const thenable = ['then', 'catch', 'finally'].filter((name) => name in our);
      expect(thenable).toEqual([]);
    }
  });
});

test('no exception is stale', () => {
  const handles = [redis, NOT_ON_HANDLES];
  const pipelines = [redis.pipeline(), NOT_ON_PIPELINES];
  const classes = [redis.constructor, NOT_ON_THE_CLASS];
  for (const [ours, exceptions] of [handles, pipelines, classes]) {
    expect(Object.keys(exceptions).filter((name) => name in ours)).toEqual([]);
  }
});

// Libraries take an object that has one of these for a client of node-redis.
test('handles have nothing by which node-redis is told apart', () => {
  const names = ['scanIterator', 'pSubscribe', 'sSubscribe', 'hGetAll', 'sendCommand', 'executeIsolated', 'isOpen'];
  expect(names.filter((name) => name in redis)).toEqual([]);
});

test('mode is that of a connection that takes commands, subscribed or not', async () => {
  await redis.subscribe('news');
  expect(redis.mode).toBe('normal');
  expect(redis.autoPipelineQueueSize).toBe(0);
  await redis.unsubscribe();
});
