'use strict';

/** The command line of `npm run bench`. */

const os = require('node:os');
const { parseArgs } = require('node:util');
const { CONTESTANTS } = require('./clients.js');

const USAGE = `npm run bench -- [options]

  --quick             64-byte GETs only, 3 short rounds: an impression in under two minutes
  --only LIST         contestants: ${Object.keys(CONTESTANTS).join(',')}
  --callers LIST      closed-loop callers: 1,10,100,1000
  --op LIST           GET,SET,PIPELINE
  --size LIST         bytes of a value: 64,1024
  --transport LIST    tcp,tls,cluster (three masters, 64 bytes),pinned (client and server on one core; needs taskset)
  --rounds N          rounds; the figures are medians over them (default 5)
  --seconds N         length of a measurement (default 1)
  --json              print every measurement as JSON instead of tables
  --help              this

A complete run writes bench/RESULTS.md, whatever the length of its measurements; a run narrowed by another option only
prints.
`;

/** @typedef {import('./contest.js').Cell} Cell */

const DEFAULTS = {
  full: { callers: '1,10,100,1000', op: 'GET,SET,PIPELINE', size: '64,1024', rounds: '5', seconds: '1' },
  quick: { callers: '1,10,100,1000', op: 'GET,PIPELINE', size: '64', rounds: '3', seconds: '0.25' },
};
const TRANSPORTS = 'tcp,tls,pinned,cluster';
const PIPELINE_CALLERS = [1, 10];
const PINNED_CALLERS = [1, 10];

/**
 * @param {string[]} argv
 * @returns {{ clients: string[], cells: Cell[], rounds: number, seconds: number, pinnedCore: number, json: boolean,
 *   complete: boolean }}
 */
function readOptions(argv) {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({
    args: argv,
    options: {
      quick: { type: 'boolean', default: false },
      only: text,
      callers: text,
      op: text,
      size: text,
      transport: text,
      rounds: text,
      seconds: text,
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const { quick, json, help, ...narrowed } = values;
  const defaults = quick ? DEFAULTS.quick : DEFAULTS.full;
  const clients = oneOf('only', values.only ?? Object.keys(CONTESTANTS).join(','), Object.keys(CONTESTANTS));
  const transports = oneOf('transport', values.transport ?? TRANSPORTS, TRANSPORTS.split(','));
  const ops = oneOf('op', values.op ?? defaults.op, DEFAULTS.full.op.split(','));
  const sizes = numbers('size', values.size ?? defaults.size);
  const callers = numbers('callers', values.callers ?? defaults.callers);
  return {
    clients,
    cells: transports.flatMap((transport) =>
      cellsOf(/** @type {Cell['transport']} */ (transport), ops, sizes, callers),
    ),
    rounds: numbers('rounds', values.rounds ?? defaults.rounds)[0],
    seconds: numbers('seconds', values.seconds ?? defaults.seconds)[0],
    pinnedCore: os.cpus().length - 1,
    json,
    complete: !quick && Object.keys(narrowed).every((name) => name === 'seconds'),
  };
}

/**
 * @param {Cell['transport']} transport
 * @param {string[]} ops
 * @param {number[]} sizes
 * @param {number[]} callers
 * @returns {Cell[]}
 */
function cellsOf(transport, ops, sizes, callers) {
  if (transport === 'pinned') {
    return PINNED_CALLERS.map((count) => ({ transport, op: 'GET', size: 64, callers: count }));
  }
  /** @type {Cell[]} */
  const cells = [];
  for (const op of /** @type {Cell['op'][]} */ (ops)) {
    if (op === 'PIPELINE') continue;
    const kept = transport === 'cluster' ? sizes.filter((size) => size === 64) : sizes;
    for (const size of kept) for (const count of callers) cells.push({ transport, op, size, callers: count });
  }
  // Last, so that the commands' rows are measured in processes that have run nothing else.
  if (ops.includes('PIPELINE') && transport !== 'tls') {
    for (const count of PIPELINE_CALLERS) cells.push({ transport, op: 'PIPELINE', size: 64, callers: count });
  }
  return cells;
}

/**
 * @param {string} option
 * @param {string} value
 * @param {string[]} accepted
 */
function oneOf(option, value, accepted) {
  const chosen = value.split(',');
  const wrong = chosen.find((name) => !accepted.includes(name));
  if (wrong !== undefined) throw new RangeError(`--${option} takes ${accepted.join(', ')}; got ${wrong}`);
  return chosen;
}

/**
 * @param {string} option
 * @param {string} value
 */
function numbers(option, value) {
  return value.split(',').map((text) => {
    const number = Number(text);
    const fits = number > 0 && (option === 'seconds' || Number.isInteger(number));
    if (!fits) throw new RangeError(`--${option} takes positive numbers; got ${text}`);
    return number;
  });
}

module.exports = { readOptions };
