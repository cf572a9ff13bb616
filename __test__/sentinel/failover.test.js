'use strict';

const manager = require('unified-redis');
const { sleep, startSentinelGroup, waitFor } = require('../support');

/** @type {import('../support/sentinel.js').SentinelGroup} */
let group;
/** @type {Writers} */
let writers;
const failovers = [];

/** Far beyond what a failover takes: what is measured is how it is noticed, and not a deadline. */
const COMMAND_TIMEOUT = 15_000;
const RECOVERED_WITHIN = 20_000;
const FOLLOWED_WITHIN = 5_000;

beforeAll(async () => {
  group = await startSentinelGroup();
  manager.on('failover', (event) => failovers.push(event));
  await manager.initialize({
    ...group.options,
    commandTimeout: COMMAND_TIMEOUT,
    heartbeatInterval: 30_000,
    heartbeatTimeout: 30_000,
    logger: false,
    envFile: false,
  });
});

afterEach(() => writers?.stop());

afterAll(() => manager.cleanup());

const at = ({ port }) => `127.0.0.1:${port}`;
const areAt = (server) =>
  manager.getStats().links.every(({ state, address }) => state === 'ready' && address === at(server));
const sentinelOf = (address) => group.sentinels.find((sentinel) => at(sentinel) === address);

/**
 * Callers that write all the time, each what it has not written before. Every write is followed by WAIT, on the same
 * connection, which tells how many replicas have it.
 */
class Writers {
  #done = false;
  #running = [];
  #redis = manager.getConnection();
  #lastSuccess = Date.now();
  /** Acknowledged: what was written, and how many replicas had it. */
  acknowledged = new Map();
  refused = 0;
  maybeExecuted = 0;
  longestGap = 0;

  constructor() {
    this.#running = Array.from({ length: 4 }, (_, index) => this.#write(index));
  }

  async #write(writer) {
    for (let count = 0; !this.#done; count++) {
      const id = `${Date.now()}:${writer}:${count}`;
      const results = await this.#redis.pipeline().rpush('written', id).call('WAIT', 2, 40).exec();
      const [[error], [, replicas]] = results;
      if (error === null) this.#succeeded(id, replicas ?? 0);
      else {
        this.refused++;
        if (error.maybeExecuted) this.maybeExecuted++;
      }
      await sleep(error === null ? 1 : 5);
    }
  }

  #succeeded(id, replicas) {
    this.acknowledged.set(id, replicas);
    this.longestGap = Math.max(this.longestGap, Date.now() - this.#lastSuccess);
    this.#lastSuccess = Date.now();
  }

  /** Until this many more were acknowledged. */
  async more(count) {
    const wanted = this.acknowledged.size + count;
    await waitFor(() => this.acknowledged.size >= wanted, { timeout: COMMAND_TIMEOUT, message: 'writes go on' });
  }

  async stop() {
    this.#done = true;
    await Promise.all(this.#running);
  }

  /** What became of the writes. */
  async account(what) {
    await this.stop();
    const found = await this.#redis.lrange('written', 0, -1);
    const present = new Set(found);
    const lost = [...this.acknowledged].filter(([id]) => !present.has(id));
    const onReplicas = lost.filter(([, replicas]) => replicas === 2).length;
    console.log(
      `${what}: recovered in ${this.longestGap} ms; ${this.acknowledged.size} writes acknowledged, ${this.refused} ` +
        `refused (${this.maybeExecuted} maybe executed), ${lost.length} lost that no WAIT had confirmed, ` +
        `${onReplicas} lost that both replicas had`,
    );
    return { doubled: found.length - present.size, lostDespiteReplicas: onReplicas };
  }
}

const NOTHING_WRONG = { doubled: 0, lostDespiteReplicas: 0 };

/** Starts writers, does something to the master, and waits for them to write to another one. */
async function failOver(what, act) {
  const before = await group.master();
  writers = new Writers();
  await writers.more(50);
  const begun = Date.now();
  await act(before);
  const after = await waitFor(
    async () => {
      const named = await group.named();
      return named !== before && named;
    },
    { timeout: RECOVERED_WITHIN, message: 'the sentinels name another master' },
  );
  const voted = Date.now();
  await waitFor(() => areAt(after), { timeout: FOLLOWED_WITHIN, message: 'all links are at the new master' });
  const followed = Date.now() - voted;
  await writers.more(10);
  expect(await writers.account(`${what} (sentinels ${voted - begun} ms, links ${followed} ms more)`)).toEqual(
    NOTHING_WRONG,
  );
  expect(failovers.at(-1)).toMatchObject({ name: group.name, from: at(before), to: at(after) });
  return { before, after };
}

/** The old master follows the new one, so that there are two replicas again, and the sentinels know. */
async function settled(old) {
  await waitFor(() => group.isReplica(old), { message: 'the old master is a replica' });
  await waitFor(async () => {
    const running = group.sentinels.filter((sentinel) => sentinel !== stopped);
    const lists = await Promise.all(running.map((each) => each.command('SENTINEL', 'replicas', group.name)));
    return !/s_down|o_down|disconnected|master-link-status,err/.test(String(lists));
  });
}

/** A sentinel that a test has ended. */
let stopped;

test('SENTINEL FAILOVER: writes go on, subscriptions are resumed with gap, the old master is a replica', async () => {
  const listener = manager.getConnection('websocket').duplicate();
  const [messages, gaps] = [[], []];
  listener.on('message', (_, message) => messages.push(message));
  listener.on('gap', (gap) => gaps.push(gap));
  await listener.subscribe('news');

  const { before, after } = await failOver('SENTINEL FAILOVER', () =>
    group.sentinels[0].command('SENTINEL', 'FAILOVER', group.name),
  );
  await settled(before);
  expect(areAt(after)).toBe(true);

  await waitFor(() => gaps.length > 0);
  expect(gaps[0].durationMs).toEqual(expect.any(Number));
  await waitFor(async () => {
    await after.command('PUBLISH', 'news', 'from the new master');
    return messages.includes('from the new master');
  });
  listener.disconnect();
}, 60_000);

test('a master that is killed: what WAIT has confirmed is there, nothing is there twice', async () => {
  const { before, after } = await failOver('kill -9', (master) => master.kill());
  await before.start();
  await settled(before);
  expect(areAt(after)).toBe(true);
}, 60_000);

test('the sentinel that is watched is killed: the next one is', async () => {
  const { watched } = manager.getStats().sentinel;
  stopped = sentinelOf(watched);
  await stopped.kill();
  const next = await waitFor(() => {
    const { watched: now } = manager.getStats().sentinel;
    return now !== null && now !== watched && now;
  });
  expect(sentinelOf(next)).toBeDefined();
  expect(await manager.getConnection().ping()).toBe('PONG');
});

test('a master that stands still is left as soon as there is another, with two sentinels of three', async () => {
  const { before } = await failOver('SIGSTOP', (master) => master.pause());
  before.resume();
  await settled(before);
}, 60_000);

test('while no sentinel answers links stay, and one that is lost comes back with the first that does', async () => {
  const running = group.sentinels.filter((sentinel) => sentinel !== stopped);
  const master = await waitFor(() => group.named());
  running.forEach((sentinel) => sentinel.pause());
  try {
    await master.killClients(({ name }) => name.endsWith(':main'));
    await waitFor(() => manager.getStats().links[0].state !== 'ready');
    await expect(manager.getConnection().ping()).rejects.toMatchObject({ code: 'LINK_DOWN' });
    expect(await manager.getConnection('publisher').ping()).toBe('PONG');
    await waitFor(() => manager.getStats().sentinel.sockets.open >= 2);
    expect(manager.getStats().sentinel.sockets.open).toBeLessThanOrEqual(manager.getStats().sentinel.sockets.bound);
  } finally {
    running.forEach((sentinel) => sentinel.resume());
  }
  await waitFor(() => areAt(master));
  expect(await manager.getConnection().ping()).toBe('PONG');
});
