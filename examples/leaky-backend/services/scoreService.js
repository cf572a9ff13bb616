'use strict';

const redisManager = require('../config/redisConnectionManager');
const keys = require('./keys');

/**
 * The keys of one player. With an options object for each player, this is where the connections come from.
 *
 * @param {string} name
 */
function playerConnection(name) {
  return redisManager.getConnection('main', { keyPrefix: keys.ofPlayer(name) });
}

/**
 * @param {string} name
 * @param {number} points
 */
async function addPoints(name, points) {
  const replies = await playerConnection(name).multi().incrby('points', points).incr('games').exec();
  const [total, games] = (replies ?? []).map(([error, reply]) => {
    if (error) throw error;
    return Number(reply);
  });
  await redisManager.getConnection('main').zadd(keys.board, total, name);
  return { name, points: total, games };
}

/** @param {string} name */
async function findPlayer(name) {
  const [points, games] = await playerConnection(name).mget('points', 'games');
  if (points === null) return null;
  const rank = await redisManager.getConnection('main').zrevrank(keys.board, name);
  return { name, points: Number(points), games: Number(games), rank };
}

module.exports = { addPoints, findPlayer };
