'use strict';

const express = require('express');
const session = require('express-session');
const { listen } = require('./links.js');

/**
 * An app that counts the visits of each session.
 *
 * @param {import('express-session').Store} store
 */
async function startApp(store) {
  const app = express();
  app.use(session({ store, secret: 'test', resave: false, saveUninitialized: false, cookie: { maxAge: 60_000 } }));
  app.get('/', (request, response) => {
    request.session.visits = (request.session.visits ?? 0) + 1;
    response.json(request.session.visits);
  });
  app.get('/logout', (request, response) => request.session.destroy(() => response.json('bye')));
  return listen(app);
}

module.exports = { startApp };
