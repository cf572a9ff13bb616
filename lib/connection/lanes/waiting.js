'use strict';

const { isRedirection, relearn } = require('../cluster/routing');
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

/** How often a call follows its slot to another node. */
const MAX_MOVES = 16;

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
   * @returns {Promise<any>}
   */
  async run(link, slot, call, send) {
    const sender = this.#sender;
    const { view } = sender;
    const { command, args, timeoutMs } = call;
    // In a cluster nothing goes to replicas that could stand for what was written on another connection.
    if (command.isOfConnection && view.isOfCluster) return send(link);
    if (view.lanes === 0) {
      warnOfSharing(command.name, view.purpose);
      return send(link);
    }
    const sendOn = command.isOfConnection ? (/** @type {number} */ lane) => confirmOn(lane, link, call, send) : send;
    for (let moves = 0; ; moves++) {
      try {
        return await this.#lanes.run(timeoutMs, (lane) => this.#judged(sendOn(lane), command), slot, view.address);
      } catch (error) {
        if (!isRedirection(error) || !sender.isRouted || moves === MAX_MOVES) throw error;
        await relearn(sender, args[command.keys(args)[0]], moves);
        // The handle may have ended meanwhile.
        if (!sender.isOpen) throw sender.refusal();
      }
    }
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
