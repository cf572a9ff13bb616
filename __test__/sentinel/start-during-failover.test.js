'use strict';

// An application that starts while the master is gone, and the sentinels have not named another one yet.

const manager = require('unified-redis');
const { startSentinelGroup, waitFor } = require('../support');

/** @type {import('../support/sentinel.js').SentinelGroup} */
let group;
beforeAll(async () => {
  group = await startSentinelGroup();
}, 30_000);
afterEach(() => manager.cleanup());

const at = ({ port }) => `127.0.0.1:${port}`;

test.each([
  ['does not answer any more', (master) => master.pause(), (master) => master.resume()],
  ['is dead', (master) => master.kill(), (master) => master.start()],
])(
  'a master that %s: initialize() is done with the next one',
  async (_, stop, start) => {
    const before = await group.master();
    await stop(before);
    try {
      await manager.initialize({ ...group.options, logger: false, envFile: false });
      const addresses = new Set(manager.getStats().links.map(({ address }) => address));
      expect(addresses).toEqual(new Set([at(await group.named())]));
      expect(addresses).not.toContain(at(before));
      expect(await manager.getConnection().set('started', 1)).toBe('OK');
    } finally {
      await start(before);
    }
    await waitFor(() => group.isReplica(before), { message: 'the old master is a replica' });
  },
  60_000,
);

test('one that nobody replaces is given up after connectTimeout, by name', async () => {
  await Promise.all(group.sentinels.map((sentinel) => sentinel.command('SENTINEL', 'SET', group.name, 'quorum', '9')));
  const master = await group.master();
  await master.kill();
  const error = await manager
    .initialize({ ...group.options, logger: false, envFile: false, connectTimeout: 1_000 })
    .catch((reason) => reason);
  expect(error).toMatchObject({ code: 'INITIALIZE_FAILED' });
  expect(error.errors[0].code).toBe('ECONNREFUSED');
  expect(error.message).toContain(`named as master of '${group.name}' by the sentinel`);
}, 30_000);
