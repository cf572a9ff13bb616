'use strict';

const { once } = require('node:events');
const { Worker } = require('node:worker_threads');

/** Worker threads that use all links at once, until they are terminated in the middle of it. */
class Threads {
  /** @type {Worker[]} */
  #workers = [];

  /** @param {object} options of initialize() */
  async start(options) {
    const worker = new Worker(require.resolve('./thread.js'), { workerData: { options } });
    // What goes wrong in a thread that is ended on purpose is no news; a crash takes the process along.
    worker.on('error', () => {});
    await once(worker, 'message');
    return this.#workers.push(worker) - 1;
  }

  /** @param {number} index */
  terminate(index) {
    return this.#workers[index].terminate();
  }
}

module.exports = { Threads };
