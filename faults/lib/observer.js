'use strict';

const fs = require('node:fs');
const { default: Redis } = require('ioredis');

/** Our own connection's name, to tell it from those that are watched. */
const NAME = 'faults-observer';

const DESCRIPTORS_EVERY_MS = 10;
const CLIENT_LIST_EVERY_MS = 50;

/**
 * A connection of another client to a server of a scenario: it asks for CLIENT LIST all the time, publishes numbers, and
 * does what an administrator does.
 */
class Observer {
  #redis;
  /** @type {NodeJS.Timeout[]} */
  #timers = [];
  #isAsking = false;
  /** The most connections that the server had at a time, this one excepted. */
  mostClients = 0;
  /** The most of one name that it had at a time. */
  mostAlike = 0;
  /** @type {number[]} when each number was published, ms since the epoch */
  published = [];

  #counts;

  /**
   * @param {import('ioredis').RedisOptions} options
   * @param {(client: { name: string }) => boolean} [counts] which connections count, where there are others of ours
   */
  constructor(options, counts = () => true) {
    this.#counts = counts;
    this.#redis = new Redis({
      ...options,
      connectionName: NAME,
      retryStrategy: () => 20,
      maxRetriesPerRequest: null,
      // It would wait for a whole second where the server is still loading.
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
      disableClientInfo: true,
    });
    // It reconnects; what it lost is counted nowhere.
    this.#redis.on('error', () => {});
    this.#timers.push(setInterval(() => this.#ask(), CLIENT_LIST_EVERY_MS));
  }

  /** @param {string} name @param {...(string | number | Buffer)} args @returns {Promise<any>} */
  command(name, ...args) {
    return this.#redis.call(name, ...args);
  }

  /** Publishes numbers that count up, and remembers when. @param {string} channel @param {number} everyMs */
  publish(channel, everyMs) {
    const timer = setInterval(() => {
      if (this.#redis.status !== 'ready') return;
      const number = this.published.push(Date.now()) - 1;
      // Refused or lost: nobody has to have heard it.
      this.#redis.publish(channel, String(number)).catch(() => delete this.published[number]);
    }, everyMs);
    this.#timers.push(timer);
    return () => clearInterval(timer);
  }

  /** Publishes much. @param {string} channel @param {{ everyMs: number, messages: number, bytes: number }} options */
  flood(channel, { everyMs, messages, bytes }) {
    const text = 'x'.repeat(bytes);
    const timer = setInterval(() => {
      for (let index = 0; index < messages; index++) this.#redis.publish(channel, text).catch(() => {});
    }, everyMs);
    this.#timers.push(timer);
    return () => clearInterval(timer);
  }

  /** Closes every connection but this one. */
  async killClients() {
    const kills = ['normal', 'pubsub'].map((type) => this.command('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes'));
    return (await Promise.all(kills)).reduce((sum, killed) => sum + Number(killed), 0);
  }

  /** Connections of clients, this one excepted. @returns {Promise<{ id: string, name: string, flags: string }[]>} */
  async clients() {
    const lines = String(await this.command('CLIENT', 'LIST'))
      .trim()
      .split('\n');
    const clients = lines.map((line) => {
      /** @param {string} field */
      const value = (field) => new RegExp(`(?:^| )${field}=(\\S*)`).exec(line)?.[1] ?? '';
      return { id: value('id'), name: value('name'), flags: value('flags') };
    });
    return clients.filter((client) => client.name !== NAME && !/[SM]/.test(client.flags) && this.#counts(client));
  }

  stop() {
    for (const timer of this.#timers) clearInterval(timer);
    this.#redis.disconnect();
  }

  async #ask() {
    if (this.#isAsking || this.#redis.status !== 'ready') return;
    this.#isAsking = true;
    try {
      const clients = await this.clients();
      this.mostClients = Math.max(this.mostClients, clients.length);
      /** @type {Map<string, number>} */
      const alike = new Map();
      for (const { name } of clients) alike.set(name, (alike.get(name) ?? 0) + 1);
      this.mostAlike = Math.max(this.mostAlike, ...alike.values());
    } catch {
      // The server is away.
    } finally {
      this.#isAsking = false;
    }
  }
}

/** Counts a process's sockets from outside, every 10 ms, also while its event loop is blocked. */
class DescriptorWatch {
  #pid;
  #timer;
  #before;
  most = 0;

  /** @param {number} pid of a process that has not opened any link yet */
  constructor(pid) {
    this.#pid = pid;
    this.#before = new Set(this.#sockets());
    this.#timer = setInterval(() => this.#look(), DESCRIPTORS_EVERY_MS);
  }

  static get isPossible() {
    return fs.existsSync('/proc/self/fd');
  }

  now() {
    return this.#opened().length;
  }

  stop() {
    clearInterval(this.#timer);
  }

  #look() {
    const sockets = this.#opened();
    if (sockets.length <= this.most) return;
    // Looking up a name takes sockets of other kinds, for a moment. A connection that was reset is in no table.
    const others = this.#otherKinds();
    const still = new Set(this.#opened());
    const connections = sockets.filter((socket) => !others.has(socket) && still.has(socket));
    this.most = Math.max(this.most, connections.length);
  }

  #opened() {
    return this.#sockets().filter((socket) => !this.#before.has(socket));
  }

  /** @returns {string[]} `socket:[inode]` */
  #sockets() {
    const directory = `/proc/${this.#pid}/fd`;
    const targets = list(directory).map((name) => {
      try {
        return fs.readlinkSync(`${directory}/${name}`);
      } catch {
        // Closed meanwhile.
        return '';
      }
    });
    return targets.filter((target) => target.startsWith('socket:'));
  }

  #otherKinds() {
    const tables = Object.entries({ udp: 9, udp6: 9, netlink: 9, unix: 6 });
    const inodes = tables.flatMap(([name, column]) => {
      const lines = read(`/proc/${this.#pid}/net/${name}`).trim().split('\n').slice(1);
      return lines.map((line) => line.trim().split(/\s+/)[column]);
    });
    return new Set(inodes.map((inode) => `socket:[${inode}]`));
  }
}

/** @param {string} file */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} directory of a process that may have ended */
function list(directory) {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}

module.exports = { DescriptorWatch, Observer };
