'use strict';

/**
 * Who waits for which reply. A slot number travels with a request and comes back with its reply, in any order.
 */

const INITIAL_SLOTS = 4096;

/** What waits in a slot: the two ends of a promise, and what an error should tell about its command. */
class Request {
  /**
   * @param {(value: any) => void} resolve
   * @param {(error: Error) => void} reject
   * @param {import('../commands').Command | undefined} command
   * @param {ReadonlyArray<unknown>} args
   * @param {number} flags
   * @param {((reply: any) => unknown) | undefined} transform what becomes of the reply before it is delivered
   */
  constructor(resolve, reject, command, args, flags, transform) {
    this.resolve = resolve;
    this.reject = reject;
    this.command = command;
    this.args = args;
    this.flags = flags;
    this.transform = transform;
  }
}

/** All open requests of this JavaScript environment. */
class Slots {
  constructor() {
    /** @type {Array<Request | undefined>} by slot */
    this.requests = new Array(INITIAL_SLOTS).fill(undefined);
    /** The free slots; the one freed last is on top, so that few of them stay in the processor's cache. */
    this.free = Int32Array.from({ length: INITIAL_SLOTS }, (_, index) => INITIAL_SLOTS - 1 - index);
    this.freeCount = INITIAL_SLOTS;
  }

  /** How many requests are open. */
  get open() {
    return this.requests.length - this.freeCount;
  }

  /**
   * @param {Request} request
   * @returns {number} its slot
   */
  take(request) {
    if (this.freeCount === 0) this.#grow();
    const slot = this.free[--this.freeCount];
    this.requests[slot] = request;
    return slot;
  }

  /**
   * Frees a slot.
   *
   * @param {number} slot
   * @returns {Request | undefined} what waited in it
   */
  release(slot) {
    const request = this.requests[slot];
    if (request !== undefined) {
      this.requests[slot] = undefined;
      this.free[this.freeCount++] = slot;
    }
    return request;
  }

  #grow() {
    const before = this.requests.length;
    for (let slot = before; slot < before * 2; slot++) this.requests.push(undefined);
    this.free = new Int32Array(before * 2);
    for (let slot = before * 2 - 1; slot >= before; slot--) this.free[this.freeCount++] = slot;
  }
}

module.exports = { Request, Slots };
