'use strict';

const { once } = require('node:events');
const net = require('node:net');
const { onCleanup } = require('./cleanup.js');

/**
 * One connection of a scripted server.
 *
 * @typedef {object} ScriptedConnection
 * @property {net.Socket} socket
 * @property {number} index 0 for the first connection there was
 * @property {string[][]} commands what came so far
 */

/**
 * What a command is answered with: bytes as they go on the wire, or nothing at all.
 *
 * @typedef {string | Buffer | null | undefined | void} Answer
 */

/**
 * A TCP server that does what no real Redis will: nonsense, half replies, silence, hanging up. The test says so in
 * one of two functions.
 *
 * @param {object} options
 * @param {(connection: ScriptedConnection) => void} [options.onConnection] sees raw sockets
 * @param {(command: string[], connection: ScriptedConnection) => Answer | Promise<Answer>} [options.onCommand] answers
 *   commands (names in upper case); `handshakeReply` has the answers that make a link ready
 */
async function startScriptedServer({ onConnection, onCommand }) {
  /** @type {ScriptedConnection[]} */
  const connections = [];
  const server = net.createServer((socket) => {
    const connection = { socket, index: connections.length, commands: [] };
    connections.push(connection);
    // The peer hanging up in the middle of things is what these tests are about.
    socket.on('error', () => {});
    onConnection?.(connection);
    if (onCommand) serve(connection, onCommand);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const close = async () => {
    for (const { socket } of connections) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  onCleanup(close);
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  return { host: '127.0.0.1', port, connections, close };
}

/**
 * @param {ScriptedConnection} connection
 * @param {(command: string[], connection: ScriptedConnection) => Answer | Promise<Answer>} onCommand
 */
function serve(connection, onCommand) {
  const { socket, commands } = connection;
  let buffered = Buffer.alloc(0);
  let queue = Promise.resolve();
  socket.on('data', (chunk) => {
    buffered = Buffer.concat([buffered, /** @type {Buffer} */ (chunk)]);
    for (;;) {
      const parsed = parseCommand(buffered);
      if (!parsed) return;
      buffered = buffered.subarray(parsed.length);
      commands.push(parsed.command);
      // One after another: replies go out in the order of the commands, however long one takes.
      queue = queue.then(async () => {
        const answer = await onCommand(parsed.command, connection);
        if (answer && !socket.destroyed) socket.write(answer);
      });
    }
  });
}

/**
 * @param {Buffer} buffer
 * @returns {{ command: string[], length: number } | null} null while the command is not complete
 */
function parseCommand(buffer) {
  let at = 0;
  const line = () => {
    const end = buffer.indexOf('\r\n', at);
    if (end < 0) return null;
    const text = buffer.toString('latin1', at + 1, end);
    at = end + 2;
    return Number(text);
  };
  const count = line();
  if (count === null) return null;
  const command = [];
  for (let index = 0; index < count; index++) {
    const length = line();
    if (length === null || buffer.length < at + length + 2) return null;
    command.push(buffer.toString('utf8', at, at + length));
    at += length + 2;
  }
  command[0] = String(command[0]).toUpperCase();
  return { command, length: at };
}

/**
 * The answers of a server that is in a good mood, for everything a link says before it is ready, and PING.
 *
 * @param {string[]} command
 * @returns {string}
 */
function handshakeReply([name]) {
  if (name === 'PING') return '+PONG\r\n';
  if (name === 'HELLO') return "-ERR unknown command 'HELLO'\r\n";
  if (name === 'INFO') return bulk('# Server\r\nredis_version:7.0.0\r\n# Persistence\r\nloading:0\r\n');
  return '+OK\r\n';
}

/** @param {string} text @returns {string} RESP bulk string */
function bulk(text) {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

module.exports = { startScriptedServer, handshakeReply, bulk };
