'use strict';

const { RedisCluster } = require('../../scripts/lib/redis-cluster.js');
const { findServer, serverVersion } = require('../../scripts/lib/redis-server.js');
const { createCertificates } = require('./certificates.js');
const { onCleanup } = require('./cleanup.js');
const { accessLines, tlsLines } = require('./server.js');

/**
 * @typedef {object} ClusterOptions
 * @property {number} [masters] default 3
 * @property {number} [replicasPerMaster] default 1
 * @property {number} [nodeTimeout] ms after which nodes believe that a silent one is gone; default 2000
 * @property {string} [auth] password of the default user
 * @property {string[]} [users] ACL users as in redis.conf, for instance `app on >secret ~* &* +@all`
 * @property {import('./server.js').ServerOptions['tls']} [tls] speak TLS only, on the bus too; nodes tell clients that
 *   their name is `localhost`, where the server has such a setting (Redis 7), and their address otherwise
 * @property {boolean} [mtls] speak TLS only, and demand a client certificate issued by `certificates.ca`
 * @property {boolean} [debug] allow DEBUG
 * @property {string[]} [config] more lines of redis.conf for all nodes
 */

/**
 * Starts a real Redis Cluster for this test file, stopped when the file is through.
 *
 * @param {ClusterOptions} [options]
 */
async function startCluster(options = {}) {
  const cluster = await TestCluster.create(options);
  onCleanup(() => cluster.stop());
  await cluster.start();
  return cluster;
}

class TestCluster extends RedisCluster {
  #options;

  /** One that is not started yet. @param {ClusterOptions} options */
  static async create(options) {
    return new TestCluster(options, options.tls || options.mtls ? await createCertificates() : null);
  }

  /** @param {ClusterOptions} options @param {import('./certificates.js').Certificates | null} certificates */
  constructor(options, certificates) {
    const { masters, replicasPerMaster, nodeTimeout, auth, config = [] } = options;
    super({
      masters,
      replicasPerMaster,
      nodeTimeout,
      configure: (port, directory) => [
        ...accessLines(options),
        ...(auth === undefined ? [] : [`masterauth "${auth.replace(/["\\]/g, '\\$&')}"`]),
        ...(certificates ? [...tlsLines(options, certificates, port, directory), ...busLines()] : []),
        ...config,
      ],
      admin: {
        ...(auth === undefined ? {} : { password: auth }),
        ...(certificates && {
          tls: { cert: certificates.client.cert, key: certificates.client.key, rejectUnauthorized: false },
        }),
      },
    });
    this.#options = options;
    this.certificates = certificates;
  }

  /** What to give to `initialize()` to get in (as the default user): the nodes that were masters at the start. */
  get options() {
    const { auth, mtls } = this.#options;
    const host = this.certificates ? 'localhost' : '127.0.0.1';
    const seeds = this.nodes.filter(({ role }) => role === 'master');
    return {
      cluster: { nodes: seeds.map(({ port }) => ({ host, port })) },
      ...(auth === undefined ? {} : { password: auth }),
      ...(this.certificates && {
        tls: {
          ca: this.certificates.ca.cert,
          ...(mtls ? { cert: this.certificates.client.cert, key: this.certificates.client.key } : {}),
        },
      }),
    };
  }
}

/** TLS among the nodes, and the name that clients verify. */
function busLines() {
  const lines = ['tls-cluster yes', 'tls-replication yes'];
  if (serverVersion(String(findServer()))[0] < 7) return lines;
  return [...lines, 'cluster-announce-hostname localhost', 'cluster-preferred-endpoint-type hostname'];
}

module.exports = { startCluster, TestCluster };
