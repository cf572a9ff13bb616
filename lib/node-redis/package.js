'use strict';

/**
 * The `redis` package of the application (or `@redis/client` alone). This dialect is its argument and reply transformers
 * on our links; which major version it is decides what the dialect looks like.
 */

const fs = require('node:fs');
const path = require('node:path');
const { UnifiedRedisError, invalidOption } = require('../errors');

/** Major versions of `redis`, the newest first. */
const VERSIONS = /** @type {const} */ ([6, 5, 4]);

/** @typedef {4 | 5 | 6} Version */

/** What `createClient` of `redis` brings along, and under which name. */
const MODULES = /** @type {const} */ ([
  ['@redis/bloom', ''],
  ['@redis/graph', 'graph'],
  ['@redis/json', 'json'],
  ['@redis/search', 'ft'],
  ['@redis/time-series', 'ts'],
]);

/** @type {Map<Version | undefined, ClientPackage>} by the version that was asked for */
const found = new Map();

/**
 * The package that a handle runs on. Nothing of it is loaded before this is called.
 *
 * @param {unknown} [version] the major version of `redis` that the code was written against; the application's, where it
 *   is left out
 * @returns {ClientPackage}
 * @throws {UnifiedRedisError} UNSUPPORTED where it is not installed
 */
function clientPackage(version) {
  const wanted = VERSIONS.find((each) => each === version);
  if (version !== undefined && wanted === undefined) throw invalidOption('version', version, '4, 5 or 6');
  let known = found.get(wanted);
  if (known === undefined) {
    known = load(find(wanted));
    found.set(wanted, known);
  }
  return known;
}

/**
 * @param {Version | undefined} wanted
 * @returns {Installed}
 */
function find(wanted) {
  /** @type {Map<string, string>} what there is instead: name and version, by place */
  const others = new Map();
  for (const installed of candidates(wanted)) {
    const isWanted = wanted === undefined ? VERSIONS.includes(installed.version) : installed.version === wanted;
    if (isWanted) return installed;
    others.set(installed.directory, `${installed.name} ${installed.exactVersion}`);
  }
  const range = wanted ?? VERSIONS[0];
  const instead = others.size === 0 ? 'is not installed' : `is not what is installed (${[...others.values()]})`;
  throw new UnifiedRedisError(
    'UNSUPPORTED',
    `The dialect "node-redis" runs on the package "redis"${wanted === undefined ? '' : `, version ${wanted}`}, which ` +
      `${instead}. Install it: npm install redis@${range}` +
      (others.size === 0 ? '' : `; beside another version: npm install redis-v${range}@npm:redis@${range}`),
  );
}

/**
 * The copies of the package that the application can mean: as its main module sees it, as its working directory does,
 * and as this package does, whose peer it is.
 *
 * @param {Version | undefined} wanted
 * @returns {Generator<Installed>}
 */
function* candidates(wanted) {
  const main = require.main?.filename;
  const places = [...(main === undefined ? [] : [path.dirname(main)]), process.cwd(), __dirname];
  for (const place of new Set(places)) {
    // What lies about as @redis/client may be there for some library, and comes without the modules.
    const others = ['@redis/client', ...aliases(place)];
    for (const name of ['redis', ...(wanted === undefined ? others : others.reverse())]) {
      const installed = installedAs(name, place);
      if (installed !== undefined) yield installed;
    }
  }
}

/**
 * Names under which the application has the package beside another version of it: `"redis-v4": "npm:redis@4"`.
 *
 * @param {string} place
 * @returns {string[]}
 */
function aliases(place) {
  for (let directory = place; ; directory = path.dirname(directory)) {
    const manifest = manifestIn(directory);
    if (manifest !== undefined) {
      const { dependencies, devDependencies, optionalDependencies } = manifest;
      return Object.entries({ ...devDependencies, ...optionalDependencies, ...dependencies })
        .filter(([, range]) => /^npm:(redis|@redis\/client)@/.test(String(range)))
        .map(([name]) => name);
    }
    if (directory === path.dirname(directory)) return [];
  }
}

/**
 * @param {string} name
 * @param {string} place
 * @returns {Installed | undefined}
 */
function installedAs(name, place) {
  const directory = directoryOf(name, place);
  const manifest = directory === undefined ? undefined : manifestIn(directory);
  if (directory === undefined || manifest === undefined) return undefined;
  const isClient = manifest.name === '@redis/client';
  const client = isClient ? directory : directoryOf('@redis/client', directory);
  if (client === undefined) return undefined;
  // @redis/client 1 is that of redis 4; from 5 on their versions are the same.
  const major = Number.parseInt(manifest.version, 10);
  const version = /** @type {Version} */ (isClient && major === 1 ? 4 : major);
  return { name: manifest.name, exactVersion: manifest.version, version, directory, client };
}

/**
 * @param {string} name of a package
 * @param {string} place
 */
function directoryOf(name, place) {
  try {
    return path.dirname(require.resolve(`${name}/package.json`, { paths: [place] }));
  } catch {
    return undefined;
  }
}

/** @param {string} directory */
function manifestIn(directory) {
  try {
    return JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {Installed} installed
 * @returns {ClientPackage}
 */
function load({ name, exactVersion, version, directory, client }) {
  /** @param {string} file */
  const part = (file) => require(path.join(client, 'dist', 'lib', file));
  try {
    const isV4 = version === 4;
    const commands = part(isV4 ? 'client/commands' : 'commands').default;
    const modules = name === 'redis' ? modulesOf(directory) : {};
    return {
      version,
      main: require(client),
      commands,
      modules,
      ofResp2: transformersOfResp2([commands, ...Object.values(modules)]),
      errors: part('errors'),
      MultiCommand: part('client/multi-command').default,
      PubSub: part('client/pub-sub').PubSub,
      encode: part(isV4 ? 'client/RESP2/encoder' : 'RESP/encoder').default,
      CommandParser: isV4 ? undefined : part('client/parser').BasicCommandParser,
      types: isV4 ? undefined : part('RESP/decoder').RESP_TYPES,
      VerbatimString: isV4 ? undefined : part('RESP/verbatim-string').VerbatimString,
      commander: part('commander'),
    };
  } catch (cause) {
    const message = `The package "${name}" ${exactVersion} (${directory}) is not laid out as the versions known here`;
    throw new UnifiedRedisError('UNSUPPORTED', message, { cause });
  }
}

/**
 * The modules that the package has beside the core commands.
 *
 * @param {string} directory of `redis`
 */
function modulesOf(directory) {
  /** @type {Record<string, any>} */
  const modules = {};
  for (const [name, namespace] of MODULES) {
    const place = directoryOf(name, directory);
    if (place === undefined) continue;
    const { default: commands } = require(place);
    if (namespace === '') Object.assign(modules, commands);
    else modules[namespace] = commands;
  }
  return modules;
}

/**
 * The transformers of which the package has another one for RESP3, with the same outcome.
 *
 * @param {Array<Record<string, any>>} lists
 * @returns {Set<Function>}
 */
function transformersOfResp2(lists) {
  return new Set(lists.flatMap(Object.values).flatMap(({ transformReply }) => transformReply?.[2] ?? []));
}

module.exports = { clientPackage };

/**
 * @typedef {{ name: string, exactVersion: string, version: Version, directory: string, client: string }} Installed
 *
 * What is used of the package.
 *
 * @typedef {object} ClientPackage
 * @property {Version} version
 * @property {any} main what requiring it gives
 * @property {Record<string, any>} commands the modules of the commands, by method
 * @property {Record<string, new (...args: any[]) => Error>} errors
 * @property {any} MultiCommand
 * @property {new (...args: any[]) => any} PubSub
 * @property {(args: ReadonlyArray<any>) => unknown} encode throws for arguments that are neither strings nor Buffers
 * @property {any} CommandParser from version 5 on
 * @property {Record<string, number> | undefined} types codes of RESP types, from version 5 on
 * @property {any} VerbatimString from version 5 on
 * @property {any} commander
 * @property {Record<string, any>} modules the modules of Redis, by namespace
 * @property {ReadonlySet<Function>} ofResp2 transformers of which there is another one for RESP3
 */
