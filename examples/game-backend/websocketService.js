'use strict';

const { WebSocket, WebSocketServer } = require('ws');
const unifiedRedis = require('unified-redis');
const { BadRequest, keys } = require('./gameService.js');

const PRESENCE_TTL_MS = 30_000;
const HEARTBEAT_MS = 10_000;

/**
 * Live events for browsers. An event published by any instance reaches the browsers of every instance: one
 * subscription for all of them, never one for each.
 */
class WebSocketService {
  #redis = unifiedRedis.getConnection('websocket');
  #game;
  #server;
  /** @type {Map<WebSocket, { playerId: string | null, isAlive: boolean }>} */
  #clients = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #heartbeat;

  /**
   * @param {import('node:http').Server} httpServer
   * @param {import('./gameService.js').GameService} game
   */
  constructor(httpServer, game) {
    this.#game = game;
    this.#server = new WebSocketServer({ server: httpServer, path: '/live', maxPayload: 4096 });
    this.#server.on('connection', (socket) => this.#onConnection(socket));
  }

  async start() {
    // SUBSCRIBE travels on the process's `subscriber` connection; this handle only gets the messages, and stays free
    // for ordinary commands.
    this.#redis.on('message', (/** @type {string} */ channel, /** @type {string} */ text) => {
      if (channel === keys.events) this.#broadcast(text);
    });
    await this.#redis.subscribe(keys.events);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  async stop() {
    clearInterval(this.#heartbeat);
    const players = [...this.#clients.values()].flatMap(({ playerId }) => playerId ?? []);
    for (const socket of this.#clients.keys()) socket.close(1001, 'the server is shutting down');
    this.#server.close();
    await this.#redis.unsubscribe(keys.events);
    if (players.length > 0) await this.#redis.zrem(keys.online, ...players);
  }

  /** @param {string} text */
  #broadcast(text) {
    for (const socket of this.#clients.keys()) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    }
  }

  /** @param {WebSocket} socket */
  #onConnection(socket) {
    this.#clients.set(socket, { playerId: null, isAlive: true });
    socket.on('pong', () => this.#touch(socket));
    socket.on('message', (data) => {
      this.#onMessage(socket, String(data)).catch((error) => {
        if (!(error instanceof BadRequest)) console.error(`game: ${error.message}`);
        send(socket, { type: 'error', message: error instanceof BadRequest ? error.message : 'try again' });
      });
    });
    socket.on('close', () => {
      const playerId = this.#clients.get(socket)?.playerId;
      this.#clients.delete(socket);
      if (playerId) this.#redis.zrem(keys.online, playerId).catch(() => {}); // it expires by itself
    });
    this.#game.state().then(
      (state) => send(socket, { type: 'welcome', instance: process.pid, state }),
      () => socket.close(1013, 'try again later'),
    );
  }

  /** @param {WebSocket} socket @param {string} text */
  async #onMessage(socket, text) {
    const client = this.#clients.get(socket);
    if (!client) return;
    const message = parse(text);
    switch (message.type) {
      case 'join': {
        const player = await this.#game.findPlayer(String(message.playerId));
        client.playerId = player.id;
        await this.#markOnline([player.id]);
        send(socket, { type: 'you', player });
        return;
      }
      case 'dig': {
        if (!client.playerId) throw new BadRequest(400, 'join first');
        const { points, score } = await this.#game.dig(client.playerId, message.cell);
        send(socket, { type: 'result', cell: message.cell, points, score });
        return;
      }
      default:
        throw new BadRequest(400, 'type must be join or dig');
    }
  }

  /** Drops clients that did not answer the last ping, and keeps the others listed as online. */
  #beat() {
    for (const [socket, client] of this.#clients) {
      if (!client.isAlive) {
        socket.terminate();
        continue;
      }
      client.isAlive = false;
      socket.ping();
    }
  }

  /** @param {WebSocket} socket */
  #touch(socket) {
    const client = this.#clients.get(socket);
    if (!client) return;
    client.isAlive = true;
    if (client.playerId) this.#markOnline([client.playerId]).catch(() => {}); // the next heartbeat tries again
  }

  /** @param {string[]} ids */
  async #markOnline(ids) {
    const until = Date.now() + PRESENCE_TTL_MS;
    await this.#redis.zadd(keys.online, ...ids.flatMap((id) => [until, id]));
    await this.#redis.zremrangebyscore(keys.online, 0, Date.now());
  }
}

/** @param {string} text @returns {{ type?: unknown, playerId?: unknown, cell?: unknown }} */
function parse(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new BadRequest(400, 'messages must be JSON');
  }
}

/** @param {WebSocket} socket @param {import('./gameService.js').GameEvent} event */
function send(socket, event) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event));
}

module.exports = { WebSocketService };
