'use strict';

/**
 * The options of a connection that asks for one of its own, and gets a handle on a shared one: what the handle can have
 * for itself, what has to be refused, and what is warned about.
 */

const { inspect, isDeepStrictEqual } = require('node:util');
const bridge = require('../bridge');
const { asksForNothing, HANDLE_OPTIONS } = require('../connection/options/table');
const { linkOptions, withOwnOptions } = require('../connection/options');
const { invalidArgument, UnifiedRedisError } = require('../errors');
const { OPTIONS, OPTION_NAMES } = require('../options/schema');
const { resolveOptions } = require('../options/resolve');

/** With another value of these, commands would read and write other data. */
const WHERE_THE_DATA_IS = ['host', 'port', 'path', 'db', 'sentinels'];

/** More names than this are made by a program. */
const MAX_WARNINGS = 100;

/** @type {Set<string>} */
const warned = new Set();
/** @type {object[]} Warnings that wait for the links to be open. */
const pending = [];

/**
 * Checks the options, and tells those that have no effect.
 *
 * @param {string} purpose
 * @param {Readonly<Record<string, any>>} options
 * @returns {Readonly<Record<string, any>>} what the handle has for itself
 * @throws {UnifiedRedisError} UNSUPPORTED when they ask for other data than the links reach
 */
function optionsOfHandle(purpose, options) {
  if (typeof options !== 'object' || options === null) throw invalidArgument('options', options, 'an object');
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const [own, others] = [given.filter(isOwn), given.filter((option) => !isOwn(option))];
  const links = others.length > 0 ? optionsOfLinks() : {};
  for (const [name, value] of others) {
    if (decidesAboutData(name, links) && value !== null && !isSame(name, value, links[name])) {
      throw otherData(purpose, name, value, links[name]);
    }
    if (!isIgnored(name, value, links[name])) continue;
    const instead = OPTION_NAMES.includes(name) ? '; initialize() sets it for all' : '';
    const message = `getConnection('${purpose}', { ${name} }): no effect, as the connection is shared${instead}`;
    warnOnce('CONNECTION_OPTION_IGNORED', name, message);
  }
  return withOwnOptions({}, Object.fromEntries(own));
}

/**
 * @param {string} name
 * @param {Readonly<Record<string, any>>} links
 */
function decidesAboutData(name, links) {
  // Without sentinels it is the application's own, as ioredis has it.
  return WHERE_THE_DATA_IS.includes(name) || (name === 'name' && links.sentinels !== null);
}

/**
 * Whether an option is one that the handle has for itself, or that asks for what is so anyway.
 *
 * @param {[name: string, value: any]} option
 */
function isOwn([name, value]) {
  if (!Object.hasOwn(HANDLE_OPTIONS, name)) return false;
  const { kind, parser, mayBe } = HANDLE_OPTIONS[name];
  if (kind === 'partly') return parser?.convert(value, name) === mayBe;
  return kind === 'own' || kind === 'settled';
}

/**
 * @param {string} code
 * @param {string} what
 * @param {string} message
 */
function warnOnce(code, what, message) {
  const key = `${code} ${what}`;
  if (warned.has(key) || warned.size >= MAX_WARNINGS) return;
  warned.add(key);
  const event = { type: 'warning', code, message };
  // Before that there is no log line, as nobody knows yet which copy of the module is to write them.
  if (bridge.isInitialized()) bridge.announce(event);
  else pending.push(event);
}

/** What the links have, or will have unless initialize() is told otherwise. */
function optionsOfLinks() {
  if (bridge.isInitialized()) return linkOptions();
  const { options } = resolveOptions(undefined, { parseUrl: bridge.parseUrl });
  return /** @type {Record<string, any>} */ (options);
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {unknown} ofLinks
 */
function isIgnored(name, value, ofLinks) {
  if (value === null || name === 'password' || WHERE_THE_DATA_IS.includes(name)) return false;
  const option = Object.hasOwn(HANDLE_OPTIONS, name) ? HANDLE_OPTIONS[name] : undefined;
  if (option?.kind === 'refused') return !asksForNothing(option, value);
  // What ioredis does not know either is the application's own.
  if (option === undefined && !OPTION_NAMES.includes(name)) return false;
  // Certificates are not compared: encrypted is what a connection that asks for TLS has to be.
  if (name === 'tls') return Boolean(value) !== Boolean(ofLinks);
  return !isSame(name, value, ofLinks);
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {unknown} ofLinks
 */
function isSame(name, value, ofLinks) {
  if (name === 'host') return sameHost(String(value), String(ofLinks));
  if (name === 'sentinels') return isDeepStrictEqual(OPTIONS.sentinels.parser.convert(value, name), ofLinks);
  return String(value) === String(ofLinks);
}

/**
 * @param {string} one
 * @param {string} other
 */
function sameHost(one, other) {
  const [a, b] = [one, other].map((host) => (/^(localhost|127\.0\.0\.1|::1)$/i.test(host) ? 'loopback' : host));
  return a.toLowerCase() === b.toLowerCase();
}

/**
 * @param {string} purpose
 * @param {string} name
 * @param {unknown} value
 * @param {unknown} ofLinks
 */
function otherData(purpose, name, value, ofLinks) {
  const [wanted, shared] = [value, ofLinks ?? null].map((each) => inspect(each, { depth: 0 }));
  const source = bridge.isInitialized() ? '' : ' by the environment';
  return new UnifiedRedisError(
    'UNSUPPORTED',
    `getConnection('${purpose}', { ${name}: ${wanted} }): the connection is shared, and has ${name}: ${shared}${source}. ` +
      'Ignoring the option would mean other data. Leave it out, or have all connections go there by initialize()',
    { purpose },
  );
}

bridge.onEvent(({ type }) => {
  if (type === 'initialized') pending.splice(0).forEach(bridge.announce);
});

module.exports = { optionsOfHandle, warnOnce };
