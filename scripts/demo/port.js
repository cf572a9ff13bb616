'use strict';

const { once } = require('node:events');
const net = require('node:net');

const DEFAULT_PORT = 3000;

/**
 * The port to serve on: the one that was asked for, or 3000, or, where that is taken, any (0).
 *
 * @param {string | undefined} wanted
 * @returns {Promise<number>}
 */
async function choosePort(wanted) {
  if (wanted) return Number(wanted);
  const server = net.createServer();
  try {
    server.listen(DEFAULT_PORT);
    await once(server, 'listening');
    return DEFAULT_PORT;
  } catch {
    return 0;
  } finally {
    server.close();
  }
}

module.exports = { choosePort };
