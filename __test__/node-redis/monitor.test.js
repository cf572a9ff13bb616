'use strict';

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');
const { VERSIONS } = require('./versions.js');

let server;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, purposes: ['main'], blockingConnections: 1, logger: false });
});

afterEach(async () => {
  await waitFor(() => manager.getStats().lanes.inUse === 0);
  manager.assertNoLeaks();
});

/** Time and source, which are not the same twice. */
const masked = (line) => String(line).replace(/^[\d.]+ \[0 [\d.:]+\]/, '[]');

describe.each(VERSIONS.filter(([version]) => version > 4))('version %i', (version, name) => {
  const { createClient, RESP_TYPES } = require(name);
  /** Ours and theirs. */
  const clients = () =>
    Promise.all(
      [
        manager.getClient('main', { version }).duplicate(),
        createClient({ socket: { host: server.options.host, port: server.port } }),
      ].map((client) => client.connect()),
    );

  test('a client is told what the package tells, until it is reset', async () => {
    const [mine, theirs] = await clients();
    const lines = [[], []];
    expect(await mine.monitor((line) => lines[0].push(masked(line)))).toBeUndefined();
    expect(await theirs.monitor((line) => lines[1].push(masked(line)))).toBeUndefined();
    const arg = 'say "z\u00fcrich"\n\\';
    await server.command('ECHO', arg);
    const echoed = (line) => line.includes('ECHO');
    await waitFor(() => lines.every((each) => each.some(echoed)));
    expect(lines[0].filter(echoed)).toEqual(lines[1].filter(echoed));
    await mine.reset();
    const { length } = lines[0];
    await server.command('ECHO', 'last');
    await waitFor(() => lines[1].some((line) => line.includes('"last"')));
    expect(lines[0]).toHaveLength(length);
    expect(await mine.ping()).toBe('PONG');
    mine.destroy();
    theirs.destroy();
  });

  test('a type mapping may ask for Buffers, and a second call replaces the first', async () => {
    const [mine, theirs] = await clients();
    const lines = [];
    await mine.monitor(() => lines.push('of the first'));
    const mapped = mine.withTypeMapping({ [RESP_TYPES.SIMPLE_STRING]: Buffer });
    await mapped.monitor((line) => lines.push(line));
    lines.length = 0;
    await mine.ping();
    await waitFor(() => lines.length > 0);
    expect(lines[0]).toEqual(expect.any(Buffer));
    await mine.close();
    theirs.destroy();
  });
});

test('version 4 has no method for it', async () => {
  const client = manager.getClient('main', { version: 4 });
  await expect(client.monitor(() => {})).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});
