'use strict';

/**
 * THE list of ioredis' options, and what each of them means for a handle. The check of `duplicate(options)`, the options
 * that a handle shows and the table in docs/ioredis.md follow it.
 */

const { boolean, callable, integer, nullable, oneOf, parser, text } = require('../../options/parsers');

/**
 * @typedef {object} HandleOption
 * @property {'own' | 'partly' | 'link' | 'settled' | 'refused'} kind `own`: each handle may have another value; `link`:
 *   only the value that the link has; `partly`: that, or `mayBe`; `settled`: accepted, as things are so anyway;
 *   `refused`: no other value than `value`
 * @property {import('../../options/parsers').Parser<any>} [parser] what it takes
 * @property {any} [mayBe] what a handle may have whatever the link has
 * @property {any} value what it is where nobody says otherwise: ours where it does something, else ioredis'
 * @property {string} doc what it does, or why it is refused
 */

const milliseconds = () => integer(0, 2 ** 31 - 1, 'ms');
const FOUND = 'The server is found once, for all handles: it is an option of initialize().';
const DIALLED = 'The link is dialled once, for all of its handles.';

/** @type {Readonly<Record<string, HandleOption>>} */
const HANDLE_OPTIONS = Object.freeze({
  keyPrefix: own(keyPrefix(), '', 'Stands before every key, by the key positions of each command.'),
  commandTimeout: own(milliseconds(), 10000, 'Deadline of a reply; 0 for none. Default: that of the link.'),
  blockingTimeout: own(
    nullable(integer(-(2 ** 31), 2 ** 31 - 1, 'ms'), 'off'),
    undefined,
    'A blocking call gives null after its own timeout and `blockingTimeoutGrace`, or after this where it waits for ever.',
  ),
  blockingTimeoutGrace: own(milliseconds(), 100, 'See `blockingTimeout`.'),
  stringNumbers: own(boolean(), false, 'Integers in replies come as strings.'),
  showFriendlyErrorStack: own(boolean(), false, 'Errors show where the command was called.'),
  scripts: own(object(), undefined, 'Commands made of Lua scripts.'),
  lazyConnect: own(boolean(), false, 'The handle is in `wait` until its first command, or `connect()`.'),
  connectionName: own(nullable(text('a string', /^/), 'none'), null, 'What CLIENT GETNAME gives to this handle.'),
  retryStrategy: own(
    nullable(callable(), 'the handle ends with the connection'),
    undefined,
    'What is no number ends the handle when the connection is lost. The delay is that of the link.',
  ),
  reconnectOnError: own(
    nullable(callable(), 'never'),
    null,
    'Asked about each error reply: true or 1 replaces the connection of the link, 2 sends the command again after that.',
  ),
  maxRetriesPerRequest: own(
    nullable(integer(0, 2 ** 31 - 1), 'for ever'),
    3,
    'How often a request outlasts the loss of the link, or an attempt to connect; null: always, within its deadline.',
  ),
  enableOfflineQueue: own(
    boolean(),
    false,
    'true: commands wait for a link that is down, with those of others at most `offlineQueueLimit`; false: they are refused.',
  ),
  autoResendUnfulfilledCommands: own(
    boolean(),
    false,
    'true: what was in flight when the connection was lost is sent again, although it may have been executed.',
  ),
  enableReadyCheck: partly(
    boolean(),
    true,
    false,
    'false: nothing to do, since the link has been checked. true: only where the link has it.',
  ),

  host: link('localhost', 'Another one would be another connection.'),
  port: link(6379, 'Another one would be another connection.'),
  path: link(undefined, 'Another one would be another connection.'),
  db: link(0, 'Another one would be another connection.'),
  username: link(null, 'Another one would be another connection.'),
  password: link(null, 'Another one would be another connection. Never shown.'),
  tls: link(undefined, "Whether there is TLS. Certificates and their verification are the link's, whatever it says."),
  family: link(0, DIALLED),
  connectTimeout: link(15000, DIALLED),
  keepAlive: link(30000, DIALLED),
  noDelay: link(true, DIALLED),
  maxLoadingRetryTime: link(10000, DIALLED),
  sentinels: link(null, FOUND),
  name: link(null, FOUND),
  role: link('master', FOUND),
  preferredSlaves: link(null, FOUND),
  natMap: link(null, FOUND),
  sentinelUsername: link(null, FOUND),
  sentinelPassword: link(null, `${FOUND} Never shown.`),
  sentinelTLS: link(undefined, `${FOUND} Only whether there is TLS is compared.`),
  sentinelCommandTimeout: link(null, FOUND),
  autoResubscribe: link(true, 'Subscriptions ride one link.'),

  enableAutoPipelining: settled(boolean(), true, 'Commands of a tick always travel together.'),
  autoPipeliningIgnoredCommands: settled(list(), undefined, 'Nothing waits for the commands that travel with it.'),
  enableTLSForSentinelMode: settled(boolean(), true, '`tls` of initialize() decides about the servers.'),
  updateSentinels: settled(boolean(), true, FOUND),
  failoverDetector: settled(boolean(), true, 'One connection of the process watches, for all handles.'),
  sentinelMaxConnections: settled(integer(1, 2 ** 31 - 1), 10, 'One connection of the process watches.'),
  protocol: settled(oneOf(2, 3), 2, 'Links speak RESP2; replies have the shapes that ioredis gives them under either.'),

  replyMapping: refused('legacy', 'Replies have the shapes of RESP2.'),
  readOnly: refused(false, 'READONLY would hold for everybody on the connection.'),
  monitor: refused(false, 'Call monitor(): a handle in that mode has a connection for itself.'),
  socketTimeout: refused(undefined, 'A silent connection is found out by `heartbeatTimeout` of initialize().'),
  disconnectTimeout: refused(2000, 'No connection is closed with a handle.'),
  disableClientInfo: refused(false, 'The library names itself once for each link.'),
  clientInfoTag: refused(undefined, 'The library names itself once for each link.'),
  himportFieldsets: refused(undefined, 'Fieldsets belong to a connection.'),
  Connector: refused(undefined, 'Only initialize() opens connections.'),
  offlineQueue: refused(undefined, 'ioredis does not read it either: see `enableOfflineQueue`.'),
  commandQueue: refused(undefined, 'ioredis does not read it either.'),
  sentinelRetryStrategy: refused(null, 'Where no sentinel answers, `retryStrategy` decides.'),
  sentinelReconnectStrategy: refused(null, 'Where the sentinel that is watched is lost, the next one is watched.'),
});

/**
 * @param {import('../../options/parsers').Parser<any>} takes
 * @param {any} value
 * @param {string} doc
 * @returns {HandleOption}
 */
function own(takes, value, doc) {
  return { kind: 'own', parser: takes, value, doc };
}

/**
 * @param {import('../../options/parsers').Parser<any>} takes
 * @param {any} value
 * @param {any} mayBe
 * @param {string} doc
 * @returns {HandleOption}
 */
function partly(takes, value, mayBe, doc) {
  return { kind: 'partly', parser: takes, value, mayBe, doc };
}

/**
 * @param {any} value
 * @param {string} doc
 * @returns {HandleOption}
 */
function link(value, doc) {
  return { kind: 'link', value, doc };
}

/**
 * @param {import('../../options/parsers').Parser<any>} takes
 * @param {any} value
 * @param {string} doc
 * @returns {HandleOption}
 */
function settled(takes, value, doc) {
  return { kind: 'settled', parser: takes, value, doc };
}

/**
 * @param {any} value
 * @param {string} doc
 * @returns {HandleOption}
 */
function refused(value, doc) {
  return { kind: 'refused', value, doc };
}

function keyPrefix() {
  return parser('a string or a Buffer', (value) =>
    typeof value === 'string' || value instanceof Uint8Array ? value : undefined,
  );
}

function object() {
  return parser('an object', (value) => (typeof value === 'object' && value !== null ? value : undefined));
}

function list() {
  return parser('an array', (value) => (Array.isArray(value) ? value : undefined));
}

/**
 * Whether a value of an option asks for what is so where nobody sets it: `false` does of each.
 *
 * @param {HandleOption} option
 * @param {unknown} value
 */
function asksForNothing(option, value) {
  return value === false || value === option.value;
}

module.exports = { HANDLE_OPTIONS, asksForNothing };
