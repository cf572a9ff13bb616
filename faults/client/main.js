'use strict';

/**
 * The process under test: an application of one thread with our package, told over IPC what to do. Everything that
 * judges it (servers, proxies, the ledger's other side) lives in the process that started it, so that every socket here
 * is one of ours, and a crash or a blocked event loop is seen from outside.
 */

const fs = require('node:fs');
const manager = require('../..');
const { Listener } = require('./listener.js');
const { Load } = require('./load.js');
const { Threads } = require('./threads.js');

const listener = new Listener(manager);
const threads = new Threads();
/** @type {Load | null} */
let load = null;
/** @type {Record<string, number>} how often a link failed, by code */
const linkErrors = {};
manager.on('error', ({ code }) => (linkErrors[code] = (linkErrors[code] ?? 0) + 1));

/** @type {Record<string, (...args: any[]) => unknown>} */
const METHODS = {
  /** @param {object} options of initialize() */
  open: (options) => manager.initialize({ logger: false, ...options }),
  close: () => manager.cleanup(),
  /** @param {string[]} channels */
  listen: (channels) => listener.start(channels),
  /** @param {import('./load.js').LoadOptions} options */
  load(options) {
    load = new Load(manager, options);
    load.start();
  },
  acknowledged: () => load?.acknowledged ?? 0,
  /** Ends the load, and says how it went. */
  stop: () => load?.stop() ?? null,
  /**
   * Since when everything works again: the latest of all purposes' first success and the first message, of what began
   * after `since`; null while something is still missing.
   *
   * @param {number} since ms since the epoch
   */
  workingSince(since) {
    const times = [load ? load.workingSince(since) : since, listener.workingSince(since)];
    return times.includes(null) ? null : Math.max(.../** @type {number[]} */ (times));
  },
  heard: () => listener.report(),
  stats: () => ({ ...manager.getStats(), linkErrors, memory: memory() }),
  /** @param {string} purpose @param {string} name @param {any[]} args */
  command: (purpose, name, ...args) => manager.getConnection(purpose).call(name, ...args),
  /** Blocks the event loop. @param {number} ms */
  block(ms) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  },
  /** @param {object} options */
  thread: (options) => threads.start(options),
  /** @param {number} index */
  terminate: (index) => threads.terminate(index),
  /** Ends this process from within. @param {'exit' | 'throw'} how */
  end(how) {
    setImmediate(() => {
      if (how === 'throw') throw new Error('on purpose');
      process.exit(3);
    });
  },
};

function memory() {
  global.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

/** @param {{ id: number, method: string, args: any[] }} request */
async function answer({ id, method, args }) {
  try {
    reply({ id, value: await METHODS[method](...args) });
  } catch (error) {
    const { name, message, code, errors } = /** @type {any} */ (error);
    const causes = errors?.map((/** @type {any} */ cause) => ({ code: cause.code, message: cause.message }));
    reply({ id, error: { name, message, code, causes } });
  }
}

/** @param {object} message */
function reply(message) {
  // Nobody there any more is no reason to crash: this process is about to be ended.
  process.send?.(message, undefined, undefined, () => {});
}

// Rejections that nobody handles, and warnings such as a leak of listeners, are findings.
process.on('unhandledRejection', (reason) => {
  fs.writeSync(2, `unhandled rejection: ${reason instanceof Error ? reason.stack : reason}\n`);
  process.exit(70);
});
process.on('message', answer);
reply({ id: 0, value: process.pid });
