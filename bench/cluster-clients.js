'use strict';

/**
 * The contestants on a Redis Cluster, each with its defaults, as in clients.js. ioredis and node-redis refuse a pipeline
 * whose keys are on several nodes: their hundred GETs are issued one by one and awaited together, as their users do it
 * (ioredis-auto makes a pipeline for each node of them).
 */

/** @typedef {import('./clients.js').Session} Session */
/** @typedef {{ host: string, port: number }[]} Nodes */

/**
 * @param {Nodes} nodes
 * @param {boolean} enableAutoPipelining
 * @returns {Promise<Session>}
 */
async function connectIoredisCluster(nodes, enableAutoPipelining) {
  const { Cluster } = require('ioredis');
  const cluster = new Cluster(nodes, { enableAutoPipelining, lazyConnect: true });
  await cluster.connect();
  return { commands: cluster, pipeline: allAtOnce(cluster), close: () => cluster.disconnect() };
}

/**
 * @param {Nodes} nodes
 * @returns {Promise<Session>}
 */
async function connectNodeRedisCluster(nodes) {
  const { createCluster } = require('redis');
  const cluster = createCluster({ rootNodes: nodes.map((socket) => ({ socket })) });
  await cluster.connect();
  return { commands: cluster, pipeline: allAtOnce(cluster), close: () => cluster.close() };
}

/**
 * @param {Nodes} nodes
 * @returns {Promise<Session>}
 */
async function connectGlideCluster(nodes) {
  const { GlideClusterClient, ClusterBatch } = require('@valkey/valkey-glide');
  const client = await GlideClusterClient.createClient({
    addresses: nodes,
    requestTimeout: 10_000,
    inflightRequestsLimit: 10_000,
  });
  return {
    commands: client,
    pipeline(keys) {
      const batch = new ClusterBatch(false);
      for (const key of keys) batch.get(key);
      return client.exec(batch, true);
    },
    close: () => client.close(),
  };
}

/**
 * @param {Nodes} nodes
 * @returns {Promise<Session>}
 */
async function connectUnifiedCluster(nodes) {
  const manager = require('..');
  const options = /** @type {const} */ ({ cluster: { nodes }, tls: false, logger: false, envFile: false });
  await manager.initialize(options);
  const redis = manager.getConnection('main');
  return {
    commands: redis,
    pipeline(keys) {
      const pipeline = redis.pipeline();
      for (const key of keys) pipeline.get(key);
      return pipeline.exec();
    },
    close: () => manager.cleanup(),
  };
}

/**
 * @param {import('./clients.js').Commands} commands
 * @returns {Session['pipeline']}
 */
function allAtOnce(commands) {
  return (keys) => Promise.all(keys.map((key) => commands.get(key)));
}

module.exports = { connectIoredisCluster, connectNodeRedisCluster, connectGlideCluster, connectUnifiedCluster };
