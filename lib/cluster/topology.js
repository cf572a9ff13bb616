'use strict';

/**
 * The nodes of the cluster, as the native side knows them. Read again only when it says that something changed.
 */

const bridge = require('../bridge');

/**
 * @typedef {{ address: string, host: string, port: number, role: 'master' | 'slave', slots: Array<[number, number]>,
 *   availabilityZone: string | null }} Node
 */

/** Events after which it has to be read again. */
const CHANGES = new Set(['topology', 'node', 'initialized', 'closed']);

/** @type {{ nodes: Node[], shards: Node[][], slots: string[][] | undefined } | null | undefined} undefined: to be read */
let known;

bridge.onEvent(({ type }) => {
  if (CHANGES.has(type)) known = undefined;
});

/**
 * What a snapshot says of the nodes.
 *
 * @param {{ nodes: Node[] } | null | undefined} cluster
 */
function learn(cluster) {
  known = cluster ? read(cluster) : null;
}

/** @param {{ nodes: Node[] }} cluster */
function read(cluster) {
  /** @type {Node[][]} each master with its replicas, which follow it in the list */
  const shards = [];
  for (const node of cluster.nodes) {
    if (node.role === 'master') shards.push([node]);
    else shards[shards.length - 1]?.push(node);
  }
  return { nodes: cluster.nodes, shards, slots: undefined };
}

function current() {
  if (known === undefined) learn(bridge.snapshot().cluster);
  return known;
}

/**
 * @param {'all' | 'master' | 'slave'} role
 * @returns {Node[]} masters in the order of their lowest slot, each followed by its replicas; empty where there is no cluster
 */
function nodesOf(role) {
  const nodes = current()?.nodes ?? [];
  return role === 'all' ? [...nodes] : nodes.filter((node) => node.role === role);
}

/**
 * The master of a slot, and its replicas.
 *
 * @param {number} slot
 * @returns {Node[]} empty where nobody has it
 */
function nodesOfSlot(slot) {
  return current()?.shards.find(([master]) => isOwner(master, slot)) ?? [];
}

/** The masters that have slots, in the order of their lowest one. */
function mastersWithSlots() {
  return nodesOf('master').filter(({ slots }) => slots.length > 0);
}

/** @param {Node} node that has slots */
function lowestSlot({ slots }) {
  return Math.min(...slots.map(([from]) => from));
}

/** ioredis' `slots`: the addresses of the nodes of each slot. */
function addressesBySlot() {
  const topology = current();
  if (!topology) return [];
  if (topology.slots === undefined) {
    topology.slots = [];
    for (const shard of topology.shards) {
      const addresses = shard.map(({ address }) => address);
      for (const [from, to] of shard[0].slots) {
        for (let slot = from; slot <= to; slot++) topology.slots[slot] = addresses;
      }
    }
  }
  return topology.slots;
}

/**
 * @param {Node} node
 * @param {number} slot
 */
function isOwner({ slots }, slot) {
  return slots.some(([from, to]) => from <= slot && slot <= to);
}

module.exports = { learn, nodesOf, nodesOfSlot, mastersWithSlots, lowestSlot, addressesBySlot };
