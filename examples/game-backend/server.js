'use strict';

// The whole backend on five Redis connections: an Express API, a WebSocket service and a scheduler.

const { once } = require('node:events');
const http = require('node:http');
const unifiedRedis = require('unified-redis');
const config = require('./config.js');

async function main() {
  // First of all, and once: from here on every service takes its connection by purpose.
  await unifiedRedis.initialize({ connectionName: config.connectionName });

  // Required only now: services may take their connections when they are loaded.
  const { createGameService } = require('./gameService.js');
  const { createApi } = require('./api.js');
  const { WebSocketService } = require('./websocketService.js');
  const { GameScheduler } = require('./gameScheduler.js');
  const { startBots } = require('./bots.js');

  const game = createGameService();
  const server = http.createServer(createApi(game));
  const websockets = new WebSocketService(server, game);
  const scheduler = new GameScheduler(game);

  await websockets.start();
  scheduler.start();
  server.listen(config.port);
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`game: listening on http://localhost:${port}`);
  const bots = startBots(`http://localhost:${port}`, config.bots);

  /** @type {Promise<void> | undefined} */
  let stopping;
  const shutdown = () => {
    stopping ??= stop().catch((error) => {
      console.error(`game: shutdown failed: ${error.message}`);
      process.exitCode = 1;
    });
  };

  // What produces work stops first, Redis last. Nothing calls process.exit(): the process ends when all is done.
  async function stop() {
    bots.stop();
    server.close();
    try {
      await scheduler.stop();
      await websockets.stop();
    } finally {
      server.closeIdleConnections();
      await unifiedRedis.cleanup();
    }
    console.log('game: stopped');
  }

  // The manager leaves signals to an application that handles them itself.
  process.on('SIGINT', shutdown);
  process.on('SIGTERM', shutdown);
}

main().catch(async (error) => {
  console.error(`game: ${error.message}`);
  await unifiedRedis.cleanup();
  process.exitCode = 1;
});
