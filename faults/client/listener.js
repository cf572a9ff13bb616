'use strict';

/**
 * @typedef {object} Heard
 * @property {[sequence: number, at: number][]} messages in the order in which they came
 * @property {{ at: number, durationMs: number }[]} gaps as the manager told them
 */

/** Subscriptions, and what came. Messages are numbers that count up. */
class Listener {
  #manager;
  #isListening = false;
  /** @type {Heard} */
  #heard = { messages: [], gaps: [] };

  /** @param {import('../..')} manager */
  constructor(manager) {
    this.#manager = manager;
    manager.on('warning', ({ code, durationMs }) => {
      if (code === 'SUBSCRIPTION_GAP') this.#heard.gaps.push({ at: Date.now(), durationMs: Number(durationMs) });
    });
  }

  /** @param {string[]} channels the first one is where the numbers come */
  async start(channels) {
    const redis = this.#manager.getConnection('websocket');
    redis.on('message', (channel, text) => {
      if (channel === channels[0]) this.#heard.messages.push([Number.parseInt(text, 10), Date.now()]);
    });
    await redis.subscribe(...channels);
    this.#isListening = true;
  }

  /**
   * @param {number} since ms since the epoch
   * @returns {number | null} when the first message came since then; `since` where nobody listens
   */
  workingSince(since) {
    if (!this.#isListening) return since;
    return this.#heard.messages.find(([, at]) => at >= since)?.[1] ?? null;
  }

  report() {
    return this.#heard;
  }
}

module.exports = { Listener };
