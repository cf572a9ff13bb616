'use strict';

const { default: Redis } = require('ioredis');
const manager = require('../..');
const { onCleanup, sleep, startCluster, startServer, waitFor } = require('../support');

/** How often CLIENT LIST is looked at, ms. */
const INTERVAL = 15;

/**
 * Starts a server and opens our links on it. From then on, until the test file is through, its CLIENT LIST is looked at
 * all the time, so that a library which opens a connection of its own is found out.
 *
 * @param {{ blockingConnections?: number }} [options]
 */
async function openLinks(options = {}) {
  const server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false, ...options });
  const watch = new ConnectionWatch(server.options);
  await watch.start();
  return { server, watch };
}

/**
 * The same on a Redis Cluster of three masters and their replicas.
 *
 * @param {{ blockingConnections?: number }} [options]
 */
async function openClusterLinks(options = {}) {
  const cluster = await startCluster({ masters: 3, replicasPerMaster: 1 });
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...cluster.options, logger: false, ...options });
  /** Checks that all connections to all nodes are ours, and no more than declared. */
  async function expectDeclaredOnly() {
    // Nodes keep the connections for a while over which they moved keys; one that is just being made has no name yet.
    const clients = async () => (await cluster.clientList()).filter(({ cmd }) => !/^(restore|auth)/.test(cmd));
    await waitFor(async () => (await clients()).every(({ name }) => name.startsWith(`unified-redis:${process.pid}:`)));
    const { bound, open } = manager.getStats().cluster.sockets;
    expect(open).toBeLessThanOrEqual(bound);
    expect((await clients()).length).toBeLessThanOrEqual(bound);
  }
  return { cluster, expectDeclaredOnly };
}

/** Looks at the connections of a server, by a connection of its own that does not count. */
class ConnectionWatch {
  #redis;
  #own = '';
  #isOver = false;
  /** Connections that the server had accepted when the watch began, and those that we had dialled again. */
  #accepted = 0;
  #dialledAgain = 0;
  /** @type {string[][]} names of the clients, each time */
  #seen = [];

  /** @param {{ host: string, port: number }} target */
  constructor(target) {
    this.#redis = new Redis({ ...target, disableClientInfo: true });
  }

  async start() {
    this.#own = String(await this.#redis.client('ID'));
    this.#accepted = await this.#countAccepted();
    this.#dialledAgain = countDialledAgain();
    const watching = this.#watch();
    onCleanup(async () => {
      this.#isOver = true;
      await watching;
      this.#redis.disconnect();
    });
  }

  /** Checks what has been seen since the last check: the declared connections and no others, not even for a moment. */
  async expectDeclaredOnly() {
    const { declared } = manager.getStats();
    // A lane may be being replaced just now.
    await waitFor(async () => (await this.#look()).length === declared && (await this.#countForeign()) === 0, {
      message: `${declared} connections, and none that is not ours`,
    });
    const seen = this.#seen;
    this.#seen = [];
    expect(Math.max(...seen.map((names) => names.length))).toBe(declared);
    // One that is just being made has no name yet, but was counted above.
    expect(seen.flat().filter((name) => name !== '' && !name.startsWith(`unified-redis:${process.pid}:`))).toEqual([]);
  }

  /**
   * Has the server close connections of ours.
   *
   * @param {RegExp} purpose
   */
  async kill(purpose) {
    const clients = (await this.#list()).filter(({ name }) => purpose.test(name.split(':')[2]));
    await Promise.all(clients.map(({ id }) => this.#redis.client('KILL', 'ID', id)));
  }

  async #watch() {
    while (!this.#isOver) {
      await this.#look();
      await sleep(INTERVAL);
    }
  }

  async #look() {
    const names = (await this.#list()).map(({ name }) => name);
    this.#seen.push(names);
    return names;
  }

  async #list() {
    const list = String(await this.#redis.client('LIST'))
      .trim()
      .split('\n');
    const clients = list.map((line) => Object.fromEntries(line.split(' ').map((field) => field.split('='))));
    return clients.filter(({ id }) => id !== this.#own);
  }

  /** How many connections the server has accepted, ever since the watch began, that we did not make. */
  async #countForeign() {
    return (await this.#countAccepted()) - this.#accepted - (countDialledAgain() - this.#dialledAgain);
  }

  async #countAccepted() {
    const [, count] = /total_connections_received:(\d+)/.exec(await this.#redis.info('stats')) ?? [];
    return Number(count);
  }
}

/** How often links of ours were replaced by the next. */
function countDialledAgain() {
  const { links, lanes } = manager.getStats();
  return [...links, ...lanes.links].reduce((sum, { reconnects }) => sum + reconnects, 0);
}

/**
 * Has an HTTP server listen until the test file is through.
 *
 * @param {import('node:http').RequestListener | import('node:http').Server} app
 * @returns {Promise<string>} its URL
 */
async function listen(app) {
  const server = typeof app === 'function' ? require('node:http').createServer(app) : app;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  onCleanup(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}`;
}

module.exports = { openLinks, openClusterLinks, listen };
