'use strict';

/**
 * What code calls that was written for `createCluster` of the package, beside commands. Nothing of it is there while the
 * links are not those of a cluster.
 */

const { slotOf } = require('../cluster/key-slot');
const { Handle } = require('./handle');
const { Nodes } = require('./nodes');

/** @typedef {import('./nodes').ClusterNode} ClusterNode */

/** A handle that knows the nodes of a cluster. */
class ClusterHandle extends Handle {
  #nodes = new Nodes(this);

  get #ofCluster() {
    return this.view.isCluster ? this.#nodes : undefined;
  }

  /** For each slot its master, and its replicas where commands go to them: `{ master, replicas }`. */
  get slots() {
    return this._self.#ofCluster?.slots;
  }

  /** The same once for each master. */
  get shards() {
    return this._self.#ofCluster?.shards;
  }

  /** In the order of their slots. */
  get masters() {
    return this._self.#ofCluster?.masters;
  }

  /** As in the package only those that commands may go to: none, unless `scaleReads` says otherwise. */
  get replicas() {
    return this._self.#ofCluster?.replicas;
  }

  /** By `host:port`. */
  get nodeByAddress() {
    return this._self.#ofCluster?.byAddress;
  }

  /** The node of this process' subscriptions, while this handle has some. */
  get pubSubNode() {
    return this.isPubSubActive ? this._self.#ofCluster?.ofSubscriptions : undefined;
  }

  get nodeClient() {
    return this._self.#ofCluster && nodeClient;
  }

  get getRandomNode() {
    return this._self.#ofCluster && getRandomNode;
  }

  get getSlotRandomNode() {
    return this._self.#ofCluster && getSlotRandomNode;
  }

  get getNodeClientForKey() {
    return this._self.#ofCluster && getNodeClientForKey;
  }

  get getMasters() {
    return this._self.#ofCluster && getMasters;
  }

  get getSlotMaster() {
    return this._self.#ofCluster && getSlotMaster;
  }

  onShut() {
    this.#nodes.close();
  }
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
