'use strict';

/**
 * The options of a handle: ioredis' names, since libraries look at them. What decides about the connection itself is the
 * manager's, and the same for all handles.
 */

const { inspect, isDeepStrictEqual } = require('node:util');
const bridge = require('../../bridge');
const { UnifiedRedisError, invalidOption } = require('../../errors');
const { OPTIONS, OPTION_NAMES } = require('../../options/schema');
const { unknownOption } = require('../../options/suggest');
const { asksForNothing, HANDLE_OPTIONS } = require('./table');

/** What a handle shows of what nobody has set. */
const DEFAULTS = Object.freeze(
  Object.fromEntries(Object.entries(HANDLE_OPTIONS).map(([name, { value }]) => [name, value])),
);

/** What a handle may be given, for those who look for it. */
const USEFUL = Object.keys(HANDLE_OPTIONS).filter((name) => HANDLE_OPTIONS[name].kind !== 'refused');

/** Options of the links that are secret, or not to be seen by who holds a handle. */
const HIDDEN = new Set([
  'password',
  'sentinelPassword',
  'credentialsProvider',
  'url',
  'logger',
  'envFile',
  'purposes',
  'tls',
  'sentinelTLS',
  'cluster',
]);

/** @type {Readonly<Record<string, any>>} */
let ofLinks = DEFAULTS;
/** Whether that is what the open links have. */
let isKnown = false;
/** @type {Record<string, string | null>} */
let secrets = {};
/** @type {import('../../options/cluster').ClusterOptions | null} */
let cluster = null;

/**
 * From now on the links have these options.
 *
 * @param {Readonly<Record<string, any>>} options as resolved by the manager
 */
function describeLinks(options) {
  ofLinks = { ...DEFAULTS, ...shown(options) };
  secrets = { password: options.password, sentinelPassword: options.sentinelPassword };
  cluster = options.cluster ?? null;
  isKnown = true;
}

/**
 * The same for other threads: without what is secret, and without functions, which belong to their thread.
 *
 * @param {Readonly<Record<string, any>>} options as resolved by the manager
 * @returns {string} JSON
 */
function describedOptions(options) {
  return JSON.stringify({ ...shown(options), cluster: options.cluster });
}

/**
 * What handles show of the options of the links.
 *
 * @param {Readonly<Record<string, any>>} options
 */
function shown(options) {
  const open = Object.entries(options).filter(([name, value]) => !HIDDEN.has(name) && value !== undefined);
  const [tls, sentinelTLS] = [options.tls, options.sentinelTLS].map((settings) => (settings ? {} : undefined));
  return { ...Object.fromEntries(open), tls, sentinelTLS };
}

/** Learns the options of links that somebody else has opened, where they are not known yet. */
function learnOptions() {
  if (isKnown) return;
  const described = bridge.describedLinks();
  if (described !== undefined) describeLinks(described);
}

bridge.onEvent(({ type }) => {
  if (type === 'closed') isKnown = false;
});

/** Whether the application wants to be asked about the errors of all handles. */
function looksAtErrors() {
  return typeof ofLinks.reconnectOnError === 'function';
}

/** Whether the application wants to be asked where each reading command goes in a cluster. */
function choosesNodes() {
  return typeof cluster?.scaleReads === 'function';
}

/** The options of the cluster that the links are to; null without one. */
function clusterOptions() {
  return cluster;
}

/** What `describeLinks` was told. */
function linkOptions() {
  return ofLinks;
}

/** The options of one handle: its own over those of the links, which a new `initialize()` may change. */
class OptionsOfHandle {
  #overrides;
  #basis = ofLinks;
  #current;

  /** @param {Readonly<Record<string, unknown>>} overrides */
  constructor(overrides) {
    this.#overrides = overrides;
    this.#current = this.#merge();
  }

  /** The object is the same until the links change, as code may keep something in it. */
  get current() {
    if (this.#basis !== ofLinks) {
      this.#basis = ofLinks;
      this.#current = this.#merge();
    }
    return this.#current;
  }

  /** @returns {HandleOptions} */
  #merge() {
    const own = this.#overrides;
    // ioredis' cluster has its own options, and those of its connections apart from them.
    const { nodes: _, ...ofCluster } = cluster ? { ...cluster, redisOptions: { ...own } } : { nodes: [] };
    return Object.assign({ keyPrefix: '', commandTimeout: 0 }, ofLinks, ofCluster, own, { password: null });
  }
}

/**
 * The options that a duplicate has for itself.
 *
 * @param {Readonly<Record<string, any>>} inherited those that the handle has for itself
 * @param {Readonly<Record<string, any>> | null | undefined} options that were given; undefined stands for the default
 * @returns {Readonly<Record<string, any>>}
 * @throws {UnifiedRedisError} UNSUPPORTED when they ask for another connection
 * @throws {TypeError | RangeError} INVALID_OPTION
 */
function withOwnOptions(inherited, options) {
  const own = { ...inherited };
  if (typeof (options ?? {}) !== 'object') throw invalidOption('options', options, 'an object');
  for (const [name, value] of Object.entries(options ?? {})) {
    const option = Object.hasOwn(HANDLE_OPTIONS, name) ? HANDLE_OPTIONS[name] : undefined;
    if (option === undefined) checkForeign(name, value);
    else if (value === undefined || !isOwn(name, option, value)) delete own[name];
    else own[name] = option.parser?.parse(value, name);
  }
  return own;
}

/**
 * About an option that links do not have: whether it is one of ioredis', and asks for what is so anyway.
 *
 * @type {import('../../options/resolve').IsUsual}
 * @throws {TypeError | RangeError} INVALID_OPTION where only a handle can have it, or nobody
 */
function isUsual(name, value, fullName) {
  const option = Object.hasOwn(HANDLE_OPTIONS, name) ? HANDLE_OPTIONS[name] : undefined;
  if (option === undefined) return false;
  const { kind, parser, value: usual, doc } = option;
  if (value === undefined || value === null || asksForNothing(option, value)) return true;
  if (kind === 'settled') return parser?.parse(value, fullName) !== undefined;
  const accepted =
    kind === 'refused'
      ? `${usual === undefined ? 'nothing' : inspect(usual)}. ${doc}`
      : `nothing: handles have it, getConnection().duplicate({ ${name} })`;
  throw invalidOption(fullName, value, accepted);
}

/**
 * Whether an option is for the handle itself. Otherwise its value is what things are anyway.
 *
 * @param {string} name
 * @param {import('./table').HandleOption} option
 * @param {any} value
 */
function isOwn(name, option, value) {
  const { kind, parser, mayBe, doc } = option;
  // What configurations say of what they leave out.
  if (value === null && parser?.convert(null, name) === undefined) return false;
  switch (kind) {
    case 'own':
      return true;
    case 'settled':
      parser?.parse(value, name);
      return false;
    case 'refused':
      if (!asksForNothing(option, value)) throw unsupported(`A handle cannot have the option ${name}. ${doc}`);
      return false;
    default:
      if (parser !== undefined && parser.parse(value, name) === mayBe) return true;
      if (!isOfLink(name, value)) throw notOfLink(name);
      return false;
  }
}

/**
 * An option that ioredis does not have.
 *
 * @param {string} name
 * @param {unknown} value
 */
function checkForeign(name, value) {
  if (!OPTION_NAMES.includes(name)) throw unknownOption(name, USEFUL);
  if (value !== undefined && (HIDDEN.has(name) || !isOfLink(name, value))) throw notOfLink(name);
}

/**
 * Whether a value is what the links have, however it is written.
 *
 * @param {string} name
 * @param {any} value
 */
function isOfLink(name, value) {
  if (name === 'password' || name === 'sentinelPassword') return value === (secrets[name] ?? '');
  if (name === 'tls' || name === 'sentinelTLS') return Boolean(value) === Boolean(ofLinks[name]);
  if (typeof value !== 'object') return String(value) === String(ofLinks[name] ?? '');
  const { parser } = OPTIONS[/** @type {import('../../options/schema').OptionName} */ (name)] ?? {};
  return isDeepStrictEqual(value, ofLinks[name]) || isDeepStrictEqual(parser?.convert(value, name), ofLinks[name]);
}

/** @param {string} name */
function notOfLink(name) {
  return unsupported(
    `A handle cannot have another ${name} than its link, which it shares with others. Set it in initialize().`,
  );
}

/** @param {string} message */
function unsupported(message) {
  return new UnifiedRedisError('UNSUPPORTED', message);
}

module.exports = {
  describeLinks,
  describedOptions,
  learnOptions,
  linkOptions,
  looksAtErrors,
  choosesNodes,
  clusterOptions,
  OptionsOfHandle,
  isUsual,
  withOwnOptions,
};

/**
 * @typedef {Record<string, any> & { keyPrefix: string | Uint8Array, commandTimeout: number }} HandleOptions
 */
