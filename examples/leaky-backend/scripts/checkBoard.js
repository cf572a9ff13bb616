'use strict';

// A test script as there are many: it looks at what the services have stored, prints what it found, and closes nothing.

const redisHelper = require('../config/redis');
const { redis } = require('../config/redisConfig');
const redisManager = require('../config/redisConnectionManager');
const keys = require('../services/keys');

async function check() {
  const { leaders } = await redisHelper.get(keys.round);
  const players = await redis.zCard(keys.board);
  const sum = await redisManager
    .getConnection('main', { connectionName: 'check' })
    .eval("local s = 0 for i, v in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')) do if i % 2 == 0 then s = s + v end end return s", 1, keys.board); // prettier-ignore
  console.log(JSON.stringify({ players, sum, leader: leaders[0] }));
}

check().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
