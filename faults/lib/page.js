'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { machine } = require('./machine.js');
const { OPTIONS } = require('./trial.js');
const { SCENARIOS } = require('../scenarios');

const FILE = path.join(__dirname, '../../docs/faults.md');

/**
 * @typedef {object} Result
 * @property {string} name of the scenario
 * @property {[label: string, value: string][]} figures
 * @property {string[]} violations
 * @property {string | null} skipped the reason
 * @property {number} seconds
 */

/**
 * Writes docs/faults.md.
 *
 * @param {Result[]} results of all scenarios
 * @param {string} program of the server
 */
function writePage(results, program) {
  fs.mkdirSync(path.dirname(FILE), { recursive: true });
  fs.writeFileSync(FILE, page(results, program));
}

/** @param {Result[]} results @param {string} program */
function page(results, program) {
  const settings = Object.entries(OPTIONS).map(([name, value]) => `\`${name}: ${value}\``);
  return `# Faults

What may go wrong, what is promised for each, and what was measured. Written by \`npm run test:faults -- --write\`, which
runs every row: on a real server, or a cluster of three masters with a replica each, with an application of five purposes,
callers that write, read, and use transactions and pipelines all the time, and a subscription to which numbers are
published. \`npm run test:faults\` runs it on your machine, \`-- --full\` for longer, \`-- --list\` names the rows.

In every row, whatever the fault:

- **No call hangs**: each settles within its deadline. No crash, no rejection that nobody handles.
- **No connection beyond those declared** (on a cluster: one for each purpose and node), counted every 10 ms among the
  process's descriptors, and in CLIENT LIST.
- **The ledger is right**: every write that was acknowledged is there exactly once; one that was rejected with
  \`maybeExecuted\` is there once or not at all ("unknown"); any other one that was rejected is absent ("not sent").
- **No reply goes to another call.**
- **Subscriptions come back**, and the warning \`SUBSCRIPTION_GAP\` says how long messages may have been lost; outside of
  that none is missing, none comes twice or out of order. (Where a subscription goes on at another node of a cluster, the
  message at the seam may come twice: nodes do not get it at the same time.)

Recovery is the time from the end of the fault until every purpose has had a call that succeeded, and the subscription a
message. Deadlines are short, so that faults show in seconds: ${settings.join(', ')} (ms).

| fault | promise | measured |
| --- | --- | --- |
${results.map(row).join('\n')}

Measured on ${machine(program)}.

## Figures

${results.map(details).join('\n\n')}
`;
}

/** @param {Result} result */
function row({ name, figures, violations, skipped }) {
  const { title, promise } = SCENARIOS[name];
  return `| ${[`[${title}](#${name})`, promise, measured(figures, violations, skipped)].map(cell).join(' | ')} |`;
}

/** @param {Result['figures']} figures @param {string[]} violations @param {string | null} skipped */
function measured(figures, violations, skipped) {
  if (skipped) return `not run: ${skipped}`;
  const recovery = figures.find(([label]) => label === 'recovery')?.[1];
  const verdict = violations.length > 0 ? `**not as promised**: ${violations.join('; ')}` : 'as promised';
  return recovery ? `${verdict}; recovery ${recovery}` : verdict;
}

/** @param {Result} result */
function details({ name, figures, violations, skipped, seconds }) {
  const lines = figures.map(([label, value]) => `- ${label}: ${value}`);
  for (const violation of violations) lines.push(`- **not as promised**: ${violation}`);
  if (skipped) lines.push(`- not run: ${skipped}`);
  return `### ${name}\n\n${SCENARIOS[name].title}; ${seconds.toFixed(0)} s in all.\n\n${lines.join('\n')}`;
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

module.exports = { writePage };
