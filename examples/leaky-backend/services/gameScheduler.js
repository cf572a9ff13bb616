'use strict';

const redisHelper = require('../config/redis');
const redisManager = require('../config/redisConnectionManager');
const keys = require('./keys');

const LEADERS = 3;

/** Counts rounds, and tells everybody who leads. Of several instances one does it. */
class GameScheduler {
  #instance = `instance-${process.pid}`;
  #publisher = redisManager.getConnection('publisher', { connectionName: 'scheduler' });
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {number} intervalMs */
  start(intervalMs) {
    this.#timer = setInterval(() => {
      this.#tick().catch((error) => console.error('scheduler:', error.message));
    }, intervalMs);
  }

  stop() {
    clearInterval(this.#timer);
  }

  async #tick() {
    const isOurs = await redisHelper.set(keys.lock, { instance: this.#instance }, 'EX', 10, 'NX');
    if (!isOurs) return;
    try {
      const redis = redisHelper.getClient();
      const flat = await redis.zrevrange(keys.board, 0, LEADERS - 1, 'WITHSCORES');
      /** @type {{ name: string, points: number }[]} */
      const leaders = [];
      for (let at = 0; at < flat.length; at += 2) leaders.push({ name: flat[at], points: Number(flat[at + 1]) });
      await redisHelper.set(keys.round, { number: await redis.incr(`${keys.round}:number`), leaders });
      await this.#publisher.publish(keys.events, JSON.stringify({ type: 'leaders', leaders }));
    } finally {
      await redisHelper.del(keys.lock);
    }
  }
}

module.exports = { GameScheduler };
