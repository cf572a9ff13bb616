'use strict';

const { followSlot } = require('../cluster/routing');
const { LANE } = require('../reconnecting');
const { confirm, UNMARKED } = require('./confirmation');
const { LaneCalls, warnOfSharing } = require('./lanes');

/**
 * @typedef {object} Call
 * @property {import('../../commands').Command} command
 * @property {ReadonlyArray<string | number | Uint8Array>} args prepared
 * @property {number} flags
 * @property {number} timeoutMs
 * @property {((reply: any) => unknown) | undefined} [transform] what becomes of the reply
 */

/** The calls of one handle that wait on the server, such as BLPOP: on lanes, where there are any. */
class WaitingCalls {
  #sender;
  #lanes = new LaneCalls();

  /** @param {import('../sender').Sender} sender */
  constructor(sender) {
    this.#sender = sender;
  }

  /**
   * On a lane, and on one to another node where the slot has moved there meanwhile. Where there are none on the link, as
   * ioredis does it.
   *
   * @param {number} link that the handle's commands go to
   * @param {number} slot in a cluster
   * @param {Call} call
   * @param {(link: number) => Promise<any>} send
   * @param {() => boolean} [mayGo] asked when it is about to be sent; if not, it is given up
   * @returns {Promise<any>}
   */
  async run(link, slot, call, send, mayGo = () => true) {
    const sender = this.#sender;
    const { view } = sender;
    const { command, args, timeoutMs } = call;
    const go = async (/** @type {number} */ on) => {
      if (!mayGo()) return undefined;
      return command.isOfConnection && on !== link ? confirmOn(on, link, call, send) : send(on);
    };
    // In a cluster nothing goes to replicas that could stand for what was written on another connection.
    if (command.isOfConnection && view.isOfCluster) return go(link);
    if (view.lanes === 0) {
      warnOfSharing(command.name, view.purpose);
      return go(link);
    }
    const onLane = (/** @type {number} */ lane) => this.#judged(go(lane), command);
    return followSlot(
      sender,
      () => args[command.keys(args)[0]],
      () => this.#lanes.run(timeoutMs, onLane, slot, view.address),
    );
  }

  /** @param {Error} error for all that are on a lane, or wait for one */
  abandon(error) {
    this.#lanes.abandon(error);
  }

  /** Waits until there are none on lanes. */
  settled() {
    return this.#lanes.settled();
  }

  /**
   * @param {Promise<any>} reply on a lane
   * @param {import('../../commands').Command} command
   */
  async #judged(reply, command) {
    try {
      return await reply;
    } catch (error) {
      // Before the lane is given back, as that depends on it.
      this.#sender.reconnecting.judge(error, command, LANE);
      throw error;
    }
  }
}

/**
 * @param {number} lane
 * @param {number} link that the call is about
 * @param {Call} call
 * @param {(link: number) => Promise<any>} send
 */
async function confirmOn(lane, link, call, send) {
  const reply = await confirm(lane, link, call);
  if (reply === UNMARKED) return send(link);
  return call.transform === undefined ? reply : call.transform(reply);
}

module.exports = { WaitingCalls };
