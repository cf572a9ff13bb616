'use strict';

const { toNativeConfig } = require('../../lib/options/native-config');
const { resolveOptions } = require('../../lib/options/resolve');
const { parseUrl } = require('../../lib/bridge');

const decide = (options, env = {}) =>
  resolveOptions({ envFile: false, ...options }, { parseUrl, env, cwd: '/' }).options;
const cluster = (options) => decide({ cluster: options }).cluster;

test('nodes are taken in all the forms of ioredis', () => {
  expect(
    cluster({ nodes: ['a:1', 'b', 7000, '7001', { host: 'c', port: 2 }, { port: '3' }, '[::1]:4', 'redis://d:5'] })
      .nodes,
  ).toEqual([
    { host: 'a', port: 1 },
    { host: 'b', port: 6379 },
    { host: '127.0.0.1', port: 7000 },
    { host: '127.0.0.1', port: 7001 },
    { host: 'c', port: 2 },
    { host: '127.0.0.1', port: 3 },
    { host: '::1', port: 4 },
    { host: 'd', port: 5 },
  ]);
  expect(decide({}, { REDIS_CLUSTER_NODES: 'a:1, b:2' }).cluster.nodes).toEqual([
    { host: 'a', port: 1 },
    { host: 'b', port: 2 },
  ]);
});

test('the defaults are those of ioredis', () => {
  expect(cluster({ nodes: ['a:1'] })).toEqual({
    nodes: [{ host: 'a', port: 1 }],
    scaleReads: 'master',
    availabilityZone: null,
    natMap: {},
    slotsRefreshInterval: 5000,
    slotsRefreshTimeout: 1000,
    maxRedirections: 16,
  });
});

test('the addon gets what it takes', () => {
  const options = decide({
    cluster: { nodes: ['a:1'], scaleReads: () => null, natMap: { '10.0.0.1:6379': { host: 'b', port: 2 } } },
  });
  expect(toNativeConfig(options)).toMatchObject({
    host: 'a',
    port: 1,
    db: 0,
    cluster: { scaleReads: 'master', natMap: [{ from: '10.0.0.1:6379', host: 'b', port: 2 }] },
  });
});

test('redisOptions are options of initialize(), and so are some of its own', () => {
  const retryStrategy = () => 5;
  expect(
    decide({
      cluster: {
        nodes: ['a:1'],
        redisOptions: { username: 'u', password: 'p', tls: {}, connectTimeout: 7 },
        enableOfflineQueue: true,
        clusterRetryStrategy: retryStrategy,
      },
    }),
  ).toMatchObject({
    username: 'u',
    password: 'p',
    tls: { rejectUnauthorized: true },
    connectTimeout: 7,
    enableOfflineQueue: true,
    retryStrategy,
  });
  expect(() => decide({ connectTimeout: 1, cluster: { nodes: ['a:1'], redisOptions: { connectTimeout: 2 } } })).toThrow(
    /cluster\.redisOptions\.connectTimeout: got 2, expected the same as connectTimeout/,
  );
});

test('URLs among the nodes have user, password and TLS for all of them', () => {
  const nodes = ['rediss://u:p%40@a:1', 'rediss://u:p%40@b:2'];
  expect(decide({ cluster: { nodes } })).toMatchObject({ username: 'u', password: 'p@' });
  expect(decide({ cluster: { nodes } }).tls).not.toBeNull();
  expect(decide({ password: 'own', cluster: { nodes } }).password).toBe('own');
  const message = expect.objectContaining({ message: expect.stringMatching(/^Invalid option cluster\.nodes\[1\]/) });
  expect(() => cluster({ nodes: ['redis://u:secret1@a:1', 'redis://u:secret2@b:2'] })).toThrow(message);
  expect(() => cluster({ nodes: ['redis://u:secret1@a:1', 'redis://u:secret2@b:2'] })).not.toThrow(/secret/);
});

test('an address above puts a cluster aside, and a cluster the addresses below', () => {
  const env = { REDIS_CLUSTER_NODES: 'rediss://u:p@a:1' };
  expect(decide({ host: 'h' }, env)).toMatchObject({ cluster: null, host: 'h', port: 6379, password: null });
  expect(decide({ url: 'redis://h:2' }, env)).toMatchObject({ cluster: null, host: 'h', port: 2, password: null });
  expect(decide({ cluster: null }, env)).toMatchObject({ cluster: null, host: 'localhost' });
  expect(
    decide({ cluster: { nodes: ['a:1'] } }, { REDIS_URL: 'redis://u:p@h:2/4', REDIS_DB: '3', REDIS_USERNAME: 'x' }),
  ).toMatchObject({ host: 'a', port: 1, db: 0, username: 'x', password: null });
});

const contradictions = [
  [{ cluster: { nodes: ['a:1'] }, host: 'h' }, {}, /^Invalid option host: .* beside cluster/],
  [{ cluster: { nodes: ['a:1'] }, port: 1 }, {}, /^Invalid option port: .* beside cluster/],
  [{ cluster: { nodes: ['a:1'] }, path: '/s' }, {}, /^Invalid option path: .* beside cluster/],
  [{ cluster: { nodes: ['a:1'] }, url: 'redis://h' }, {}, /^Invalid option url: .* beside cluster/],
  [{ cluster: { nodes: ['a:1'] }, db: 1 }, {}, /^Invalid option db: got 1, expected 0/],
  [{ db: 1 }, { REDIS_CLUSTER_NODES: 'a:1' }, /^Invalid option db: got 1, expected 0/],
  [{ port: 1 }, { REDIS_CLUSTER_NODES: 'a:1' }, /^Invalid option port: .* beside REDIS_CLUSTER_NODES/],
  [{}, { REDIS_CLUSTER_NODES: 'a:1', REDIS_HOST: 'h' }, /^Invalid option REDIS_HOST: .* beside REDIS_CLUSTER_NODES/],
  [{ cluster: { nodes: ['a:1'], redisOptions: { host: 'h' } } }, {}, /cluster\.redisOptions\.host/],
];
test.each(contradictions)('%j with %j is refused', (options, env, message) => {
  expect(() => decide(options, env)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) })); // prettier-ignore
});

const accepted = {
  dnsLookup: (name, done) => done(null, name),
  shardedSubscribers: true,
  autoPipeliningIgnoredCommands: ['ping'],
  enableAutoPipelining: true,
  lazyConnect: false,
  retryDelayOnFailover: 300,
  retryDelayOnTryAgain: 10,
  useSRVRecords: false,
  clusterNodeRetryStrategy: null,
};
test.each(Object.entries(accepted))('%s may stand there', (name, value) => {
  expect(cluster({ nodes: ['a:1'], [name]: value }).nodes).toHaveLength(1);
});

const refused = {
  nodes: [[], [''], ['a:99999'], [{ host: 'a', password: 'p' }], ['http://a'], 5, null],
  scaleReads: ['slaves', 1],
  natMap: [[], () => null, { a: 'b c' }],
  slotsRefreshInterval: [-1, 'x'],
  slotsRefreshTimeout: [0],
  maxRedirections: [-1],
  dnsLookup: [require('node:dns').lookup, 'x'],
  retryDelayOnMoved: [-1, 'x'],
  useSRVRecords: [true],
  clusterNodeRetryStrategy: [() => 1],
  keyPrefix: ['p:'],
  lazyConnect: [true],
};
const cases = Object.entries(refused).flatMap(([name, values]) => values.map((value) => [name, value]));
test.each(cases)('%s: %p is refused by name', (name, value) => {
  expect(() => cluster({ nodes: ['a:1'], [name]: value })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(`cluster.${name}`) }),
  );
});

test('what there is not is refused, with what was probably meant', () => {
  expect(() => cluster({ nodes: ['a:1'], scaleRead: 'all' })).toThrow(
    /cluster\.scaleRead: did you mean cluster\.scaleReads/,
  );
  expect(() => cluster({ nodes: ['a:1'], redisOptions: { keyPrefx: 'x' } })).toThrow(/cluster\.redisOptions\.keyPrefx/);
  expect(() => cluster({ nodes: ['a:1'], scaleReads: 'nearest' })).toThrow(/cluster\.availabilityZone/);
  expect(() => decide({ cluster: [] })).toThrow(/Invalid option cluster/);
});
