'use strict';

// What this service can be told by its environment. Where Redis is, the manager reads from REDIS_* itself.

/**
 * @param {string} name
 * @param {number} fallback
 */
function number(name, fallback) {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} must be a number that is not negative: ${text}`);
  return value;
}

module.exports = {
  /** How this service's connections are called in CLIENT LIST: `game-backend:<pid>:<purpose>`. */
  connectionName: 'game-backend',
  port: number('PORT', 3000),
  /** In front of every key and channel. */
  prefix: process.env.GAME_PREFIX || 'game:',
  tickMs: number('GAME_TICK_MS', 1000),
  roundSeconds: number('GAME_ROUND_SECONDS', 45),
  /** Simulated players, who play over HTTP and WebSocket like everybody else. */
  bots: number('GAME_BOTS', 0),
  columns: 12,
  rows: 7,
  maxGems: 14,
};
