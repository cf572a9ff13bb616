'use strict';

const { report } = require('../../scripts/demo-leak/report.js');
const { playTraffic } = require('../../scripts/demo-leak/traffic.js');
const { startServer } = require('../support');

const PLAYERS_PER_ROUND = 20;

test('with its three configurations replaced, the backend answers the same and its sockets no longer grow', async () => {
  const server = await startServer();
  const before = await playTraffic(server.url, 'before');
  const after = await playTraffic(server.url, 'after');
  process.stdout.write(`${report(before, after)}\n`);

  expect(before.answers.length).toBeGreaterThan(200);
  expect(after.answers).toEqual(before.answers);

  const rounds = before.sockets.filter(({ when }) => /players$/.test(when));
  expect(rounds).toHaveLength(5);
  rounds.reduce((last, { count }) => {
    expect(count).toBeGreaterThanOrEqual(last + PLAYERS_PER_ROUND);
    return count;
  }, 0);
  expect(before.stuck).toBe(5);

  expect(after.sockets.map(({ count }) => count)).toEqual(after.sockets.map(() => 5));
  expect(after.sockets).toHaveLength(before.sockets.length);
  expect(after.peak).toBe(5);
  expect(after.stuck).toBe(0);
}, 60_000);
