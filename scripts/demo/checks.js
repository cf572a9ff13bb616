'use strict';

const assert = require('node:assert/strict');
const { clientList, withAdmin } = require('../lib/admin.js');

const PURPOSES = ['main', 'publisher', 'subscriber', 'websocket', 'scheduler'];
const PATIENCE_MS = 10_000;

/**
 * What a process has open on the server, as the server tells it.
 *
 * @param {string} url of Redis
 * @param {number} pid
 */
async function connectionsOf(url, pid) {
  return (await clientList({ url })).filter(({ name }) => name.startsWith(`game-backend:${pid}:`));
}

/**
 * Exactly five, one for each purpose.
 *
 * @param {string} url
 * @param {number} pid
 */
async function assertFiveConnections(url, pid) {
  const names = (await connectionsOf(url, pid)).map(({ name }) => name.split(':')[2]);
  assert.deepEqual(names.sort(), [...PURPOSES].sort());
}

/**
 * Asks until the answer is yes. What is checked this way takes a moment by its nature, such as a reconnect.
 *
 * @param {string} what
 * @param {() => Promise<boolean>} condition
 */
async function eventually(what, condition) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    if (await condition()) return;
    assert.ok(Date.now() < deadline, `not within ${PATIENCE_MS / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/**
 * Runs checks one after another and prints a line for each. After the first that fails, nothing is worth checking: it
 * throws.
 */
class CheckList {
  passed = 0;

  /**
   * @param {string} what
   * @param {() => Promise<string | void>} check throws when it does not hold; may return a detail worth printing
   */
  async check(what, check) {
    try {
      const detail = await check();
      this.passed++;
      console.log(`  ok    ${what}${detail ? ` (${detail})` : ''}`);
    } catch (error) {
      console.log(`  FAIL  ${what}`);
      throw error;
    }
  }
}

/**
 * Removes what a round leaves in a Redis that may be somebody's own.
 *
 * @param {string} url
 * @param {string} prefix of the keys
 */
async function removeKeys(url, prefix) {
  await withAdmin({ url }, async (redis) => {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
      if (keys.length > 0) await redis.del(...keys);
    }
  });
}

module.exports = { CheckList, PURPOSES, assertFiveConnections, connectionsOf, eventually, removeKeys };
