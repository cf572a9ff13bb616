'use strict';

const { Worker } = require('node:worker_threads');
const { once } = require('node:events');
const manager = require('../..');
const { onCleanup } = require('../support');

afterEach(() => manager.cleanup());
manager.on('error', () => {});

/** In a thread of its own: it reads as fast as it can, and resets the connection in the middle of a big value. */
const resettingServer = `
  const net = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = net.createServer((socket) => {
    let received = 0;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received > 3_000_000) socket.resetAndDestroy();
      else if (received < 2000) socket.write('+OK\\r\\n'.repeat(chunk.toString('latin1').split(/\\*\\d+\\r\\n/).length - 1));
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

test('a connection that is reset while a big value is being written holds up nobody', async () => {
  const server = new Worker(resettingServer, { eval: true });
  onCleanup(() => server.terminate());
  const [port] = await once(server, 'message');
  await manager.initialize({
    port,
    logger: false,
    purposes: ['main'],
    enableReadyCheck: false,
    enableOfflineQueue: true,
    commandTimeout: 3000,
    shutdownTimeout: 100,
  });
  const value = Buffer.alloc(20_000_000);
  for (let round = 0; round < 20; round++) {
    await expect(manager.getConnection().set('key', value)).rejects.toMatchObject({
      code: expect.stringMatching(/^(CONNECTION_LOST|MAX_RETRIES_PER_REQUEST)$/),
    });
  }
});
