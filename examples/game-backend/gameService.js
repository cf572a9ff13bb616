'use strict';

const unifiedRedis = require('unified-redis');
const { prefix, columns, rows } = require('./config.js');

/**
 * @typedef {{ id: string, name: string, joinedAt: number }} Player
 * @typedef {{ number: number, startedAt: number, endsAt: number }} Round
 * @typedef {{ rank: number, id: string, name: string, score: number }} Standing
 * @typedef {{ type: string, [field: string]: unknown }} GameEvent
 */

const CELLS = columns * rows;
const SCORES_TTL_SECONDS = 3600;

/** All keys of the game. Its channel is `events`. */
const keys = {
  events: `${prefix}events`,
  round: `${prefix}round`,
  gems: `${prefix}gems`,
  wins: `${prefix}wins`,
  online: `${prefix}online`,
  nextPlayer: `${prefix}player:next`,
  player: (/** @type {string} */ id) => `${prefix}player:${id}`,
  scores: (/** @type {number} */ round) => `${prefix}scores:${round}`,
  tickLock: (/** @type {number} */ tick) => `${prefix}lock:tick:${tick}`,
};

/** A request that makes no sense; the message is for whoever sent it. */
class BadRequest extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * The rules of the game, and where it is kept. Gems lie on a board; who digs one up first gets its points.
 * Call it after `initialize()`: handles cost nothing, so every service takes its own.
 */
function createGameService() {
  const redis = unifiedRedis.getConnection('main');
  const publisher = unifiedRedis.getConnection('publisher');
  const redisHelper = unifiedRedis.getHelper();

  /** Tells every instance, and through it every browser. @param {GameEvent} event */
  async function publish(event) {
    await publisher.publish(keys.events, JSON.stringify(event));
  }

  /** @param {unknown} name @returns {Promise<Player>} */
  async function addPlayer(name) {
    const trimmed = typeof name === 'string' ? name.trim() : '';
    if (trimmed.length < 1 || trimmed.length > 20) throw new BadRequest(400, 'name must have 1 to 20 characters');
    const id = String(await redis.incr(keys.nextPlayer));
    const player = { id, name: trimmed, joinedAt: Date.now() };
    await redisHelper.set(keys.player(id), player);
    await publish({ type: 'joined', player });
    return player;
  }

  /** @param {string} id @returns {Promise<Player>} */
  async function findPlayer(id) {
    const player = /^\d+$/.test(id) ? await redisHelper.get(keys.player(id)) : null;
    if (!player) throw new BadRequest(404, `no player ${id}`);
    return player;
  }

  /** @returns {Promise<Round | null>} null before the first round */
  function currentRound() {
    return redisHelper.get(keys.round);
  }

  /**
   * @param {string} playerId
   * @param {unknown} cell
   * @returns {Promise<{ points: number, score: number }>} no points where no gem was, or somebody else was faster
   */
  async function dig(playerId, cell) {
    if (!Number.isInteger(cell) || Number(cell) < 0 || Number(cell) >= CELLS) {
      throw new BadRequest(400, `cell must be a whole number from 0 to ${CELLS - 1}`);
    }
    const [player, round] = await Promise.all([findPlayer(playerId), currentRound()]);
    if (!round) throw new BadRequest(409, 'no round is running');

    // Look and take in one transaction: of all who dig here at the same time, HDEL answers 1 to one only.
    const field = String(cell);
    const replies = await redis.multi().hget(keys.gems, field).hdel(keys.gems, field).exec();
    const [value, taken] = (replies ?? []).map(([error, reply]) => {
      if (error) throw error;
      return reply;
    });
    const scores = keys.scores(round.number);
    if (taken !== 1) return { points: 0, score: Number(await redis.zscore(scores, player.id)) };

    const points = Number(value);
    const score = Number(await redis.zincrby(scores, points, player.id));
    await Promise.all([
      redis.expire(scores, SCORES_TTL_SECONDS),
      publish({ type: 'dug', cell, points, score, player, round: round.number }),
    ]);
    return { points, score };
  }

  /** @param {number} round @param {number} [limit] @returns {Promise<Standing[]>} the best first */
  async function leaderboard(round, limit = 10) {
    const entries = await redis.zrevrange(keys.scores(round), 0, limit - 1, 'WITHSCORES');
    const ids = entries.filter((_, index) => index % 2 === 0);
    // One tick, so one round trip, however many players there are.
    const players = await Promise.all(ids.map((id) => redisHelper.get(keys.player(id))));
    return ids.map((id, index) => ({
      rank: index + 1,
      id,
      name: players[index]?.name ?? '?',
      score: Number(entries[index * 2 + 1]),
    }));
  }

  /** Everything that a browser needs to begin with. */
  async function state() {
    const round = await currentRound();
    const [gems, standings, wins, online] = await Promise.all([
      redis.hgetall(keys.gems),
      round ? leaderboard(round.number) : [],
      redis.zrevrange(keys.wins, 0, 9, 'WITHSCORES'),
      redis.zcount(keys.online, Date.now(), '+inf'),
    ]);
    return { columns, rows, round, gems, leaderboard: standings, wins: pairs(wins), online };
  }

  return { addPlayer, findPlayer, currentRound, dig, leaderboard, state, publish };
}

/** @param {string[]} flat member, score, member, score ... */
function pairs(flat) {
  return Object.fromEntries(flat.flatMap((member, index) => (index % 2 ? [] : [[member, Number(flat[index + 1])]])));
}

/** @typedef {ReturnType<typeof createGameService>} GameService */

module.exports = { createGameService, BadRequest, keys, CELLS };
