'use strict';

/** A run as a Markdown page; the same text goes to the terminal. */

const { REFERENCE } = require('./reference.js');
const { BASELINE, TRANSPORT_NAMES, judge, times } = require('./targets.js');

/** @typedef {import('./contest.js').Cell} Cell */
/** @typedef {import('./summary.js').Summary} Summary */

const NOTES = `- Closed-loop callers: each awaits its reply before it asks again. Server on loopback, one connection a client (and
  node of a cluster).
- Figures are medians over the rounds; \`vs ${BASELINE}\` is the median of the rounds' ratios. \`±\` is half the distance
  between the extreme rounds.
- loop: time the event loop was not idle, per command. main: CPU time of the main thread as the kernel counts it. CPU:
  CPU time of the whole client process, native threads included.
- On the cluster, ioredis and node-redis refuse pipelines over several nodes: there, their hundred GETs are issued one
  by one and awaited together (ioredis-auto makes a pipeline for each node of them).
- ${REFERENCE} is a C program that does nothing with the replies, on one connection with as many commands under way:
  about what machine and server allow. Where idle cores halt, waking them is most of a round trip at few callers, and it
  tells how much of that there is.
- Latencies are those of a saturated loop, except at one caller: with N callers the mean is N divided by ops/s.
`;

/**
 * @param {Summary} summary
 * @param {Record<string, string>} machine
 * @param {{ rounds: number, seconds: number }} run
 * @param {string[]} failures
 * @returns {string}
 */
function report(summary, machine, { rounds, seconds }, failures) {
  const parts = [
    '# Results\n',
    `Written by \`npm run bench\`: ${rounds} rounds, ${seconds} s a measurement.\n`,
    table(['', ''], Object.entries(machine)),
    `## Targets\n\n64-byte GET, against ${BASELINE} in the same run.\n`,
    table(
      ['', 'target', 'measured', 'against ioredis-auto', `against ${REFERENCE}`, ''],
      judge(summary).map((row) => [
        row.target,
        row.wanted,
        row.measured,
        row.againstAuto,
        row.againstReference,
        row.verdict,
      ]),
    ),
    failures.length === 0 ? '' : `## Not measured\n\n${failures.map((line) => `- ${line}`).join('\n')}\n`,
    `## How to read the tables\n\n${NOTES}`,
  ];
  for (const [title, cells] of groups(summary.cells)) parts.push(`## ${title}\n`, figures(summary, cells));
  return parts.filter((part) => part !== '').join('\n');
}

/**
 * @param {Summary} summary
 * @param {Cell[]} cells
 */
function figures(summary, cells) {
  const head = [
    'callers',
    'client',
    'ops/s',
    '±',
    `vs ${BASELINE}`,
    'loop µs',
    'main µs',
    'CPU µs',
    'p50 µs',
    'p99 µs',
  ];
  const rows = [];
  for (const cell of cells) {
    for (const client of summary.clients) {
      const median = (/** @type {import('./summary.js').Metric} */ metric) => summary.median(cell, client, metric);
      if (Number.isNaN(median('opsPerSecond'))) continue;
      rows.push([
        String(cell.callers),
        client,
        Math.round(median('opsPerSecond')).toLocaleString('en-US'),
        `${Math.round(summary.spread(cell, client, 'opsPerSecond') * 100)} %`,
        times(summary.ratio(cell, client, BASELINE, 'opsPerSecond')),
        digits(median('loopMicros')),
        digits(median('mainMicros')),
        digits(median('cpuMicros')),
        digits(median('p50Micros')),
        digits(median('p99Micros')),
      ]);
    }
  }
  return table(head, rows);
}

/**
 * @param {Cell[]} cells
 * @returns {Map<string, Cell[]>}
 */
function groups(cells) {
  const found = new Map();
  for (const cell of cells) {
    const what = cell.op === 'PIPELINE' ? `pipelines of 100 GETs, ${cell.size} B` : `${cell.op} ${cell.size} B`;
    const title = `${TRANSPORT_NAMES[cell.transport]}: ${what}`;
    found.set(title, [...(found.get(title) ?? []), cell]);
  }
  return found;
}

/**
 * A table that reads well as plain text too, and that Prettier leaves alone.
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column].length)));
  const line = (/** @type {string[]} */ row) =>
    `| ${row.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`;
  return `${[line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')}\n`;
}

/** Three significant digits. @param {number} value */
function digits(value) {
  if (Number.isNaN(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

module.exports = { report, table };
