'use strict';

/**
 * Commands that change or take over the connection they run on. A link is shared, so each of them is answered by the
 * handle, refused with what to do instead, or let through where it does no harm.
 */

const { FLAGS } = require('../../commands');
const { ReplyError, UnifiedRedisError, commandInfo } = require('../../errors');
const { clusterOptions } = require('../options');
const { CHANNEL, PATTERN, SHARD } = require('../pubsub/subscriptions');

/** @typedef {import('../redis').Redis} Redis */

/**
 * What to do with a call instead of sending it; undefined lets it through.
 *
 * @typedef {(handle: Redis, args: ReadonlyArray<string | number | Uint8Array>) => Outcome | undefined} Guard
 */

/** @typedef {() => Promise<unknown>} Outcome */

/** @type {Record<string, Guard>} */
const GUARDS = {
  subscribe: subscribe('subscribe', CHANNEL),
  psubscribe: subscribe('psubscribe', PATTERN),
  ssubscribe: subscribe('ssubscribe', SHARD),
  unsubscribe: (handle, args) => () => handle.subscriptions.unsubscribe(CHANNEL, args),
  punsubscribe: (handle, args) => () => handle.subscriptions.unsubscribe(PATTERN, args),
  sunsubscribe: (handle, args) => () => handle.subscriptions.unsubscribe(SHARD, args),
  watch: (handle, args) => (args.length > 0 ? () => handle.watching.watch(args) : undefined),
  unwatch: (handle) => () => handle.watching.unwatch(),
  quit: (handle) => () => handle.quit(),
  select: (handle, args) => {
    if (Number(text(args[0])) === Number(handle.options.db)) return ok;
    return refuse(
      handle.isCluster
        ? 'SELECT: a cluster has database 0 and no other'
        : 'SELECT: the connection is shared and stays in its database. Set it by initialize({ db })',
    );
  },
  auth: () => refuse('AUTH: the connection is shared. Set the user by initialize({ username, password })'),
  hello: (_, args) =>
    args.length === 0 ? undefined : refuse('HELLO: protocol and user of the connection are set by initialize()'),
  reset: () => refuse('RESET: the connection is shared. To end this handle, call quit()'),
  monitor: () =>
    refuse('MONITOR: it would take the connection away from everybody else. Call monitor() of a handle instead'),
  sync: () => refuse('SYNC: it would turn the shared connection into a replication link'),
  psync: () => refuse('PSYNC: it would turn the shared connection into a replication link'),
  asking: () => refuse('ASKING: it would hold for whoever sends the next command on the shared connection'),
  readonly: reading('READONLY'),
  readwrite: reading('READWRITE'),
  himport: () => refuse('HIMPORT: its fieldsets belong to a connection, and this one is shared'),
  multi: (handle) => () => handle.beginTransaction(),
  client,
};

/**
 * What to do with a call instead of sending it; undefined lets it through, and so it does for nearly all commands.
 *
 * @param {Redis} handle
 * @param {import('../../commands').Command} command
 * @param {ReadonlyArray<string | number | Uint8Array>} args prepared
 * @param {number} flags of the call
 * @returns {Outcome | undefined}
 */
function guard(handle, command, args, flags) {
  const instead = isGuarded(command) ? GUARDS[command.lower](handle, args) : undefined;
  if (instead === undefined || !(flags & FLAGS.BUFFERS)) return instead;
  return async () => {
    const reply = await instead();
    return typeof reply === 'string' ? Buffer.from(reply) : reply;
  };
}

/**
 * Whether calls of this command have to be asked about.
 *
 * @param {import('../../commands').Command} command
 */
function isGuarded(command) {
  return Object.hasOwn(GUARDS, command.lower);
}

/**
 * Whether a command may be part of a transaction, which is sent as it is.
 *
 * @param {Redis} handle
 * @param {import('../../commands').Command} command
 * @param {ReadonlyArray<string | number | Uint8Array>} args prepared
 */
function fitsTransaction(handle, command, args) {
  const instead = guard(handle, command, args, 0);
  if (instead === undefined) return true;
  // Neither does anything there.
  return command.lower === 'unwatch' || (command.lower === 'select' && instead === ok);
}

/** @type {Guard} */
function client(handle, args) {
  const [subcommand, value] = args.map((arg) => text(arg).toUpperCase());
  switch (subcommand) {
    case 'SETNAME':
      // Libraries name their connections, and go on only when that works. The link keeps the name that says whose it is.
      return () => {
        handle.clientName = text(args[1]);
        return ok();
      };
    case 'GETNAME':
      return handle.clientName === undefined ? undefined : () => Promise.resolve(handle.clientName);
    case 'SETINFO':
      return ok;
    case 'REPLY':
      return value === 'ON' ? undefined : refuse('CLIENT REPLY: nobody who shares the connection would get replies');
    case 'TRACKING':
    case 'CACHING':
    case 'NO-EVICT':
    case 'NO-TOUCH':
      if (value === 'OFF') return undefined;
      return refuse(`CLIENT ${subcommand}: it would hold for everybody who shares the connection`);
    default:
      return undefined;
  }
}

/**
 * @param {string} name
 * @param {number} kind
 * @returns {Guard}
 */
function subscribe(name, kind) {
  return (handle, args) => () => {
    if (args.length > 0) return handle.subscriptions.subscribe(kind, args);
    const message = `ERR wrong number of arguments for '${name}' command`;
    return Promise.reject(new ReplyError(message, commandInfo(name, args)));
  };
}

/**
 * Outside of a cluster the server says that it means nothing.
 *
 * @param {string} name
 * @returns {Guard}
 */
function reading(name) {
  return (handle) => {
    if (clusterOptions() === null) return undefined;
    // Handles of replicas are connected that way.
    if (name === 'READONLY' && handle.options.readOnly) return ok;
    return refuse(
      `${name}: the connection is shared. Where reads go is set by initialize({ cluster: { scaleReads } })`,
    );
  };
}

function ok() {
  return Promise.resolve('OK');
}

/**
 * @param {string} why
 * @returns {Outcome}
 */
function refuse(why) {
  return () => Promise.reject(new UnifiedRedisError('UNSUPPORTED', why));
}

/** @param {string | number | Uint8Array | undefined} arg */
function text(arg) {
  return arg instanceof Uint8Array ? Buffer.from(arg).toString() : String(arg ?? '');
}

module.exports = { guard, isGuarded, fitsTransaction };
