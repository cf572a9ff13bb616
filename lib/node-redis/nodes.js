'use strict';

/**
 * The nodes of a cluster as the package lists them: objects that stay the same as long as the nodes do, each with a client
 * of its own.
 */

const bridge = require('../bridge');
const { addressesBySlot, mastersWithSlots, nodesOf, nodesOfSlot } = require('../cluster/topology');
const { SUBSCRIBER } = require('../connection/link-view');
const { nodeView } = require('../connection/cluster/nodes');
const { clusterOptions } = require('../connection/options');

/** @typedef {{ master: ClusterNode, replicas?: ClusterNode[] }} Shard */

/** A node, and the client that the handle has for it. */
class ClusterNode {
  #parent;
  /** @type {any} */
  #client;

  /**
   * @param {any} parent
   * @param {import('../cluster/topology').Node} node
   */
  constructor(parent, { host, port, address, role }) {
    this.#parent = parent;
    this.host = host;
    this.port = port;
    this.address = address;
    this.readonly = role === 'slave';
  }

  /** Open, as the package's are. It has a socket where something of the purpose goes to this node anyway, or by its use. */
  get client() {
    const view = nodeView(this.#parent.view, this.address);
    const isCurrent = this.#client?.view === view && !this.#client.isEnded;
    if (!isCurrent) this.#client = this.#parent.onNode(view);
    return this.#client;
  }

  close() {
    if (this.#client?.isOpen) this.#client._destroy();
  }
}

/** The nodes as one handle sees them. */
class Nodes {
  #parent;
  /** @type {string[][] | undefined} what was read; another one when something has changed */
  #addresses;
  /** @type {Map<string, ClusterNode>} */
  #byAddress = new Map();
  /** @type {Shard[]} */
  #shards = [];
  /** @type {Shard[]} */
  #slots = [];

  /** @param {any} parent the handle */
  constructor(parent) {
    this.#parent = parent;
  }

  get slots() {
    this.#read();
    return this.#slots;
  }

  get shards() {
    this.#read();
    return this.#shards;
  }

  get masters() {
    return this.shards.map(({ master }) => master);
  }

  get replicas() {
    return this.shards.flatMap(({ replicas = [] }) => replicas);
  }

  get byAddress() {
    this.#read();
    return this.#byAddress;
  }

  /** The one that has the subscriptions to channels and patterns, with the handle as its client. */
  get ofSubscriptions() {
    const { nodes = [] } = bridge.snapshot().purposes.find(({ purpose }) => purpose === SUBSCRIBER) ?? {};
    const node = nodes.find(({ subscriptions }) => subscriptions > 0);
    return node && { address: node.address, client: this.#parent };
  }

  /** The clients of the nodes end with the handle. */
  close() {
    for (const node of this.#byAddress.values()) node.close();
  }

  #read() {
    const addresses = addressesBySlot();
    if (addresses === this.#addresses) return;
    this.#addresses = addresses;
    const readsReplicas = (clusterOptions()?.scaleReads ?? 'master') !== 'master';
    const wanted = readsReplicas ? nodesOf('all') : mastersWithSlots();
    const before = this.#byAddress;
    this.#byAddress = new Map(wanted.map((node) => [node.address, this.#known(before.get(node.address), node)]));
    for (const [address, node] of before) if (!this.#byAddress.has(address)) node.close();
    this.#slots = [];
    this.#shards = mastersWithSlots().map((master) => this.#shard(master, readsReplicas));
  }

  /**
   * @param {ClusterNode | undefined} known
   * @param {import('../cluster/topology').Node} node
   */
  #known(known, node) {
    if (known === undefined) return new ClusterNode(this.#parent, node);
    known.readonly = node.role === 'slave';
    return known;
  }

  /**
   * @param {import('../cluster/topology').Node} master
   * @param {boolean} readsReplicas
   * @returns {Shard}
   */
  #shard(master, readsReplicas) {
    const [first, ...others] = nodesOfSlot(master.slots[0][0]).map(
      ({ address }) => /** @type {ClusterNode} */ (this.#byAddress.get(address)),
    );
    const shard = readsReplicas ? { master: first, replicas: others } : { master: first };
    for (const [from, to] of master.slots) for (let slot = from; slot <= to; slot++) this.#slots[slot] = shard;
    return shard;
  }
}

module.exports = { Nodes, ClusterNode };
