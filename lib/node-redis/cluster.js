'use strict';

/**
 * What code calls that was written for `createCluster` of the package, beside commands. Nothing of it is there while the
 * links are not those of a cluster.
 */

const { slotOf } = require('../cluster/key-slot');
const { Handle } = require('./handle');
const { Nodes } = require('./nodes');

/** @typedef {import('./nodes').ClusterNode} ClusterNode */

/** A handle that knows the nodes of a cluster, where its links are those of one. */
class ClusterHandle extends Handle {
  #nodes = new Nodes(this);

  /** @param {ConstructorParameters<typeof Handle>} args */
  constructor(...args) {
    super(...args);
    this.onLinks();
  }

  /** Members of its own and not of the class: libraries ask by `'masters' in client` whether it is a cluster's. */
  onLinks() {
    const { isCluster } = this.view;
    if (isCluster === Object.hasOwn(this, 'masters')) return;
    const members = membersOf(this, this.#nodes);
    if (isCluster) Object.defineProperties(this, members);
    else for (const name of Object.keys(members)) Reflect.deleteProperty(this, name);
  }

  onShut() {
    this.#nodes.close();
  }
}

/**
 * @param {ClusterHandle} handle
 * @param {Nodes} nodes
 */
function membersOf(handle, nodes) {
  return Object.getOwnPropertyDescriptors({
    /** For each slot its master, and its replicas where commands go to them: `{ master, replicas }`. */
    get slots() {
      return nodes.slots;
    },
    /** The same once for each master. */
    get shards() {
      return nodes.shards;
    },
    /** In the order of their slots. */
    get masters() {
      return nodes.masters;
    },
    /** As in the package only those that commands may go to: none, unless `scaleReads` says otherwise. */
    get replicas() {
      return nodes.replicas;
    },
    /** By `host:port`. */
    get nodeByAddress() {
      return nodes.byAddress;
    },
    /** The node of this process' subscriptions, while this handle has some. */
    get pubSubNode() {
      return handle.isPubSubActive ? nodes.ofSubscriptions : undefined;
    },
    nodeClient,
    getRandomNode,
    getSlotRandomNode,
    getNodeClientForKey,
    getMasters,
    getSlotMaster,
  });
}

/**
 * The client of a node: what is asked of it goes there, wherever the keys are.
 *
 * @this {any}
 * @param {{ address: string }} node of this cluster
 * @returns {Promise<any>}
 */
async function nodeClient({ address }) {
  const node = this.nodeByAddress.get(address);
  if (node === undefined) throw new Error(`Cannot find node ${address}`);
  return node.client;
}

/**
 * Another one at every call, masters and replicas.
 *
 * @this {any}
 * @returns {ClusterNode}
 */
function getRandomNode() {
  const nodes = [...this.masters, ...this.replicas];
  return nodes[Math.floor(Math.random() * nodes.length)];
}

/**
 * One of those that have a slot.
 *
 * @this {any}
 * @param {number} slot
 * @returns {ClusterNode}
 */
function getSlotRandomNode(slot) {
  const { master, replicas = [] } = this.slots[slot];
  return [master, ...replicas][Math.floor(Math.random() * (1 + replicas.length))];
}

/**
 * The client of the node that has a key, for instance to watch it there.
 *
 * @this {any}
 * @param {string | Buffer} key
 * @param {boolean} [isReadonly] whether a replica will do
 */
async function getNodeClientForKey(key, isReadonly = false) {
  const slot = slotOf(key);
  return (isReadonly ? this.getSlotRandomNode(slot) : this.slots[slot].master).client;
}

/** @this {any} */
function getMasters() {
  return this.masters;
}

/**
 * @this {any}
 * @param {number} slot
 */
function getSlotMaster(slot) {
  return this.slots[slot].master;
}

module.exports = { ClusterHandle };
