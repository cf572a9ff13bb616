'use strict';

const { WebSocket, WebSocketServer } = require('ws');
const { redis } = require('../config/redisConfig');
const keys = require('./keys');

/** Browsers: who is online, and what happens. Written for node-redis. */
class WebsocketService {
  #server;
  #subscriber = redis.duplicate();

  /** @param {import('node:http').Server} httpServer */
  constructor(httpServer) {
    this.#server = new WebSocketServer({ server: httpServer, path: '/live' });
    this.#server.on('connection', (socket) => {
      this.#onConnection(socket).catch((error) => socket.close(1011, error.message));
    });
  }

  async start() {
    await this.#subscriber.connect();
    await this.#subscriber.subscribe(keys.events, (/** @type {string} */ text) => {
      for (const socket of this.#server.clients) if (socket.readyState === WebSocket.OPEN) socket.send(text);
    });
  }

  /** @param {WebSocket} socket */
  async #onConnection(socket) {
    let name = '';
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'join') name = String(message.name);
      this.#answer(name, message.type).then(
        (answer) => socket.send(JSON.stringify(answer)),
        (error) => socket.close(1011, error.message),
      );
    });
    socket.on('close', () => void redis.hDel(keys.online, name).catch(() => {}));
    socket.send(JSON.stringify({ type: 'welcome', online: await redis.hLen(keys.online) }));
  }

  /**
   * @param {string} name
   * @param {string} type
   */
  async #answer(name, type) {
    switch (type) {
      case 'join': {
        const [isNew, online] = await redis.multi().hSet(keys.online, name, 'yes').hLen(keys.online).exec();
        return { type: 'joined', name, isNew, online };
      }
      case 'top':
        return { type, top: await redis.zRangeWithScores(keys.board, 0, 4, { REV: true }) };
      case 'online':
        return { type, online: Object.keys(await redis.hGetAll(keys.online)).sort() };
      default:
        return { type: 'error', message: `unknown: ${type}` };
    }
  }
}

module.exports = { WebsocketService };
