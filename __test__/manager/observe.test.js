'use strict';

const { once } = require('node:events');
const { startServer, waitFor } = require('../support');
const manager = require('../..');

const { cleanup, getConnection, healthCheck, getStats, initialize, startMonitoring, stopMonitoring } = manager;

let server;
beforeAll(async () => {
  server = await startServer();
});
afterEach(async () => {
  manager.removeAllListeners();
  await cleanup();
});

const PURPOSES = ['main', 'publisher', 'subscriber', 'websocket', 'scheduler'];
const options = (more) => ({ ...server.options, logger: false, ...more });

function linkStats() {
  return Object.fromEntries(getStats().links.map((link) => [link.purpose, link]));
}

function collect(...names) {
  const events = [];
  for (const name of names) manager.on(name, (payload) => events.push([name, payload]));
  return events;
}

describe('healthCheck()', () => {
  test('is empty before initialize()', async () => {
    expect(await healthCheck()).toEqual([]);
  });

  test('tells purpose, status and latency as the original, and more', async () => {
    await initialize(options());
    const results = await healthCheck();
    expect(results.map(({ purpose }) => purpose)).toEqual(PURPOSES);
    for (const result of results) {
      expect(result).toEqual({
        purpose: expect.any(String),
        status: 'healthy',
        latency: expect.stringMatching(/^\d+ms$/),
        latencyMs: expect.any(Number),
        state: 'ready',
      });
    }
  });

  test('names what is wrong', async () => {
    const mortal = await startServer();
    await initialize({ ...mortal.options, logger: false });
    const events = collect('reconnecting');
    await mortal.stop();
    await waitFor(() => events.length >= 5);
    const results = await healthCheck();
    expect(results).toHaveLength(5);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'unhealthy', code: expect.any(String), error: expect.any(String) });
      expect(result.latency).toBeUndefined();
    }
  });
});

describe('getStats()', () => {
  test('has the fields of the original', async () => {
    expect(getStats()).toEqual({
      created: 0,
      active: 0,
      errors: 0,
      initialized: false,
      connectionCount: 0,
      purposes: [],
      links: [],
      declared: 0,
      lanes: { declared: 0, inUse: 0, waiting: 0, links: [] },
      cluster: null,
      sentinel: null,
    });
    await initialize(options());
    expect(getStats()).toMatchObject({
      created: 5,
      active: 5,
      errors: 0,
      initialized: true,
      connectionCount: 5,
      declared: 5,
      purposes: PURPOSES,
    });
  });

  test('has figures of each link', async () => {
    const before = Date.now();
    await initialize(options());
    await getConnection('websocket').set('key', 'value');
    await getConnection('websocket').get('key');
    const { main, websocket } = linkStats();
    expect(websocket).toMatchObject({
      state: 'ready',
      reconnects: 0,
      inFlight: 0,
      commands: 2,
      subscriptions: 0,
      lastError: null,
      lastRoundTripMs: expect.any(Number),
    });
    expect(websocket.since).toBeGreaterThanOrEqual(before - 5);
    expect(websocket.since).toBeLessThanOrEqual(Date.now() + 5);
    expect(websocket.bytesOut).toBeGreaterThan(40);
    expect(websocket.bytesIn).toBeGreaterThan(10);
    expect(main.commands).toBe(0);
    const pending = getConnection('websocket').blpop('nothing', 0.2);
    await waitFor(() => linkStats().websocket.inFlight === 1);
    await pending;
    expect(linkStats().websocket.inFlight).toBe(0);
  });

  test('counts errors and reconnects', async () => {
    const mortal = await startServer();
    await initialize({ ...mortal.options, logger: false });
    await mortal.killClients();
    await waitFor(() => getStats().active === 5 && linkStats().main.reconnects === 1);
    const stats = getStats();
    expect(stats.errors).toBeGreaterThanOrEqual(5);
    expect(linkStats().main.lastError).toMatchObject({ code: expect.any(String), at: expect.any(Number) });
  });
});

describe('events', () => {
  test('tell of every link', async () => {
    const events = collect('connect', 'ready', 'close', 'end');
    await initialize(options());
    await waitFor(() => events.length === 10);
    await cleanup();
    await waitFor(() => events.length === 20);
    for (const name of ['connect', 'ready', 'close', 'end']) {
      const purposes = events.filter(([event]) => event === name).map(([, { purpose }]) => purpose);
      expect(purposes.sort()).toEqual([...PURPOSES].sort());
    }
    expect(events[0][1]).toMatchObject({ link: expect.any(Number), at: expect.any(Number) });
  });

  test('tell of an outage', async () => {
    const mortal = await startServer();
    await initialize({ ...mortal.options, logger: false, purposes: ['main'] });
    const events = collect('error', 'close', 'reconnecting', 'connecting', 'connect', 'ready');
    await mortal.killClients();
    await waitFor(() => events.some(([name]) => name === 'ready'));
    expect(events.map(([name]) => name)).toEqual(['error', 'close', 'reconnecting', 'connecting', 'connect', 'ready']);
    expect(events[0][1]).toMatchObject({ name: 'UnifiedRedisError', purpose: 'main' });
    expect(events[2][1]).toMatchObject({ purpose: 'main', delay: expect.any(Number), attempt: 1 });
  });

  test('an error that nobody listens to is logged, and not thrown', async () => {
    const lines = [];
    const log = (line) => lines.push(line);
    const mortal = await startServer();
    await initialize({ ...mortal.options, purposes: ['main'], logger: { error: log, warn() {}, info() {} } });
    await mortal.killClients();
    await waitFor(() => linkStats().main.reconnects === 1);
    expect(lines).toEqual([expect.stringMatching(/^\[unified-redis\] Redis error \(main\): .* \[\w+\]$/)]);
    expect(manager.emit('error', new Error('of the application'))).toBe(false);
    expect(lines[1]).toContain('of the application');
  });

  test('retryStrategy decides about the delays, and is told why', async () => {
    const mortal = await startServer();
    const calls = [];
    const retryStrategy = (times, cause) => {
      calls.push([times, cause]);
      return times * 7;
    };
    await initialize({ ...mortal.options, logger: false, purposes: ['main'], retryStrategy });
    const events = collect('reconnecting');
    await mortal.stop();
    await waitFor(() => calls.length >= 3);
    await mortal.start();
    await waitFor(() => getStats().active === 1);
    expect(calls.slice(0, 3).map(([times]) => times)).toEqual([1, 2, 3]);
    expect(calls[1][1]).toMatchObject({ code: 'ECONNREFUSED', purpose: 'main' });
    expect(events.slice(0, 3).map(([, { delay }]) => delay)).toEqual([7, 14, 21]);
  });

  test('retryStrategy can end it', async () => {
    const mortal = await startServer();
    await initialize({ ...mortal.options, logger: false, purposes: ['main'], retryStrategy: () => null });
    const events = collect('end');
    await mortal.stop();
    await waitFor(() => events.length > 0);
    expect(events).toMatchObject([['end', { purpose: 'main' }]]);
    await expect(getConnection().ping()).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test('a listener that throws does not hold replies back', async () => {
    const { runScript } = require('../support');
    const { code, stdout, stderr } = await runScript(`
      const manager = require('.');
      process.on('uncaughtException', (error) => console.log('uncaught', error.message));
      manager.on('ready', () => { throw new Error('listener'); });
      manager.initialize(${JSON.stringify(options({ purposes: ['main'] }))})
        .then(() => manager.getConnection().ping())
        .then(console.log);
    `);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/uncaught listener\n(.*\n)*PONG/),
      stderr: '',
    });
  });
});

describe('the monitor', () => {
  test('tells the connections of the server, from initialize() on', async () => {
    await initialize(options({ monitorInterval: 50 }));
    const [event] = await once(manager, 'monitor');
    expect(event).toMatchObject({ connectedClients: expect.any(Number), active: 5, links: 5 });
    expect(event.connectedClients).toBeGreaterThanOrEqual(5);
    expect(event.maxclients === null || event.maxclients > 0).toBe(true);
  });

  test('warns above the threshold', async () => {
    await initialize(options({ monitorInterval: 50, monitorThreshold: 4 }));
    const [warning] = await once(manager, 'warning');
    expect(warning).toMatchObject({ code: 'MANY_CLIENTS', connectedClients: expect.any(Number) });
  });

  test('can be stopped, started, and given another interval', async () => {
    await initialize(options({ monitorInterval: 20 }));
    await once(manager, 'monitor');
    stopMonitoring();
    const events = collect('monitor');
    await new Promise((resolve) => setTimeout(resolve, 200));
    // One answer may have been under way.
    expect(events.length).toBeLessThanOrEqual(1);
    startMonitoring(20);
    await waitFor(() => events.length >= 3);
    expect(() => startMonitoring('soon')).toThrow(/intervalMs/);
  });

  test('can be asked for before initialize()', async () => {
    startMonitoring(20);
    await initialize(options({ monitorInterval: 0 }));
    await once(manager, 'monitor');
  });
});

test('a log line for each event, and none with a password', async () => {
  const locked = await startServer({ auth: 'correct horse' });
  const lines = [];
  const log = (level) => (line) => lines.push(`${level} ${line}`);
  const logger = { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') };
  await initialize({ ...locked.options, logger, purposes: ['main'] });
  await waitFor(() => lines.some((line) => line.includes('ready')));
  await cleanup();
  expect(lines).toEqual([
    'info [unified-redis] Initializing Unified Redis Manager...',
    'debug [unified-redis] Redis connect: main',
    'info [unified-redis] Redis ready: main',
    'info [unified-redis] Unified Redis Manager initialized with 1 connections',
    'info [unified-redis] Redis close: main',
    'info [unified-redis] Redis end: main',
    'info [unified-redis] Redis cleanup completed',
  ]);
});
