'use strict';

/**
 * The contestants, each with its defaults, except where a default would end the run (glide's limit of 1000 commands in
 * flight). A package is loaded by `connect` only, so that each process holds one client and nothing of the others.
 */

const path = require('node:path');
const {
  connectGlideCluster,
  connectIoredisCluster,
  connectNodeRedisCluster,
  connectUnifiedCluster,
} = require('./cluster-clients.js');

/** @typedef {import('./servers.js').Target} Target */

/**
 * @typedef {object} Commands what the bench asks of a client; all of them name and answer these alike
 * @property {(key: string) => Promise<any>} get
 * @property {(key: string, value: string) => Promise<any>} set
 */

/**
 * @typedef {object} Session
 * @property {Commands} commands
 * @property {(keys: string[]) => Promise<any[] | null>} pipeline GETs the keys in one pipeline, answers all replies
 * @property {() => unknown} close
 */

/**
 * @typedef {object} Contestant
 * @property {string} package folder of its package.json under node_modules, or `.` for this project
 * @property {boolean} pipelines whether it takes part in the pipeline rows of a single server
 * @property {(target: Target) => Promise<Session>} connect
 * @property {(nodes: { host: string, port: number }[]) => Promise<Session>} connectCluster
 */

/** @type {Record<string, Contestant>} */
const CONTESTANTS = {
  ioredis: {
    package: 'ioredis',
    pipelines: true,
    connect: (target) => connectIoredis(target, false),
    connectCluster: (nodes) => connectIoredisCluster(nodes, false),
  },
  // Its explicit pipelines are those of plain ioredis, which has a row for them.
  'ioredis-auto': {
    package: 'ioredis',
    pipelines: false,
    connect: (target) => connectIoredis(target, true),
    connectCluster: (nodes) => connectIoredisCluster(nodes, true),
  },
  'node-redis': {
    package: 'redis',
    pipelines: true,
    connect: connectNodeRedis,
    connectCluster: connectNodeRedisCluster,
  },
  'valkey-glide': {
    package: '@valkey/valkey-glide',
    pipelines: true,
    connect: connectGlide,
    connectCluster: connectGlideCluster,
  },
  'unified-redis': { package: '.', pipelines: true, connect: connectUnified, connectCluster: connectUnifiedCluster },
};

/**
 * @param {Target} target
 * @param {boolean} enableAutoPipelining
 * @returns {Promise<Session>}
 */
async function connectIoredis({ host, port, ca }, enableAutoPipelining) {
  const { Redis } = require('ioredis');
  const tls = ca === null ? {} : { tls: { ca } };
  const redis = new Redis({ host, port, ...tls, enableAutoPipelining, lazyConnect: true });
  await redis.connect();
  return { commands: redis, pipeline: pipelineLikeIoredis(redis), close: () => redis.disconnect() };
}

/**
 * @param {Target} target
 * @returns {Promise<Session>}
 */
async function connectUnified({ host, port, ca }) {
  const manager = require('..');
  await manager.initialize({ host, port, tls: ca === null ? false : { ca }, logger: false, envFile: false });
  const redis = manager.getConnection('main');
  return { commands: redis, pipeline: pipelineLikeIoredis(redis), close: () => manager.cleanup() };
}

/**
 * @param {any} redis
 * @returns {Session['pipeline']}
 */
function pipelineLikeIoredis(redis) {
  return (keys) => {
    const pipeline = redis.pipeline();
    for (const key of keys) pipeline.get(key);
    return pipeline.exec();
  };
}

/**
 * @param {Target} target
 * @returns {Promise<Session>}
 */
async function connectNodeRedis({ host, port, ca }) {
  const { createClient } = require('redis');
  const client = createClient({ socket: ca === null ? { host, port } : { host, port, tls: true, ca } });
  await client.connect();
  return {
    commands: client,
    pipeline(keys) {
      const multi = client.multi();
      for (const key of keys) multi.get(key);
      return multi.execAsPipeline();
    },
    close: () => client.close(),
  };
}

/**
 * @param {Target} target
 * @returns {Promise<Session>}
 */
async function connectGlide({ host, port, ca }) {
  const { GlideClient, Batch } = require('@valkey/valkey-glide');
  const client = await GlideClient.createClient({
    addresses: [{ host, port }],
    useTLS: ca !== null,
    requestTimeout: 10_000,
    inflightRequestsLimit: 10_000,
    ...(ca === null ? {} : { advancedConfiguration: { tlsAdvancedConfiguration: { rootCertificates: ca } } }),
  });
  return {
    commands: client,
    pipeline(keys) {
      const batch = new Batch(false);
      for (const key of keys) batch.get(key);
      return client.exec(batch, true);
    },
    close: () => client.close(),
  };
}

/**
 * The installed version of a contestant. Read from the file: not every package lets its package.json be required.
 * @param {Contestant} contestant
 * @returns {string}
 */
function versionOf(contestant) {
  const root = path.join(__dirname, '..');
  const folder = contestant.package === '.' ? root : path.join(root, 'node_modules', contestant.package);
  return require(path.join(folder, 'package.json')).version;
}

module.exports = { CONTESTANTS, versionOf };
