'use strict';

/**
 * Where calls run that need a connection to themselves for a while: on a lane, one of the declared
 * `blockingConnections`.
 */

const bridge = require('../../bridge');
const { ReplyError } = require('../../errors');
const { Lease } = require('./lease');
const { isSpoilt } = require('../reconnecting');

let hasWarned = false;

/** One call, and the lane that it is on, or waits for. */
class LaneCall {
  #isOver = false;
  /** @type {Lease} */
  #lease;
  /** @type {number | undefined} once it is granted */
  #link;
  /** @type {(error: Error) => void} */
  #reject = () => {};
  /** @type {Promise<any>} */
  outcome;

  /**
   * @param {number} patienceMs
   * @param {(link: number) => Promise<any>} send
   * @param {number} slot in a cluster
   * @param {string} [address] of a node that it is for
   */
  constructor(patienceMs, send, slot, address) {
    this.#lease = new Lease(bridge.lease(bridge.ANY_LANE, patienceMs, slot, address));
    this.outcome = new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#run(send).then(resolve, reject);
    });
  }

  /** @param {(link: number) => Promise<any>} send */
  async #run(send) {
    const link = await this.#lease.link;
    if (this.#isOver) {
      this.#lease.release(link, false);
      return undefined;
    }
    this.#link = link;
    try {
      const reply = await send(link);
      this.#giveBack(false);
      return reply;
    } catch (error) {
      // Whatever failed but by a reply may still be under way on the server.
      this.#giveBack(!(error instanceof ReplyError) || isSpoilt(error));
      throw error;
    }
  }

  /**
   * Nobody waits for it any more. What is sent from here on reaches the server after its end.
   *
   * @param {Error} error
   */
  abandon(error) {
    this.#giveBack(true);
    this.#reject(error);
  }

  /** @param {boolean} isDirty */
  #giveBack(isDirty) {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#link !== undefined) this.#lease.release(this.#link, isDirty);
  }
}

/** The calls of one handle that are on lanes, or wait for one. */
class LaneCalls {
  /** @type {Set<LaneCall>} */
  #calls = new Set();

  /**
   * Runs one call on a lane, once one is free.
   *
   * @template T
   * @param {number} patienceMs how long to wait for a lane; 0 for as long as it takes
   * @param {(link: number) => Promise<T>} send
   * @param {number} [slot] in a cluster, whose node the lane is to be connected to
   * @param {string} [address] of the node, where it is to be this one
   * @returns {Promise<T>}
   */
  run(patienceMs, send, slot = bridge.NO_SLOT, address = undefined) {
    const call = new LaneCall(patienceMs, send, slot, address);
    this.#calls.add(call);
    const over = () => void this.#calls.delete(call);
    call.outcome.then(over, over);
    return call.outcome;
  }

  /** @param {Error} error for all of them */
  abandon(error) {
    for (const call of this.#calls) call.abandon(error);
  }

  /** Waits until there are none. */
  async settled() {
    await Promise.allSettled([...this.#calls].map(({ outcome }) => outcome));
  }
}

/**
 * Says once in a process' copy of the module what a blocking command does to a shared link.
 *
 * @param {string} name of the command
 * @param {string} purpose
 */
function warnOfSharing(name, purpose) {
  if (hasWarned) return;
  hasWarned = true;
  bridge.announce({
    type: 'warning',
    code: 'BLOCKING_ON_SHARED_LINK',
    message:
      `${name} holds up every other command on the connection "${purpose}" for as long as it waits. Give blocking ` +
      'commands connections of their own: initialize({ blockingConnections: 2 })',
  });
}

module.exports = { LaneCalls, warnOfSharing };
