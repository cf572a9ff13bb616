'use strict';

const { startServer } = require('../support');

test('fake timers from before the package was loaded change nothing', async () => {
  const server = await startServer();
  jest.useFakeTimers();
  try {
    const manager = require('../..');
    await manager.initialize({ ...server.options, logger: false });
    expect(await manager.getConnection().ping()).toBe('PONG');
    const handle = manager.getConnection().duplicate();
    await new Promise((resolve) => handle.once('ready', resolve));
    await handle.quit();
    await manager.cleanup();
  } finally {
    jest.useRealTimers();
  }
});
