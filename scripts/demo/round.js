'use strict';

const assert = require('node:assert/strict');
const { startBackend } = require('./backend.js');
const checks = require('./checks.js');
const { LiveClient, request } = require('./player.js');

const TICK_MS = 200;
const ROUND_SECONDS = 6;
/** How long is played, before the scores are compared while nobody plays. */
const PLAY_MS = 3_000;
const TICKS_TO_WATCH = 15;

/**
 * Plays a whole round over real HTTP and WebSocket connections, with everything that may happen to a backend meanwhile.
 *
 * @param {Place} place
 * @returns {Promise<boolean>} whether everything held
 */
async function playRound(place) {
  const env = {
    ...place.env,
    REDIS_LOG_LEVEL: 'error',
    PORT: '0',
    GAME_BOTS: '0',
    GAME_PREFIX: `game-demo:${process.pid}:`,
    GAME_TICK_MS: String(TICK_MS),
    GAME_ROUND_SECONDS: String(ROUND_SECONDS),
  };
  const list = new checks.CheckList();
  const start = () => startBackend(env, { quiet: true });
  const backend = await start();
  console.log(`demo: the backend (pid ${backend.pid}) is on ${backend.address}; playing a round\n`);
  try {
    await checkService(list, place, backend);
    const clients = await openClients(list, backend);
    await checkGame(list, clients, backend.address);
    await checkSecondInstance(list, place, clients[0], start);
    await checkRecovery(list, place, backend, clients[0]);
    await checkLoad(list, place, backend);
    if (place.cluster) await checkFailover(list, place.cluster, backend, clients[0]);
    await checkShutdown(list, place, backend, clients[0]);
    console.log(`\ndemo: all ${list.passed} checks passed`);
    return true;
  } catch (error) {
    console.error(
      `\ndemo: after ${list.passed} checks that passed, one failed:\n${/** @type {Error} */ (error).stack}`,
    );
    await backend.stop();
    return false;
  } finally {
    // A cluster is ours, and gone in a moment.
    if (!place.cluster) await checks.removeKeys(place.servers()[0], env.GAME_PREFIX);
  }
}

/** @typedef {import('./backend.js').Backend} Backend */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./checks.js').CheckList} CheckList */
/** @typedef {LiveClient & { player: { id: string, name: string } }} Client a client that plays */

/** @param {CheckList} list @param {Place} place @param {Backend} backend */
async function checkService(list, place, backend) {
  const what = place.cluster
    ? 'CLIENT LIST of all nodes: at most one connection for each of the five purposes and each node'
    : 'CLIENT LIST shows exactly five connections, one for each purpose';
  await list.check(what, () => checks.assertConnections(place, backend.pid));
  await list.check('GET /health: five healthy connections', async () => {
    const { status, body } = await request(`${backend.address}/health`);
    assert.equal(status, 200);
    assert.deepEqual(
      body.connections.map((/** @type {any} */ { purpose, status: health }) => [purpose, health]),
      checks.PURPOSES.map((purpose) => [purpose, 'healthy']),
    );
    return body.connections.map((/** @type {any} */ { latencyMs }) => `${latencyMs.toFixed(2)} ms`).join(', ');
  });
  await list.check('GET /stats: the same five, seen from both sides', async () => {
    const { body } = await request(`${backend.address}/stats`);
    assert.deepEqual(body.redis.purposes, checks.PURPOSES);
    const seen = body.server.own.map((/** @type {any} */ { name }) => name.split(':')[2]);
    assert.deepEqual(new Set(seen), new Set(checks.PURPOSES));
    if (!place.cluster) assert.equal(seen.length, 5);
  });
  await list.check('REST refuses what makes no sense, and what is not there', async () => {
    assert.equal((await request(`${backend.address}/api/players`, { name: ' ' })).status, 400);
    assert.equal((await request(`${backend.address}/api/players/999999`)).status, 404);
    assert.equal((await request(`${backend.address}/api/players/x/dig`, { cell: -1 })).status, 400);
  });
}

/** @param {CheckList} list @param {Backend} backend @returns {Promise<Client[]>} */
async function openClients(list, { address }) {
  /** @type {Client[]} */
  const clients = [];
  await list.check('REST: players are created; what the helper stored comes back as it was', async () => {
    for (const name of ['Ada', 'Grace', '"Ünïcødé" 🎮']) {
      const { status, body: player } = await request(`${address}/api/players`, { name });
      assert.equal(status, 201);
      assert.equal(player.name, name);
      assert.deepEqual((await request(`${address}/api/players/${player.id}`)).body, player);
      clients.push(Object.assign(new LiveClient(address), { player }));
    }
  });
  await list.check('WebSocket: clients join and get live events', async () => {
    for (const client of clients) {
      await client.open();
      client.send({ type: 'join', playerId: client.player.id });
      await client.next('you', 0);
    }
    await Promise.all(clients.map((client) => client.next('tick')));
  });
  return clients;
}

/** @param {CheckList} list @param {Client[]} clients @param {string} address */
async function checkGame(list, clients, address) {
  const [first, second] = clients;
  const { round } = await first.next('round-started');
  const begin = first.events.length;
  const dug = () => first.events.slice(begin).filter((event) => event.type === 'dug' && event.round === round.number);

  await list.check('two players dig at the same place at the same time: one of them gets the gem', async () => {
    const { cell } = await first.next('gem', begin);
    const marks = [first.events.length, second.events.length];
    first.send({ type: 'dig', cell });
    second.send({ type: 'dig', cell });
    const results = await Promise.all([first.next('result', marks[0]), second.next('result', marks[1])]);
    assert.equal(results.filter(({ points }) => points > 0).length, 1);
  });
  await list.check('the round is played over WebSocket and REST; everybody sees every gem that is dug', async () => {
    const stopAt = Date.now() + PLAY_MS;
    // With the one that was dug before.
    let taken = 1;
    for (let turn = 0; Date.now() < stopAt; turn++) {
      const { cell } = await first.next('gem');
      const client = clients[turn % clients.length];
      const { points } = turn % 2 ? await digByRest(address, client, cell) : await digLive(client, cell);
      if (points > 0) taken += 1;
    }
    await checks.eventually('everything that was dug was told', async () => dug().length >= taken);
    const seen = dug();
    assert.equal(seen.length, taken);
    for (const client of clients) {
      await checks.eventually(
        'all clients saw the same',
        async () => client.all('dug').length >= first.all('dug').length,
      );
      assert.deepEqual(client.all('dug'), first.all('dug'));
    }
    assert.ok(seen.length >= 3, `only ${seen.length} gems were dug`);
    return `${seen.length} gems`;
  });
  const tally = () => {
    /** @type {Map<string, number>} */
    const scores = new Map();
    for (const { player, points } of dug()) scores.set(player.id, (scores.get(player.id) ?? 0) + points);
    return scores;
  };
  await list.check('GET /api/leaderboard: the best first, with the points that were seen', async () => {
    const { body } = await request(`${address}/api/leaderboard`);
    assertLeaderboard(body, tally());
    return body.map((/** @type {any} */ { name, score }) => `${name} ${score}`).join(', ');
  });
  await list.check('the round ends, and its winner is the leader', async () => {
    const ended = await first.next('round-ended', begin);
    assert.equal(ended.round, round.number);
    assertLeaderboard(ended.leaderboard, tally());
    assert.deepEqual(ended.winner, ended.leaderboard[0]);
    return `${ended.winner.name} won`;
  });
}

/** @param {string} address @param {Client} client @param {number} cell @returns {Promise<{ points: number }>} */
async function digByRest(address, client, cell) {
  return (await request(`${address}/api/players/${client.player.id}/dig`, { cell })).body;
}

/** @param {Client} client @param {number} cell @returns {Promise<{ points: number }>} */
async function digLive(client, cell) {
  const mark = client.events.length;
  client.send({ type: 'dig', cell });
  return /** @type {any} */ (await client.next('result', mark));
}

/** @param {{ id: string, score: number, rank: number }[]} leaderboard @param {Map<string, number>} tally */
function assertLeaderboard(leaderboard, tally) {
  const scores = leaderboard.map(({ score }) => score);
  assert.deepEqual(scores, [...scores].sort((a, b) => b - a), 'not in order'); // prettier-ignore
  assert.deepEqual(new Map(leaderboard.map(({ id, score }) => [id, score])), new Map(tally));
}

/** @param {CheckList} list @param {Place} place @param {Client} client @param {() => Promise<Backend>} start */
async function checkSecondInstance(list, place, client, start) {
  const other = await start();
  try {
    await list.check('a second instance has connections of its own, as many', () =>
      checks.assertConnections(place, other.pid),
    );
    await list.check('the scheduler lock: with two instances, each tick is carried out by exactly one', async () => {
      const watcher = new LiveClient(other.address);
      await watcher.open();
      const from = client.events.length;
      while (watcher.all('tick').length < TICKS_TO_WATCH) await watcher.next('tick');
      watcher.close();
      const ticks = watcher.all('tick');
      assert.equal(new Set(ticks.map(({ tick }) => tick)).size, ticks.length, 'a tick was carried out twice');
      const last = ticks[ticks.length - 1].tick;
      await client.next('tick', from, ({ tick }) => tick === last);
      const seen = client.events.slice(from).filter(({ type, tick }) => type === 'tick' && tick <= last);
      const both = seen.filter(({ tick }) => tick >= ticks[0].tick);
      assert.deepEqual(both, ticks.filter(({ tick }) => tick >= both[0].tick), 'the instances saw different ticks'); // prettier-ignore
      const own = ticks.filter(({ instance }) => instance === other.pid).length;
      return `${ticks.length - own} and ${own} of ${ticks.length} ticks`;
    });
  } finally {
    const code = await other.stop();
    await list.check(
      'SIGTERM to the second: it ends by itself with code 0, and none of its connections is left',
      async () => {
        assert.equal(code, 0);
        assert.deepEqual(await checks.connectionsOf(place, other.pid), []);
      },
    );
  }
}

/** @param {CheckList} list @param {Place} place @param {Backend} backend @param {Client} client */
async function checkRecovery(list, place, backend, client) {
  await list.check('CLIENT KILL of all connections: they come back by themselves, and live events go on', async () => {
    const before = (await checks.connectionsOf(place, backend.pid)).map(({ key }) => key);
    const started = performance.now();
    assert.equal(await checks.killConnections(place, backend.pid), before.length);
    const mark = client.events.length;
    await checks.eventually(
      'GET /health is 200',
      async () => (await request(`${backend.address}/health`)).status === 200,
    );
    await client.next('tick', mark);
    const elapsed = performance.now() - started;
    await checks.assertConnections(place, backend.pid);
    const after = (await checks.connectionsOf(place, backend.pid)).map(({ key }) => key);
    assert.deepEqual(after.filter((key) => before.includes(key)), []); // prettier-ignore
    const { body } = await request(`${backend.address}/stats`);
    assert.ok(body.redis.links.every((/** @type {any} */ { reconnects }) => reconnects >= 1));
    return `playing again after ${Math.round(elapsed)} ms`;
  });
}

/**
 * @param {CheckList} list
 * @param {import('../lib/redis-cluster.js').RedisCluster} cluster
 * @param {Backend} backend
 * @param {Client} client
 */
async function checkFailover(list, cluster, backend, client) {
  await list.check('a master is killed: its replica takes over, and live events go on', async () => {
    const { round } = client.all('round-started')[0];
    const [master] = await cluster.masters();
    const started = performance.now();
    await cluster.kill(master);
    await cluster.settled();
    const takenOver = performance.now();
    await checks.eventually(
      'GET /health is 200',
      async () => (await request(`${backend.address}/health`)).status === 200,
    );
    const { round: playing } = await client.next('tick');
    assert.ok(playing >= round.number, 'the game began anew');
    assert.equal((await request(`${backend.address}/api/players/${client.player.id}`)).body.name, client.player.name);
    const [failover, recovery] = [takenOver - started, performance.now() - takenOver].map(Math.round);
    return `Redis took ${failover} ms to promote it, playing again ${recovery} ms later`;
  });
}

/** @param {CheckList} list @param {Place} place @param {Backend} backend */
async function checkLoad(list, place, backend) {
  await list.check('300 requests at once: no more connections than before', async () => {
    const requests = Array.from({ length: 300 }, () => request(`${backend.address}/api/game`));
    await checks.assertConnections(place, backend.pid);
    for (const { status } of await Promise.all(requests)) assert.equal(status, 200);
    await checks.assertConnections(place, backend.pid);
  });
}

/** @param {CheckList} list @param {Place} place @param {Backend} backend @param {Client} client */
async function checkShutdown(list, place, backend, client) {
  await list.check('SIGTERM: clients are told, the process ends with code 0, and no connection is left', async () => {
    const code = await backend.stop();
    assert.equal(await client.closed(), 1001);
    assert.equal(code, 0);
    assert.deepEqual(await checks.connectionsOf(place, backend.pid), []);
  });
}

module.exports = { playRound };
