'use strict';

const { Queue, QueueEvents, Worker } = require('bullmq');
const manager = require('../..');
const { waitFor } = require('../support');

/**
 * Closes after each test what it has made of BullMQ, and checks that nothing of it failed, and nothing of ours is left.
 *
 * @param {() => Promise<void>} expectDeclaredOnly
 */
function followParts(expectDeclaredOnly) {
  const open = [];
  const errors = [];
  beforeEach(() => void errors.splice(0));
  afterEach(async () => {
    await Promise.all(open.splice(0).map((part) => part.close()));
    expect(errors).toEqual([]);
    await waitFor(() => manager.getStats().lanes.inUse === 0);
    await expectDeclaredOnly();
  });

  function track(part) {
    part.on('error', (error) => errors.push(error));
    open.push(part);
    return part;
  }

  /**
   * A queue with what watches it; `process` makes a worker.
   *
   * @param {{ adding: any, waiting: any }} connections for those who add jobs, and for those who wait
   * @param {Record<string, any>} [options] of all of them
   */
  async function start({ adding, waiting }, name, process, options = {}) {
    const { prefix, ...ofWorker } = options;
    const common = prefix === undefined ? {} : { prefix };
    const queue = track(new Queue(name, { connection: adding, ...common }));
    const events = track(new QueueEvents(name, { connection: waiting, ...common }));
    // Ready, it asks for what comes from then on, on a lane.
    const { inUse } = manager.getStats().lanes;
    await events.waitUntilReady();
    await waitFor(() => manager.getStats().lanes.inUse > inUse);
    const worker = process && track(new Worker(name, process, { connection: waiting, ...common, ...ofWorker }));
    return { queue, events, worker };
  }

  return { track, start, errors };
}

module.exports = { followParts };
