'use strict';

// What getClient() does on a cluster for code written for createCluster, and on any server for code written for
// createSentinel. That replies are the package's is in differential-node-redis.test.js.

const manager = require('../..');
const { slotOf } = require('../../lib/cluster/key-slot');
const { VERSIONS } = require('../node-redis/versions.js');
const { onCleanup, startCluster, startServer, waitFor } = require('../support');

let cluster;
beforeAll(async () => {
  cluster = await startCluster({ masters: 3, replicasPerMaster: 1 });
  onCleanup(() => manager.cleanup());
  await initialize();
}, 60_000);

async function initialize(options = {}, ofCluster = {}) {
  await manager.cleanup();
  const { cluster: given, ...rest } = cluster.options;
  await manager.initialize({
    ...rest,
    cluster: { ...given, ...ofCluster },
    logger: false,
    blockingConnections: 2,
    ...options,
  });
}

const keys = Array.from({ length: 30 }, (_, index) => `key:${index}`);
/** Keys of different masters. */
const [A, B] = ['a', 'b'];
const crossing = expect.objectContaining({
  code: 'CROSSSLOT',
  message: expect.stringContaining(`'a' (slot ${slotOf(A)}), 'b' (slot ${slotOf(B)})`),
});

describe.each(VERSIONS)('version %i', (version, name) => {
  const { createCluster, ClientClosedError, WatchError, commandOptions } = require(name);
  let client;
  beforeEach(async () => {
    client = manager.getClient('main', { version });
    await client.flushAll();
  });

  test('commands find their nodes, and some of them several', async () => {
    expect(await client.mSet(keys.map((key, index) => [key, String(index)]))).toBe('OK');
    expect(await client.mGet([...keys].reverse())).toEqual(keys.map((_, index) => String(index)).reverse());
    expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys.map((_, index) => String(index)));
    expect(await client.exists([...keys, 'missing'])).toBe(30);
    expect((await client.keys('*')).sort()).toEqual([...keys].sort());
    expect(await client.dbSize()).toBe(30);
    const found = [];
    for await (const page of client.scanIterator({ COUNT: 5 })) found.push(page);
    expect(found.flat().sort()).toEqual([...keys].sort());
    expect(await client.del(keys)).toBe(30);
    await expect(client.sUnion([A, B])).rejects.toEqual(crossing);
    await expect(client.rename(A, B)).rejects.toEqual(crossing);
  });

  test('Buffers are split and joined as well', async () => {
    await client.mSet({ a: '1', b: '2' });
    const types = require(name).RESP_TYPES;
    const buffers = [Buffer.from('1'), null, Buffer.from('2')];
    const asked =
      version === 4
        ? client.mGet(commandOptions({ returnBuffers: true }), [A, 'none', B])
        : client.withTypeMapping({ [types.BLOB_STRING]: Buffer }).mGet([A, 'none', B]);
    expect(await asked).toEqual(buffers);
    if (version > 4) expect(await client.withTypeMapping({ [types.NUMBER]: String }).del([A, B])).toBe('2');
  });

  test('raw commands, in the forms of a cluster, of Sentinel and of a client', async () => {
    await client.mSet({ a: '1', b: '2' });
    expect(await client.sendCommand(A, true, ['GET', A])).toBe('1');
    expect(await client.sendCommand(Buffer.from(B), true, ['GET', B])).toBe('2');
    expect(await client.sendCommand(true, ['GET', B])).toBe('2');
    expect(await client.sendCommand(['GET', B])).toBe('2');
    // Without a key of its own, a command goes where the given key is; in version 6 some go where the tips say.
    expect(await client.sendCommand(undefined, true, ['DBSIZE'])).toBe(2);
    expect(await client.sendCommand(A, true, ['DBSIZE'])).toBe(version < 6 ? 1 : 2);
    const ports = await Promise.all(
      [A, B].map(async (key) => /tcp_port:(\d+)/.exec(await client.sendCommand(key, true, ['INFO', 'server']))[1]),
    );
    expect(ports.map(Number)).toEqual([A, B].map((key) => client.slots[slotOf(key)].master.port));
    await expect(client.sendCommand(A, true, ['GET'])).rejects.toThrow(/wrong number of arguments/);
  });

  test('a transaction has one slot, which a key may name', async () => {
    expect(await client.multi().set('{t}a', '1').incr('{t}a').mGet(['{t}a', '{t}b']).exec()).toEqual([
      'OK',
      2,
      ['2', null],
    ]);
    await client.del('{t}a');
    await client.mSet({ a: '1', b: '2' });
    expect(await client.multi(A).addCommand(['DBSIZE']).exec()).toEqual([1]);
    const raw = version === 4 ? [A, ['DBSIZE']] : [A, true, ['DBSIZE']];
    expect(
      await client
        .multi()
        .addCommand(...raw)
        .exec(),
    ).toEqual([1]);
    await expect(client.multi().set(A, '1').set(B, '2').exec()).rejects.toEqual(crossing);
    await expect(client.multi(A).get(B).exec()).rejects.toEqual(crossing);
    expect(await client.multi().get(A).get(B).ping().execAsPipeline()).toEqual(['1', '2', 'PONG']);
    expect('sendCommand' in client.multi()).toBe('sendCommand' in createCluster({ rootNodes: [{}] }).multi());
  });

  test('WATCH, on the handle and on the node of a key', async () => {
    const other = manager.getConnection();
    const node =
      version < 6 ? await client.nodeClient(client.slots[slotOf(A)].master) : await client.getNodeClientForKey(A);
    for (const watching of [client, node]) {
      await watching.watch(A);
      await other.set(A, 'theirs');
      await expect(watching.multi().set(A, 'ours').exec()).rejects.toThrow(WatchError);
      await watching.watch(A);
      expect(await watching.multi().get(A).exec()).toEqual(['theirs']);
    }
    await client.watch(A);
    await expect(client.watch(B)).rejects.toEqual(expect.objectContaining({ code: 'CROSSSLOT' }));
    await expect(client.multi().get(B).exec()).rejects.toEqual(crossing);
    // As after any EXEC nothing is watched, and the lane becomes free.
    await waitFor(() => manager.getStats().lanes.inUse === 0);
  });

  test('what waits does so on a lane to its node', async () => {
    for (const key of [A, B, 'c']) {
      const [popped] = await Promise.all([client.blPop(key, 5), client.rPush(key, 'x')]);
      expect(popped).toEqual({ key, element: 'x' });
    }
  });

  test('scripts run where their keys are', async () => {
    const { defineScript } = require(name);
    const script = defineScript({
      SCRIPT: 'return KEYS[1]',
      NUMBER_OF_KEYS: 1,
      FIRST_KEY_INDEX: 1,
      transformArguments: (key) => [key],
      parseCommand: (parser, key) => parser.pushKey(key),
      transformReply: (reply) => reply,
    });
    const own = client.duplicate({ scripts: { which: script } });
    await own.connect();
    await own.scriptFlush();
    expect(await Promise.all(keys.map((key) => own.which(key)))).toEqual(keys);
    expect(await own.multi().which(A).which(A).exec()).toEqual([A, A]);
    await own.quit();
  });

  test('the nodes are listed as the package lists them', async () => {
    const theirs = createCluster({ rootNodes: cluster.options.cluster.nodes.map((socket) => ({ socket })) });
    await theirs.connect();
    try {
      const addresses = (nodes) => nodes.map(({ address }) => address).sort();
      expect(addresses(client.masters)).toEqual(addresses(theirs.masters));
      expect(client.replicas).toEqual([]);
      expect([...client.nodeByAddress.keys()].sort()).toEqual([...theirs.nodeByAddress.keys()].sort());
      expect(client.slots).toHaveLength(16384);
      for (const slot of [0, slotOf(A), slotOf(B), 16383]) {
        const [own, expected] = [client, theirs].map(({ slots }) => slots[slot]);
        expect(Object.keys(own)).toEqual(Object.keys(expected));
        for (const property of ['host', 'port', 'address', 'readonly']) {
          expect(own.master[property]).toBe(expected.master[property]);
        }
        expect(client.getSlotMaster(slot)).toBe(own.master);
        expect(client.getSlotRandomNode(slot)).toBe(own.master);
      }
      expect(client.getMasters()).toEqual(client.masters);
      expect(client.masters).toContain(client.getRandomNode());
      expect(client.nodeByAddress.get(client.masters[0].address)).toBe(client.masters[0]);
    } finally {
      await theirs.disconnect();
    }
  });

  test('clients of nodes ask them, and nobody else', async () => {
    await client.mSet(keys.map((key) => [key, 'x']));
    const nodes = await Promise.all(client.masters.map((node) => client.nodeClient(node)));
    expect(nodes).toEqual(client.masters.map((node) => node.client));
    const sizes = await Promise.all(nodes.map((node) => node.dbSize()));
    expect(sizes.reduce((sum, size) => sum + size)).toBe(30);
    expect(Math.max(...sizes)).toBeLessThan(30);
    const home = client.slots[slotOf(A)].master;
    const [elsewhere] = client.masters.filter((node) => node !== home);
    await expect(elsewhere.client.get(A)).rejects.toThrow(`MOVED ${slotOf(A)} ${home.address}`);
    expect(await home.client.get(A)).toBeNull();
    await expect(client.nodeClient({ address: '192.0.2.1:1' })).rejects.toThrow('Cannot find node 192.0.2.1:1');
    expect(elsewhere.client.masters).toBeUndefined();
  });

  test('messages, those of shards too, and how many hear them', async () => {
    const own = client.duplicate();
    await own.connect();
    const heard = [];
    const note = (message, channel) => heard.push([channel, message]);
    const shards = [A, B, 'c'].map((key) => `shard:${version}:${key}`);
    expect(own.pubSubNode).toBeUndefined();
    await own.subscribe(`news:${version}`, note);
    for (const channel of shards) await own.sSubscribe(channel, note);
    expect(own.nodeByAddress.has(own.pubSubNode.address) || own.pubSubNode.address).toBeTruthy();
    await client.publish(`news:${version}`, 'x');
    for (const channel of shards) expect(await client.sPublish(channel, 'y')).toBe(1);
    await waitFor(() => heard.length === 4);
    expect(heard.sort()).toEqual([[`news:${version}`, 'x'], ...shards.map((channel) => [channel, 'y'])].sort());
    // As the sharded adapter of socket.io counts, node by node.
    const counts = await Promise.all(
      client.masters.map((node) => node.client.sendCommand(['PUBSUB', 'SHARDNUMSUB', shards[0]])),
    );
    expect(counts.map(([, count]) => count).sort()).toEqual([0, 0, 1]);
    await own.unsubscribe();
    await own.sUnsubscribe(shards);
    await own.quit();
  });

  test('a life as of a cluster', async () => {
    const own = client.duplicate();
    const told = [];
    for (const event of ['connect', 'ready', 'disconnect', 'end']) own.on(event, () => told.push(event));
    expect(await own.connect()).toBe(own);
    await expect(own.connect()).rejects.toThrow('Cluster already open');
    expect([own.isOpen, own.isReady]).toEqual([true, true]);
    const node = own.masters[0].client;
    const replies = Promise.all(keys.map((key) => own.incr(key)));
    await (version === 4 ? own.quit() : own.close());
    expect(await replies).toEqual(keys.map(() => 1));
    expect([own.isOpen, node.isOpen]).toEqual([false, false]);
    await expect(own.get(A)).rejects.toThrow(ClientClosedError);
    await expect(node.ping()).rejects.toThrow(ClientClosedError);
    expect(told).toEqual(['connect', 'ready', 'end', 'disconnect']);
    expect(client.masters[0].client.isOpen).toBe(true);
  });

  test('options as of createCluster are taken where they are what there is anyway', async () => {
    const { host, port } = cluster.options.cluster.nodes[0];
    const own = manager.getClient('main', {
      version,
      rootNodes: [{ url: `redis://${host}:${port}` }, { socket: { host, port } }],
      defaults: { socket: { tls: false } },
      minimizeConnections: true,
      maxCommandRedirections: 3,
    });
    expect(await own.set(A, '1')).toBe('OK');
    const unsupported = expect.objectContaining({ code: 'UNSUPPORTED' });
    for (const options of [
      { rootNodes: [{ url: 'redis://192.0.2.1:1' }] },
      { defaults: { username: 'other' } },
      { useReplicas: true },
      { sentinelRootNodes: [{ host, port }] },
    ]) {
      expect(() => manager.getClient('main', { version, ...options })).toThrow(unsupported);
    }
  });
});

describe('with reads on replicas', () => {
  beforeAll(() => initialize({}, { scaleReads: 'all' }));
  afterAll(() => initialize());

  test.each(VERSIONS)('replicas are listed, and answer (version %i)', async (version) => {
    const client = manager.getClient('main', { version, useReplicas: true });
    expect(client.replicas).toHaveLength(3);
    expect(client.replicas.every(({ readonly }) => readonly)).toBe(true);
    expect(client.nodeByAddress.size).toBe(6);
    const slot = slotOf(A);
    expect(client.slots[slot].replicas).toHaveLength(1);
    await client.set(A, 'x');
    await client.wait(1, 5000);
    const replica = await client.nodeClient(client.slots[slot].replicas[0]);
    await waitFor(async () => (await replica.get(A)) === 'x');
    await expect(replica.set(A, 'y')).rejects.toThrow(/^(MOVED|READONLY)/);
    const seen = new Set(Array.from({ length: 200 }, () => client.getRandomNode()));
    expect(seen.size).toBe(6);
  });
});

test('nodes fail over, come and go', async () => {
  await initialize({}, { slotsRefreshInterval: 200 });
  const client = manager.getClient('main').duplicate();
  const told = [];
  for (const event of ['node-connect', 'node-ready', 'node-disconnect']) {
    client.on(event, ({ host, port }) => told.push(`${event} ${host}:${port}`));
  }
  await client.connect();
  const slot = slotOf(A);
  const before = client.slots[slot].master;
  const stays = client.slots[slotOf(B)].master;
  const [replica] = await cluster.replicas(await cluster.masterOf(slot));
  await cluster.failover(replica);
  await waitFor(() => client.slots[slot].master.port === replica.port);
  expect(await client.set(A, 'x')).toBe('OK');
  expect(await client.slots[slot].master.client.get(A)).toBe('x');
  expect(client.masters).not.toContain(before);
  expect(client.slots[slotOf(B)].master).toBe(stays);

  const added = await cluster.addNode({ replicaOf: await cluster.masterOf(slotOf(B)) });
  const address = `127.0.0.1:${added.port}`;
  await waitFor(() => told.includes(`node-ready ${address}`));
  expect(told).toContain(`node-connect ${address}`);
  await cluster.removeNode(added);
  await waitFor(() => told.includes(`node-disconnect ${address}`));
  await client.close();
}, 60_000);

describe('without a cluster', () => {
  let server;
  beforeAll(async () => {
    await manager.cleanup();
    server = await startServer();
    await manager.initialize({ ...server.options, logger: false, blockingConnections: 1 });
  });

  test.each(VERSIONS)('nothing of it is there (version %i)', async (version) => {
    const client = manager.getClient('main', { version });
    for (const name of ['masters', 'replicas', 'slots', 'nodeByAddress', 'nodeClient', 'getRandomNode', 'pubSubNode']) {
      expect(name in client).toBe(false);
    }
    expect(await client.multi('key').ping().exec()).toEqual(['PONG']);
    expect(await client.sendCommand('key', false, ['SET', 'key', 'x'])).toBe('OK');
    expect(() => manager.getClient('main', { version, rootNodes: [{ url: 'redis://192.0.2.1:1' }] })).toThrow(
      /another start node/,
    );
  });

  test.each(VERSIONS)('a handle that is kept follows what the links are to (version %i)', async (version) => {
    const client = manager.getClient('main', { version }).duplicate();
    await client.connect();
    expect('masters' in client).toBe(false);
    await initialize();
    await client.quit().catch(() => {});
    await client.connect();
    expect(client.masters).toHaveLength(3);
    expect(await Promise.all(client.masters.map((node) => node.client.ping()))).toEqual(['PONG', 'PONG', 'PONG']);
    await manager.cleanup();
    await manager.initialize({ ...server.options, logger: false, blockingConnections: 1 });
    await client.quit().catch(() => {});
    await client.connect();
    expect('masters' in client).toBe(false);
    expect(await client.ping()).toBe('PONG');
    await client.quit();
  });

  describe.each(VERSIONS.filter(([version]) => version > 4))('what createSentinel has (version %i)', (version) => {
    let client;
    beforeEach(() => (client = manager.getClient('main', { version })));

    test('use() gives each task a client of its own', async () => {
      await client.set('stock', '10');
      const buy = () =>
        client.use(async (own) => {
          for (;;) {
            await own.watch('stock');
            const left = Number(await own.get('stock')) - 1;
            try {
              await own.multi().set('stock', String(left)).exec();
              return left;
            } catch (error) {
              if (error.constructor.name !== 'WatchError') throw error;
            }
          }
        });
      expect((await Promise.all(Array.from({ length: 10 }, buy))).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      await expect(client.use(async () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
      expect(manager.getStats().lanes.inUse).toBe(0);
    });

    test('acquire() does until release()', async () => {
      const lease = await client.acquire();
      await lease.watch('k');
      expect(await lease.sendCommand(true, ['PING'])).toBe('PONG');
      expect(await lease.withTypeMapping({}).multi().get('k').exec()).toEqual([null]);
      await lease.watch('k');
      lease.release();
      expect(() => lease.release()).toThrow('already released');
      await expect(lease.get('k')).rejects.toThrow('closed');
      await waitFor(() => manager.getStats().lanes.inUse === 0);
      expect(await client.ping()).toBe('PONG');
    });

    test('which server it is', () => {
      expect(client.getMasterNode()).toEqual({ host: '127.0.0.1', port: server.port });
      for (const name of ['getReplicaNodes', 'getSentinelNode']) {
        expect(() => client[name]()).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
      }
    });
  });
});
