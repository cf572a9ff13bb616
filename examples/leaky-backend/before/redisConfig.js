'use strict';

// Configuration 2: a client of node-redis. The WebSocket service uses it.

const { createClient } = require('redis');

const redis = createClient({ url: process.env.REDIS_URL ?? 'redis://localhost:6379' });

redis.on('error', (error) => console.error('redis:', error.message));
redis.connect().catch(() => {}); // reported by the event

module.exports = { redis };
