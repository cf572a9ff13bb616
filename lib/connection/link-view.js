'use strict';

/**
 * The links as handles see them. A handle names its link by purpose, for good; which link that is, and whether there is
 * one, changes with `cleanup()` and `initialize()`.
 */

const bridge = require('../bridge');
const { learn } = require('../cluster/topology');
const { UnifiedRedisError } = require('../errors');
const { choosesNodes, learnOptions, looksAtErrors } = require('./options');

/** No link of that purpose is open. */
const NO_LINK = -1;

/** The purpose whose link carries all subscriptions. Its socket is in subscriber mode then, and takes nothing else. */
const SUBSCRIBER = 'subscriber';

/** One link, shared by all handles of its purpose. */
class LinkView {
  /** @param {string} purpose */
  constructor(purpose) {
    this.purpose = purpose;
    /** @type {string | undefined} Of a node of a cluster: `host:port`. */
    this.address = undefined;
    /** The link itself. */
    this.index = NO_LINK;
    /** The link that commands go to: for `subscriber` the first of the others. */
    this.commandLink = NO_LINK;
    /** The same, where nothing has to be looked at but the arguments. */
    this.plainLink = NO_LINK;
    /** The same in a cluster, where the slot of the key has to be told. */
    this.keyedLink = NO_LINK;
    /** Whether it stands for the connections to all nodes of a cluster. */
    this.isCluster = false;
    /** How many lanes there are beside the links of the purposes. */
    this.lanes = 0;
    /** @type {Status} ioredis' words */
    this.state = 'end';
    /** @type {Set<Watcher>} Handles that are told what happens to it. */
    this.watchers = new Set();
  }

  /** The links where commands may be under way: of a cluster, those to the nodes. */
  get busyLinks() {
    if (this.commandLink === NO_LINK) return [];
    if (!this.isCluster) return [this.commandLink];
    // What was asked for in this tick counts, too.
    bridge.exchange.flush();
    const { nodes = [] } = bridge.snapshot().purposes.find(({ index }) => index === this.commandLink) ?? {};
    return nodes.flatMap(({ index, inFlight }) => (inFlight > 0 ? [index] : []));
  }

  /** Where it is connected to, or was last; undefined where that is no host and port. */
  get server() {
    const link = /** @type {any} */ (bridge.snapshot().purposes.find(({ index }) => index === this.index));
    return serverAt(link?.address);
  }

  /** What WATCH leases: one of the lanes, where there are any. */
  get leasedLink() {
    return this.lanes > 0 ? bridge.ANY_LANE : this.commandLink;
  }

  /** Whether a lease has to say for which slot it is. */
  get isOfCluster() {
    return this.isCluster;
  }

  /** Finds the link where none is known: the event that tells of new ones may still be on its way. */
  open() {
    refresh();
  }

  /** Whether its purpose is declared at this moment. */
  get isDeclared() {
    return this.index !== NO_LINK;
  }

  /** What duplicates of its handles are on. */
  get shared() {
    return /** @type {LinkView} */ (this);
  }

  /** Whether it is the connection of one handle in monitor mode. */
  get isMonitor() {
    return false;
  }

  /** A handle has ended. */
  leave() {}

  /**
   * Dials where the link was given up, as its `retryStrategy` wanted no further attempt; and the lanes, which may have
   * been given up for the same reason, and have no handles of their own.
   *
   * @returns {boolean} whether the link was among them
   */
  dial() {
    if (this.index === NO_LINK || this.state !== 'end') return false;
    const { purposes, lanes } = bridge.snapshot();
    for (const { index, state } of [...purposes, ...lanes.links]) {
      const isLane = index >= purposes.length;
      if (state === 'end' && (isLane || index === this.index)) bridge.redial(index);
    }
    this.state = 'connecting';
    return true;
  }

  /**
   * Why a command is not taken.
   *
   * @param {boolean} [mayWait] whether it might have waited for a link that is down
   * @returns {UnifiedRedisError}
   */
  refusal(mayWait = true) {
    if (this.index !== NO_LINK && this.commandLink === NO_LINK) {
      const message =
        `The connection "${SUBSCRIBER}" takes only subscriptions, and no other purpose is declared that could take ` +
        `this command. Declare one: initialize({ purposes: ['main', '${SUBSCRIBER}'] })`;
      return new UnifiedRedisError('UNSUPPORTED', message, { purpose: this.purpose });
    }
    if (this.index !== NO_LINK && this.state !== 'end' && !mayWait) {
      const message = `Stream isn't writeable and enableOfflineQueue options is false: the link ${this.purpose} is ${this.state}`;
      return new UnifiedRedisError('LINK_DOWN', message, { purpose: this.purpose, retryable: true });
    }
    return new UnifiedRedisError('CLOSED', 'Connection is closed.', { purpose: this.purpose });
  }
}

/** @param {string | null | undefined} address `host:port`; anything else is none */
function serverAt(address) {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address ?? '') ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}

/** @type {Map<string, LinkView>} */
const views = new Map();

/**
 * The link of a purpose.
 *
 * @param {string} purpose
 * @returns {LinkView}
 */
function linkView(purpose) {
  let view = views.get(purpose);
  if (view === undefined) {
    view = new LinkView(purpose);
    views.set(purpose, view);
    refresh();
  }
  return view;
}

/** Whether a purpose is declared at this moment. */
function isDeclared(/** @type {string} */ purpose) {
  const view = linkView(purpose);
  // The event that tells of new links may still be on its way.
  if (view.index === NO_LINK) refresh();
  return view.index !== NO_LINK;
}

/** Reads from the native side what links there are. */
function refresh() {
  const { purposes: links, lanes, cluster } = bridge.snapshot();
  learn(cluster);
  learnOptions();
  const first = links.find(({ purpose }) => purpose !== SUBSCRIBER)?.index ?? NO_LINK;
  for (const view of views.values()) {
    view.lanes = lanes.declared;
    view.isCluster = Boolean(cluster);
    const link = links.find(({ purpose }) => purpose === view.purpose);
    if (link === undefined) {
      view.index = view.commandLink = view.plainLink = view.keyedLink = NO_LINK;
      view.state = 'end';
      continue;
    }
    view.index = link.index;
    view.commandLink = view.purpose === SUBSCRIBER ? first : link.index;
    view.plainLink = looksAtErrors() || view.isCluster ? NO_LINK : view.commandLink;
    view.keyedLink = looksAtErrors() || choosesNodes() || !view.isCluster ? NO_LINK : view.commandLink;
    // ioredis has no word for a link that takes nothing more and finishes what it has.
    view.state = link.state === 'closing' ? 'close' : link.state;
  }
}

/** Events of one purpose. */
const TOLD = new Set(['link', 'error', 'gap', 'node']);

bridge.onEvent((event) => {
  if (event.type === 'initialized' || event.type === 'closed') {
    refresh();
    return;
  }
  const isOfAll = event.type === 'topology' || event.type === 'failover';
  if (isOfAll || (event.type === 'node' && event.purpose === undefined)) {
    for (const view of views.values()) tell(view, event);
    return;
  }
  if (!TOLD.has(event.type)) return;
  const view = views.get(event.purpose);
  if (view === undefined) return;
  if (event.type === 'link') {
    // ioredis tells of the end of an attempt that failed as of the end of a connection.
    const hasFailed = view.state === 'connecting' && (event.event === 'reconnecting' || event.event === 'end');
    if (hasFailed) tell(view, { ...event, event: 'close', delay: undefined });
    view.state = event.event;
  }
  tell(view, event);
});

/**
 * @param {LinkView} view
 * @param {any} event
 */
function tell(view, event) {
  for (const watcher of [...view.watchers]) bridge.guarded(() => watcher.onLinkEvent(event));
}

module.exports = { linkView, serverAt, isDeclared, refresh, LinkView, NO_LINK, SUBSCRIBER };

/**
 * @typedef {'wait' | 'connecting' | 'connect' | 'ready' | 'close' | 'reconnecting' | 'end' | 'monitoring'} Status
 * @typedef {{ onLinkEvent: (event: any) => void }} Watcher
 */
