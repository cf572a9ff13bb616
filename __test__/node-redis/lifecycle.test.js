'use strict';

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');
const { VERSIONS } = require('./versions.js');

let server;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
});
afterEach(async () => expect(await server.clientList()).toHaveLength(5));

describe.each(VERSIONS)('version %i', (version, name) => {
  const { createClient, ClientClosedError, DisconnectsClientError } = require(name);
  const open = () => manager.getClient('main', { version });
  /** Ours and theirs, both not connected. */
  const clients = () => [
    open().duplicate(),
    createClient({ socket: { host: server.options.host, port: server.port } }),
  ];

  test('one handle for each purpose, which is open, and may be connected once', async () => {
    const client = manager.getConnection('websocket', { dialect: 'node-redis', version });
    expect(manager.getClient('websocket', { version })).toBe(client);
    expect(manager.getClient('main', { version })).not.toBe(client);
    expect([client.isOpen, client.isReady, client.purpose]).toEqual([true, true, 'websocket']);
    expect(await client.ping()).toBe('PONG');
    expect(await client.connect()).toBe(client);
    await expect(client.connect()).rejects.toThrow('Socket already opened');
  });

  test('a life like that of a client of the package', async () => {
    const [life, expected] = await Promise.all(
      clients().map(async (client) => {
        const told = [];
        const note = (what) => told.push(what);
        for (const event of ['connect', 'ready', 'end']) client.on(event, () => note([event, client.isOpen]));
        const tell = async (label, run) => {
          const outcome = await run().then(
            (value) => (value === client ? 'itself' : value),
            (error) => [error.constructor.name, error.message],
          );
          note([label, outcome, client.isOpen, client.isReady]);
        };
        await tell('early', async () => client.get('k'));
        await tell('connect', () => client.connect());
        await tell('again', () => client.connect());
        await tell('ping', () => client.ping());
        await tell('quit', () => client.quit());
        await tell('late', () => client.get('k'));
        await tell('quit again', () => client.quit());
        await tell('connect after quit', () => client.connect());
        await tell('ping', () => client.PING());
        await tell('disconnect', async () => client.disconnect());
        await tell('multi', () => client.multi().ping().exec());
        for (const end of ['close', 'destroy']) {
          if (typeof client[end] !== 'function') continue;
          await tell('connect', () => client.connect());
          await tell(end, async () => client[end]());
          await tell(`${end} again`, async () => client[end]());
        }
        return told;
      }),
    );
    expect(life).toStrictEqual(expected);
  });

  test('a client that is closed does not close another one, and is replaced by the next', async () => {
    const first = open();
    await first.quit();
    const second = open();
    expect(second).not.toBe(first);
    expect(await second.ping()).toBe('PONG');
    await expect(first.ping()).rejects.toThrow(ClientClosedError);
    await first.connect();
    expect(await first.ping()).toBe('PONG');
    await first.disconnect();
  });

  test('quit waits for what was sent', async () => {
    const client = open().duplicate();
    await client.connect();
    const replies = Promise.all(Array.from({ length: 100 }, () => client.incr(`quit:${version}`)));
    await client.quit();
    expect((await replies).at(-1)).toBe(100);
  });

  test('what waits on a lane is given up by a client that is destroyed', async () => {
    await manager.cleanup();
    await manager.initialize({
      ...server.options,
      logger: false,
      purposes: ['main', 'subscriber', 'a', 'b'],
      blockingConnections: 1,
    });
    const client = open().duplicate();
    await client.connect();
    const popped = client.blPop(`nothing:${version}`, 0);
    await waitFor(async () => manager.getStats().lanes.inUse === 1);
    await client.disconnect();
    await expect(popped).rejects.toThrow(DisconnectsClientError);
    await waitFor(() => manager.getStats().lanes.inUse === 0);
    await manager.cleanup();
    await manager.initialize({ ...server.options, logger: false });
  });

  test('the link is lost and comes back', async () => {
    const client = open().duplicate();
    const events = [];
    for (const event of ['connect', 'ready', 'reconnecting', 'error', 'end'])
      client.on(event, () => events.push(event));
    await client.connect();
    const other = manager.getConnection('websocket');
    await other.client('KILL', 'ID', String(await client.sendCommand(['CLIENT', 'ID'])));
    await waitFor(() => events.filter((event) => event === 'ready').length === 2);
    expect(events.filter((event) => event !== 'error')).toEqual([
      'connect',
      'ready',
      'reconnecting',
      'connect',
      'ready',
    ]);
    expect(await client.ping()).toBe('PONG');
    await client.quit();
    expect(events.at(-1)).toBe('end');
  });

  test('after cleanup() it is closed, and after initialize() it can be used again', async () => {
    const client = open();
    await manager.cleanup();
    expect([client.isOpen, client.isReady]).toEqual([false, false]);
    await expect(client.get('k')).rejects.toThrow(ClientClosedError);
    await expect(client.connect()).rejects.toThrow(ClientClosedError);
    await manager.initialize({ ...server.options, logger: false });
    expect(await client.connect()).toBe(client);
    expect(await client.ping()).toBe('PONG');
  });

  test('what would take the connection from others is refused', async () => {
    const client = open();
    const calls = [
      () => client.sendCommand(['SUBSCRIBE', 'channel']),
      () => client.sendCommand(['MULTI']),
      () => client.sendCommand(['MONITOR']),
      () => client.select(1),
      () => client.multi().addCommand(['SELECT', '1']).exec(),
      () => client.auth({ password: 'x' }),
      () => client.sendCommand(['CLIENT', 'REPLY', 'OFF']),
      ...(version > 4 ? [() => client.monitor(() => {})] : []),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(() => client.duplicate({ database: 3 })).toThrow('A handle cannot have another db');
    expect(() => client.duplicate({ socket: { port: 1 } })).toThrow('A handle cannot have another port');
    expect(() => client.duplicate({ url: 'redis://elsewhere:6379' })).toThrow('A handle cannot have another host');
    expect(await client.select(0)).toBeUndefined();
  });

  test('the name is the handle\u2019s', async () => {
    const [mine, other] = [open().duplicate(), open().duplicate({ name: 'other' })];
    await Promise.all([mine.connect(), other.connect()]);
    expect(await mine.clientSetName('mine')).toBe('OK');
    expect([await mine.clientGetName(), await other.clientGetName()]).toEqual(['mine', 'other']);
    await Promise.all([mine.quit(), other.quit()]);
  });
});

test('options that make no sense', () => {
  expect(() => manager.getConnection('main', { dialect: 'redis' })).toThrow(
    "dialect: got 'redis', expected 'ioredis' or",
  );
  expect(() => manager.getClient('main', { version: 3 })).toThrow('version: got 3, expected 4, 5 or 6');
  expect(() => manager.getClient('main', { RESP: 4 })).toThrow('RESP: got 4, expected 2 or 3');
  expect(() => manager.getClient('main', { version: 5, RESP: 3 })).toThrow('RESP: 3 with version 5');
  expect(() => manager.getClient('nowhere')).toThrow('Invalid connection purpose: nowhere');
  for (const options of [{ clientSideCache: {} }, { emitInvalidate: true }, { version: 4, legacyMode: true }]) {
    expect(() => manager.getClient('main', options)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  }
});

test('RESP: 2 of version 6 is what that client gives', async () => {
  const theirs = require('redis').createClient({ RESP: 2, socket: { host: server.options.host, port: server.port } });
  await theirs.connect();
  const ours = manager.getClient('main', { RESP: 2 });
  await ours.zAdd('resp2', { score: 1.5, value: 'a' });
  for (const args of [
    ['ZSCORE', 'resp2', 'a'],
    ['ZRANGE', 'resp2', '0', '-1', 'WITHSCORES'],
  ]) {
    expect(await ours.sendCommand(args)).toStrictEqual(await theirs.sendCommand(args));
  }
  expect(await ours.zScore('resp2', 'a')).toBe(1.5);
  await theirs.close();
});
