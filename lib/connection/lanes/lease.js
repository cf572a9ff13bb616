'use strict';

const bridge = require('../../bridge');

/** How often the links were closed: a lease does not outlive its link, although there may be another one in its place. */
let closings = 0;
bridge.onEvent(({ type }) => {
  if (type === 'closed') closings += 1;
});

/** The lease of a link, from the moment when it is asked for. */
class Lease {
  #since = closings;

  /** @param {Promise<number>} link */
  constructor(link) {
    this.link = link;
  }

  /** Whether the link that was leased is closed, and with it what was done on it. */
  get isVoid() {
    return this.#since !== closings;
  }

  /**
   * @param {number} link what `link` came to
   * @param {boolean} isDirty
   */
  release(link, isDirty) {
    if (!this.isVoid) bridge.release(link, isDirty);
  }
}

module.exports = { Lease };
