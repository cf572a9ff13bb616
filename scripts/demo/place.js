'use strict';

const { provideRedis, provideServerProgram } = require('../lib/provide-redis.js');
const { RedisCluster } = require('../lib/redis-cluster.js');

/**
 * Where the demo plays.
 *
 * @typedef {object} Place
 * @property {string} description
 * @property {Record<string, string | undefined>} env that tells a backend of it
 * @property {() => import('../lib/admin.js').AdminTarget[]} servers that are up: one, or the nodes of a cluster
 * @property {RedisCluster | null} cluster
 * @property {() => Promise<void>} stop
 */

/** The Redis that `REDIS_URL` names, or one of our own. @returns {Promise<Place>} */
async function openServer() {
  const { url, ownServer, stop } = await provideRedis({ detached: true });
  return {
    description: ownServer ? `started Redis on ${url}` : 'using the Redis of REDIS_URL',
    env: { REDIS_URL: url },
    servers: () => [{ url }],
    cluster: null,
    stop,
  };
}

/** A cluster of our own: three masters, a replica of each. @returns {Promise<Place>} */
async function openCluster() {
  const cluster = await new RedisCluster({ program: await provideServerProgram(), detached: true }).start();
  const nodes = cluster.nodes.map(({ host, port }) => `${host}:${port}`);
  return {
    description: `started a Redis Cluster of three masters and three replicas on ${nodes.join(', ')}`,
    // What the shell says of another Redis is not for this one.
    env: { REDIS_CLUSTER_NODES: nodes.join(), REDIS_URL: undefined, REDIS_HOST: undefined, REDIS_PORT: undefined },
    servers: () => cluster.nodes.filter(({ isUp }) => isUp).map(({ port }) => cluster.target(port)),
    cluster,
    stop: () => cluster.stop(),
  };
}

module.exports = { openServer, openCluster };
