'use strict';

const { withAdmin } = require('./admin.js');

/** Keys that are moved by one MIGRATE. */
const KEYS_AT_ONCE = 100;
const MIGRATE_TIMEOUT_MS = 5_000;

/**
 * @typedef {import('./redis-cluster.js').RedisCluster} RedisCluster
 * @typedef {import('./redis-cluster.js').ClusterNode} ClusterNode
 */

/**
 * From here on the source answers ASK for keys of the slot that it does not have, and TRYAGAIN where it has some of
 * several; so does the target to who is asking.
 *
 * @param {RedisCluster} cluster
 * @param {number} slot
 * @param {ClusterNode} to
 * @returns {Promise<ClusterNode>} the source
 */
async function startMigration(cluster, slot, to) {
  const from = await cluster.masterOf(slot);
  await cluster.command(to.port, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
  await cluster.command(from.port, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
  return from;
}

/**
 * @param {RedisCluster} cluster
 * @param {number} slot
 * @param {ClusterNode} to
 * @param {string[]} [keys] default: all that the slot has
 */
async function moveKeys(cluster, slot, to, keys) {
  const from = await cluster.masterOf(slot);
  await withAdmin(cluster.target(from.port), (redis) => migrate(redis, cluster, slot, to, keys));
}

/**
 * The target first: whoever is sent on by the source must be served there.
 *
 * @param {RedisCluster} cluster
 * @param {number} slot
 * @param {ClusterNode} to
 */
async function finishMigration(cluster, slot, to) {
  const from = await cluster.masterOf(slot);
  await withAdmin(cluster.target(from.port), (redis) => migrate(redis, cluster, slot, to));
  const others = (await cluster.masters()).filter((node) => node !== to && node !== from);
  for (const node of [to, from, ...others]) {
    await cluster.command(node.port, 'CLUSTER', 'SETSLOT', slot, 'NODE', to.id).catch(unlessItFollows);
  }
}

/**
 * A master that has given its last slot away becomes a replica of who got it, as soon as it hears of that.
 *
 * @param {Error} error
 */
function unlessItFollows(error) {
  if (!error.message.includes('SETSLOT only with masters')) throw error;
}

/**
 * Many slots, each as the halves above do it, in a connection to each master.
 *
 * @param {RedisCluster} cluster
 * @param {number[]} slots
 * @param {ClusterNode} to
 */
async function moveSlots(cluster, slots, to) {
  const masters = (await cluster.masters()).filter((node) => node !== to);
  const topology = await cluster.topology();
  await withAdmin(cluster.target(to.port), async (target) => {
    for (const from of masters) {
      const own = topology.find(({ id }) => id === from.id)?.slots ?? [];
      const moved = slots.filter((slot) => own.some(([first, last]) => slot >= first && slot <= last));
      await withAdmin(cluster.target(from.port), async (source) => {
        for (const slot of moved) {
          await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
          await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
          await migrate(source, cluster, slot, to);
          await target.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
          await source.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id).catch(unlessItFollows);
        }
      });
    }
  });
  // The target has told them by the bus, or will soon.
  await cluster.settled();
}

/**
 * @param {import('ioredis').Redis} source
 * @param {RedisCluster} cluster
 * @param {number} slot
 * @param {ClusterNode} to
 * @param {string[]} [keys] default: all that the slot has
 */
async function migrate(source, cluster, slot, to, keys) {
  const where = [to.host, to.port, '', 0, MIGRATE_TIMEOUT_MS, ...cluster.migrateAuth, 'KEYS'];
  if (keys) return void (await source.call('MIGRATE', ...where, ...keys));
  for (;;) {
    const found = await source.callBuffer('CLUSTER', 'GETKEYSINSLOT', slot, KEYS_AT_ONCE);
    if (/** @type {Buffer[]} */ (found).length === 0) return;
    await source.call('MIGRATE', ...where, .../** @type {Buffer[]} */ (found));
  }
}

module.exports = { startMigration, moveKeys, finishMigration, moveSlots };
