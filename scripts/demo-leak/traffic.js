'use strict';

const path = require('node:path');
const { startBackend } = require('../demo/backend.js');
const { removeKeys } = require('../demo/checks.js');
const { LiveClient, request } = require('../demo/player.js');
const { clientList } = require('../lib/admin.js');
const { projectRoot } = require('../lib/run-command.js');
const { startCheckScript } = require('./check-script.js');

const FOLDER = path.join(projectRoot, 'examples', 'leaky-backend');
const ROUNDS = 5;
const PLAYERS_PER_ROUND = 20;
const TICK_MS = 100;

/**
 * @typedef {object} Played
 * @property {{ when: string, count: number }[]} sockets how many were open after each step
 * @property {unknown[]} answers everything that clients and scripts were answered
 * @property {number} peak the most sockets that were seen while players played
 * @property {number} stuck scripts that had done their work and were still running at the end
 */

/**
 * Starts the backend with one of the two sets of configurations, and gives it the traffic that both are given.
 *
 * @param {string} url of Redis
 * @param {'before' | 'after'} configurations
 * @returns {Promise<Played>}
 */
async function playTraffic(url, configurations) {
  const prefix = `leaky-demo:${process.pid}:`;
  const env = {
    REDIS_URL: url,
    REDIS_LOG_LEVEL: 'error',
    CONFIG: configurations,
    KEY_PREFIX: prefix,
    PORT: '0',
    TICK_MS: String(TICK_MS),
  };
  const others = new Set((await clientList({ url })).map(({ id }) => id));
  /** @type {Played['sockets']} */
  const sockets = [];
  const openSockets = async () => (await clientList({ url })).filter(({ id }) => !others.has(id)).length;
  const count = async (/** @type {string} */ when) => {
    sockets.push({ when, count: await openSockets() });
  };
  let peak = 0;
  /** @type {unknown[]} */
  const answers = [];
  /** @type {import('./check-script.js').CheckScript[]} */
  const scripts = [];
  /** @type {LiveClient[]} */
  const browsers = [];
  const backend = await startBackend(env, { quiet: true, file: path.join(FOLDER, 'server.js') });
  try {
    browsers.push(new LiveClient(backend.address));
    await browsers[0].next('leaders', 0);
    await count('at the start');
    for (let round = 1; round <= ROUNDS; round++) {
      const browser = new LiveClient(backend.address);
      browsers.push(browser);
      let isOver = false;
      const played = playRound(backend.address, browser, round, answers).finally(() => (isOver = true));
      played.catch(() => {}); // it is awaited below
      while (!isOver) peak = Math.max(peak, await openSockets());
      await played;
      await count(`${round * PLAYERS_PER_ROUND} players`);
      const script = await startCheckScript(path.join(FOLDER, 'scripts', 'checkBoard.js'), env);
      scripts.push(script);
      answers.push(script.printed);
      // With its configurations replaced, it ends by itself, and its connections with it. Otherwise it never does.
      if (configurations === 'after') await script.ended;
      await count(`  + ${round} run${round > 1 ? 's' : ''} of a script`);
    }
    return { sockets, answers, peak, stuck: scripts.filter((script) => script.isRunning()).length };
  } finally {
    for (const browser of browsers) browser.close();
    for (const script of scripts) script.kill();
    await backend.stop();
    await removeKeys({ url }, prefix);
  }
}

/**
 * Players that nobody has seen before score over HTTP, and a browser watches.
 *
 * @param {string} address of the backend
 * @param {LiveClient} browser
 * @param {number} round from 1
 * @param {unknown[]} answers are added to
 */
async function playRound(address, browser, round, answers) {
  answers.push(await browser.open());
  browser.send({ type: 'join', name: `browser-${round}` });
  answers.push(await browser.next('joined', 0));

  const players = Array.from({ length: PLAYERS_PER_ROUND }, (_, index) => ({
    url: `${address}/players/player-${round}-${index}`,
    points: round * 100 + index,
  }));
  answers.push(...(await Promise.all(players.map(({ url, points }) => request(`${url}/points`, { points })))));
  answers.push(...(await Promise.all(players.map(({ url }) => request(url)))));
  answers.push(await request(`${address}/players/nobody`));

  for (const type of ['top', 'online']) {
    const mark = browser.events.length;
    browser.send({ type });
    answers.push(await browser.next(type, mark));
  }
  // The scheduler tells the browser, when it has seen all of them.
  const leader = `player-${round}-${PLAYERS_PER_ROUND - 1}`;
  answers.push(await browser.next('leaders', 0, ({ leaders }) => leaders[0]?.name === leader && isComplete(leaders)));
}

/** @param {{ points: number }[]} leaders whether none of this round was still on its way */
function isComplete(leaders) {
  return leaders.every(({ points }, index) => points === leaders[0].points - index);
}

module.exports = { playTraffic };
