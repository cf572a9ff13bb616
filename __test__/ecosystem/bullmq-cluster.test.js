'use strict';

// BullMQ on a Redis Cluster: as its documentation has it, with a hash tag as the prefix, so that all keys of its queues are
// in one slot.

const { FlowProducer } = require('bullmq');
const manager = require('../..');
const { slotOf } = require('../../lib/cluster/key-slot');
const { waitFor } = require('../support');
const { followParts } = require('./bullmq-parts.js');
const { openClusterLinks } = require('./links.js');

const PREFIX = '{bull}';
/** Less than what a blocking call waits for. */
const SOON = 4_000;

let links;
let connection;
let waiting;
beforeAll(async () => {
  links = await openClusterLinks({ blockingConnections: 4 });
  connection = manager.getConnection('scheduler');
  waiting = connection.duplicate({ maxRetriesPerRequest: null });
}, 60_000);

const { track, start: startParts } = followParts(() => links.expectDeclaredOnly());
/** A queue with what watches it, and a worker. */
const start = (name, process, options) =>
  startParts({ adding: connection, waiting }, name, process, { prefix: PREFIX, ...options });

test('jobs are worked off, with progress and results; all in one slot', async () => {
  const progress = [];
  const { queue, events } = await start('matches', async (job) => {
    await job.updateProgress(50);
    return { winner: job.data.players[0] };
  });
  events.on('progress', ({ data }) => progress.push(data));
  const jobs = await queue.addBulk(
    Array.from({ length: 30 }, (_, index) => ({ name: 'play', data: { players: [index] } })),
  );
  expect(await Promise.all(jobs.map((job) => job.waitUntilFinished(events, SOON)))).toEqual(
    jobs.map((_, winner) => ({ winner })),
  );
  expect(progress).toHaveLength(30);
  const keys = await connection.keys('*');
  expect(new Set(keys.map(slotOf))).toEqual(new Set([slotOf(PREFIX)]));
  expect(await queue.getJobCounts('completed', 'failed')).toEqual({ completed: 30, failed: 0 });
});

test('delayed jobs, attempts and flows', async () => {
  const times = [];
  const { queue, events } = await start('later', async (job) => {
    times.push(Date.now());
    if (job.attemptsMade < job.data) throw new Error('not yet');
    return job.attemptsMade;
  });
  const begun = Date.now();
  const delayed = await queue.add('delayed', 0, { delay: 300 });
  expect(await delayed.waitUntilFinished(events, SOON)).toBe(0);
  expect(times[0] - begun).toBeGreaterThanOrEqual(299);
  const failing = await queue.add('failing', 2, { attempts: 3, backoff: 20 });
  expect(await failing.waitUntilFinished(events, SOON)).toBe(2);
  const producer = track(new FlowProducer({ connection, prefix: PREFIX }));
  const children = [1, 2].map(() => ({ name: 'child', queueName: 'later', data: 0 }));
  const flow = await producer.add({ name: 'parent', queueName: 'later', data: 0, children });
  expect(await flow.job.waitUntilFinished(events, SOON)).toBe(0);
  expect(Object.keys(await flow.job.getChildrenValues())).toHaveLength(2);
});

test('the work goes on when the slot moves to another node', async () => {
  const done = new Set();
  const { queue } = await start('moving', async ({ data }) => void done.add(data));
  const slot = slotOf(PREFIX);
  const add = (data) => queue.add('one', data);
  for (let index = 0; index < 20; index++) await add(index);
  const from = await links.cluster.masterOf(slot);
  const to = (await links.cluster.masters()).find((node) => node !== from);
  const moved = links.cluster.moveSlot(slot, to);
  for (let index = 20; index < 60; index++) await add(index);
  await moved;
  for (let index = 60; index < 80; index++) await add(index);
  await waitFor(() => done.size === 80);
  expect(await links.cluster.masterOf(slot)).toBe(to);
}, 30_000);
