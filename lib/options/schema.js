'use strict';

const { clusterParser } = require('./cluster');
const parsers = require('./parsers');
const { addresses, natMap, notHere, preferredSlaves, sentinelTls } = require('./sentinel');

/**
 * THE list of options: names, what they take, defaults, environment variables. The environment reader, the check of
 * `initialize(options)`, the native configuration and the tables of the README and of index.d.ts all follow it.
 *
 * @template T
 * @template {T | undefined} D
 * @typedef {object} Option
 * @property {import('./parsers').Parser<T>} parser
 * @property {D} value the default; undefined where it depends on others, or there is none
 * @property {string} [env] the environment variable
 * @property {boolean} [secret] the value must never reach a message; errors.js knows such options by their names
 * @property {string} doc one line, with units
 */

/** The purposes, and so the connections, that there are unless `purposes` says otherwise. */
const DEFAULT_PURPOSES = Object.freeze(['main', 'publisher', 'subscriber', 'websocket', 'scheduler']);

/** Delay before attempt n: `min(n * step, max)` ms, with up to the share `jitter` of it taken off at random. */
const RETRY = Object.freeze({ step: 50, max: 2000, jitter: 0.5 });

/** What `logLevel` takes, from the quietest to the most talkative. */
const LOG_LEVELS = /** @type {const} */ (['silent', 'error', 'warn', 'info', 'debug']);

/** More connections than this in one process are a mistake. */
const MAX_LANES = 1024;

/** Timeouts cross into the addon as 32-bit integers. */
const MAX_INT = 2 ** 31 - 1;
/** More than any machine has. */
const MAX_BYTES = 2 ** 48;

const { boolean, callable, integer, nullable, oneOf, parser, pem, pemList, text, withoutEffect } = parsers;
const milliseconds = (/** @type {number} */ min) => integer(min, MAX_INT, 'ms');

const OPTIONS = Object.freeze({
  url: option(nullable(text('redis://, rediss:// or unix:// URL', /^[a-z]+:\/\//i), 'none'), null, {
    env: 'REDIS_URL',
    secret: true,
    doc: 'Address, credentials and database in one. rediss:// turns TLS on, redis:// turns it off.',
  }),
  host: option(text('a host name or an address', /^[^\s/@?#[\]]+$/), 'localhost', {
    env: 'REDIS_HOST',
    doc: 'Host of the server; resolved anew at each attempt.',
  }),
  port: option(integer(1, 65535), 6379, { env: 'REDIS_PORT', doc: 'TCP port of the server.' }),
  path: option(nullable(text('the path of a unix socket, not a URL', /^(?![a-z]+:\/\/).*[^\s]/is), 'TCP'), null, {
    doc: 'Unix socket; takes the place of host and port.',
  }),
  cluster: option(clusterParser(), null, {
    env: 'REDIS_CLUSTER_NODES',
    doc: 'Redis Cluster, in the place of an address: { nodes, scaleReads, ... }. See docs/cluster.md.',
  }),
  family: option(oneOf(0, 4, 6), 0, { doc: 'IP version: 4, 6, or 0 for either.' }),
  username: option(nullable(text('a non-empty string', /./s), 'the default user'), null, {
    env: 'REDIS_USERNAME',
    doc: 'ACL user.',
  }),
  password: option(nullable(text('a string', /^/), 'no AUTH'), null, {
    env: 'REDIS_PASSWORD',
    secret: true,
    doc: 'Password; an empty one counts as none.',
  }),
  credentialsProvider: option(callable(), undefined, {
    doc: 'async () => ({ username?, password, expiresAt? or ttl? }): asked for each connection, in the place of `password`.',
  }),
  db: option(integer(0, MAX_INT), 0, { env: 'REDIS_DB', doc: 'Database number.' }),

  tls: option(boolean(), undefined, {
    env: 'REDIS_TLS',
    doc: 'TLS; an object turns it on and sets the tls.* below. Default: on, except for loopback hosts and unix sockets.',
  }),
  'tls.ca': option(pemList(), undefined, {
    env: 'REDIS_TLS_CA',
    doc: 'Authorities trusted beside the Mozilla roots and NODE_EXTRA_CA_CERTS.',
  }),
  'tls.cert': option(pem('CERTIFICATE'), undefined, { env: 'REDIS_TLS_CERT', doc: 'Client certificate chain (mTLS).' }),
  'tls.key': option(pem('PRIVATE KEY'), undefined, {
    env: 'REDIS_TLS_KEY',
    secret: true,
    doc: 'Private key of the client certificate, unencrypted.',
  }),
  'tls.servername': option(text('a host name', /^[^\s/:@]+$/), undefined, {
    env: 'REDIS_TLS_SERVERNAME',
    doc: 'Name for SNI and verification. Default: the host.',
  }),
  'tls.rejectUnauthorized': option(boolean(), true, {
    env: 'REDIS_TLS_REJECT_UNAUTHORIZED',
    doc: 'Whether certificate and name of the server are verified; false is warned about.',
  }),
  'tls.minVersion': option(oneOf('TLSv1.2', 'TLSv1.3'), undefined, { doc: 'Oldest TLS version to speak.' }),
  'tls.maxVersion': option(oneOf('TLSv1.2', 'TLSv1.3'), undefined, { doc: 'Newest TLS version to speak.' }),
  'tls.requestCert': option(withoutEffect('a server option; no effect'), undefined, { doc: 'Without effect.' }),
  'tls.agent': option(withoutEffect('an HTTPS option; no effect'), undefined, { doc: 'Without effect.' }),

  sentinels: option(addresses(), null, {
    env: 'REDIS_SENTINELS',
    doc: 'Sentinels that know the server, in the place of host and port: see docs/sentinel.md.',
  }),
  name: option(nullable(text('a non-empty string', /./s), 'without sentinels'), null, {
    env: 'REDIS_SENTINEL_NAME',
    doc: 'What the sentinels call the master and its replicas.',
  }),
  role: option(oneOf('master', 'slave'), 'master', {
    env: 'REDIS_SENTINEL_ROLE',
    doc: 'Whether the links are to the master, or to replicas.',
  }),
  sentinelUsername: option(nullable(text('a non-empty string', /./s), 'the default user'), null, {
    env: 'REDIS_SENTINEL_USERNAME',
    doc: 'ACL user of the sentinels.',
  }),
  sentinelPassword: option(nullable(text('a string', /^/), 'no AUTH'), null, {
    env: 'REDIS_SENTINEL_PASSWORD',
    secret: true,
    doc: 'Password of the sentinels. That of the servers is `password`.',
  }),
  sentinelTLS: option(sentinelTls(), undefined, {
    env: 'REDIS_SENTINEL_TLS',
    doc: 'TLS of the sentinels. Default: that of the servers, `tls`; an object takes its place as a whole.',
  }),
  sentinelCommandTimeout: option(nullable(milliseconds(1), 'connectTimeout'), null, {
    doc: 'How long one sentinel may take to answer, its connection included, ms.',
  }),
  updateSentinels: option(boolean(), true, { doc: 'Ask sentinels for the others.' }),
  failoverDetector: option(boolean(), true, {
    doc: 'Watch a sentinel for failovers, on one connection: links leave a master that is only cut off at once.',
  }),
  preferredSlaves: option(preferredSlaves(), null, { doc: 'With `role: "slave"`: replicas to take first.' }),
  natMap: option(natMap(), null, { doc: 'Addresses that sentinels announce, and what they are from here.' }),
  enableTLSForSentinelMode: option(oneOf(true), true, { doc: 'Only true: `tls` decides about the servers.' }),
  sentinelMaxConnections: option(integer(1, MAX_INT), 10, { doc: 'Without effect: one connection watches.' }),
  sentinelRetryStrategy: option(notHere('retryStrategy decides about attempts'), null, {
    doc: 'Only null: `retryStrategy` decides.',
  }),
  sentinelReconnectStrategy: option(notHere('the next sentinel is watched'), null, {
    doc: 'Only null: where the sentinel that is watched is lost, the next one is watched.',
  }),

  connectionName: option(text('printable ASCII without spaces', /^[!-~]{1,100}$/), 'unified-redis', {
    doc: 'Links are called <connectionName>:<pid>:<purpose> in CLIENT LIST.',
  }),
  connectTimeout: option(milliseconds(1), 15000, {
    doc: 'Bound on one attempt, ms: resolution, connect, TLS and handshake together.',
  }),
  commandTimeout: option(milliseconds(0), 10000, { doc: 'Deadline of a reply, ms; 0 = none.' }),
  keepAlive: option(milliseconds(0), 30000, { doc: 'Idle time before TCP keep-alive probes, ms; 0 = off.' }),
  noDelay: option(boolean(), true, { doc: 'TCP_NODELAY.' }),
  enableOfflineQueue: option(boolean(), false, { doc: 'Whether commands given while a link is down wait for it.' }),
  offlineQueueLimit: option(integer(1, MAX_INT), 10000, { doc: 'Commands that may wait for a link that is down.' }),
  maxCommandsInFlight: option(integer(1, MAX_INT), 1_000_000, {
    doc: 'Commands that may be in flight on one link; more are rejected with BACKPRESSURE.',
  }),
  maxBytesInFlight: option(integer(1, MAX_BYTES), 2 ** 30, {
    doc: 'Bytes of commands that may be in flight on one link or wait for it; one that comes alone is always taken.',
  }),
  maxQueuedMessageBytes: option(integer(1, MAX_BYTES), 2 ** 28, {
    doc: 'Bytes that may wait for a blocked event loop before published messages are dropped, which `gap` tells of.',
  }),
  maxRetriesPerRequest: option(nullable(integer(0, MAX_INT), 'for ever'), 3, {
    doc: 'How often a request is sent again after its link was lost; null = for ever.',
  }),
  autoResendUnfulfilledCommands: option(boolean(), false, {
    doc: 'Send again even what the server may have executed already.',
  }),
  autoResubscribe: option(boolean(), true, { doc: 'Subscribe again after a reconnect.' }),
  enableReadyCheck: option(boolean(), true, { doc: 'Wait while the server is loading its data set.' }),
  maxLoadingRetryTime: option(milliseconds(0), 10000, { doc: 'How long to wait for a server that is loading, ms.' }),
  retryStrategy: option(callable(), undefined, {
    doc: `(times, cause) => delay in ms, or null to stop. Default: min(times * ${RETRY.step}, ${RETRY.max}) with jitter.`,
  }),
  reconnectOnError: option(nullable(callable(), 'never'), null, {
    doc: '(error) => true or 1 to replace the connection after such an error reply, 2 to send the command again as well.',
  }),
  heartbeatInterval: option(milliseconds(0), 10000, {
    doc: 'Silence after which a link is sent a PING, ms; 0 = never.',
  }),
  heartbeatTimeout: option(milliseconds(1), 5000, { doc: 'How long the server has to answer that PING, ms.' }),
  shutdownTimeout: option(milliseconds(0), 5000, { doc: 'How long cleanup() waits for what is in flight, ms.' }),

  monitorInterval: option(milliseconds(0), 60000, { doc: 'Interval of the connection monitor, ms; 0 = off.' }),
  monitorThreshold: option(integer(0, MAX_INT), 100, {
    doc: 'Connected clients of the server above which the monitor warns; 0 = never.',
  }),
  gracefulShutdown: option(boolean(), true, {
    doc: 'Close the links on SIGINT, SIGTERM and SIGQUIT where the application has no handler of its own.',
  }),
  logger: option(loggerParser(), undefined, {
    doc: 'Console-like object (pino fits); false = silent. Default: console.',
  }),
  logLevel: option(oneOf(...LOG_LEVELS), undefined, {
    env: 'REDIS_LOG_LEVEL',
    doc: `Least important level that is logged: ${LOG_LEVELS.join(', ')}. Default: info; a logger of yours: its own.`,
  }),
  envFile: option(envFileParser(), '.env', {
    doc: 'File with REDIS_* variables, below the environment; false = none.',
  }),
  purposes: option(purposesParser(), DEFAULT_PURPOSES, {
    doc: 'Names of the connections, one link each; fixed while initialized.',
  }),
  blockingConnections: option(integer(0, MAX_LANES), 0, {
    doc: 'Further connections, shared by blocking commands and WATCH, each used by one caller at a time.',
  }),
  trackLeaks: option(boolean(), false, {
    env: 'REDIS_TRACK_LEAKS',
    doc: 'Whether assertNoLeaks() knows the lines of commands and handles, at some cost for each command; for tests.',
  }),
  lazyConnect: option(oneOf(false), false, { doc: 'Only false: initialize() opens all links.' }),
  enableAutoPipelining: option(boolean(), true, {
    doc: 'Without effect: commands of one tick always travel together.',
  }),
});

/** @typedef {keyof typeof OPTIONS} OptionName */

/** Names of the options as they may stand in `tls: { ... }`. */
const TLS_OPTION_NAMES = Object.keys(OPTIONS)
  .filter(isTlsOption)
  .map((name) => name.slice('tls.'.length));

/** Names of the options as they may stand in `initialize({ ... })`. */
const OPTION_NAMES = Object.keys(OPTIONS).filter((name) => !isTlsOption(name));

/** The schema as rows, for the check that the documentation agrees with it. */
function optionRows() {
  return Object.entries(OPTIONS).map(
    ([
      name,
      {
        parser: { accepts },
        value,
        env,
        secret = false,
        doc,
      },
    ]) => ({
      name,
      accepts,
      default: value,
      env: env ?? null,
      secret,
      doc,
    }),
  );
}

/**
 * @template T
 * @template {T | undefined} D
 * @param {import('./parsers').Parser<T>} optionParser
 * @param {D} value
 * @param {{ env?: string, secret?: boolean, doc: string }} rest
 * @returns {Readonly<Option<T, D>>}
 */
function option(optionParser, value, rest) {
  return Object.freeze({ parser: optionParser, value, ...rest });
}

function loggerParser() {
  const methods = ['error', 'warn', 'info'];
  return parser('false, or an object with the functions error, warn, info and (optionally) debug', (value) => {
    if (value === false) return /** @type {const} */ (false);
    if (typeof value !== 'object' || value === null) return undefined;
    const candidate = /** @type {Record<string, unknown>} */ (value);
    const fits = methods.every((method) => typeof candidate[method] === 'function');
    return fits ? /** @type {import('../logger').ConsoleLike} */ (value) : undefined;
  });
}

/** @returns {import('./parsers').Parser<string | false>} */
function envFileParser() {
  return parser('the path of a file, or false', (value) =>
    value === false || (typeof value === 'string' && value !== '') ? value : undefined,
  );
}

/** @returns {import('./parsers').Parser<readonly string[]>} */
function purposesParser() {
  return parser('an array of 1 to 64 different names of letters, digits, _ and -', (value) => {
    if (!Array.isArray(value) || value.length < 1 || value.length > 64) return undefined;
    const valid = value.every((name) => typeof name === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(name));
    return valid && new Set(value).size === value.length ? Object.freeze([...value]) : undefined;
  });
}

/** @param {string} name */
function isTlsOption(name) {
  return name.startsWith('tls.');
}

module.exports = { DEFAULT_PURPOSES, LOG_LEVELS, OPTIONS, OPTION_NAMES, RETRY, TLS_OPTION_NAMES, optionRows };
