'use strict';

const manager = require('../..');
const { onCleanup, startServer } = require('../support');

// Whoever submits wakes the I/O thread; that must not keep it from looking at the clock.

afterEach(() => manager.cleanup());

/** Calls at short intervals for a while, and how long the slowest took of those that were made at its beginning. */
async function slowest(everyMs, forMs, early, call) {
  const began = performance.now();
  const times = [];
  while (performance.now() - began < forMs) {
    const at = performance.now();
    const settled = () => performance.now() - at;
    const outcome = call().then(settled, settled);
    if (at - began < early) times.push(outcome);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return Math.max(...(await Promise.all(times)));
}

test.each([
  ['while the link is down', { heartbeatInterval: 100, heartbeatTimeout: 100, enableOfflineQueue: true }, 1],
  ['while the server takes nothing', { heartbeatInterval: 0, maxRetriesPerRequest: null }, 200_000],
])(
  'deadlines hold under a stream of calls %s',
  async (_, options, bytes) => {
    const server = await startServer();
    onCleanup(() => server.resume());
    await manager.initialize({
      ...server.options,
      logger: false,
      commandTimeout: 400,
      connectTimeout: 20_000,
      ...options,
    });
    const redis = manager.getConnection();
    await redis.set('k', 1);
    const value = 'x'.repeat(bytes);
    server.pause();
    const longest = await slowest(3, 3_000, 1_000, () => redis.set('k', value));
    server.resume();
    // By far less than the whole time.
    expect(longest).toBeLessThan(1_700);
  },
  30_000,
);
