'use strict';

/**
 * The bridge to the native core: the only file that requires the binding.
 *
 * All copies of this package in a process, and all its threads, share ONE native core: see `loadCore`.
 */

const { isMainThread } = require('node:worker_threads');
const { UnifiedRedisError } = require('./errors');
const { CONFIGURED_TIMEOUT, Exchange } = require('./bridge/exchange');
const { flushOnExit } = require('./bridge/exit');
const { nextTick } = require('./bridge/next-tick');
const { originOf } = require('./bridge/origins');
const { replyErrorOf } = require('./bridge/replies');

/** For `lease`: whichever lane is free first. */
const ANY_LANE = -1;

/** For `lease`: any node of a cluster will do. */
const NO_SLOT = -1;

/** What this copy expects of the native side. Raised with every change to `src/node/` that JavaScript can see. */
const ABI_VERSION = 3;

/** @type {Set<(event: any) => void>} */
const eventListeners = new Set();
/** @type {Set<MessageListener>} */
const messageListeners = new Set();
/** @type {Set<(link: number, line: string) => void>} */
const lineListeners = new Set();

const exchange = new Exchange(
  (onWake) => {
    const port = new (core().Port)(onWake, isMainThread);
    flushOnExit(exchange);
    return port;
  },
  (kind, channel, payload, pattern) => {
    for (const listener of messageListeners) guarded(listener, kind, channel, payload, pattern);
  },
  announce,
  (link, line) => {
    for (const listener of lineListeners) guarded(listener, link, line);
  },
);

/** @type {Record<string, 'opened' | 'joined' | 'other-options'>} by reply of the native side */
const OUTCOMES = { OK: 'opened', 1: 'joined', 2: 'other-options' };

/**
 * Opens the links of the process, or joins who did.
 *
 * @param {object} config every field of `src/config.rs`
 * @returns {Promise<'opened' | 'joined' | 'other-options'>} `other-options`: joined, and the options that differ do not count
 */
async function initialize(config) {
  const json = JSON.stringify(config);
  return OUTCOMES[await exchange.request((port, slot) => port.initialize(slot, json))];
}

/**
 * Finishes what is in flight (within the configured bound) and closes all links of the process.
 *
 * @returns {Promise<void>}
 */
async function cleanup() {
  exchange.flush();
  await exchange.request((port, slot) => port.cleanup(slot));
}

/** Whether the links of the process are open, whoever opened them. */
function isInitialized() {
  return exchange.port.isInitialized();
}

/**
 * What the links were opened with, by whomever, in the words of `describedOptions` of `connection/options/index.js`.
 *
 * @returns {Record<string, any> | undefined} undefined where none are open
 */
function describedLinks() {
  const described = exchange.port.described();
  return described === '' ? undefined : JSON.parse(described);
}

/**
 * Asks the server for a sign of life on every link.
 *
 * @returns {Promise<Health[]>}
 */
async function health() {
  return JSON.parse(await exchange.request((port, slot) => port.health(slot)));
}

/**
 * The state of the links and their counters, at this moment.
 *
 * @returns {Snapshot}
 */
function snapshot() {
  return JSON.parse(exchange.port.snapshot());
}

/**
 * Starts (or with 0 stops) the monitor, which reports by events.
 *
 * @param {number} intervalMs
 */
function monitor(intervalMs) {
  exchange.port.monitor(intervalMs);
}

/**
 * Answers a `retry` event.
 *
 * @param {number} link
 * @param {number} attempt
 * @param {number} delayMs negative to stop retrying
 */
function retryDelay(link, attempt, delayMs) {
  exchange.port.retryDelay(link, attempt, delayMs);
}

/**
 * Answers a `credentials-wanted` event.
 *
 * @param {number} id of the question
 * @param {{ granted: object } | { failure: string }} answer as of `src/credentials.rs`
 */
function answerCredentials(id, answer) {
  core().answerCredentials(id, JSON.stringify(answer));
}

/**
 * Answers an event that asks a function of the application.
 *
 * @param {number} id of the question
 * @param {{ given: unknown } | { failure: string }} answer
 */
function answerQuestion(id, answer) {
  core().answerQuestion(id, JSON.stringify(answer));
}

/**
 * Drops the socket of one connection of a link and dials again.
 *
 * @param {import('./bridge/origins').Origin} connection
 * @returns {boolean} false where the link has another one by now, or none: then nothing is to be done any more
 */
function reconnect({ link, generation }) {
  return exchange.port.reconnect(link, generation);
}

/**
 * Dials a link that was given up.
 *
 * @param {number} link
 */
function redial(link) {
  exchange.port.reconnect(link, 0);
}

/**
 * Asks for a link that nobody else uses meanwhile: this one, or any of the lanes. In a cluster it is connected to the node
 * of the slot, or to the one that is named.
 *
 * @param {number} link `ANY_LANE`, or a link's index
 * @param {number} patienceMs how long to wait for it; 0 for as long as it takes
 * @param {number} [hashSlot] in a cluster, of the keys that it is for
 * @param {string} [node] in a cluster, `host:port`: it stays there, whatever becomes of the cluster meanwhile
 * @returns {Promise<number>} the link, to be given back with `release`
 */
function lease(link, patienceMs, hashSlot = NO_SLOT, node = undefined) {
  return exchange.request((port, slot) => port.lease(slot, link, patienceMs, hashSlot, node));
}

/**
 * The link of one node of the cluster, opened when it is needed: what goes there is not routed.
 *
 * @param {number} purpose index of the purpose whose connection to the node it is
 * @param {string} address `host:port`
 * @returns {number} -1 where there is no such node
 */
function nodeLink(purpose, address) {
  return exchange.port.nodeLink(purpose, address);
}

/**
 * Gives back what `lease` gave.
 *
 * @param {number} link
 * @param {boolean} dirty whether something may still be under way on it: then its connection is replaced
 */
function release(link, dirty) {
  // What was packed for it and has not gone yet must not come after the end of the lease.
  if (dirty) exchange.flush();
  exchange.port.release(link, dirty);
}

/**
 * Puts a leased lane into monitor mode, until it is given back: then `release` must call it dirty.
 *
 * @param {number} link
 * @returns {Promise<void>} settled once the server has acknowledged
 */
function beginMonitor(link) {
  return exchange.request((port, slot) => port.beginMonitor(slot, link));
}

/**
 * The parts of a connection URL.
 *
 * @param {string} url
 * @returns {UrlParts} null for what it does not have
 */
function parseUrl(url) {
  return JSON.parse(core().parseUrl(url));
}

/**
 * The list of error codes.
 *
 * @returns {Array<{ code: string, retryable: boolean, meaning: string }>}
 */
function errorCodes() {
  return JSON.parse(core().errorCodes());
}

/**
 * Subscribes this JavaScript environment. Who wants the same twice has to count: see `lib/connection/pubsub/subscriptions.js`.
 *
 * @param {number} kind 0 channel, 1 pattern, 2 shard channel
 * @param {Uint8Array} name
 * @returns {Promise<void>} settled once the server acknowledged
 */
function subscribe(kind, name) {
  return exchange.request((port, slot) => port.subscribe(slot, kind, name));
}

/**
 * @param {number} kind 0 channel, 1 pattern, 2 shard channel
 * @param {Uint8Array} name
 * @returns {Promise<void>} settled once the server acknowledged
 */
function unsubscribe(kind, name) {
  return exchange.request((port, slot) => port.unsubscribe(slot, kind, name));
}

/**
 * Whether messages come as Buffers (or as strings).
 *
 * @param {boolean} on
 */
function wantBuffers(on) {
  exchange.port.wantBuffers(on);
}

/**
 * Tells who listens to events of the native side something that JavaScript noticed.
 *
 * @param {object} event
 */
function announce(event) {
  for (const listener of eventListeners) guarded(listener, event);
}

/** @param {(event: any) => void} listener */
function onEvent(listener) {
  eventListeners.add(listener);
}

/** @param {MessageListener} listener */
function onMessage(listener) {
  messageListeners.add(listener);
}

/** @param {(link: number, line: string) => void} listener called with each line of MONITOR */
function onLine(listener) {
  lineListeners.add(listener);
}

/**
 * Calls code of the application. What it throws is an uncaught exception, as it is in any emitter on a socket; but
 * the replies that came with the same batch are delivered all the same.
 *
 * @template {any[]} A
 * @param {(...args: A) => void} callback
 * @param {A} args
 */
function guarded(callback, ...args) {
  try {
    callback(...args);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** @type {{ core?: any, message?: string, cause?: unknown } | undefined} */
let loaded;

/** The native core. Loaded when it is first needed, so that a mere `require` of the package never fails. */
function core() {
  loaded ??= loadCore();
  const { core: found, message = '', cause } = loaded;
  if (found === undefined) throw new UnifiedRedisError('INTERNAL', message, { cause });
  return found;
}

/**
 * The core that all copies of this package in the process use: the one that was loaded first, wherever it lies. A
 * second core would hold a second set of links.
 */
function loadCore() {
  try {
    const binding = require('../binding.js');
    const [first, ...others] = binding.siblings();
    const shared = others.length > 0 ? require(first) : binding;
    if (shared.ABI_VERSION === ABI_VERSION) return { core: shared };
    const message =
      `This copy of unified-redis (${__dirname}, interface ${ABI_VERSION}) does not fit the native core that the ` +
      `process has loaded already (${first}, interface ${shared.ABI_VERSION}). Install one version of the package.`;
    return { message };
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`;
    const message =
      `The native addon of unified-redis for ${platform} (Node ${process.version}) could not be loaded: ` +
      `${reasonOf(cause)}. Reinstall the package so that its platform package is installed too, or build it with ` +
      '`npm run build` (Rust 1.88 or later).';
    return { message, cause };
  }
}

/**
 * The loader looks in several places, and tells of each as the cause of the next. A place where nothing is explains
 * less than an addon that the system refuses.
 *
 * @param {any} error
 * @returns {string}
 */
function reasonOf(error) {
  for (let each = error; typeof each?.message === 'string'; each = each.cause) {
    if (!each.message.startsWith('Cannot find ')) return each.message.replace(/\.$/, '');
  }
  return 'there is none';
}

module.exports = {
  exchange,
  replyErrorOf,
  originOf,
  CONFIGURED_TIMEOUT,
  nextTick,
  initialize,
  isInitialized,
  describedLinks,
  cleanup,
  health,
  snapshot,
  monitor,
  retryDelay,
  answerCredentials,
  answerQuestion,
  reconnect,
  redial,
  lease,
  release,
  nodeLink,
  beginMonitor,
  ANY_LANE,
  NO_SLOT,
  parseUrl,
  errorCodes,
  subscribe,
  unsubscribe,
  wantBuffers,
  onEvent,
  announce,
  onMessage,
  onLine,
  guarded,
};

/**
 * @typedef {{ host: string | null, port: number | null, path: string | null, username: string | null,
 *   password: string | null, db: number | null, tls: boolean }} UrlParts
 * @typedef {(kind: number, channel: string | Buffer, payload: string | Buffer, pattern?: string | Buffer) => void} MessageListener
 * @typedef {'connecting' | 'ready' | 'reconnecting' | 'closing' | 'end'} LinkState
 * @typedef {{ purpose: string, status: 'healthy' | 'unhealthy', latencyMs?: number, state: LinkState, code?: string,
 *   error?: string }} Health
 * @typedef {{ purpose: string, index: number, state: LinkState, since: number, reconnects: number, inFlight: number,
 *   commands: number, bytesIn: number, bytesOut: number, lastError: { code: string, message: string, at: number } | null,
 *   lastRoundTripMs: number | null, subscriptions: number, nodes?: Array<NodeLinkSnapshot> }} LinkSnapshot
 * @typedef {{ address: string, index: number, state: LinkState, inFlight: number,
 *   subscriptions: number }} NodeLinkSnapshot in a cluster
 * @typedef {{ nodes: import('./cluster/topology').Node[], sockets: { bound: number, open: number } }} ClusterSnapshot
 * @typedef {{ initialized: boolean, initializing: boolean, pid: number, purposes: LinkSnapshot[],
 *   totals: { declared: number, created: number, active: number, errors: number },
 *   lanes: { declared: number, inUse: number, waiting: number, links: LinkSnapshot[] },
 *   cluster: ClusterSnapshot | null, sentinel: SentinelSnapshot | null }} Snapshot
 * @typedef {{ name: string, role: 'master' | 'slave', master: string | null, watched: string | null,
 *   sockets: { bound: number, open: number }, sentinels: Array<{ address: string, state: 'unknown' | 'ok' | 'failed',
 *   lastError: { code: string, message: string } | null }> }} SentinelSnapshot
 */
