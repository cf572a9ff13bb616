'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { adminCommand, clientList, withAdmin } = require('./admin.js');
const { BUS_OFFSET, freePortPair } = require('./ports.js');
const { finishMigration, moveKeys, moveSlots, startMigration } = require('./cluster-slots.js');
const { identity, parseNodes } = require('./cluster-topology.js');
const { startRedisServer } = require('./redis-server.js');

const SLOTS = 16384;
/**
 * When a replica that was not elected has given up, and may be asked again: the others vote once for each master in twice
 * the time after which they believe that it is gone.
 */
const FAILOVER_TIMEOUT_MS = 6_000;
const SETTLE_DEADLINE_MS = 30_000;
const POLL_MS = 30;
const START_ATTEMPTS = 5;

/** @typedef {import('./cluster-topology.js').NodeInfo} NodeInfo */

/** One node: its process, which may be down. */
class ClusterNode {
  host = '127.0.0.1';
  /** @type {import('./redis-server.js').RunningServer | null} */
  running = null;
  /** The cluster's name for it. */
  id = '';

  /** @param {number} port @param {string} directory @param {'master' | 'slave'} role when it was started */
  constructor(port, directory, role) {
    this.port = port;
    this.directory = directory;
    this.role = role;
    this.isPaused = false;
  }

  get isUp() {
    return this.running !== null && !this.isPaused;
  }
}

/**
 * A real Redis Cluster on loopback that keeps nothing, formed by CLUSTER MEET and the like in about two seconds (which
 * is how long a node waits before it says that the cluster is there).
 */
class RedisCluster {
  #options;
  #directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-cluster-'));
  /** @type {ClusterNode[]} in the order of their start: masters first */
  nodes = [];

  /**
   * @param {object} [options]
   * @param {number} [options.masters]
   * @param {number} [options.replicasPerMaster]
   * @param {number} [options.nodeTimeout] ms after which nodes believe that a silent one is gone
   * @param {string} [options.program] default: `findServer()`
   * @param {boolean} [options.detached] in process groups of their own, see `startRedisServer()`
   * @param {(port: number, directory: string) => string[]} [options.configure] more lines of redis.conf
   * @param {Omit<import('./admin.js').AdminTarget, 'host' | 'port' | 'url'>} [options.admin] how to get in
   */
  constructor({ masters = 3, replicasPerMaster = 1, nodeTimeout = 2_000, ...rest } = {}) {
    this.#options = { masters, replicasPerMaster, nodeTimeout, ...rest };
  }

  /** Starts all nodes, and waits until each of them serves all slots. */
  async start() {
    const { masters, replicasPerMaster } = this.#options;
    try {
      const roles = Array.from({ length: masters * (1 + replicasPerMaster) }, (_, index) =>
        index < masters ? /** @type {const} */ ('master') : /** @type {const} */ ('slave'),
      );
      this.nodes = await Promise.all(roles.map((role) => this.#startNode(role)));
      await this.#form();
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this;
  }

  /** Ends all processes. Safe to call again. */
  async stop() {
    await Promise.all(this.nodes.map((node) => this.#end(node)));
    fs.rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The node at a port. @param {number} port */
  node(port) {
    const found = this.nodes.find((node) => node.port === port);
    if (!found) throw new Error(`no node of this cluster is at port ${port}`);
    return found;
  }

  /** Runs a command on a node, by a client that is not ours. @param {number} port @param {...(string | number | Buffer)} command */
  command(port, ...command) {
    return adminCommand(this.target(port), ...command);
  }

  /** How its administrator reaches a node. @param {number} port @returns {import('./admin.js').AdminTarget} */
  target(port) {
    return { host: '127.0.0.1', port, ...this.#options.admin };
  }

  /** What the cluster looks like now, asked of a node that is up. @param {ClusterNode} [asked] @returns {Promise<NodeInfo[]>} */
  async topology(asked = this.nodes.find(({ isUp }) => isUp)) {
    if (!asked) throw new Error('no node of this cluster is up');
    return parseNodes(await this.command(asked.port, 'CLUSTER', 'NODES'));
  }

  /** Masters that are alive, in the order of their start. */
  masters() {
    return this.#withRole('master');
  }

  /** Replicas that are alive, in the order of their start. @param {ClusterNode} [of] those of one master */
  replicas(of) {
    return this.#withRole('slave', of);
  }

  /** The node that serves a slot. @param {number} slot */
  async masterOf(slot) {
    const topology = await this.topology();
    const isIn = (/** @type {[number, number]} */ [from, to]) => slot >= from && slot <= to;
    const info = topology.find(({ slots, isFailed }) => !isFailed && slots.some(isIn));
    if (!info) throw new Error(`slot ${slot} is served by no node`);
    return this.node(info.port);
  }

  /** Everybody's connections, those of the nodes among themselves and the one that asks excepted; `node` is the port that each is connected to. */
  async clientList() {
    const lists = this.nodes
      .filter(({ isUp }) => isUp)
      .map(async ({ port }) => (await clientList(this.target(port))).map((client) => withNode(client, port)));
    // M: the link to a replica's master; S: that of a master to its replica.
    return (await Promise.all(lists)).flat().filter(({ flags }) => !/[MS]/.test(flags));
  }

  /** Ends a node on the spot, as a crash would. @param {ClusterNode} node */
  async kill(node) {
    node.running?.signal('SIGKILL');
    await this.#end(node);
  }

  /** Starts it again at its port, with its own idea of the cluster (and no data). @param {ClusterNode} node */
  async restart(node) {
    await this.#end(node);
    await this.#run(node);
  }

  /** It stands still: connections stay up, nothing is answered. @param {ClusterNode} node */
  pause(node) {
    node.running?.signal('SIGSTOP');
    node.isPaused = true;
  }

  /** @param {ClusterNode} node */
  resume(node) {
    node.running?.signal('SIGCONT');
    node.isPaused = false;
  }

  /** Makes a replica the master of its slots, in an orderly way. @param {ClusterNode} replica @param {'FORCE' | 'TAKEOVER'} [how] */
  async failover(replica, how) {
    const ask = () => this.command(replica.port, 'CLUSTER', 'FAILOVER', ...(how ? [how] : []));
    await ask();
    let asked = Date.now();
    await this.#until(`port ${replica.port} is a master`, async () => {
      const views = await this.#views();
      if (views.every((view) => view.find(({ port }) => port === replica.port)?.role === 'master')) return true;
      if (Date.now() - asked > FAILOVER_TIMEOUT_MS) {
        asked = Date.now();
        await ask();
      }
      return false;
    });
  }

  /**
   * Waits until the nodes that are up agree that all slots are served by some of them, and until replicas follow their
   * masters: after a master was killed, until another one has taken over.
   *
   * @param {(node: NodeInfo) => boolean} [also] something that must hold of a node in everybody's view
   */
  async settled(also = () => true) {
    await this.#until('all nodes serve the same slots', async () => {
      const views = await this.#views();
      const known = views[0].map(identity).sort().join();
      if (!views.every((view) => view.every(also) && view.map(identity).sort().join() === known)) return false;
      if (!views[0].every(({ port, slots }) => slots.length === 0 || this.node(port).isUp)) return false;
      return (await Promise.all(this.nodes.filter(({ isUp }) => isUp).map((node) => this.#serves(node)))).every(
        Boolean,
      );
    });
  }

  /** Moves slots with their keys, as redis-cli does. @param {number | number[]} slots @param {ClusterNode} to */
  async moveSlot(slots, to) {
    await moveSlots(this, [slots].flat(), to);
  }

  /** First half of a move: the slot is MIGRATING here and IMPORTING there, its keys are still here. @param {number} slot @param {ClusterNode} to */
  startMigration(slot, to) {
    return startMigration(this, slot, to);
  }

  /** Moves keys of a slot that is being migrated: all, or those that are named. @param {number} slot @param {ClusterNode} to @param {string[]} [keys] */
  moveKeys(slot, to, keys) {
    return moveKeys(this, slot, to, keys);
  }

  /** Second half: moves the keys that are left, and tells all masters. @param {number} slot @param {ClusterNode} to */
  finishMigration(slot, to) {
    return finishMigration(this, slot, to);
  }

  /** Starts one more node: a master without slots, or a replica. @param {{ replicaOf?: ClusterNode }} [options] */
  async addNode({ replicaOf } = {}) {
    const node = await this.#startNode(replicaOf ? 'slave' : 'master');
    const others = this.nodes.filter(({ isUp }) => isUp);
    this.nodes.push(node);
    for (const other of others) await this.#meet(node, other);
    await this.#until('everybody knows the new node', () => this.#isComplete());
    if (replicaOf) await this.command(node.port, 'CLUSTER', 'REPLICATE', replicaOf.id);
    await this.settled(({ id, role }) => id !== node.id || role === node.role);
    return node;
  }

  /** Has everybody forget a node, and ends it. A master must have given its slots away. @param {ClusterNode} node */
  async removeNode(node) {
    const [{ slots }] = (await this.topology()).filter(({ id }) => id === node.id);
    if (slots.length > 0) throw new Error(`port ${node.port} has slots: move them first`);
    const others = this.nodes.filter((other) => other !== node && other.isUp);
    // Ended first, or it would introduce itself again.
    await this.#end(node);
    this.nodes = this.nodes.filter((other) => other !== node);
    await Promise.all(others.map(({ port }) => this.command(port, 'CLUSTER', 'FORGET', node.id)));
    await this.settled();
  }

  /** How MIGRATE gets into another node. @returns {string[]} */
  get migrateAuth() {
    const { username, password } = this.#options.admin ?? {};
    if (password === undefined) return [];
    return username === undefined ? ['AUTH', password] : ['AUTH2', username, password];
  }

  async #form() {
    const { nodes } = this;
    const { masters } = this.#options;
    await Promise.all(
      nodes.map((node, index) =>
        withAdmin(this.target(node.port), async (redis) => {
          await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
          if (index < masters) await redis.call('CLUSTER', 'ADDSLOTS', ...share(index, masters));
        }),
      ),
    );
    // Everybody meets everybody: waiting for gossip would take seconds.
    await Promise.all(nodes.flatMap((node, index) => nodes.slice(0, index).map((other) => this.#meet(node, other))));
    await this.#until('all nodes know each other', () => this.#isComplete());
    await Promise.all(
      nodes
        .slice(masters)
        .map(({ port }, index) => this.command(port, 'CLUSTER', 'REPLICATE', nodes[index % masters].id)),
    );
    const replicas = new Set(nodes.slice(masters).map(({ id }) => id));
    await this.settled(({ id, role }) => role === (replicas.has(id) ? 'slave' : 'master'));
  }

  /** @param {ClusterNode} node @param {ClusterNode} other */
  #meet(node, other) {
    return this.command(node.port, 'CLUSTER', 'MEET', other.host, other.port, other.port + BUS_OFFSET);
  }

  /** Whether each node that is up knows all others. */
  async #isComplete() {
    const views = await this.#views();
    return views.every((view) => this.nodes.every(({ id }) => view.some((info) => info.id === id)));
  }

  /** The cluster as each node that is up sees it. */
  #views() {
    return Promise.all(this.nodes.filter(({ isUp }) => isUp).map((node) => this.topology(node)));
  }

  /** Whether a node says that the cluster is there, and (a replica) that it follows its master. @param {ClusterNode} node */
  #serves({ port }) {
    return withAdmin(this.target(port), async (redis) => {
      if (!String(await redis.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) return false;
      return !String(await redis.call('INFO', 'replication')).includes('master_link_status:down');
    });
  }

  /** @param {'master' | 'slave'} role @param {ClusterNode} [of] */
  async #withRole(role, of) {
    const topology = await this.topology();
    const ports = topology
      .filter((info) => info.role === role && !info.isFailed && (!of || info.masterId === of.id))
      .map(({ port }) => port);
    return this.nodes.filter(({ port, running }) => running && ports.includes(port));
  }

  /** @param {'master' | 'slave'} role */
  async #startNode(role) {
    for (let attempt = 1; ; attempt++) {
      const port = await freePortPair();
      const node = new ClusterNode(port, path.join(this.#directory, String(port)), role);
      fs.mkdirSync(node.directory, { recursive: true });
      try {
        await this.#run(node);
        node.id = await this.command(port, 'CLUSTER', 'MYID');
        return node;
      } catch (error) {
        // Somebody was faster.
        const isTaken = /in use|bind/i.test(/** @type {Error} */ (error).message);
        if (!isTaken || attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  /** @param {ClusterNode} node */
  async #run(node) {
    const { program, detached, nodeTimeout, configure } = this.#options;
    node.running = await startRedisServer({
      program,
      detached,
      port: node.port,
      directory: node.directory,
      configure: (port, directory) => [
        'cluster-enabled yes',
        `cluster-node-timeout ${nodeTimeout}`,
        // Replicas stay with their masters, may always be promoted, and are synchronised at once.
        'cluster-migration-barrier 1000',
        'cluster-replica-validity-factor 0',
        'repl-diskless-sync yes',
        'repl-diskless-sync-delay 0',
        'repl-ping-replica-period 1',
        ...(configure?.(port, directory) ?? []),
      ],
    });
    node.isPaused = false;
  }

  /** @param {ClusterNode} node */
  async #end(node) {
    await node.running?.stop();
    node.running = null;
    node.isPaused = false;
  }

  /** @param {string} what @param {() => Promise<boolean>} condition may throw, which counts as "not yet" */
  async #until(what, condition) {
    const deadline = Date.now() + SETTLE_DEADLINE_MS;
    let last = '';
    while (!(await condition().catch((error) => void (last = error.message)))) {
      if (Date.now() > deadline) throw new Error(`not within ${SETTLE_DEADLINE_MS / 1000} s: ${what} ${last}`);
      await sleep(POLL_MS);
    }
  }
}

/** The slots of a master. @param {number} index @param {number} masters */
function share(index, masters) {
  const from = Math.round((SLOTS * index) / masters);
  const to = Math.round((SLOTS * (index + 1)) / masters);
  return Array.from({ length: to - from }, (_, offset) => from + offset);
}

/** @param {import('./admin.js').ClientInfo} client @param {number} node where it is connected to */
function withNode(client, node) {
  return Object.assign(client, { node });
}

module.exports = { RedisCluster, ClusterNode };
