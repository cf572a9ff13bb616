'use strict';

/**
 * What the package brings along, checked without the network: `npm run audit:offline`. Licences of everything that is
 * shipped (the crates in the addon, the dependencies of the package), where it comes from, that nothing is there twice,
 * and that nothing is there that must not be. `cargo deny` and `npm audit` know more, of the network.
 */

const fs = require('node:fs');
const path = require('node:path');
const { projectRoot, runCommand } = require('./lib/run-command.js');

/** Licences that ask for no more than to be named. */
const LICENCES = [
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BSL-1.0',
  'Zlib',
  'Unicode-3.0',
  'Unlicense',
];
/** Of data, not of code: the Mozilla roots as webpki-roots has them. */
const EXCEPTIONS = [{ name: 'webpki-roots', licence: 'CDLA-Permissive-2.0' }];
/** A second TLS stack, and what builds only with further tools. */
const BANNED = ['openssl', 'openssl-sys', 'native-tls', 'aws-lc-sys', 'bindgen'];
const CRATES_IO = 'registry+https://github.com/rust-lang/crates.io-index';
/** What is there in two versions by way of others, for now: on Windows, by ring. */
const KNOWN_TWICE = ['windows-sys'];

/** @typedef {{ name: string, version: string, license: string | null, source: string | null, id: string }} Package */

async function main() {
  const crates = await shippedCrates();
  const modules = shippedModules();
  const problems = [
    ...crates.filter(({ source }) => source !== CRATES_IO).map(({ name, source }) => `${name} comes from ${source}`),
    ...[...crates, ...modules]
      .filter((each) => !isLicensed(each))
      .map((each) => `${each.name}: licence ${each.license}`),
    ...crates.filter(({ name }) => BANNED.includes(name)).map(({ name }) => `${name} must not be in the addon`),
    ...twice(crates).map((names) => `twice in the addon: ${names}`),
  ];
  for (const problem of problems) console.error(problem);
  console.log(`${crates.length} crates and ${modules.length} modules are shipped; ${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}

/** The crates that are part of the addon, and not only of its build and tests. */
async function shippedCrates() {
  const metadata = JSON.parse(await cargo('metadata', '--format-version', '1', '--features', 'node'));
  /** @type {Map<string, Package>} */
  const packages = new Map(metadata.packages.map((/** @type {Package} */ each) => [each.id, each]));
  /** @type {Map<string, { deps: Array<{ pkg: string, dep_kinds: Array<{ kind: string | null }> }> }>} */
  const nodes = new Map(metadata.resolve.nodes.map((/** @type {{ id: string }} */ node) => [node.id, node]));
  const reached = new Set([metadata.resolve.root]);
  for (const id of reached) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id)?.deps ?? []) {
      if (kinds.some(({ kind }) => kind === null)) reached.add(pkg);
    }
  }
  reached.delete(metadata.resolve.root);
  return [...reached].map((id) => /** @type {Package} */ (packages.get(id)));
}

/** The dependencies of the package, and theirs. */
function shippedModules() {
  const lock = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8')).packages;
  const reached = new Set(Object.keys(lock[''].dependencies));
  for (const name of reached) {
    for (const dependency of Object.keys(lock[`node_modules/${name}`].dependencies ?? {})) reached.add(dependency);
  }
  return [...reached].map((name) => ({ name, license: lock[`node_modules/${name}`].license }));
}

/** @param {{ name: string, license: string | null }} each */
function isLicensed({ name, license }) {
  // `A OR B` leaves the choice to us, `A AND B` does not; `/` is the old way to write OR.
  const choices = (license ?? '').replace(/[()]/g, '').split(/ OR |\//);
  return choices.some((choice) => choice.split(' AND ').every((one) => isAccepted(name, one.trim())));
}

/** @param {string} name @param {string} licence */
function isAccepted(name, licence) {
  return LICENCES.includes(licence) || EXCEPTIONS.some((each) => each.name === name && each.licence === licence);
}

/** @param {Package[]} crates */
function twice(crates) {
  /** @type {Map<string, string[]>} */
  const versions = new Map();
  for (const { name, version } of crates) versions.set(name, [...(versions.get(name) ?? []), version]);
  const several = [...versions].filter(([name, all]) => all.length > 1 && !KNOWN_TWICE.includes(name));
  return several.map(([name, all]) => `${name} ${all.join(' and ')}`);
}

/** @param {...string} args */
async function cargo(...args) {
  const { code, output } = await runCommand('cargo', [...args, '--locked', '--offline'], { output: 'capture' });
  if (code !== 0) throw new Error(`cargo ${args[0]} ended with code ${code}:\n${output}`);
  return output.slice(output.indexOf('{'));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
