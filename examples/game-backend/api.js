'use strict';

const path = require('node:path');
const express = require('express');
const unifiedRedis = require('unified-redis');
const { connectionName } = require('./config.js');
const { BadRequest } = require('./gameService.js');

/**
 * The HTTP side of the game.
 *
 * @param {import('./gameService.js').GameService} game
 */
function createApi(game) {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.static(path.join(__dirname, 'public')));
  app.use(express.json({ limit: '4kb' }));

  app.post('/api/players', async (request, response) => {
    response.status(201).json(await game.addPlayer(request.body?.name));
  });
  app.get('/api/players/:id', async (request, response) => {
    response.json(await game.findPlayer(request.params.id));
  });
  app.post('/api/players/:id/dig', async (request, response) => {
    response.json(await game.dig(request.params.id, request.body?.cell));
  });
  app.get('/api/leaderboard', async (request, response) => {
    const limit = Math.min(Math.max(Number(request.query.limit) || 10, 1), 100);
    const round = await game.currentRound();
    response.json(round ? await game.leaderboard(round.number, limit) : []);
  });
  app.get('/api/game', async (_request, response) => {
    response.json(await game.state());
  });

  // For load balancers: 503 while any of the connections is down.
  app.get('/health', async (_request, response) => {
    const connections = await unifiedRedis.healthCheck();
    const healthy = connections.every(({ status }) => status === 'healthy');
    response.status(healthy ? 200 : 503).json({ status: healthy ? 'healthy' : 'unhealthy', connections });
  });

  // What this process knows of its connections, and what the server (in a cluster: each master) says about them.
  app.get('/stats', async (_request, response) => {
    const main = unifiedRedis.getConnection('main');
    const servers = main.nodes?.('master') ?? [main];
    const lists = await Promise.all(servers.map((server) => server.client('LIST')));
    const own = `${connectionName}:${process.pid}:`;
    const clients = lists
      .flatMap((list) => String(list).trim().split('\n'))
      .map((line) => Object.fromEntries(line.split(' ').map((field) => field.split(/=(.*)/s))));
    response.json({
      pid: process.pid,
      uptimeSeconds: Math.round(process.uptime()),
      redis: unifiedRedis.getStats(),
      server: { clients: clients.length, own: clients.filter(({ name }) => name?.startsWith(own)) },
    });
  });

  app.use(onError);
  return app;
}

/** @type {import('express').ErrorRequestHandler} */
function onError(error, _request, response, next) {
  if (response.headersSent) return next(error);
  const status = error instanceof BadRequest ? error.status : (error.statusCode ?? 500);
  if (status < 500) return response.status(status).json({ error: error.message });
  console.error(`game: ${error.stack}`);
  // An error of the connection that may be gone in a moment is not this service's fault: the client may try again.
  const { retryable = false, code } = error;
  return response.status(retryable ? 503 : 500).json({ error: retryable ? 'try again' : 'internal error', code });
}

module.exports = { createApi };
