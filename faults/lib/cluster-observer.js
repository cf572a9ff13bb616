'use strict';

const { Observer } = require('./observer.js');

/** @typedef {import('../../scripts/lib/redis-cluster.js').ClusterNode} ClusterNode */

/** How often it is looked whether a node was added or removed. */
const NODES_EVERY_MS = 50;

/** One observer for each node of a cluster, as a whole. */
class ClusterObserver {
  /** The connections that it counts begin with this name: an administrator comes and goes. */
  static WATCHED = 'faults-application';

  #cluster;
  /** @type {Map<ClusterNode, Observer>} */
  #observers = new Map();
  /** @type {Observer[]} of nodes that were removed */
  #former = [];
  #timer;
  mostNodes = 0;

  /** @param {import('../../__test__/support/cluster.js').TestCluster} cluster */
  constructor(cluster) {
    this.#cluster = cluster;
    this.#look();
    this.#timer = setInterval(() => this.#look(), NODES_EVERY_MS);
  }

  /** The most connections that one node had at a time. */
  get mostClients() {
    return Math.max(...this.#all().map(({ mostClients }) => mostClients));
  }

  /** The most connections of one purpose that one node had at a time. */
  get mostAlike() {
    return Math.max(...this.#all().map(({ mostAlike }) => mostAlike));
  }

  /** The node that messages are published on: spare it, or some are lost that nobody can know of. */
  get home() {
    return this.#cluster.nodes[2];
  }

  get published() {
    return this.#of(this.home).published;
  }

  /** Wherever its key is. @param {string} name @param {...(string | number | Buffer)} args @returns {Promise<any>} */
  async command(name, ...args) {
    let node = this.home;
    for (;;) {
      try {
        return await this.#of(node).command(name, ...args);
      } catch (error) {
        const moved = /^MOVED \d+ .*:(\d+)$/.exec(/** @type {Error} */ (error).message);
        if (!moved) throw error;
        node = this.#cluster.node(Number(moved[1]));
      }
    }
  }

  /** @param {string} channel @param {number} everyMs */
  publish(channel, everyMs) {
    return this.#of(this.home).publish(channel, everyMs);
  }

  stop() {
    clearInterval(this.#timer);
    for (const observer of this.#all()) observer.stop();
  }

  #look() {
    const { nodes } = this.#cluster;
    for (const node of nodes) this.#of(node);
    for (const [node, observer] of this.#observers) {
      if (nodes.includes(node)) continue;
      this.#observers.delete(node);
      observer.stop();
      this.#former.push(observer);
    }
    this.mostNodes = Math.max(this.mostNodes, nodes.length);
  }

  /** @param {ClusterNode} node */
  #of(node) {
    const { host, port } = node;
    const { certificates } = this.#cluster;
    let observer = this.#observers.get(node);
    if (!observer) {
      const tls = certificates && { ...certificates.client, rejectUnauthorized: false };
      observer = new Observer({ host, port, ...(tls && { tls }) }, ({ name }) =>
        name.startsWith(ClusterObserver.WATCHED),
      );
      this.#observers.set(node, observer);
    }
    return observer;
  }

  #all() {
    return [...this.#observers.values(), ...this.#former];
  }
}

module.exports = { ClusterObserver };
