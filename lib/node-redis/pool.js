'use strict';

/**
 * The package's pools. There is nothing to be pooled, since handles cost nothing: a pool is a handle that gives each
 * task a handle of its own.
 *
 * @param {any} client
 * @returns {any}
 */
function createPool(client) {
  let inUse = 0;
  /** @param {(own: any) => unknown} task */
  const execute = async (task) => {
    pool.checkOpen();
    inUse += 1;
    const own = client.duplicate();
    try {
      await own.connect();
      return await task(own);
    } finally {
      inUse -= 1;
      if (own.isOpen) own.destroy();
    }
  };
  const pool = client.duplicate();
  Object.defineProperties(pool, {
    execute: { value: execute },
    use: { value: execute },
    clientsInUse: { get: () => inUse },
    totalClients: { get: () => inUse },
    idleClients: { get: () => 0 },
    tasksQueueLength: { get: () => 0 },
  });
  return pool;
}

module.exports = { createPool };
