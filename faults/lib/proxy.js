'use strict';

const { once } = require('node:events');
const net = require('node:net');

/** @typedef {'up' | 'down'} Direction `up` is from the client to the server, `down` from the server to the client */
/** @typedef {{ client: net.Socket, server: net.Socket, dropped: Record<Direction, boolean>, bytes: Record<Direction, number>,
 *   queue: Record<Direction, Promise<void>> }} Pair */

/**
 * What is done to bytes on their way.
 *
 * @typedef {object} Weather
 * @property {number} [delayMs] each chunk comes that much later
 * @property {number} [trickleMs] one byte at a time, with so long a pause in between
 * @property {number} [cutAfter] connections are reset when so many more bytes have come down, wherever that is
 * @property {Buffer} [garbage] put once into what comes down, in the middle of the next chunk
 * @property {boolean} [swallow] connections are accepted, and then nothing is forwarded
 */

/** A TCP proxy between the links and a server, which does what networks do. */
class Proxy {
  #target;
  #server;
  /** @type {Set<Pair>} */
  #pairs = new Set();
  /** @type {Weather} */
  #weather = {};

  /** @param {{ host: string, port: number }} target */
  constructor(target) {
    this.#target = target;
    this.#server = net.createServer((client) => this.#accept(client));
  }

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop() {
    this.reset();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get options() {
    const { port } = /** @type {net.AddressInfo} */ (this.#server.address());
    return { host: '127.0.0.1', port };
  }

  /** New connections go there, as those to a name do that leads elsewhere. @param {{ host: string, port: number }} target */
  retarget(target) {
    this.#target = target;
  }

  /** From now on, for all connections. @param {Weather} weather */
  set(weather) {
    this.#weather = weather;
    for (const pair of this.#pairs) pair.bytes.down = 0;
  }

  /** Drops what comes on the connections that there are, silently: nobody is told, not even of their end. @param {Direction[]} directions */
  drop(...directions) {
    for (const pair of this.#pairs) for (const direction of directions) pair.dropped[direction] = true;
    return this.#pairs.size;
  }

  /** Ends what is left of connections that were dropped. */
  forget() {
    for (const pair of this.#pairs) if (pair.dropped.up || pair.dropped.down) end(pair);
  }

  /** Resets all connections. */
  reset() {
    for (const pair of this.#pairs) end(pair);
  }

  /** Resets one connection, any of them. Whether there was one. */
  resetOne() {
    const pairs = [...this.#pairs].filter(({ client }) => !client.destroyed);
    if (pairs.length === 0) return false;
    end(pairs[Math.floor(Math.random() * pairs.length)]);
    return true;
  }

  /** @param {net.Socket} client */
  #accept(client) {
    const server = net.connect(this.#target);
    /** @type {Pair} */
    const pair = {
      client,
      server,
      dropped: { up: false, down: false },
      bytes: { up: 0, down: 0 },
      queue: { up: Promise.resolve(), down: Promise.resolve() },
    };
    this.#pairs.add(pair);
    for (const [socket, other, direction] of /** @type {const} */ ([
      [client, server, 'up'],
      [server, client, 'down'],
    ])) {
      socket.setNoDelay(true);
      // Resets are what this is about.
      socket.on('error', () => {});
      socket.on('data', (/** @type {Buffer} */ chunk) => this.#forward(pair, direction, chunk));
      socket.on('close', () => {
        if (client.destroyed && server.destroyed) this.#pairs.delete(pair);
        if (!pair.dropped[direction]) pair.queue[direction].then(() => other.destroy());
      });
    }
  }

  /** @param {Pair} pair @param {Direction} direction @param {Buffer} chunk */
  #forward(pair, direction, chunk) {
    if (pair.dropped[direction] || this.#weather.swallow) return;
    pair.bytes[direction] += chunk.length;
    const { delayMs = 0, trickleMs } = this.#weather;
    const arrives = Date.now() + delayMs;
    pair.queue[direction] = pair.queue[direction].then(async () => {
      if (arrives > Date.now()) await sleep(arrives - Date.now());
      if (trickleMs === undefined) return this.#write(pair, direction, chunk);
      for (let at = 0; at < chunk.length; at++) {
        this.#write(pair, direction, chunk.subarray(at, at + 1));
        await sleep(trickleMs);
      }
    });
  }

  /** @param {Pair} pair @param {Direction} direction @param {Buffer} chunk */
  #write(pair, direction, chunk) {
    const socket = direction === 'up' ? pair.server : pair.client;
    if (socket.destroyed) return;
    if (direction === 'up') return void socket.write(chunk);
    const { cutAfter, garbage } = this.#weather;
    if (cutAfter !== undefined && pair.bytes.down >= cutAfter) {
      const over = pair.bytes.down - cutAfter;
      // What comes before the cut has to leave, or it would not be in the middle of anything.
      socket.write(chunk.subarray(0, Math.max(0, chunk.length - over)), () => {
        pair.client.resetAndDestroy();
        pair.server.destroy();
      });
      return;
    }
    if (garbage) {
      this.#weather = { ...this.#weather, garbage: undefined };
      let middle = Math.floor(chunk.length / 2);
      // Between CR and LF it would take the end off a line, and two replies would look like one.
      if (chunk[middle - 1] === 0x0d) middle += 1;
      chunk = Buffer.concat([chunk.subarray(0, middle), garbage, chunk.subarray(middle)]);
    }
    socket.write(chunk);
  }
}

/** @param {Pair} pair */
function end({ client, server }) {
  client.resetAndDestroy();
  server.resetAndDestroy();
}

/** @param {number} ms @returns {Promise<void>} */
function sleep(ms) {
  return new Promise((resolve) => (ms >= 1 ? setTimeout(resolve, ms) : setImmediate(resolve)));
}

module.exports = { Proxy };
