'use strict';

/** What the project promises of its speed, and whether a run has shown it. */

const { REFERENCE } = require('./reference.js');

/** @typedef {import('./contest.js').Cell} Cell */
/** @typedef {import('./summary.js').Summary} Summary */
/** @typedef {import('./summary.js').Metric} Metric */

/**
 * @typedef {object} Verdict
 * @property {string} target
 * @property {string} wanted
 * @property {string} measured
 * @property {string} againstAuto the same ratio against ioredis with enableAutoPipelining; no target, but fair to show
 * @property {string} againstReference the same ratio against redis-benchmark, which is about what the machine allows
 * @property {'reached' | 'not reached' | 'not measured'} verdict
 */

const OURS = 'unified-redis';
const BASELINE = 'ioredis';

/** @type {{ transport: Cell['transport'], callers: number, metric: Metric, atLeast?: number, atMost?: number }[]} */
const TARGETS = [
  { transport: 'tcp', callers: 1000, metric: 'opsPerSecond', atLeast: 5 },
  { transport: 'tcp', callers: 100, metric: 'opsPerSecond', atLeast: 4.5 },
  { transport: 'tcp', callers: 10, metric: 'opsPerSecond', atLeast: 2.5 },
  { transport: 'tcp', callers: 1000, metric: 'loopMicros', atMost: 1 / 6 },
  { transport: 'tcp', callers: 100, metric: 'loopMicros', atMost: 1 / 6 },
  { transport: 'tcp', callers: 10, metric: 'loopMicros', atMost: 1 / 6 },
  { transport: 'pinned', callers: 1, metric: 'p50Micros', atMost: 1.15 },
  { transport: 'pinned', callers: 10, metric: 'opsPerSecond', atLeast: 2.5 },
  { transport: 'tls', callers: 1000, metric: 'opsPerSecond', atLeast: 2.5 },
  { transport: 'tls', callers: 100, metric: 'opsPerSecond', atLeast: 1.5 },
  { transport: 'tls', callers: 1000, metric: 'loopMicros', atMost: 1 / 3 },
  { transport: 'tls', callers: 100, metric: 'loopMicros', atMost: 1 / 3 },
  { transport: 'tls', callers: 10, metric: 'loopMicros', atMost: 1 / 3 },
  { transport: 'cluster', callers: 1000, metric: 'opsPerSecond', atLeast: 3 },
  { transport: 'cluster', callers: 100, metric: 'opsPerSecond', atLeast: 3 },
];
const RIVALS = ['node-redis', 'valkey-glide'];
/** @type {Partial<Record<Metric, string>>} */
const METRIC_NAMES = { opsPerSecond: 'ops/s', loopMicros: 'event-loop µs per command', p50Micros: 'p50' };
/** @type {Record<Cell['transport'], string>} */
const TRANSPORT_NAMES = { tcp: 'TCP', tls: 'TLS', pinned: 'TCP, one core', cluster: 'Cluster of three masters' };

/**
 * @param {Summary} summary
 * @returns {Verdict[]}
 */
function judge(summary) {
  const verdicts = TARGETS.map(({ transport, callers, metric, atLeast, atMost }) => {
    /** @type {Cell} */
    const cell = { transport, op: 'GET', size: 64, callers };
    const ratio = summary.ratio(cell, OURS, BASELINE, metric);
    const reached = atLeast === undefined ? ratio <= (atMost ?? NaN) : ratio >= atLeast;
    return {
      target: `${TRANSPORT_NAMES[transport]}, ${callers} caller${callers === 1 ? '' : 's'}: ${METRIC_NAMES[metric]}`,
      wanted: atLeast === undefined ? `<= ${times(atMost ?? NaN)}` : `>= ${times(atLeast)}`,
      measured: times(ratio),
      againstAuto: times(summary.ratio(cell, OURS, 'ioredis-auto', metric)),
      againstReference: times(summary.ratio(cell, OURS, REFERENCE, metric)),
      verdict: verdictOf(Number.isNaN(ratio) ? null : reached),
    };
  });
  return [...verdicts, ...RIVALS.map((rival) => judgeRival(summary, rival))];
}

/**
 * Ahead everywhere: the least lead in ops/s over all cells.
 * @param {Summary} summary
 * @param {string} rival
 * @returns {Verdict}
 */
function judgeRival(summary, rival) {
  const ratios = summary.cells
    .map((cell) => ({ cell, ratio: summary.ratio(cell, OURS, rival, 'opsPerSecond') }))
    .filter(({ ratio }) => !Number.isNaN(ratio))
    .sort((a, b) => a.ratio - b.ratio);
  const least = ratios[0];
  return {
    target: `every row: ops/s, against ${rival}`,
    wanted: '> 1x',
    measured: least === undefined ? times(NaN) : `${times(least.ratio)} at the least (${describe(least.cell)})`,
    againstAuto: '',
    againstReference: '',
    verdict: verdictOf(least === undefined ? null : least.ratio > 1),
  };
}

/** @param {Cell} cell */
function describe({ transport, op, size, callers }) {
  return `${TRANSPORT_NAMES[transport]}, ${op} ${size} B, ${callers} caller${callers === 1 ? '' : 's'}`;
}

/**
 * @param {boolean | null} reached
 * @returns {Verdict['verdict']}
 */
function verdictOf(reached) {
  return reached === null ? 'not measured' : reached ? 'reached' : 'not reached';
}

/** Small ratios as fractions, as the targets have them. @param {number} ratio */
function times(ratio) {
  if (Number.isNaN(ratio)) return '–';
  return ratio < 0.9 ? `1/${(1 / ratio).toFixed(1).replace(/\.0$/, '')}` : `${ratio.toFixed(2).replace(/\.?0+$/, '')}x`;
}

module.exports = { judge, times, BASELINE, TRANSPORT_NAMES };
