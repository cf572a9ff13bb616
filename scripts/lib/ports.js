'use strict';

const { once } = require('node:events');
const net = require('node:net');

/**
 * Ports and, above them, those of the cluster bus: both below what the system gives to outgoing connections. One of those may
 * take the port of a server that is away for a moment, a connection attempt to that very port among them.
 */
const LOWEST_PORT = 11_000;
const HIGHEST_PORT = 22_000;
const BUS_OFFSET = 10_000;

const DEADLINE_MS = 10_000;

/** A TCP port that is free now. Somebody may take it before it is used: be ready to try again. */
function freePort() {
  return find(isFree);
}

/** The same, with a bus port that is free as well. */
function freePortPair() {
  return find(async (port) => (await isFree(port)) && (await isFree(port + BUS_OFFSET)));
}

/** @param {(port: number) => Promise<boolean>} suits */
async function find(suits) {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
    if (await suits(port)) return port;
    if (Date.now() > deadline) throw new Error(`no port is free from ${LOWEST_PORT} to ${HIGHEST_PORT}`);
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

module.exports = { BUS_OFFSET, freePort, freePortPair };
