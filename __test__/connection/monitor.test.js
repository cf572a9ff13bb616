'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const manager = require('../..');
const { parseLine } = require('../../lib/connection/lanes/monitor-line');
const { onCleanup, runScript, startServer, waitFor } = require('../support');

const LANES = 2;
const LINKS = 2;

let server;
let redis;
beforeAll(async () => {
  server = await startServer({ unixSocket: true, users: ['app on >secret ~* &* +@all'] });
  onCleanup(() => manager.cleanup());
});

const retryStrategy = () => 20;

/** Opens the links; does nothing where they are open. */
function open(options) {
  const purposes = ['main', 'subscriber'];
  return manager.initialize({ ...access, purposes, blockingConnections: LANES, retryStrategy, ...options });
}

/** What scripts need to get in too. */
let access;
beforeEach(async () => {
  access = { ...server.options, username: 'app', password: 'secret', logger: false };
  await open();
  redis = manager.getConnection();
});

afterEach(async () => {
  await open();
  await allLanesFree();
  manager.assertNoLeaks();
});

/** Every lane is back, and every one of them takes commands. */
async function allLanesFree() {
  await waitFor(() => manager.getStats().lanes.inUse === 0);
  await Promise.all(Array.from({ length: LANES }, (_, index) => redis.blpop(`nothing:${index}`, 0.01)));
  expect(await server.clientList()).toHaveLength(LINKS + LANES);
}

const isMonitor = ({ flags }) => flags.includes('O');

/** What an event told. The `error` of a connection that is lost does not count. */
function told(emitter, event) {
  return new Promise((resolve) => emitter.once(event, resolve));
}

/** What a monitor has told, as arrays of `[args, source, database]`, of commands whose name is among these. */
function collect(monitor, ...names) {
  const lines = [];
  monitor.on('monitor', (time, args, source, database) => {
    if (names.includes(args[0].toLowerCase())) lines.push({ time, args, source, database });
  });
  return lines;
}

test('a monitor is told of every command, with its time, arguments, source and database', async () => {
  const monitor = await redis.monitor();
  expect([monitor.status, monitor.mode, monitor.options.monitor, monitor.constructor.name]).toEqual([
    'monitoring',
    'monitor',
    true,
    'Redis',
  ]);
  const lines = collect(monitor, 'set', 'echo');
  await redis.set('key', 'value');
  await server.command('ECHO', 'from elsewhere');
  await waitFor(() => lines.length === 2);
  expect(lines.map(({ args }) => args)).toEqual([
    ['set', 'key', 'value'],
    ['ECHO', 'from elsewhere'],
  ]);
  for (const { time, source, database } of lines) {
    expect(time).toMatch(/^\d{10}\.\d{6}$/);
    expect(Math.abs(Date.now() / 1000 - Number(time))).toBeLessThan(60);
    expect(source).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(database).toBe('0');
  }
  expect((await server.clientList()).filter(isMonitor)).toHaveLength(1);
  monitor.disconnect();
  await told(monitor, 'end');
  await waitFor(async () => (await server.clientList()).filter(isMonitor).length === 0);
});

const ODD = [
  'plain',
  '',
  ' ',
  'say "hello"',
  '" "',
  'back\\slash',
  'ends with \\',
  '\\x41 is no escape',
  'a\r\nb\tc\u0007d\be\u0000f',
  'Zürich, 東京, 🎲',
  '] "x" [0 lua] "y"',
];

test.each(ODD)('the argument %j comes as it was sent', async (odd) => {
  const monitor = await redis.monitor();
  const lines = collect(monitor, 'echo');
  await redis.echo(odd);
  await redis.echo('last');
  await waitFor(() => lines.length === 2);
  expect(lines[0].args).toEqual(['echo', odd]);
  await monitor.quit();
});

test('bytes that are not UTF-8 are replaced, as everywhere else', async () => {
  const monitor = await redis.monitor();
  const lines = collect(monitor, 'echo');
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  await redis.echo(bytes);
  await waitFor(() => lines.length === 1);
  expect(lines[0].args).toEqual(['echo', bytes.toString()]);
  await monitor.quit();
});

test('where a command comes from: a script, a unix socket, another database', async () => {
  const monitor = await redis.monitor();
  const lines = collect(monitor, 'set');
  await redis.eval("return redis.call('set', KEYS[1], 'x')", 1, 'key');
  const script = `
    const IoRedis = require('ioredis');
    const client = new IoRedis({ path: ${JSON.stringify(server.socketPath)}, db: 3 });
    client.set('key', 'y').then(() => client.quit());
  `;
  expect(await runScript(script)).toMatchObject({ code: 0 });
  await waitFor(() => lines.length === 2);
  expect(lines.map(({ source, database }) => [source, database])).toEqual([
    ['lua', '0'],
    [`unix:${server.socketPath}`, '3'],
  ]);
  await monitor.quit();
});

test('with a callback, as with a promise', async () => {
  const monitor = await new Promise((resolve, reject) => {
    redis.monitor((error, handle) => (error ? reject(error) : resolve(handle)));
  });
  expect(monitor.status).toBe('monitoring');
  expect(await monitor.quit()).toBe('OK');
  expect(monitor.status).toBe('end');
});

test('several at a time; who finds no lane waits for one', async () => {
  const monitors = await Promise.all([redis.monitor(), redis.monitor()]);
  const lines = monitors.map((monitor) => collect(monitor, 'echo'));
  let third;
  const pending = redis.monitor().then((monitor) => (third = monitor));
  await redis.echo('to both');
  await waitFor(() => lines.every(({ length }) => length === 1));
  expect(third).toBeUndefined();
  expect(manager.getStats().lanes).toMatchObject({ inUse: 2, waiting: 1 });
  monitors[0].disconnect();
  await pending;
  lines.push(collect(third, 'echo'));
  await redis.echo('to the others');
  await waitFor(() => lines[1].length === 2 && lines[2].length === 1);
  expect(lines[0]).toHaveLength(1);
  monitors[1].disconnect();
  third.disconnect();
});

test('a monitor takes no commands, and no other handle notices it', async () => {
  const monitor = await redis.monitor();
  const refusal = "Connection is in monitoring mode, can't process commands.";
  await expect(monitor.get('key')).rejects.toThrow(refusal);
  await expect(monitor.getBuffer('key')).rejects.toThrow(refusal);
  await expect(monitor.call('ping')).rejects.toThrow(refusal);
  await expect(monitor.subscribe('channel')).rejects.toThrow(refusal);
  await expect(monitor.multi().set('a', 1).exec()).rejects.toThrow(refusal);
  const [[error]] = await monitor.pipeline().get('key').exec();
  expect(error.message).toBe(refusal);
  expect(await redis.set('key', 'value')).toBe('OK');
  const duplicate = monitor.duplicate();
  expect(await duplicate.get('key')).toBe('value');
  expect(duplicate.mode).toBe('normal');
  await Promise.all([duplicate.quit(), monitor.quit()]);
  await expect(monitor.get('key')).rejects.toMatchObject({ code: 'CLOSED' });
});

test('a connection that is lost comes back as a monitor, and tells how long it was away', async () => {
  const monitor = await redis.monitor();
  const lines = collect(monitor, 'echo');
  const events = [];
  for (const event of ['close', 'reconnecting', 'connecting', 'connect', 'ready', 'monitoring', 'end']) {
    monitor.on(event, () => events.push(event));
  }
  const gap = told(monitor, 'gap');
  await server.killClients(isMonitor);
  await told(monitor, 'monitoring');
  expect(events).toEqual(['close', 'reconnecting', 'connecting', 'connect', 'ready', 'monitoring']);
  expect(await gap).toEqual({ durationMs: expect.any(Number), dropped: 0 });
  expect(monitor.status).toBe('monitoring');
  await redis.echo('after');
  await waitFor(() => lines.length === 1);
  expect(manager.getStats().lanes.inUse).toBe(1);
  // Twice as well, and the server itself.
  const again = told(monitor, 'monitoring');
  const isReady = told(redis, 'ready');
  await server.restart();
  await Promise.all([again, isReady]);
  await redis.echo('after the restart');
  await waitFor(() => lines.length === 2);
  await monitor.quit();
  await waitFor(() => manager.getStats().lanes.links.every(({ state }) => state === 'ready'));
  await waitFor(() => manager.getConnection('subscriber').status === 'ready');
});

test('an ended monitor can be connected again', async () => {
  const monitor = await redis.monitor();
  monitor.disconnect();
  await told(monitor, 'end');
  await allLanesFree();
  await monitor.connect();
  const lines = collect(monitor, 'echo');
  await redis.echo('again');
  await waitFor(() => lines.length === 1);
  await monitor.quit();
});

test('cleanup() ends it', async () => {
  const monitor = await redis.monitor();
  const waiting = [redis.monitor(), redis.monitor()];
  const second = await waiting[0];
  const events = [];
  for (const event of ['close', 'end']) monitor.on(event, () => events.push(event));
  const outcome = expect(waiting[1]).rejects.toMatchObject({ code: 'CLOSED' });
  await manager.cleanup();
  await outcome;
  expect(events).toEqual(['close', 'end']);
  expect([monitor.status, second.status]).toEqual(['end', 'end']);
  manager.assertNoLeaks();
  expect(await server.clientList()).toHaveLength(0);
  await open();
  const third = await redis.monitor();
  await third.quit();
});

test('who may not monitor is told so, and the lane is given back', async () => {
  await server.command('ACL', 'SETUSER', 'app', '-monitor');
  try {
    await expect(redis.monitor()).rejects.toMatchObject({
      name: 'ReplyError',
      message: expect.stringMatching(/^NOPERM/),
    });
  } finally {
    await server.command('ACL', 'SETUSER', 'app', '+monitor');
  }
});

test('a monitor that is not allowed any more ends with that error', async () => {
  const monitor = await redis.monitor();
  const refused = new Promise((resolve) => {
    monitor.on('error', ({ message }) => message.startsWith('NOPERM') && resolve());
  });
  const ended = told(monitor, 'end');
  await server.command('ACL', 'SETUSER', 'app', '-monitor');
  try {
    await server.killClients(isMonitor);
    await refused;
    await ended;
  } finally {
    await server.command('ACL', 'SETUSER', 'app', '+monitor');
  }
});

test('the ledger knows of it', async () => {
  const monitor = await redis.monitor();
  expect(() => manager.assertNoLeaks()).toThrow(
    /monitor of the commands of the server \(main\), from .*monitor\.test\.js/,
  );
  await monitor.quit();
});

test('a silent connection is asked for a sign of life, which is not taken for a line', async () => {
  await manager.cleanup();
  await open({ heartbeatInterval: 50, heartbeatTimeout: 300 });
  const monitor = await redis.monitor();
  const lines = [];
  monitor.on('monitor', (_, args) => lines.push(args));
  await sleep(400);
  expect(monitor.status).toBe('monitoring');
  expect(new Set(lines.map(([name]) => name.toLowerCase()))).toEqual(new Set(['ping']));
  const back = told(monitor, 'monitoring');
  const closed = told(monitor, 'close');
  server.pause();
  try {
    await closed;
  } finally {
    server.resume();
  }
  await back;
  await monitor.quit();
  await manager.cleanup();
});

test('lines that a blocked event loop does not take are bounded, and it is told how many are lost', async () => {
  const flood = `
    const IoRedis = require('ioredis');
    const client = new IoRedis(${server.port});
    const pipeline = client.pipeline();
    for (let index = 0; index < 40000; index++) pipeline.set('flood', 'x'.repeat(1000));
    pipeline.exec().then(() => client.quit());
  `;
  const { code, stdout, stderr } = await runScript(`
    const { execFileSync } = require('node:child_process');
    const manager = require('.');
    async function main() {
      await manager.initialize(${JSON.stringify({ ...access, blockingConnections: 1, maxQueuedMessageBytes: 1e6 })});
      const redis = manager.getConnection();
      const monitor = await redis.monitor();
      let [seen, dropped] = [0, 0];
      monitor.on('monitor', (_, args) => (seen += args[1] === 'flood' ? 1 : 0));
      monitor.on('gap', (gap) => (dropped += gap.dropped));
      const before = process.memoryUsage.rss();
      execFileSync(process.execPath, ['-e', ${JSON.stringify(flood)}]);
      const grown = process.memoryUsage.rss() - before;
      while (seen + dropped < 40000) await new Promise((resolve) => setTimeout(resolve, 20));
      console.log(JSON.stringify({ seen, dropped, grown }));
      monitor.disconnect();
    }
    main();
  `);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { seen, dropped, grown } = JSON.parse(stdout);
  // The few other commands of the client may be among those dropped.
  expect(seen + dropped).toBeLessThan(40020);
  expect(seen).toBeLessThan(10000);
  expect(grown).toBeLessThan(30e6);
});

test('the process stays alive for a monitor, and ends with it', async () => {
  const knock = `
    const IoRedis = require('ioredis');
    const client = new IoRedis(${server.port});
    client.echo('knock').then(() => client.quit());
  `;
  const { code, stdout } = await runScript(`
    const manager = require('.');
    manager.initialize(${JSON.stringify({ ...access, blockingConnections: 1 })}).then(async () => {
      const monitor = await manager.getConnection().monitor();
      monitor.on('monitor', (_, [name]) => {
        if (name !== 'echo') return;
        console.log('knocked');
        monitor.disconnect();
      });
      console.log('up');
      const { spawn } = require('node:child_process');
      spawn(process.execPath, ['-e', ${JSON.stringify(knock)}], { stdio: 'ignore' }).unref();
    });
  `);
  expect({ code, stdout: stdout.trim().split('\n') }).toEqual({ code: 0, stdout: ['up', 'knocked'] });
});

test('a worker that ends with a monitor gives its lane back', async () => {
  const worker = `
    const { parentPort, workerData } = require('node:worker_threads');
    const manager = require(process.cwd());
    manager.initialize(workerData).then(async () => {
      await manager.getConnection().monitor();
      parentPort.postMessage('up');
    });
  `;
  const options = { ...access, blockingConnections: 1 };
  const { code, stdout, stderr } = await runScript(`
    const { Worker } = require('node:worker_threads');
    const { once } = require('node:events');
    const manager = require('.');
    const options = ${JSON.stringify(options)};
    manager.initialize(options).then(async () => {
      for (let round = 0; round < 3; round++) {
        const worker = new Worker(${JSON.stringify(worker)}, { eval: true, workerData: options });
        await once(worker, 'message');
        const before = manager.getStats().lanes.inUse;
        await worker.terminate();
        const monitor = await manager.getConnection().monitor();
        const told = once(monitor, 'monitor');
        await manager.getConnection().ping();
        await told;
        monitor.disconnect();
        console.log(before, manager.getStats().lanes.inUse);
      }
    });
  `);
  expect({ code, stderr, stdout: stdout.trim().split('\n') }).toEqual({
    code: 0,
    stderr: '',
    stdout: ['1 0', '1 0', '1 0'],
  });
});

test('without lanes it is refused, with what to declare', async () => {
  await manager.cleanup();
  await open({ blockingConnections: 0 });
  await expect(redis.monitor()).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('initialize({ blockingConnections: 1 })'),
  });
  await manager.cleanup();
  await expect(redis.monitor()).rejects.toMatchObject({ code: 'CLOSED' });
});

describe('a line', () => {
  test.each([
    ['1700000000.123456 [0 127.0.0.1:6379] "get" "a"', ['1700000000.123456', ['get', 'a'], '127.0.0.1:6379', '0']],
    ['1.5 [15 [::1]:6379] "ping"', ['1.5', ['ping'], '[::1]:6379', '15']],
    ['1.5 [0 unix:/tmp/a b/redis.sock] "x"', ['1.5', ['x'], 'unix:/tmp/a b/redis.sock', '0']],
    ['1.5 [0 lua] "x" "" "\\"\\\\\\x00\\xc3\\xbc"', ['1.5', ['x', '', '"\\\u0000ü'], 'lua', '0']],
  ])('%s', (line, [time, args, source, database]) => {
    expect(parseLine(line)).toEqual({ time, args, source, database });
  });
});
