'use strict';

const { once } = require('node:events');
const { FlowProducer, Worker } = require('bullmq');
const manager = require('../..');
const { sleep, waitFor } = require('../support');
const { followParts } = require('./bullmq-parts.js');
const { openLinks } = require('./links.js');

/** Ten times what a test takes, and less than what a blocking call waits for. */
const SOON = 4_000;

let links;
/** BullMQ sees that it is a client of node-redis, and makes an adapter for it. */
let connection;
beforeAll(async () => {
  links = await openLinks({ blockingConnections: 4 });
  connection = manager.getClient('scheduler');
});

// BullMQ leaves listeners on a client that it was given. They would hear of the links of the next test file, and throw
// its errors in the name of queues that are closed.
afterAll(() => connection.removeAllListeners());

const { track, start: startParts } = followParts(() => links.watch.expectDeclaredOnly());
/** A queue with what watches it, and a worker. */
const start = (name, process, options) =>
  startParts({ adding: connection, waiting: connection }, name, process, options);

test('jobs are worked off, with progress, events and results', async () => {
  const { queue, events, worker } = await start('matches', async (job) => {
    await job.updateProgress(50);
    await job.log('half way');
    return { winner: job.data.players[0] };
  });
  const progress = once(events, 'progress');
  const active = once(worker, 'active');
  const job = await queue.add('play', { players: ['ann', 'bob'] });
  expect(await job.waitUntilFinished(events, SOON)).toEqual({ winner: 'ann' });
  expect((await progress)[0]).toMatchObject({ jobId: job.id, data: 50 });
  expect((await active)[0].id).toBe(job.id);
  expect(await queue.getJobCounts('wait', 'active', 'completed', 'failed')).toMatchObject({ completed: 1, failed: 0 });
  expect((await queue.getJobLogs(job.id)).logs).toEqual(['half way']);
});

test('many jobs, two workers, each job once', async () => {
  const done = [];
  const work = async ({ data }) => void done.push(data.index);
  const { queue, events } = await start('many', work, { concurrency: 10 });
  track(new Worker('many', work, { connection, concurrency: 10 }));
  const completed = new Set();
  events.on('completed', ({ jobId }) => completed.add(jobId));
  const jobs = await queue.addBulk(Array.from({ length: 100 }, (_, index) => ({ name: 'one', data: { index } })));
  await waitFor(() => completed.size === jobs.length, { timeout: SOON });
  expect(done.sort((a, b) => a - b)).toEqual(jobs.map((_, index) => index));
});

test('a job that is delayed, and one that fails at first', async () => {
  const { queue, events, worker } = await start('later', async (job) => {
    if (job.name === 'failing' && job.attemptsMade < 1) throw new Error('not yet');
    return job.name;
  });
  const failures = [];
  worker.on('failed', (job, error) => failures.push(error.message));
  const [delayed, failing] = await Promise.all([
    queue.add('delayed', {}, { delay: 200 }),
    queue.add('failing', {}, { attempts: 2 }),
  ]);
  expect(await failing.waitUntilFinished(events, SOON)).toBe('failing');
  expect(await delayed.waitUntilFinished(events, SOON)).toBe('delayed');
  expect(failures).toEqual(['not yet']);
});

test('a flow: the parent comes after its children, with what they returned', async () => {
  const { events } = await start('parents', async (job) => {
    return Object.values(await job.getChildrenValues()).reduce((sum, value) => sum + value, 0);
  });
  track(new Worker('children', async ({ data }) => data.points, { connection, concurrency: 5 }));
  const producer = track(new FlowProducer({ connection }));
  const { job } = await producer.add({
    name: 'total',
    queueName: 'parents',
    children: [1, 2, 3].map((points) => ({ name: 'part', queueName: 'children', data: { points } })),
  });
  expect(await job.waitUntilFinished(events, SOON)).toBe(6);
});

test('a job scheduler repeats its job until it is removed', async () => {
  const times = [];
  const { queue } = await start('ticks', async (job) => void times.push(job.name));
  await queue.upsertJobScheduler('every-tick', { every: 100 }, { name: 'tick' });
  await waitFor(() => times.length >= 3, { timeout: SOON });
  expect((await queue.getJobSchedulers()).map(({ key }) => key)).toEqual(['every-tick']);
  expect(await queue.removeJobScheduler('every-tick')).toBe(true);
  await sleep(150);
  const before = times.length;
  await sleep(250);
  expect(times.length).toBe(before);
});

test('workers close at once, although their call could wait for long, and leave the client alone', async () => {
  const { events, worker } = await start('closing', async () => {});
  const forced = track(new Worker('closing', async () => {}, { connection }));
  await waitFor(() => manager.getStats().lanes.inUse === 3);
  const started = performance.now();
  await worker.close();
  await forced.close(true);
  await events.close();
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(connection.isReady).toBe(true);
  expect(await connection.ping()).toBe('PONG');
});
