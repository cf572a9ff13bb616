'use strict';

const { once } = require('node:events');
const { FlowProducer, Queue, UnrecoverableError, Worker } = require('bullmq');
const manager = require('../..');
const { sleep, waitFor } = require('../support');
const { followParts } = require('./bullmq-parts.js');
const { openLinks } = require('./links.js');

/** Ten times what a test takes, and less than what a blocking call waits for. */
const SOON = 4_000;

let links;
/** As BullMQ's documentation has it: any connection for those who add jobs, one without retries for those who wait. */
let connection;
let waiting;
beforeAll(async () => {
  links = await openLinks({ blockingConnections: 4 });
  connection = manager.getConnection('scheduler');
  waiting = connection.duplicate({ maxRetriesPerRequest: null });
});

const { track, start: startParts, errors } = followParts(() => links.watch.expectDeclaredOnly());
/** A queue with what watches it, and a worker. */
const start = (name, process, options) => startParts({ adding: connection, waiting }, name, process, options);

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
  expect(await queue.getJobCounts('wait', 'active', 'completed', 'failed')).toEqual({
    wait: 0,
    active: 0,
    completed: 1,
    failed: 0,
  });
  expect((await queue.getJobLogs(job.id)).logs).toEqual(['half way']);
  expect(await (await queue.getJob(job.id)).isCompleted()).toBe(true);
});

test('a worker that waits on a lane is woken, and nobody else is held up meanwhile', async () => {
  const { queue, events } = await start('idle', async ({ data }) => data * 2);
  // The worker and the events wait on the server now, on a lane each.
  await waitFor(() => manager.getStats().lanes.inUse === 2);
  const started = performance.now();
  for (let index = 0; index < 20; index++) await connection.ping();
  expect(performance.now() - started).toBeLessThan(1_000);
  const job = await queue.add('double', 21);
  expect(await job.waitUntilFinished(events, SOON)).toBe(42);
  expect(performance.now() - started).toBeLessThan(SOON);
});

test('many jobs, several workers, each job once', async () => {
  const done = [];
  const work = async ({ data }) => void done.push(data.index);
  const { queue, events } = await start('many', work, { concurrency: 10 });
  track(new Worker('many', work, { connection: waiting, concurrency: 10 }));
  const completed = new Set();
  events.on('completed', ({ jobId }) => completed.add(jobId));
  const jobs = await queue.addBulk(Array.from({ length: 200 }, (_, index) => ({ name: 'one', data: { index } })));
  await waitFor(() => completed.size === jobs.length, { timeout: SOON });
  expect(done.sort((a, b) => a - b)).toEqual(jobs.map((_, index) => index));
  expect(await queue.getCompletedCount()).toBe(200);
});

test('a delayed job is done when its time has come', async () => {
  const { queue, events } = await start('delayed', async (job) => Date.now() - job.timestamp);
  const job = await queue.add('later', {}, { delay: 300 });
  expect(await job.isDelayed()).toBe(true);
  const waited = await job.waitUntilFinished(events, SOON);
  expect(waited).toBeGreaterThanOrEqual(295);
  expect(waited).toBeLessThan(2_000);
});

test('a job that fails is tried again, and fails for good in the end', async () => {
  const { queue, events, worker } = await start('failing', async (job) => {
    if (job.name === 'hopeless') throw new UnrecoverableError('no use');
    if (job.attemptsMade < job.data.failures) throw new Error(`attempt ${job.attemptsMade}`);
    return job.attemptsMade;
  });
  const failures = [];
  worker.on('failed', (job, error) => failures.push(error.message));
  const options = { attempts: 3, backoff: { type: 'fixed', delay: 20 } };
  const recovering = await queue.add('recovering', { failures: 2 }, options);
  expect(await recovering.waitUntilFinished(events, SOON)).toBe(2);
  expect(failures).toEqual(['attempt 0', 'attempt 1']);
  const lost = await queue.add('lost', { failures: 4 }, options);
  await expect(lost.waitUntilFinished(events, SOON)).rejects.toThrow('attempt 2');
  const hopeless = await queue.add('hopeless', {}, options);
  await expect(hopeless.waitUntilFinished(events, SOON)).rejects.toThrow('no use');
  expect((await queue.getFailed()).map(({ id }) => id).sort()).toEqual([lost.id, hopeless.id].sort());
  // Somebody has another go at it.
  const again = await queue.getJob(lost.id);
  await again.updateData({ failures: 0 });
  await again.retry('failed');
  expect(await again.waitUntilFinished(events, SOON)).toEqual(expect.any(Number));
});

test('a flow: the parent comes after its children, with what they returned', async () => {
  const { events } = await start('parents', async (job) => {
    const values = Object.values(await job.getChildrenValues());
    return values.reduce((sum, value) => sum + value, 0);
  });
  track(new Worker('children', async ({ data }) => data.points, { connection: waiting, concurrency: 5 }));
  const producer = track(new FlowProducer({ connection }));
  const { job, children } = await producer.add({
    name: 'total',
    queueName: 'parents',
    children: [1, 2, 3].map((points) => ({ name: 'part', queueName: 'children', data: { points } })),
  });
  expect(children).toHaveLength(3);
  expect(await job.waitUntilFinished(events, SOON)).toBe(6);
  const tree = await producer.getFlow({ id: job.id, queueName: 'parents' });
  expect(tree.children).toHaveLength(3);
});

test('a job scheduler repeats its job until it is removed', async () => {
  const times = [];
  const { queue } = await start('ticks', async (job) => void times.push(job.name));
  await queue.upsertJobScheduler('every-tick', { every: 100 }, { name: 'tick', data: { world: 1 } });
  await queue.upsertJobScheduler('yearly', { pattern: '0 0 1 1 *' }, { name: 'year' });
  await waitFor(() => times.length >= 3, { timeout: SOON });
  expect((await queue.getJobSchedulers()).map(({ key }) => key).sort()).toEqual(['every-tick', 'yearly']);
  expect(await queue.removeJobScheduler('every-tick')).toBe(true);
  await sleep(150);
  const before = times.length;
  await sleep(250);
  expect(times.length - before).toBe(0);
  expect(new Set(times)).toEqual(new Set(['tick']));
});

test('pause, resume, and a limit of jobs at a time', async () => {
  const done = [];
  const { queue, events } = await start('limited', async ({ data }) => done.push(data), {
    limiter: { max: 2, duration: 300 },
  });
  await queue.pause();
  const jobs = await queue.addBulk([1, 2, 3].map((data) => ({ name: 'one', data })));
  await sleep(50);
  expect(done).toEqual([]);
  const started = performance.now();
  await queue.resume();
  await Promise.all(jobs.map((job) => job.waitUntilFinished(events, SOON)));
  expect(done).toEqual([1, 2, 3]);
  expect(performance.now() - started).toBeGreaterThan(200);
});

test('workers close at once, although their call could wait for long, and leave the links alone', async () => {
  const { events, worker } = await start('closing', async () => {});
  const forced = track(new Worker('closing', async () => {}, { connection: waiting }));
  await waitFor(() => manager.getStats().lanes.inUse === 3);
  const started = performance.now();
  await worker.close();
  await forced.close(true);
  await events.close();
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(waiting.status).toBe('ready');
  expect(connection.status).toBe('ready');
});

test('a worker that is paused and resumed goes on', async () => {
  const { queue, events, worker } = await start('paused', async ({ data }) => data);
  await waitFor(() => manager.getStats().lanes.inUse === 2);
  await worker.pause();
  const job = await queue.add('one', 'x');
  await sleep(50);
  expect(await job.isWaiting()).toBe(true);
  await worker.resume();
  expect(await job.waitUntilFinished(events, SOON)).toBe('x');
});

test('after an outage of all connections the work goes on', async () => {
  const queue = track(new Queue('outage', { connection }));
  const worker = track(new Worker('outage', async ({ data }) => data, { connection: waiting }));
  await waitFor(() => manager.getStats().lanes.inUse === 1);
  await links.watch.kill(/^(scheduler|lane-\d)$/);
  await waitFor(() => errors.length > 0);
  const all = () => manager.getStats().links;
  await waitFor(() => all().find(({ purpose }) => purpose === 'scheduler').reconnects > 0);
  await waitFor(() => all().every(({ state }) => state === 'ready'));
  const completed = once(worker, 'completed');
  const job = await queue.add('one', 'still here');
  expect((await completed)[0].id).toBe(job.id);
  // What was lost is told, and it is nothing but the connections.
  const codes = errors.splice(0).map(({ code }) => code);
  expect(new Set(['ECONNRESET', 'CONNECTION_LOST', ...codes]).size).toBe(2);
});
