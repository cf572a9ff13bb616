'use strict';

// monitor() of single nodes: on a lane that goes to that node, and stays there.

const manager = require('../..');
const { onCleanup, startCluster, waitFor } = require('../support');

let cluster;
beforeAll(async () => {
  cluster = await startCluster({ masters: 3, replicasPerMaster: 1 });
  onCleanup(() => manager.cleanup());
}, 60_000);

let redis;
async function open(blockingConnections) {
  await manager.cleanup();
  await manager.initialize({
    ...cluster.options,
    cluster: { ...cluster.options.cluster, slotsRefreshInterval: 100 },
    purposes: ['main'],
    blockingConnections,
    retryStrategy: () => 20,
    logger: false,
  });
  redis = manager.getConnection();
}

beforeEach(() => open(2));

afterEach(async () => {
  await allLanesFree();
  manager.assertNoLeaks();
});

/** Every lane is back, and serves every node again. */
async function allLanesFree() {
  await waitFor(() => manager.getStats().lanes.inUse === 0);
  await Promise.all(['a', 'b', 'c'].map((key) => redis.blpop(`nothing:${key}`, 0.01)));
}

/** What the event told. */
function told(emitter, event) {
  return new Promise((resolve) => emitter.once(event, resolve));
}

/** The texts that ECHO was called with, as this monitor tells it. */
function echoes(monitor) {
  const texts = [];
  monitor.on('monitor', (time, [name, text]) => {
    if (name.toLowerCase() === 'echo') texts.push(text);
  });
  return texts;
}

const handleOf = ({ port }) => redis.nodes().find(({ options }) => options.port === port);
const isMonitor = ({ flags }) => flags.includes('O');
const monitorsOf = async ({ port }) => (await cluster.clientList()).filter((of) => of.node === port && isMonitor(of));

test('a monitor tells of the commands of its node, and of no other', async () => {
  const nodes = redis.nodes();
  const monitored = [nodes[0], nodes.at(-1)];
  expect(monitored.map(({ options }) => options.role)).toEqual(['master', 'slave']);
  const { bound } = manager.getStats().cluster.sockets;
  const monitors = await Promise.all(monitored.map((node) => node.monitor()));
  for (const monitor of monitors) expect([monitor.status, monitor.mode]).toEqual(['monitoring', 'monitor']);
  const lines = monitors.map(echoes);
  for (const node of nodes) await node.echo(node.options.port);
  await redis.echo('anywhere');
  await Promise.all(monitored.map((node) => node.echo('last')));
  await waitFor(() => lines.every((texts) => texts.at(-1) === 'last'));
  for (const [index, { options }] of monitored.entries()) {
    expect(lines[index].filter((text) => text !== 'anywhere')).toEqual([`${options.port}`, 'last']);
  }
  const { cluster: figures, lanes } = manager.getStats();
  expect(lanes.inUse).toBe(2);
  expect(figures.sockets.bound).toBe(bound);
  expect(figures.sockets.open).toBeLessThanOrEqual(bound);
  for (const monitor of monitors) monitor.disconnect();
});

test('all nodes have to be asked one by one', async () => {
  await expect(redis.monitor()).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('nodes()[0].monitor()'),
  });
  await open(0);
  await expect(redis.nodes()[0].monitor()).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('blockingConnections'),
  });
  await open(2);
});

test('who finds no lane waits for one, whatever node it goes to', async () => {
  const [first, second, third] = redis.nodes('master');
  const monitors = [await first.monitor(), await second.monitor()];
  const waits = third.monitor();
  await waitFor(() => manager.getStats().lanes.waiting === 1);
  monitors[0].disconnect();
  const last = await waits;
  const lines = echoes(last);
  await third.echo('heard');
  await waitFor(() => lines.length === 1);
  monitors[1].disconnect();
  await last.quit();
});

test('a connection that is lost comes back, to the same node', async () => {
  const [, node] = redis.nodes('master');
  const monitor = await node.monitor();
  const lines = echoes(monitor);
  const events = [];
  for (const event of ['close', 'reconnecting', 'connect', 'ready', 'monitoring']) {
    monitor.on(event, () => events.push(event));
  }
  const [{ id }] = await monitorsOf(node.options);
  const gap = told(monitor, 'gap');
  await cluster.command(node.options.port, 'CLIENT', 'KILL', 'ID', id);
  expect(await gap).toEqual({ durationMs: expect.any(Number), dropped: 0 });
  expect(events).toEqual(['close', 'reconnecting', 'connect', 'ready', 'monitoring']);
  await node.echo('after');
  await waitFor(() => lines.length === 1);
  // An ended one can be connected again, and a duplicate is a handle of the node.
  monitor.disconnect();
  await monitor.connect();
  expect(await monitorsOf(node.options)).toHaveLength(1);
  const duplicate = monitor.duplicate();
  await duplicate.echo('by the duplicate');
  await waitFor(() => lines.length === 2);
  duplicate.disconnect();
  await monitor.quit();
});

test('a failover does not take it away from its node', async () => {
  const [master] = await cluster.masters();
  const [replica] = await cluster.replicas(master);
  const monitors = await Promise.all([master, replica].map((node) => handleOf(node).monitor()));
  const lines = monitors.map(echoes);
  await cluster.failover(replica);
  await waitFor(() => handleOf(replica).options.role === 'master' && handleOf(master).options.role === 'slave');
  for (const node of [master, replica]) await handleOf(node).echo(node.port);
  await waitFor(() => lines.every(({ length }) => length > 0));
  expect(lines).toEqual([[`${master.port}`], [`${replica.port}`]]);
  for (const monitor of monitors) await monitor.quit();
}, 30_000);

test('a node that has gone: its monitor tries on until it is ended, and its lane serves others again', async () => {
  const [master] = await cluster.masters();
  const node = await cluster.addNode({ replicaOf: master });
  await waitFor(() => handleOf(node) !== undefined);
  const handle = handleOf(node);
  const monitor = await handle.monitor();
  const isLost = told(monitor, 'close');
  await cluster.removeNode(node);
  await isLost;
  await waitFor(() => handleOf(node) === undefined);
  await waitFor(() => monitor.status === 'reconnecting' || monitor.status === 'connecting');
  await expect(handle.monitor()).rejects.toMatchObject({ code: expect.stringMatching(/^(CLOSED|LINK_DOWN)$/) });
  monitor.disconnect();
  await allLanesFree();
}, 30_000);

test('a node that is given up ends its monitor, and its lane serves others again', async () => {
  const [master] = await cluster.masters();
  const node = await cluster.addNode({ replicaOf: master });
  await manager.cleanup();
  let isTrying = true;
  await manager.initialize({
    ...cluster.options,
    cluster: { ...cluster.options.cluster, slotsRefreshInterval: 100 },
    purposes: ['main'],
    blockingConnections: 1,
    retryStrategy: () => (isTrying ? 20 : null),
    logger: false,
  });
  await waitFor(() => handleOf(node) !== undefined);
  const monitor = await handleOf(node).monitor();
  const isOver = told(monitor, 'end');
  isTrying = false;
  await cluster.removeNode(node);
  await isOver;
  isTrying = true;
  await allLanesFree();
}, 30_000);
