'use strict';

const { startServer } = require('./server.js');
const { waitFor } = require('./wait-for.js');

const NAME = 'mymaster';

/** In ms. */
const HURRY = {
  'info-period': 200,
  'ping-period': 100,
  'ask-period': 100,
  'publish-period': 200,
  'min-link-reconnect-period': 500,
  'slave-reconf-timeout': 2000,
  'tilt-trigger': 20_000,
};

/**
 * @typedef {object} SentinelOptions
 * @property {boolean} [tls] servers and sentinels speak TLS only
 * @property {string} [auth] password of the servers
 * @property {string} [sentinelAuth] password of the sentinels
 * @property {string[]} [sentinelUsers] their ACL users, as in redis.conf
 * @property {number} [downAfterMs] how long a server is silent before a sentinel counts it as down
 */

/**
 * Starts a master, two replicas and three sentinels that watch them, stopped when the file is through. They know each
 * other when this returns.
 *
 * @param {SentinelOptions} [options]
 */
async function startSentinelGroup(options = {}) {
  const group = new SentinelGroup(options);
  await group.start();
  return group;
}

class SentinelGroup {
  #options;
  /** @type {Array<import('./server.js').TestServer>} The first one is the master at first. */
  servers = [];
  /** @type {Array<import('./server.js').TestServer>} */
  sentinels = [];
  name = NAME;

  /** @param {SentinelOptions} options */
  constructor(options) {
    this.#options = options;
  }

  async start() {
    const { tls, auth } = this.#options;
    const common = { tls, auth, config: this.#ofServers() };
    const master = await startServer(common);
    const config = [...common.config, `replicaof 127.0.0.1 ${master.port}`];
    const replicas = await Promise.all([1, 2].map(() => startServer({ ...common, config })));
    this.servers = [master, ...replicas];
    await waitFor(
      async () => {
        const info = String(await master.command('INFO', 'replication'));
        return info.match(/state=online/g)?.length === replicas.length;
      },
      { message: 'the replicas follow the master' },
    );
    this.sentinels = await Promise.all([1, 2, 3].map(() => this.#startSentinel(master.port)));
    await Promise.all(this.sentinels.map((sentinel) => this.#settled(sentinel)));
  }

  /** What to give to `initialize()`. */
  get options() {
    const { auth, sentinelAuth, tls } = this.#options;
    return {
      sentinels: this.sentinels.map(({ port }) => ({ host: tls ? 'localhost' : '127.0.0.1', port })),
      name: NAME,
      ...(auth === undefined ? {} : { password: auth }),
      ...(sentinelAuth === undefined ? {} : { sentinelPassword: sentinelAuth }),
      ...(tls ? { tls: { ca: this.certificates?.ca.cert } } : {}),
    };
  }

  get certificates() {
    return this.servers[0].certificates;
  }

  /** The server that says that it is the master; the last of them, as an old one may not know better. */
  async master() {
    for (const server of [...this.servers].reverse()) {
      const role = await server.command('ROLE').catch(() => []);
      if (/** @type {any[]} */ (role)[0] === 'master') return server;
    }
    throw new Error('there is no master');
  }

  /** The server that a majority of the sentinels names the master. */
  async named() {
    const answers = await Promise.all(
      this.sentinels.map((sentinel) => sentinel.command('SENTINEL', 'get-master-addr-by-name', NAME).catch(() => null)),
    );
    const ports = answers.filter((answer) => answer !== null).map((answer) => Number(/** @type {any} */ (answer)[1]));
    const port = ports.find((each) => ports.filter((other) => other === each).length >= 2);
    return this.servers.find((server) => server.port === port);
  }

  /** Whether a server follows its master. @param {import('./server.js').TestServer} server */
  async isReplica(server) {
    const role = await server.command('ROLE').catch(() => []);
    const [is, , , state] = /** @type {any[]} */ (role);
    return is === 'slave' && state === 'connected';
  }

  /** @param {number} masterPort */
  async #startSentinel(masterPort) {
    const { tls, auth, sentinelAuth, sentinelUsers, downAfterMs = 700 } = this.#options;
    const config = [
      `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 2`,
      `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
      `sentinel failover-timeout ${NAME} 1000`,
      `sentinel parallel-syncs ${NAME} 2`,
      ...(tls ? ['tls-replication yes'] : []),
      ...(auth === undefined ? [] : [`sentinel auth-pass ${NAME} ${auth}`]),
      ...(sentinelAuth === undefined ? [] : [`sentinel sentinel-pass ${sentinelAuth}`]),
    ];
    const sentinel = await startServer({ sentinel: true, tls, auth: sentinelAuth, users: sentinelUsers, config });
    // Sentinels since Redis 7 can be told to hurry, and to bear a machine that halts; others take some seconds longer.
    await sentinel.command('SENTINEL', 'DEBUG', ...Object.entries(HURRY).flat()).catch(() => {});
    return sentinel;
  }

  /** @param {import('./server.js').TestServer} sentinel */
  async #settled(sentinel) {
    await waitFor(
      async () => {
        const [replicas, others] = /** @type {any[][]} */ (
          await Promise.all(['replicas', 'sentinels'].map((what) => sentinel.command('SENTINEL', what, NAME)))
        );
        return replicas.length === 2 && others.length === 2 && !/s_down|disconnected/.test(String([replicas, others]));
      },
      { message: 'the sentinel knows the others' },
    );
  }

  #ofServers() {
    const { tls, auth } = this.#options;
    return [
      'repl-diskless-sync yes',
      'repl-diskless-sync-delay 0',
      ...(tls ? ['tls-replication yes'] : []),
      ...(auth === undefined ? [] : [`masterauth ${auth}`]),
    ];
  }
}

module.exports = { startSentinelGroup, SentinelGroup };
