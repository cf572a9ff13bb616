'use strict';

/**
 * What code calls that was written for `createSentinel` of the package, beside commands.
 */

const { snapshot } = require('../bridge');
const { serverAt } = require('../connection/link-view');
const { unsupported } = require('./client');

/** @type {Record<string, (this: any, ...args: any[]) => any>} */
const LEASES = {
  /**
   * Runs a task on a client of its own: what that watches is nobody else's business.
   *
   * @param {(client: any) => unknown} task
   */
  async use(task) {
    const lease = await this.acquire();
    try {
      return await task(lease);
    } finally {
      if (lease.isOpen) lease.release();
    }
  },

  /** A client of one's own, until its `release()`. It costs nothing: only what it watches takes a lane, or waits for one. */
  async acquire() {
    this.checkOpen();
    const lease = this.duplicate();
    Object.defineProperty(lease, 'release', { value: release });
    return lease.connect();
  },

  /** The master as the sentinels tell, or the server that the link is connected to: `{ host, port }`. */
  getMasterNode() {
    const { view } = this._self;
    if (view.isCluster) throw unsupported('getMasterNode(): a cluster has several; they are in `masters`');
    return serverAt(snapshot().sentinel?.master) ?? view.server;
  },

  /** The sentinel that is watched; undefined while there is none. */
  getSentinelNode() {
    const { sentinel } = snapshot();
    if (!sentinel) throw unsupported('getSentinelNode(): no sentinels were given to initialize()');
    return serverAt(sentinel.watched);
  },

  getReplicaNodes() {
    throw unsupported('getReplicaNodes(): commands go to one server; which others there are, INFO replication tells');
  },
};

/** @this {any} */
function release() {
  const self = this._self;
  if (!self.isOpen) throw new Error('RedisSentinelClient lease already released');
  self._destroy();
}

module.exports = { LEASES };
