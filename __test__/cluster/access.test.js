'use strict';

// Into a cluster and out of it: TLS, users, errors by node, sockets, and what is left behind.

const manager = require('../..');
const { onCleanup, runScript, startCluster, startServer, waitFor } = require('../support');

afterEach(() => manager.cleanup());
onCleanup(() => manager.cleanup());

const quiet = { logger: false };
const refused = (options) =>
  manager.initialize({ ...quiet, ...options }).then(
    () => undefined,
    (error) => error,
  );

describe('plain, with users', () => {
  const users = [
    'app on >app-secret ~* &* +@all',
    'blind on >app-secret ~* &* +@all -cluster',
    'reader on >app-secret ~* &* +@all -readonly',
  ];
  let cluster;
  beforeAll(async () => {
    cluster = await startCluster({ masters: 3, replicasPerMaster: 1, auth: 'secret', users });
  }, 60_000);

  test('user and password are for all nodes, and so is everything else', async () => {
    await manager.initialize({
      ...cluster.options,
      ...quiet,
      username: 'app',
      password: 'app-secret',
      connectionName: 'game',
      blockingConnections: 1,
    });
    const redis = manager.getConnection();
    const keys = Array.from({ length: 100 }, (_, index) => `key:${index}`);
    await Promise.all(keys.map((key) => redis.set(key, key)));
    expect(await redis.mget(keys)).toEqual(keys);
    const clients = (await cluster.clientList()).filter(({ name }) => name.startsWith('game:'));
    expect(clients.every(({ user }) => user === 'app')).toBe(true);
    const { bound, open } = manager.getStats().cluster.sockets;
    expect(bound).toBe(5 * 6 + 1);
    expect(clients).toHaveLength(open);
    // All masters for the first purpose, one for each other, and the lane.
    expect(open).toBe(3 + 4 + 1);
    const names = clients.map(({ name }) => name.split(':')[2]).sort();
    expect(names).toEqual(['lane-1', 'main', 'main', 'main', 'publisher', 'scheduler', 'subscriber', 'websocket']);
  });

  test('no socket is left behind', async () => {
    await manager.initialize({ ...cluster.options, ...quiet });
    await manager
      .getConnection()
      .nodes()
      .reduce((before, node) => before.then(() => node.ping()), Promise.resolve());
    await manager.cleanup();
    await waitFor(async () => (await cluster.clientList()).filter(({ name }) => name !== '').length === 0);
    expect(manager.getStats()).toMatchObject({ initialized: false, cluster: null });
  });

  test('health is told by purpose, and names the node that is ill', async () => {
    await manager.initialize({ ...cluster.options, ...quiet, heartbeatInterval: 0, commandTimeout: 500 });
    expect((await manager.healthCheck()).map(({ status }) => status)).toEqual(Array(5).fill('healthy'));
    const [victim] = await cluster.masters();
    cluster.pause(victim);
    const health = await manager.healthCheck();
    cluster.resume(victim);
    const main = health.find(({ purpose }) => purpose === 'main');
    expect(main).toMatchObject({ status: 'unhealthy', error: expect.stringContaining(`127.0.0.1:${victim.port}: `) });
    await cluster.settled();
  }, 30_000);

  test.each([
    [
      'a wrong password',
      { username: 'app', password: 'wrong' },
      'AUTH_FAILED',
      /refused the password for the user "app"/,
    ],
    [
      'a user who may not ask for slots',
      { username: 'blind', password: 'app-secret' },
      'NOPERM',
      /CLUSTER SLOTS.*\+cluster\|slots/,
    ],
    [
      'a user who may not read from replicas',
      { username: 'reader', password: 'app-secret', scaleReads: 'slave' },
      'NOPERM',
      /READONLY, which scaleReads needs/,
    ],
  ])('%s', async (_, { scaleReads, ...access }, code, message) => {
    const { nodes } = cluster.options.cluster;
    const error = await refused({ ...access, cluster: { nodes, ...(scaleReads && { scaleReads }) } });
    expect(error).toMatchObject({ code: 'INITIALIZE_FAILED', message: expect.stringMatching(message) });
    expect(error.message).toContain(`[${code}]`);
    for (const { host, port } of nodes) expect(error.message).toContain(`${host}:${port}`);
    expect(await cluster.clientList()).toHaveLength(0);
  });

  test('nodes that are not there are passed over, and named when none is there', async () => {
    const [{ host, port }] = cluster.options.cluster.nodes;
    const dead = await startServer();
    await dead.stop();
    const gone = { host: dead.host, port: dead.port };
    await manager.initialize({ ...quiet, password: 'secret', cluster: { nodes: [gone, { host, port }] } });
    expect(await manager.getConnection().ping()).toBe('PONG');
    await manager.cleanup();
    const error = await refused({
      password: 'secret',
      cluster: { nodes: [gone, 'no-such-host.invalid:6379'] },
      tls: false,
    });
    expect(error.message).toContain(`127.0.0.1:${dead.port}: cannot connect`);
    expect(error.message).toMatch(/no-such-host\.invalid.*\[ENOTFOUND\]/);
  });

  test('a script that forgets to clean up ends by itself', async () => {
    const script = `
      const manager = require(${JSON.stringify(require.resolve('../..'))});
      (async () => {
        await manager.initialize(${JSON.stringify({ ...cluster.options, logger: false })});
        const redis = manager.getConnection();
        console.log(await redis.mset('a', 1, 'b', 2, 'c', 3), (await redis.mget('a', 'b', 'c')).join());
      })();`;
    const { code, stdout } = await runScript(script);
    expect([code, stdout.trim()]).toEqual([0, 'OK 1,2,3']);
  });
});

test('a single server is no cluster, and says what to set instead', async () => {
  const server = await startServer();
  const error = await refused({ cluster: { nodes: [{ host: server.host, port: server.port }] } });
  expect(error.message).toMatch(/is no node of a cluster.*use host and port rather than cluster/);
});

describe('with TLS', () => {
  let cluster;
  beforeAll(async () => {
    cluster = await startCluster({ masters: 3, replicasPerMaster: 1, nodeTimeout: 1_000, mtls: true, auth: 'secret' });
  }, 60_000);

  test('each node is verified by its own name, and wants our certificate', async () => {
    await manager.initialize({ ...cluster.options, ...quiet });
    const redis = manager.getConnection();
    const keys = Array.from({ length: 100 }, (_, index) => `key:${index}`);
    await Promise.all(keys.map((key) => redis.set(key, key)));
    expect(await redis.mget(keys)).toEqual(keys);
    const messages = [];
    const subscriber = redis.duplicate();
    subscriber.on('smessage', (_, text) => messages.push(text));
    await subscriber.ssubscribe('shard');
    await redis.spublish('shard', 'x');
    await waitFor(() => messages.length === 1);
    await subscriber.quit();
  });

  test('a name that the certificate does not have', async () => {
    const { tls, ...options } = cluster.options;
    const error = await refused({ ...options, tls: { ...tls, servername: 'other.example.org' } });
    expect(error.message).toMatch(/localhost:\d+: .*is not for "other.example.org".*\[CERT_WRONG_NAME\]/);
  });

  test('without our certificate', async () => {
    const { tls, ...options } = cluster.options;
    const error = await refused({ ...options, tls: { ca: tls.ca } });
    expect(error.message).toMatch(/\[TLS_CLIENT_CERT_REFUSED\]/);
  });

  // The last one, as the node stays down.
  test('a master dies, and its replica is verified as well', async () => {
    await manager.initialize({ ...cluster.options, ...quiet, blockingConnections: 1 });
    const redis = manager.getConnection();
    const keys = Array.from({ length: 100 }, (_, index) => `key:${index}`);
    const [victim] = await cluster.masters();
    await cluster.kill(victim);
    const written = await Promise.allSettled(keys.map((key) => redis.set(key, 'again')));
    for (const { reason } of written.filter(({ status }) => status === 'rejected')) {
      expect(reason).toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
    }
    await Promise.all(keys.map((key) => redis.set(key, 'later')));
    expect(new Set(await redis.mget(keys))).toEqual(new Set(['later']));
    const popped = redis.blpop('{key:1}list', 5);
    await redis.rpush('{key:1}list', 'value');
    expect(await popped).toEqual(['{key:1}list', 'value']);
  }, 30_000);
});
