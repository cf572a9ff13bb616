'use strict';

// Configuration 3: a "connection manager". New code uses it.

const { default: Redis } = require('ioredis');

class RedisConnectionManager {
  /** @type {Map<string, import('ioredis').Redis>} */
  connections = new Map();

  /**
   * @param {string} [purpose]
   * @param {import('ioredis').RedisOptions} [options]
   */
  getConnection(purpose = 'default', options = {}) {
    // A connection for every distinct options object, and none of them is ever closed.
    const connectionKey = `${purpose}_${JSON.stringify(options)}`;
    let connection = this.connections.get(connectionKey);
    if (!connection) {
      connection = this.createConnection(purpose, options);
      this.connections.set(connectionKey, connection);
    }
    return connection;
  }

  /**
   * @param {string} purpose
   * @param {import('ioredis').RedisOptions} options
   */
  createConnection(purpose, options) {
    const connection = new Redis(process.env.REDIS_URL ?? 'redis://localhost:6379', options);
    connection.on('error', (error) => console.error(`redis (${purpose}):`, error.message));
    return connection;
  }
}

module.exports = new RedisConnectionManager();
