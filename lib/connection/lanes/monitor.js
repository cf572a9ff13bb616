'use strict';

/**
 * MONITOR. It takes a connection for itself, so a monitor leases a lane, and has it until it ends; the native side sends
 * MONITOR again on each new connection of the lane.
 */

const bridge = require('../../bridge');
const { UnifiedRedisError } = require('../../errors');
const { Lease } = require('./lease');
const { ledger } = require('../ledger');

const UNDECLARED =
  'MONITOR takes a connection for itself, and none is declared that could be spared. Declare one: ' +
  'initialize({ blockingConnections: 1 })';

const OF_ONE_NODE =
  'MONITOR tells of the commands of one node, and this handle stands for all of them. Choose a node: nodes()[0].monitor()';

/** @type {Map<number, Monitor>} by lane */
const monitors = new Map();

/**
 * What a monitor tells.
 *
 * @typedef {object} Receiver
 * @property {(line: string) => void} onLine as the server sent it
 * @property {(event: any) => void} onLinkEvent something happened to the connection; `monitoring`: MONITOR was sent again
 * @property {(gap: { durationMs: number, dropped: number }) => void} onGap lines were missed
 * @property {(error: Error) => void} onRefused the server does not allow it any more, so the monitor has ended
 */

/** One monitor. It stands from `begin()` to `end()`, and keeps the process alive meanwhile. */
class Monitor {
  /** @type {Lease | undefined} */
  #lease;
  /** @type {number | undefined} once it stands */
  #link;

  /**
   * @param {string} purpose of its handle
   * @param {Receiver} receiver
   */
  constructor(purpose, receiver) {
    this.purpose = purpose;
    this.receiver = receiver;
  }

  /** Whether it has ended without a word of the application, for the ledger. */
  get isGone() {
    return this.#lease === undefined || this.#lease.isVoid;
  }

  /**
   * @param {import('../link-view').LinkView} link that its handle has
   * @param {number} patienceMs how long to wait for one
   * @returns {Promise<void>} settled once the server sends what it executes
   */
  async begin(link, patienceMs) {
    if (link.isCluster) throw unsupported(this.purpose, OF_ONE_NODE);
    if (bridge.snapshot().lanes.declared === 0) throw unsupported(this.purpose, UNDECLARED);
    const lease = new Lease(bridge.lease(bridge.ANY_LANE, patienceMs, bridge.NO_SLOT, link.address));
    this.#lease = lease;
    ledger.enter(this, { kind: 'monitor', what: 'of the commands of the server', purpose: this.purpose });
    try {
      const lane = await lease.link;
      if (this.#lease !== lease) {
        // It was ended before it had the lane.
        lease.release(lane, false);
      } else {
        this.#link = lane;
        await bridge.beginMonitor(lane);
      }
    } catch (error) {
      if (this.#lease === lease) this.end();
      throw error;
    }
    if (this.#lease !== lease || lease.isVoid) {
      throw new UnifiedRedisError('CLOSED', 'Connection is closed.', { purpose: this.purpose });
    }
    monitors.set(/** @type {number} */ (this.#link), this);
  }

  /** Gives the lane back. Does nothing the second time. */
  end() {
    const [lease, link] = [this.#lease, this.#link];
    this.#lease = undefined;
    this.#link = undefined;
    ledger.strike(this);
    if (lease === undefined || link === undefined) return;
    if (monitors.get(link) === this) monitors.delete(link);
    lease.release(link, true);
  }
}

/**
 * @param {string} purpose
 * @param {string} message
 */
function unsupported(purpose, message) {
  return new UnifiedRedisError('UNSUPPORTED', message, { purpose });
}

bridge.onLine((link, line) => monitors.get(link)?.receiver.onLine(line));

bridge.onEvent((event) => {
  const monitor = monitors.get(event.link);
  if (monitor === undefined) return;
  const { receiver } = monitor;
  switch (event.type) {
    case 'link':
      if (event.event === 'end') monitor.end();
      bridge.guarded(() => receiver.onLinkEvent(event));
      break;
    case 'monitoring':
      bridge.guarded(() => receiver.onLinkEvent({ ...event, type: 'link', event: 'monitoring' }));
      bridge.guarded(() => receiver.onGap({ durationMs: event.durationMs, dropped: 0 }));
      break;
    case 'gap':
      bridge.guarded(() => receiver.onGap({ durationMs: event.durationMs, dropped: event.dropped }));
      break;
    case 'error':
      bridge.guarded(() => receiver.onLinkEvent(event));
      break;
    case 'monitor-refused':
      monitor.end();
      bridge.guarded(() => receiver.onRefused(bridge.replyErrorOf(event.message, { command: undefined, args: [] })));
      break;
  }
});

module.exports = { Monitor };
