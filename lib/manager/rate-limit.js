'use strict';

/** Keys hold texts of servers, so there is no end to them. */
const MAX_KEYS = 256;

/**
 * Lets one line per key through in each interval and counts the others, so that an outage of a minute is a few lines and
 * not a few thousand. No timer: what was held back is told with the next line of its key.
 */
class RateLimit {
  #intervalMs;
  #now;
  /** @type {Map<string, { since: number, suppressed: number }>} */
  #keys = new Map();

  /**
   * @param {number} intervalMs
   * @param {() => number} [now] clock in ms, that never goes back
   */
  constructor(intervalMs, now = () => performance.now()) {
    this.#intervalMs = intervalMs;
    this.#now = now;
  }

  /**
   * @param {string} key
   * @returns {number | undefined} how many were held back since the last that passed; undefined: hold this one back
   */
  pass(key) {
    const entry = this.#keys.get(key);
    const now = this.#now();
    if (entry !== undefined && now - entry.since < this.#intervalMs) {
      entry.suppressed += 1;
      return undefined;
    }
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(key, { since: now, suppressed: 0 });
    return entry?.suppressed ?? 0;
  }
}

module.exports = { RateLimit };
