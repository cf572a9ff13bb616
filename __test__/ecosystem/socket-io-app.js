'use strict';

const { once } = require('node:events');
const http = require('node:http');
const { Server } = require('socket.io');
const { io } = require('socket.io-client');
const { onCleanup } = require('../support');
const { listen } = require('./links.js');

/** A server of socket.io whose clients may join rooms and speak there. It knows of others by its adapter only. */
async function startNode(adapter) {
  const httpServer = http.createServer();
  const server = new Server(httpServer, { adapter });
  server.on('connection', (socket) => {
    socket.on('join', async (room, joined) => joined(await socket.join(room)));
    socket.on('say', (room, text) => socket.to(room).emit('said', text));
  });
  const url = await listen(httpServer);
  onCleanup(() => server.close());
  return { server, url };
}

/** A client that has said hello. */
async function connect({ url }) {
  const client = io(url, { transports: ['websocket'], forceNew: true });
  onCleanup(() => client.disconnect());
  await once(client, 'connect');
  return client;
}

module.exports = { startNode, connect };
