'use strict';

const { once } = require('node:events');
const Queue = require('bull');
const manager = require('../..');
const { sleep, waitFor } = require('../support');
const { openLinks } = require('./links.js');

let links;
/** The handles that bull was given. They are closed by whoever made them: bull leaves them alone. */
const given = [];
beforeAll(async () => {
  links = await openLinks({ blockingConnections: 4 });
});

const open = [];
let errors;
beforeEach(() => (errors = []));
afterEach(async () => {
  await Promise.all(open.splice(0).map((queue) => queue.close()));
  for (const handle of given.splice(0)) if (!handle.isEnded) await handle.quit();
  expect(errors).toEqual([]);
  await waitFor(() => manager.getStats().lanes.inUse === 0);
  await links.watch.expectDeclaredOnly();
});

/** The handles of bull's three kinds: one for commands, one for events, and one to wait on. */
const CLIENTS = {
  client: () => manager.getConnection('scheduler'),
  subscriber: () => duplicate('subscriber'),
  bclient: () => duplicate('scheduler'),
};

function duplicate(purpose) {
  const handle = manager.getConnection(purpose).duplicate({ enableReadyCheck: false, maxRetriesPerRequest: null });
  given.push(handle);
  return handle;
}

/**
 * Waits for the end of jobs. Not by their own finished(): it asks, then listens, and looks again only after five seconds
 * where a job was quicker than that.
 */
function watchOutcomes(queue) {
  const outcomes = new Map();
  queue.on('completed', ({ id }, result) => outcomes.set(id, result));
  queue.on('failed', ({ id, opts, attemptsMade }, error) => {
    if (attemptsMade >= opts.attempts) outcomes.set(id, error.message);
  });
  return async ({ id }) => {
    await waitFor(() => outcomes.has(id));
    const outcome = outcomes.get(id);
    outcomes.delete(id);
    return outcome;
  };
}

function openQueue(name, options) {
  const queue = new Queue(name, { createClient: (type) => CLIENTS[type](), ...options });
  queue.on('error', (error) => errors.push(error));
  open.push(queue);
  return queue;
}

test('jobs are worked off, with progress, events and results', async () => {
  const queue = openQueue('matches');
  queue.process(3, async (job) => {
    await job.progress(50);
    await sleep(30);
    return { winner: job.data.players[0] };
  });
  const progress = once(queue, 'global:progress');
  await once(queue, 'registered:global:progress');
  const job = await queue.add({ players: ['ann', 'bob'] });
  expect(await job.finished()).toEqual({ winner: 'ann' });
  expect(await progress).toEqual([String(job.id), 50]);
  const bulk = await queue.addBulk([1, 2, 3, 4].map((id) => ({ data: { players: [`p${id}`] } })));
  const results = await Promise.all(bulk.map((each) => each.finished()));
  expect(results.map(({ winner }) => winner)).toEqual(['p1', 'p2', 'p3', 'p4']);
  expect(await queue.getJobCounts()).toMatchObject({ completed: 5, failed: 0, waiting: 0 });
});

test('a worker that waits on a lane is woken, and nobody else is held up meanwhile', async () => {
  const queue = openQueue('idle');
  const outcome = watchOutcomes(queue);
  queue.process(async ({ data }) => data.value * 2);
  await waitFor(() => manager.getStats().lanes.inUse === 1);
  const started = performance.now();
  for (let index = 0; index < 20; index++) await manager.getConnection('scheduler').ping();
  const job = await queue.add({ value: 21 });
  expect(await outcome(job)).toBe(42);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('delayed jobs, and jobs with priorities', async () => {
  const queue = openQueue('order');
  const done = [];
  await queue.add({ name: 'delayed' }, { delay: 300 });
  await queue.add({ name: 'low' }, { priority: 9 });
  await queue.add({ name: 'high' }, { priority: 1 });
  const started = performance.now();
  queue.process(async ({ data }) => done.push(data.name));
  await waitFor(() => done.length === 3);
  expect(done).toEqual(['high', 'low', 'delayed']);
  expect(performance.now() - started).toBeGreaterThan(200);
});

test('a job that fails is tried again, and fails for good in the end', async () => {
  const queue = openQueue('failing');
  const outcome = watchOutcomes(queue);
  queue.process(async (job) => {
    if (job.attemptsMade < job.data.failures) throw new Error(`attempt ${job.attemptsMade}`);
    return job.attemptsMade;
  });
  const recovering = await queue.add({ failures: 1 }, { attempts: 3, backoff: 20 });
  expect(await outcome(recovering)).toBe(1);
  const lost = await queue.add({ failures: 5 }, { attempts: 2, backoff: 20 });
  expect(await outcome(lost)).toBe('attempt 1');
  const [failed] = await queue.getFailed();
  expect(failed.id).toBe(lost.id);
  await failed.update({ failures: 0 });
  await failed.retry();
  expect(await outcome(failed)).toEqual(expect.any(Number));
});

test('a job that repeats', async () => {
  const queue = openQueue('ticks');
  const done = [];
  queue.process(async ({ data }) => void done.push(data.world));
  const repeat = { every: 150 };
  await queue.add({ world: 1 }, { repeat });
  await waitFor(() => done.length >= 3);
  expect(await queue.getRepeatableJobs()).toHaveLength(1);
  await queue.removeRepeatable({ ...repeat });
  expect(await queue.getRepeatableJobs()).toEqual([]);
});

test('pause and resume, here and everywhere', async () => {
  const queue = openQueue('paused');
  const done = [];
  queue.process(async ({ data }) => done.push(data.value));
  await waitFor(() => manager.getStats().lanes.inUse === 1);
  const started = performance.now();
  await queue.pause(true);
  // The call that was waiting has been given up.
  expect(performance.now() - started).toBeLessThan(2_000);
  await queue.add({ value: 1 });
  await sleep(50);
  expect(done).toEqual([]);
  await queue.resume(true);
  await waitFor(() => done.length === 1);
  await queue.pause();
  await queue.add({ value: 2 });
  await sleep(50);
  expect(done).toEqual([1]);
  await queue.resume();
  await waitFor(() => done.length === 2);
});

test('a queue closes in good time although its worker waits', async () => {
  const queue = openQueue('closing');
  queue.process(async () => {});
  await waitFor(() => manager.getStats().lanes.inUse === 1);
  const started = performance.now();
  await queue.close();
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(manager.getConnection('scheduler').status).toBe('ready');
});
