'use strict';

const { invalidOption } = require('../errors');
const { liftOptions, mergeCluster, settleCluster } = require('./cluster-layer');
const { environmentLayers } = require('./environment');
const { checkMode, isGiven, putAside } = require('./modes');
const { OPTIONS, OPTION_NAMES, TLS_OPTION_NAMES } = require('./schema');
const { unknownOption } = require('./suggest');
const { resolveSentinelTls, resolveTls } = require('./tls');

/** @typedef {import('./schema').OptionName} OptionName */
/** @typedef {import('./environment').Layer} Layer */
/** @typedef {import('./environment').Warning} Warning */

/**
 * The value of each option as its parser gives it, or its default.
 *
 * @typedef {{ [Name in OptionName]: ReturnType<(typeof OPTIONS)[Name]['parser']['parse']> | (typeof OPTIONS)[Name]['value'] }} OptionValues
 */

/**
 * Everything decided.
 *
 * @typedef {Omit<OptionValues, 'url' | 'tls' | 'sentinelTLS' | 'host' | 'port' | Extract<OptionName, `tls.${string}`>> & {
 *   tls: import('./tls').TlsOptions | null, sentinelTLS: import('./tls').TlsOptions | null, host: string | null,
 *   port: number | null }} ResolvedOptions `host` and `port` are null where sentinels know them
 */

/** @typedef {import('../bridge').UrlParts} UrlParts */

/**
 * What is outside of the options; the tests put their own here.
 *
 * @typedef {object} Surroundings
 * @property {(url: string) => UrlParts} parseUrl throws an Error whose message holds no secret
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 * @property {IsUsual} [isUsual]
 */

/**
 * About an option that links do not have: whether it asks for what is so anyway. Throws where there is more to say of it than
 * that it is unknown.
 *
 * @typedef {(name: string, value: unknown, fullName: string) => boolean} IsUsual
 */

/**
 * Decides all options: `initialize(options)` over the environment over the .env file over the defaults.
 *
 * The layers are merged option by option, with four rules for the address:
 * - a URL gives host, port, path, db and (by its scheme) TLS on or off, and user name and password where it has them.
 *   An option of its own in the same layer beats that part of the URL; the URL beats everything of the layers below;
 * - `path` puts aside host, port and TLS of the layers below; `host` or a URL puts aside a `path` below; and `host` or
 *   `path` puts aside all parts of a URL below: its password is for its own server;
 * - `sentinels` puts aside all that layers below say of the address, and the address what they say of sentinels; one
 *   layer with both is refused: see modes.js;
 * - TLS is on unless something says otherwise, except for loopback hosts and unix sockets.
 *
 * Only a value that is used is checked, so that an option can replace a variable that makes no sense.
 *
 * @param {unknown} options
 * @param {Surroundings} surroundings
 * @returns {{ options: Readonly<ResolvedOptions>, warnings: Warning[] }}
 * @throws {TypeError | RangeError} INVALID_OPTION
 */
function resolveOptions(options, { parseUrl, env = process.env, cwd = process.cwd(), isUsual = () => false }) {
  const read = (/** @type {unknown} */ given, prefix = '') => optionsLayer(given, prefix, isUsual);
  const own = read(options);
  const envFile = own.get('envFile');
  const { layers, warnings } = environmentLayers(
    env,
    envFile ? OPTIONS.envFile.parser.parse(envFile.value, envFile.name) : OPTIONS.envFile.value,
    envFile !== undefined,
    cwd,
  );
  for (const layer of [...layers, own]) liftOptions(layer, read);
  const given = merge([...layers, own], parseUrl);
  const values = parseAll(given);
  settleCluster(given, values);
  const { url, tls, sentinelTLS, ...rest } = values;
  const ofServers = resolveTls(values, given.get('tls')?.name ?? 'tls', env, warnings);
  /** @type {Record<string, unknown>} */
  const resolved = { tls: ofServers, sentinelTLS: resolveSentinelTls(values, ofServers, env, warnings) };
  for (const [name, value] of Object.entries(rest)) {
    if (!name.startsWith('tls.')) resolved[name] = value;
  }
  // An empty password is what `password: process.env.X || ''` gives: no AUTH, as in ioredis.
  for (const name of ['password', 'sentinelPassword']) if (resolved[name] === '') resolved[name] = null;
  if (resolved.sentinels !== null) resolved.host = resolved.port = null;
  return { options: Object.freeze(/** @type {ResolvedOptions} */ (resolved)), warnings };
}

/**
 * What was passed to `initialize()`, with `tls: { ca }` flattened to `tls.ca`. Names are checked here, values later.
 *
 * @param {unknown} options
 * @param {string} prefix stands before all names in messages
 * @param {IsUsual} isUsual
 * @returns {Layer}
 */
function optionsLayer(options, prefix, isUsual) {
  /** @type {Layer} */
  const layer = new Map();
  if (options === undefined) return layer;
  if (!isObject(options)) throw invalidOption(prefix.slice(0, -1) || 'options', options, 'an object');
  for (const [name, value] of Object.entries(options)) {
    if (!OPTION_NAMES.includes(/** @type {OptionName} */ (name)) && isUsual(name, value, `${prefix}${name}`)) continue;
    checkName(name, OPTION_NAMES, prefix);
    if (value === undefined) continue;
    if (name !== 'tls' || !isObject(value)) {
      layer.set(/** @type {OptionName} */ (name), { value, name: `${prefix}${name}` });
      continue;
    }
    layer.set('tls', { value: true, name: `${prefix}tls` });
    for (const [tlsName, tlsValue] of Object.entries(value)) {
      checkName(tlsName, TLS_OPTION_NAMES, `${prefix}tls.`);
      const fullName = /** @type {OptionName} */ (`tls.${tlsName}`);
      if (tlsValue !== undefined) layer.set(fullName, { value: tlsValue, name: `${prefix}${fullName}` });
    }
  }
  return layer;
}

/**
 * @param {string} name
 * @param {readonly string[]} validNames
 * @param {string} prefix
 */
function checkName(name, validNames, prefix) {
  if (!validNames.includes(name)) throw unknownOption(name, validNames, prefix);
}

/**
 * @param {Layer[]} layers the weakest first
 * @param {(url: string) => UrlParts} parseUrl
 * @returns {Layer}
 */
function merge(layers, parseUrl) {
  /** @type {Layer} */
  const merged = new Map();
  const urlLayer = layers.findLast((layer) => isGiven(layer, 'url'));
  for (const layer of layers) {
    mergeCluster(merged, layer);
    putAside(merged, layer);
    if (layer === urlLayer) applyUrl(merged, /** @type {import('./environment').Given} */ (layer.get('url')), parseUrl);
    if (layer !== urlLayer && (isGiven(layer, 'path') || isGiven(layer, 'host'))) {
      for (const [name, { isFromUrl }] of merged) if (isFromUrl) merged.delete(name);
    }
    if (isGiven(layer, 'path')) {
      for (const name of /** @type {const} */ (['host', 'port', 'tls'])) merged.delete(name);
    } else if (isGiven(layer, 'host')) {
      merged.delete('path');
    }
    for (const [name, given] of layer) merged.set(name, given);
  }
  checkMode(merged);
  return merged;
}

/**
 * @param {Layer} merged
 * @param {import('./environment').Given} given
 * @param {(url: string) => UrlParts} parseUrl
 */
function applyUrl(merged, { value, name }, parseUrl) {
  const text = OPTIONS.url.parser.parse(value, name);
  let parts;
  try {
    parts = parseUrl(/** @type {string} */ (text));
  } catch (error) {
    throw invalidOption(name, value, `${OPTIONS.url.parser.accepts}: ${/** @type {Error} */ (error).message}`);
  }
  for (const part of /** @type {const} */ (['host', 'port', 'path', 'db', 'tls'])) {
    merged.delete(part);
    if (parts[part] !== null) merged.set(part, { value: parts[part], name: `${name} (${part})`, isFromUrl: true });
  }
  // A unix socket has no TLS to turn off.
  if (parts.path !== null) merged.delete('tls');
  for (const part of /** @type {const} */ (['username', 'password'])) {
    if (parts[part] !== null) merged.set(part, { value: parts[part], name: `${name} (${part})`, isFromUrl: true });
  }
}

/**
 * @param {Layer} given
 * @returns {OptionValues}
 */
function parseAll(given) {
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const [name, { parser, value }] of Object.entries(OPTIONS)) {
    const entry = given.get(/** @type {OptionName} */ (name));
    values[name] = entry ? parser.parse(entry.value, entry.name) : value;
  }
  return /** @type {OptionValues} */ (values);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  // Arrays, Maps, Buffers and the like are iterable, and would pass for an object without options.
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

module.exports = { resolveOptions };
