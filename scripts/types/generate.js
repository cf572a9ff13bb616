'use strict';

/**
 * Writes the generated files of types/; with --check, only tells whether they are up to date.
 */

const fs = require('node:fs');
const path = require('node:path');
const { list: commands } = require('@ioredis/commands');
const { emit } = require('./emit');
const { emitErrorCodes } = require('./error-codes');
const { parseSpec } = require('./parse');

const ROOT = path.join(__dirname, '../..');
const read = (/** @type {string} */ file) => fs.readFileSync(path.join(ROOT, file), 'utf8');

const spec = parseSpec(read('scripts/types/commands.spec'));
checkAgainstTable(spec);
generate('types/commands.d.ts', emit(spec));
generate('types/error-codes.d.ts', emitErrorCodes(read('src/error.rs')));

/**
 * @param {string} file
 * @param {string} content
 */
function generate(file, content) {
  if (!process.argv.includes('--check')) {
    fs.writeFileSync(path.join(ROOT, file), content);
  } else if (read(file) !== content) {
    console.error(`${file} is out of date: run \`npm run types\``);
    process.exitCode = 1;
  }
}

/**
 * The command table of the product is that of `@ioredis/commands`: each of its commands must be here, and no other.
 *
 * @param {import('./parse').Spec} spec
 * @throws {Error} that names the commands.
 */
function checkAgainstTable({ elsewhere, sections }) {
  const described = new Set([...elsewhere, ...sections.flatMap(({ forms }) => forms.map((form) => form.name))]);
  described.delete('call'); // sends any command, and is none
  const missing = commands.filter((name) => !described.has(name));
  const unknown = [...described].filter((name) => !commands.includes(name));
  if (missing.length > 0) throw new Error(`commands.spec lacks ${missing.join(', ')}`);
  if (unknown.length > 0) throw new Error(`commands.spec describes what is no command: ${unknown.join(', ')}`);
}
