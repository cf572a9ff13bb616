'use strict';

/** The Redis servers of a run: real ones, of its own, without persistence and otherwise with their defaults. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { RedisCluster } = require('../scripts/lib/redis-cluster.js');
const { startRedisServer } = require('../scripts/lib/redis-server.js');
const { createCertificates } = require('./certificate.js');

/**
 * @typedef {object} Target where clients connect
 * @property {string} host
 * @property {number} port
 * @property {string | null} ca PEM of the authority for TLS; null means plain TCP
 * @property {{ host: string, port: number }[] | null} nodes masters of a cluster; `host` and `port` are the first one's
 */

/**
 * @typedef {object} Server
 * @property {Target} target
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} program redis-server
 * @param {{ tls?: boolean, core?: number }} [options] core: the processor core to pin the server to
 * @returns {Promise<Server>}
 */
async function startServer(program, { tls = false, core } = {}) {
  const certificates = tls ? await createCertificates() : null;
  const server = await startRedisServer({
    program,
    configure: certificates === null ? undefined : (port, directory) => tlsSettings(port, directory, certificates),
  });
  // All of its threads, the ones that it has already started included.
  if (core !== undefined) execFileSync('taskset', ['-acp', String(core), String(server.pid)], { stdio: 'ignore' });
  const { host, port } = server;
  return { target: { host, port, ca: certificates?.ca ?? null, nodes: null }, stop: server.stop };
}

/**
 * Three masters without replicas.
 *
 * @param {string} program redis-server
 * @returns {Promise<Server>}
 */
async function startCluster(program) {
  const cluster = await new RedisCluster({ program, masters: 3, replicasPerMaster: 0 }).start();
  const nodes = cluster.nodes.map(({ host, port }) => ({ host, port }));
  return { target: { ...nodes[0], ca: null, nodes }, stop: () => cluster.stop() };
}

/**
 * @param {number} port
 * @param {string} directory
 * @param {import('./certificate.js').Certificates} certificates
 */
function tlsSettings(port, directory, { cert, key }) {
  const certFile = path.join(directory, 'server.crt');
  const keyFile = path.join(directory, 'server.key');
  fs.writeFileSync(certFile, cert);
  fs.writeFileSync(keyFile, key, { mode: 0o600 });
  return ['port 0', `tls-port ${port}`, `tls-cert-file ${certFile}`, `tls-key-file ${keyFile}`, 'tls-auth-clients no'];
}

module.exports = { startServer, startCluster };
