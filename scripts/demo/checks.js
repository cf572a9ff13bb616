'use strict';

const assert = require('node:assert/strict');
const { clientList, killClients, withAdmin } = require('../lib/admin.js');

const PURPOSES = ['main', 'publisher', 'subscriber', 'websocket', 'scheduler'];
const PATIENCE_MS = 10_000;

/** @typedef {import('./place.js').Place} Place */

/**
 * What a process has open on the servers, as they tell it.
 *
 * @param {Place} place
 * @param {number} pid
 */
async function connectionsOf(place, pid) {
  const clients = (await Promise.all(place.servers().map((server) => clientList(server)))).flat();
  // `laddr` is the server's end; ids are of one server only.
  return clients.filter(isOf(pid)).map(({ id, name, laddr }) => ({ name, node: laddr, key: `${laddr} ${id}` }));
}

/** @param {Place} place @param {number} pid @returns {Promise<number>} how many were closed */
async function killConnections(place, pid) {
  const killed = await Promise.all(place.servers().map((server) => killClients(server, isOf(pid))));
  return killed.reduce((sum, count) => sum + count, 0);
}

/** @param {number} pid */
function isOf(pid) {
  return (/** @type {{ name: string }} */ { name }) => name.startsWith(`game-backend:${pid}:`);
}

/**
 * As many as were declared: one for each purpose; on a cluster, at most one for each purpose and node.
 *
 * @param {Place} place
 * @param {number} pid
 * @returns {Promise<string | void>} how many, where that is not always the same
 */
async function assertConnections(place, pid) {
  const connections = await connectionsOf(place, pid);
  const purposes = connections.map(({ name }) => name.split(':')[2]);
  if (!place.cluster) return assert.deepEqual(purposes.sort(), [...PURPOSES].sort());
  assert.deepEqual([...new Set(purposes)].sort(), [...PURPOSES].sort());
  const places = connections.map(({ name, node }) => `${name} on ${node}`);
  assert.equal(new Set(places).size, places.length, `two for one purpose on one node: ${places.sort()}`);
  return `${connections.length} on ${new Set(connections.map(({ node }) => node)).size} nodes`;
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
 * @param {import('../lib/admin.js').AdminTarget} server
 * @param {string} prefix of the keys
 */
async function removeKeys(server, prefix) {
  await withAdmin(server, async (redis) => {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
      if (keys.length > 0) await redis.del(...keys);
    }
  });
}

module.exports = { CheckList, PURPOSES, assertConnections, connectionsOf, eventually, killConnections, removeKeys };
