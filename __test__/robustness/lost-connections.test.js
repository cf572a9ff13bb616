'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const manager = require('../..');
const { onCleanup, sleep, startServer } = require('../support');

afterEach(() => manager.cleanup());
manager.on('error', () => {});

/**
 * Callers that write as fast as they can while something goes wrong again and again, and a ledger of what they were
 * told: what was acknowledged must have happened exactly once, what may have been executed at most once, and the rest
 * not at all.
 *
 * @param {import('../support').TestServer} server
 * @param {object} options of initialize()
 * @param {() => Promise<void>} disturb
 */
async function keepLedger(server, options, disturb) {
  await manager.initialize({ ...server.options, logger: false, ...options });
  const ledger = { acknowledged: [], maybe: [], rejected: [] };
  let wrongReplies = 0;
  let isOver = false;
  let last = 0;

  async function call(redis) {
    while (!isOver) {
      const id = String(++last);
      try {
        if (id % 3 === 0) {
          await redis.rpush('list', id);
        } else if (id % 3 === 1) {
          const [, [, reply]] = await redis.multi().rpush('list', id).echo(id).exec();
          if (reply !== id) wrongReplies += 1;
        } else {
          const [[error], [echoError, reply]] = await redis.pipeline().rpush('list', id).echo(id).exec();
          if (!echoError && reply !== id) wrongReplies += 1;
          if (error) throw error;
        }
        ledger.acknowledged.push(id);
      } catch (error) {
        (error.maybeExecuted ? ledger.maybe : ledger.rejected).push(id);
        await sleep(1);
      }
    }
  }

  const purposes = ['main', 'publisher', 'websocket', 'scheduler'];
  const callers = Array.from({ length: 20 }, (_, index) => call(manager.getConnection(purposes[index % 4])));
  await disturb();
  isOver = true;
  await Promise.all(callers);

  const counts = new Map();
  for (const id of await manager.getConnection().lrange('list', 0, -1)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const unless = (ids, isRight) => ids.filter((id) => !isRight(counts.get(id) ?? 0));
  expect(wrongReplies).toBe(0);
  expect(unless(ledger.acknowledged, (count) => count === 1)).toEqual([]);
  expect(unless(ledger.maybe, (count) => count <= 1)).toEqual([]);
  expect(unless(ledger.rejected, (count) => count === 0)).toEqual([]);
  expect(ledger.acknowledged.length).toBeGreaterThan(100);
  return ledger;
}

test.each([false, true])('a server that is killed under load (enableOfflineQueue: %p)', async (enableOfflineQueue) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-ledger-'));
  onCleanup(() => fs.rmSync(directory, { recursive: true, force: true }));
  // What it acknowledges survives its death.
  const server = await startServer({ directory, config: ['appendonly yes', 'appendfsync always'] });
  const { maybe, rejected } = await keepLedger(server, { enableOfflineQueue }, async () => {
    for (let round = 0; round < 4; round++) {
      await sleep(300);
      await server.kill();
      await sleep(50);
      await server.start();
    }
    await sleep(300);
  });
  expect(maybe.length + rejected.length).toBeGreaterThan(0);
});

test('connections that are closed every 20 ms', async () => {
  const server = await startServer();
  await keepLedger(server, {}, async () => {
    for (let round = 0; round < 100; round++) {
      await sleep(20);
      await server.killClients();
    }
    await sleep(300);
  });
  expect(manager.getStats().links[0].reconnects).toBeGreaterThan(5);
});

test('a server that stands still for longer than the deadline', async () => {
  const server = await startServer();
  const { maybe } = await keepLedger(server, { commandTimeout: 300 }, async () => {
    await sleep(200);
    server.pause();
    await sleep(1000);
    server.resume();
    await sleep(500);
  });
  expect(maybe.length).toBeGreaterThan(0);
});
