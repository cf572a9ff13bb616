'use strict';

/**
 * Runs the plan. Each contestant has a process of its own, and a new one each round: within a round they are measured
 * in turn, cell by cell, so that a slow spell of the machine meets all of them; and since a process keeps the luck of
 * its start (code layout, the compiler's choices), the median over rounds is one over several processes. A process per
 * measurement would spend most of the time on starts and warm-up.
 */

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { CONTESTANTS } = require('./clients.js');
const { keyFor } = require('./measure.js');
const { REFERENCE, isReferenceFor, measureReference } = require('./reference.js');

const ANSWER_DEADLINE = 60_000;

/** @typedef {import('./servers.js').Server} Server */
/** @typedef {import('./measure.js').Figures} Figures */
/**
 * pinned: TCP, with client and server on one processor core; cluster: TCP to three masters, keys all over them.
 * @typedef {'tcp' | 'tls' | 'pinned' | 'cluster'} Transport
 */
/** @typedef {{ transport: Transport, op: import('./measure.js').Work['op'], size: number, callers: number }} Cell */
/** @typedef {{ cell: Cell, client: string, round: number, figures: Partial<Figures> }} Measurement */

/**
 * @typedef {object} Contest
 * @property {string[]} clients
 * @property {Cell[]} cells
 * @property {number} rounds
 * @property {number} seconds
 * @property {Partial<Record<Transport, Server>>} servers
 * @property {number} pinnedCore
 * @property {boolean} reference whether redis-benchmark takes part
 * @property {(line: string) => void} progress
 */

/**
 * @param {Contest} contest
 * @returns {Promise<{ measurements: Measurement[], failures: string[] }>}
 */
async function runContest(contest) {
  /** @type {Measurement[]} */
  const measurements = [];
  /** @type {Set<string>} */
  const failures = new Set();
  for (let round = 0; round < contest.rounds; round++) {
    for (const transport of new Set(contest.cells.map((cell) => cell.transport))) {
      contest.progress(`round ${round + 1} of ${contest.rounds}: ${transport}`);
      const cells = contest.cells.filter((cell) => cell.transport === transport);
      const { taken, failed } = await runRound(contest, transport, cells, round);
      measurements.push(...taken);
      for (const failure of failed) failures.add(failure);
    }
  }
  return { measurements, failures: [...failures] };
}

/**
 * @param {Contest} contest
 * @param {Transport} transport
 * @param {Cell[]} cells
 * @param {number} round
 */
async function runRound(contest, transport, cells, round) {
  const { clients, seconds, servers, reference } = contest;
  const target = /** @type {Server} */ (servers[transport]).target;
  const core = transport === 'pinned' ? contest.pinnedCore : null;
  /** @type {Measurement[]} */
  const taken = [];
  /** @type {string[]} */
  const failed = [];
  /** @type {Map<string, Contender>} */
  const contenders = new Map();
  const sizes = [...new Set(cells.map((cell) => cell.size))];
  try {
    // One after another: a start is noise to the warm-up of another.
    for (const client of rotate(clients, round)) {
      const contender = new Contender(client, core);
      try {
        await contender.ask({ connect: target, sizes });
        contenders.set(client, contender);
      } catch (error) {
        failed.push(`${client}, ${transport}: ${/** @type {Error} */ (error).message}`);
        await contender.end();
      }
    }
    for (const cell of cells) {
      for (const [client, contender] of contenders) {
        if (cell.op === 'PIPELINE' && !CONTESTANTS[client].pipelines && transport !== 'cluster') continue;
        try {
          const figures = await contender.ask({ work: { ...cell, seconds } });
          taken.push({ cell, client, round, figures });
        } catch (error) {
          failed.push(`${client}, ${Object.values(cell).join(' ')}: ${/** @type {Error} */ (error).message}`);
        }
      }
      if (reference && isReferenceFor(cell)) {
        try {
          const figures = await measureReference(target, cell, keyFor(cell.size, 0), seconds, core);
          taken.push({ cell, client: REFERENCE, round, figures });
        } catch (error) {
          failed.push(`${REFERENCE}, ${Object.values(cell).join(' ')}: ${/** @type {Error} */ (error).message}`);
        }
      }
    }
  } finally {
    for (const contender of contenders.values()) await contender.end();
  }
  return { taken, failed };
}

/** A contestant's process, seen from here. */
class Contender {
  #child;
  /** @type {Promise<{ error: string }>} */
  #ended;

  /**
   * @param {string} client
   * @param {number | null} core to pin it to
   */
  constructor(client, core) {
    const flags = ['--expose-gc'];
    const child = fork(path.join(__dirname, 'child.js'), [client], {
      env: withoutRedisSettings(process.env),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...(core === null
        ? { execArgv: flags }
        : { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...flags] }),
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ error: `its process ended (${signal ?? code})` }));
      child.once('error', (error) => resolve({ error: error.message }));
    });
  }

  /**
   * @param {object} request
   * @returns {Promise<any>}
   */
  async ask(request) {
    const child = this.#child;
    if (child.connected) child.send(request, () => {}); // a send that fails shows as the end of the process
    const replied = once(child, 'message', { signal: AbortSignal.timeout(ANSWER_DEADLINE) });
    const answer = await Promise.race([replied.then(([message]) => message), this.#ended]);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result;
  }

  async end() {
    await this.ask({ close: true }).catch(() => {});
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/**
 * Each round another one begins, so that no contestant has the best place throughout.
 * @param {string[]} list
 * @param {number} by
 */
function rotate(list, by) {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/**
 * The settings of whoever runs the bench must not steer a contestant.
 * @param {NodeJS.ProcessEnv} env
 */
function withoutRedisSettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('REDIS_')));
}

module.exports = { runContest };
