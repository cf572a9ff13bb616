'use strict';

const fs = require('node:fs');
const manager = require('../..');
const { startServer, waitFor } = require('../support');

afterEach(() => manager.cleanup());

/** The sockets of this process; 0 where the system does not tell. */
function openSockets() {
  const directory = '/proc/self/fd';
  if (!fs.existsSync(directory)) return 0;
  const targets = fs.readdirSync(directory).map((fd) => {
    try {
      return fs.readlinkSync(`${directory}/${fd}`);
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target.startsWith('socket:')).length;
}

test('of a part, again and again, leaves no socket, and the call that can succeed does', async () => {
  // One for who asks: there is room for three of the five.
  const server = await startServer({ config: ['maxclients 4'] });
  const options = { ...server.options, logger: false };
  await manager.initialize(options).catch(() => {});
  const before = openSockets();
  for (let attempt = 0; attempt < 20; attempt++) {
    const error = await manager.initialize(options).catch((reason) => reason);
    expect(error.code).toBe('INITIALIZE_FAILED');
    expect(new Set(error.errors.map(({ code }) => code))).toEqual(new Set(['MAX_CLIENTS']));
    expect(manager.isInitialized).toBe(false);
  }
  await waitFor(async () => (await server.clientList()).length === 0);
  await waitFor(() => openSockets() <= before);
  await server.command('CONFIG', 'SET', 'maxclients', '100');
  await manager.initialize(options);
  expect(await server.clientList()).toHaveLength(5);
});

test('cleanup() at any moment of initialize() leaves nothing, and the next one works', async () => {
  const server = await startServer();
  const options = { ...server.options, logger: false };
  for (let round = 0; round < 150; round++) {
    const first = manager.initialize(options).catch(({ code }) => code);
    // As many turns of the event loop as a whole initialize() takes, and more.
    for (let turn = 0; turn < round % 25; turn++) await new Promise(setImmediate);
    const closed = manager.cleanup();
    const second = manager.initialize(options);
    expect([undefined, 'CLOSED']).toContain(await first);
    await closed;
    await second;
    expect(manager.isInitialized).toBe(true);
    expect(await manager.getConnection().ping()).toBe('PONG');
    await manager.cleanup();
    expect(manager.isInitialized).toBe(false);
  }
  await waitFor(async () => (await server.clientList()).length === 0);
});
