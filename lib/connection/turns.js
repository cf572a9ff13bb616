'use strict';

/** Lets what is asked of a handle wait for something that is under way, and goes on in the order in which it was asked. */
class Turns {
  #holds = 0;
  #isPassing = false;
  /** @type {Array<() => void>} in reverse: taking from the front of a long array moves all of it */
  #next = [];
  /** @type {Array<() => void>} those that came after these */
  #waiting = [];
  #onFree;

  /** @param {() => void} onFree nothing is held back any more */
  constructor(onFree) {
    this.#onFree = onFree;
  }

  /**
   * What is asked for from now on waits.
   *
   * @param {Promise<void>} until never rejected
   */
  hold(until) {
    this.#holds += 1;
    void until.then(() => {
      this.#holds -= 1;
      void this.#pass();
    });
  }

  /** Whether nothing has to wait. */
  get #isFree() {
    return this.#holds === 0 && !this.#isPassing;
  }

  /**
   * What the next one has to wait for. It has to go at once when that is resolved.
   *
   * @returns {Promise<void> | undefined} undefined where that is nothing. Never rejected
   */
  next() {
    return this.#isFree ? undefined : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * The same for the rest of one that has begun to go: it goes before all that waits.
   *
   * @returns {Promise<void> | undefined}
   */
  again() {
    return this.#holds === 0 ? undefined : new Promise((resolve) => this.#next.push(resolve));
  }

  async #pass() {
    if (this.#isPassing) return;
    this.#isPassing = true;
    while (this.#holds === 0) {
      if (this.#next.length === 0) this.#next = this.#waiting.splice(0).reverse();
      const go = this.#next.pop();
      if (go === undefined) break;
      go();
      // What waited for that goes now, and may hold back the rest.
      await undefined;
    }
    this.#isPassing = false;
    if (this.#isFree) this.#onFree();
  }
}

module.exports = { Turns };
