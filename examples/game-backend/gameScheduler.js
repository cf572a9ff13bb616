'use strict';

const unifiedRedis = require('unified-redis');
const { tickMs, roundSeconds, maxGems } = require('./config.js');
const { keys, CELLS } = require('./gameService.js');

const LOCK_TTL_SECONDS = 10;
const GEMS_PER_TICK = 2;
const GEM_VALUES = [1, 1, 1, 2, 2, 3, 5];

/**
 * Moves the game on, one tick at a time. Every instance of the backend runs a scheduler; a lock in Redis sees to it
 * that each tick is carried out by one of them only, and if that one dies, by the next.
 */
class GameScheduler {
  #redis = unifiedRedis.getConnection('scheduler');
  #redisHelper = unifiedRedis.getHelper();
  #game;
  #stopped = false;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #running = Promise.resolve();

  /** @param {import('./gameService.js').GameService} game */
  constructor(game) {
    this.#game = game;
  }

  start() {
    // At the next multiple of tickMs, so that the instances agree which tick it is.
    this.#timer = setTimeout(
      () => {
        this.#running = this.#tick(Math.round(Date.now() / tickMs)).catch((error) => {
          // The link is down, or Redis is: the next tick tries again.
          console.error(`game: tick failed: ${error.message}`);
        });
        void this.#running.then(() => {
          if (!this.#stopped) this.start();
        });
      },
      tickMs - (Date.now() % tickMs),
    );
  }

  /** Resolves when the tick that is running, if one is, is through. */
  async stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** @param {number} tick */
  async #tick(tick) {
    const locked = await this.#redisHelper.set(keys.tickLock(tick), process.pid, 'EX', LOCK_TTL_SECONDS, 'NX');
    if (!locked) return;

    const now = Date.now();
    let round = await this.#game.currentRound();
    if (!round || now >= round.endsAt) {
      if (round) await this.#endRound(round);
      round = await this.#startRound((round?.number ?? 0) + 1, now);
    }
    await this.#spawnGems();
    const secondsLeft = Math.max(0, Math.ceil((round.endsAt - now) / 1000));
    await this.#game.publish({ type: 'tick', tick, instance: process.pid, round: round.number, secondsLeft });
  }

  /** @param {number} number @param {number} now */
  async #startRound(number, now) {
    const round = { number, startedAt: now, endsAt: now + roundSeconds * 1000 };
    await this.#redis.del(keys.gems);
    await this.#redisHelper.set(keys.round, round);
    await this.#game.publish({ type: 'round-started', round });
    return round;
  }

  /** @param {import('./gameService.js').Round} round */
  async #endRound(round) {
    const leaderboard = await this.#game.leaderboard(round.number);
    const winner = leaderboard[0] ?? null;
    if (winner) await this.#redis.zincrby(keys.wins, 1, winner.id);
    await this.#game.publish({ type: 'round-ended', round: round.number, winner, leaderboard });
  }

  async #spawnGems() {
    const room = maxGems - (await this.#redis.hlen(keys.gems));
    for (let gem = 0; gem < Math.min(room, GEMS_PER_TICK); gem++) {
      const cell = Math.floor(Math.random() * CELLS);
      const value = GEM_VALUES[Math.floor(Math.random() * GEM_VALUES.length)];
      // Where one lies already, it stays.
      const added = await this.#redis.hsetnx(keys.gems, String(cell), value);
      if (added) await this.#game.publish({ type: 'gem', cell, value });
    }
  }
}

module.exports = { GameScheduler };
