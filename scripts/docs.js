'use strict';

/**
 * Writes the tables of README.md and docs/ from what they describe: the options schema, the list of error codes, the list
 * of warnings, the list of ioredis' options. With --check, only tells whether they are up to date.
 */

const fs = require('node:fs');
const path = require('node:path');
const { errorCodes } = require('../lib/bridge');
const { HANDLE_OPTIONS } = require('../lib/connection/options/table');
const { WARNINGS } = require('../lib/manager/warnings');
const { CLUSTER_OPTIONS } = require('../lib/options/cluster');
const { optionRows } = require('../lib/options/schema');

/** By file. A table stands between `<!-- table: name -->` and `<!-- end -->`. */
const TABLES = {
  'README.md': { options: optionsTable, errors: errorsTable, warnings: warningsTable },
  'docs/cluster.md': { 'options of a cluster': clusterOptionsTable },
  'docs/ioredis.md': { 'options of handles': handleOptionsTable },
};

for (const [name, tables] of Object.entries(TABLES)) {
  const file = path.join(__dirname, '..', name);
  const before = fs.readFileSync(file, 'utf8');
  const after = Object.entries(tables).reduce((text, [title, table]) => replaceTable(text, title, table()), before);
  if (!process.argv.includes('--check')) {
    fs.writeFileSync(file, after);
  } else if (after !== before) {
    console.error(`The tables of ${name} are out of date: run \`npm run docs\``);
    process.exitCode = 1;
  }
}

/**
 * @param {string} text
 * @param {string} name
 * @param {string} table
 */
function replaceTable(text, name, table) {
  const [begin, end] = [`<!-- table: ${name} -->`, '<!-- end -->'];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`There is no ${begin} ... ${end}`);
  return `${text.slice(0, from + begin.length)}\n${table}${text.slice(to)}`;
}

function optionsTable() {
  const rows = optionRows().map(({ name, accepts, default: value, env, doc }) => [
    `\`${name}\``,
    env === null ? '' : `\`${env}\``,
    describeDefault(value),
    describeAccepted(accepts),
    doc,
  ]);
  return markdownTable(['option', 'environment', 'default', 'takes', 'meaning'], rows);
}

function errorsTable() {
  const rows = errorCodes().map(({ code, retryable, meaning }) => [`\`${code}\``, retryable ? 'yes' : '', meaning]);
  return markdownTable(['code', 'retryable', 'meaning'], rows);
}

function warningsTable() {
  const rows = Object.entries(WARNINGS).map(([code, meaning]) => [`\`${code}\``, meaning]);
  return markdownTable(['code', 'meaning'], rows);
}

function handleOptionsTable() {
  const kinds = {
    own: 'its own',
    partly: 'its own in part',
    link: 'that of the link',
    settled: 'no effect',
    refused: 'refused',
  };
  const rows = Object.entries(HANDLE_OPTIONS).map(([name, { kind, doc }]) => [`\`${name}\``, kinds[kind], doc]);
  return markdownTable(['option', 'of a handle', 'meaning'], rows);
}

function clusterOptionsTable() {
  const kinds = { taken: '', lifted: 'of `initialize()`', settled: 'no effect', refused: 'refused' };
  const rows = Object.entries(CLUSTER_OPTIONS).map(([name, { kind, parser, value, doc }]) => {
    const isTaken = kind === 'taken' && value !== undefined;
    return [
      `\`${name}\``,
      kinds[kind],
      isTaken ? `\`${typeof value === 'object' ? JSON.stringify(value) : value}\`` : '',
      parser === undefined || kind === 'settled' ? '' : describeAccepted(parser.accepts),
      doc,
    ];
  });
  return markdownTable(['option', '', 'default', 'takes', 'meaning'], rows);
}

/** @param {unknown} value undefined where it depends on others, which the meaning then tells */
function describeDefault(value) {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => `\`${item}\``).join(' ');
  return `\`${value}\``;
}

/** @param {string} accepts */
function describeAccepted(accepts) {
  const unbounded = / to 2147483647\b/;
  return unbounded.test(accepts) ? accepts.replace(unbounded, '').replace('from', 'not below') : accepts;
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function markdownTable(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows.map((cells) => cells.map(escape))].map(line).join('');
}

/**
 * Plain text in which `code` is marked: outside of that, what Markdown has a use for stands for itself.
 *
 * @param {string} text
 */
function escape(text) {
  return text.replace(/`[^`]*`|[<*|]/g, (found) => (found.length > 1 ? found : `\\${found}`));
}
