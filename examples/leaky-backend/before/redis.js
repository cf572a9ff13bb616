'use strict';

// Configuration 1: a client of ioredis, and helper functions on it. The scheduler uses it.

const { default: Redis } = require('ioredis');

const redis = new Redis(process.env.REDIS_URL ?? 'redis://localhost:6379');

redis.on('error', (error) => console.error('redis:', error.message));

/**
 * @param {string} key
 * @param {unknown} value
 * @param {string | null} [option]
 * @param {number | null} [ttl] seconds
 * @param {string | null} [nx]
 */
async function set(key, value, option = null, ttl = null, nx = null) {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (option === 'EX' && nx === 'NX') return (await redis.set(key, text, 'EX', Number(ttl), 'NX')) === 'OK';
  if (ttl) await redis.setex(key, ttl, text);
  else await redis.set(key, text);
  return true;
}

/** @param {string} key */
async function get(key) {
  const value = await redis.get(key);
  if (!value) return null;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** @param {string} key */
function del(key) {
  return redis.del(key);
}

function getClient() {
  return redis;
}

module.exports = { set, get, del, getClient };
