'use strict';

// What getClient() has of createSentinel behind sentinels; use() and acquire() are in cluster/node-redis.test.js.

const manager = require('unified-redis');
const { startSentinelGroup, waitFor } = require('../support');

let group;
beforeAll(async () => {
  group = await startSentinelGroup();
  await manager.initialize({ ...group.options, logger: false, envFile: false, blockingConnections: 1 });
}, 60_000);
afterAll(() => manager.cleanup());

test('the master is followed, and told of', async () => {
  const client = manager.getClient();
  const told = [];
  client.on('topology-change', (event) => told.push(event));
  const before = client.getMasterNode();
  expect(await client.use(async (own) => own.set('k', 'v'))).toBe('OK');
  await waitFor(() => client.getSentinelNode() !== undefined);
  expect(group.sentinels.map(({ port }) => port)).toContain(client.getSentinelNode().port);
  expect('masters' in client).toBe(false);
  await group.sentinels[0].command('SENTINEL', 'FAILOVER', group.name);
  await waitFor(() => told.length > 0, { timeout: 20_000 });
  const [{ type, node }] = told;
  expect(type).toBe('MASTER_CHANGE');
  expect(node).not.toEqual(before);
  expect(client.getMasterNode()).toEqual(node);
  await waitFor(async () => (await client.set('k', 'w').catch(() => 'later')) === 'OK', { timeout: 20_000 });
}, 60_000);
