'use strict';

// The backend of the analysis: an Express API, a WebSocket service and a scheduler, each with the Redis configuration
// that was at hand when it was written.

const http = require('node:http');
const express = require('express');
const { GameScheduler } = require('./services/gameScheduler');
const { addPoints, findPlayer } = require('./services/scoreService');
const { WebsocketService } = require('./services/websocketService');

const app = express();
app.use(express.json());

app.post('/players/:name/points', async (request, response) => {
  response.status(201).json(await addPoints(request.params.name, Number(request.body.points)));
});

app.get('/players/:name', async (request, response) => {
  const player = await findPlayer(request.params.name);
  if (player) response.json(player);
  else response.status(404).json({ error: `no player ${request.params.name}` });
});

async function start() {
  const server = http.createServer(app);
  await new WebsocketService(server).start();
  new GameScheduler().start(Number(process.env.TICK_MS ?? 1000));
  server.listen(Number(process.env.PORT ?? 3000), () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    console.log(`leaky: listening on http://localhost:${port}`);
  });
}

start().catch((error) => {
  console.error(`leaky: ${error.message}`);
  process.exitCode = 1;
});
