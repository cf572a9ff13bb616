'use strict';

const { once } = require('node:events');
const net = require('node:net');

/** Ports and, above them, those of the cluster bus: both below what the system gives to outgoing connections. */
const LOWEST_PORT = 11_000;
const HIGHEST_PORT = 22_000;
const BUS_OFFSET = 10_000;

const DEADLINE_MS = 10_000;

/** A port that is free now, and whose bus port is. */
async function freePortPair() {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
    if ((await isFree(port)) && (await isFree(port + BUS_OFFSET))) return port;
    if (Date.now() > deadline) throw new Error(`no two ports are free from ${LOWEST_PORT} to ${HIGHEST_PORT}`);
  }
}

/** @param {number} port */
async function isFree(port) {
  const server = net.createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}

module.exports = { BUS_OFFSET, freePortPair };
