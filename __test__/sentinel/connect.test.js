'use strict';

const { inspect } = require('node:util');
const manager = require('unified-redis');
const { bulk, freePort, handshakeReply, runScript } = require('../support');
const { startScriptedServer, startSentinelGroup, startServer, waitFor } = require('../support');

/** @type {import('../support/sentinel.js').SentinelGroup} */
let group;

beforeAll(async () => {
  group = await startSentinelGroup();
});

afterEach(() => manager.cleanup());

const quiet = { logger: false, envFile: false };
const open = (options) => manager.initialize({ ...quiet, ...group.options, ...options });
const failure = (options) =>
  open(options).then(
    () => Promise.reject(new Error('it was opened')),
    (error) => error,
  );
const addresses = () => new Set(manager.getStats().links.map(({ address }) => address));
const at = ({ port }) => `127.0.0.1:${port}`;
const named = (clients, end) => clients.filter(({ name }) => name.endsWith(`${process.pid}:${end}`));

test('links are to the master, and cost a sentinel one connection in all', async () => {
  const [master] = group.servers;
  await open();
  expect(await manager.getConnection().set('where', 'master')).toBe('OK');
  expect(addresses()).toEqual(new Set([at(master)]));
  await waitFor(() => manager.getStats().sentinel.watched !== null);
  await waitFor(() => manager.getStats().sentinel.sockets.open === 1);
  const lists = await Promise.all(group.sentinels.map((sentinel) => sentinel.clientList()));
  expect(named(lists.flat(), 'failovers')).toHaveLength(1);
  expect(named(lists.flat(), 'discovery')).toHaveLength(0);
  expect(manager.getStats().sentinel).toMatchObject({
    name: group.name,
    role: 'master',
    master: at(master),
    sockets: { bound: 4 },
  });
  await manager.cleanup();
  expect(manager.getStats().sentinel).toBeNull();
  await waitFor(async () => {
    const after = await Promise.all(group.sentinels.map((sentinel) => sentinel.clientList()));
    return named(after.flat(), 'failovers').length === 0;
  });
});

test('one sentinel tells of the others, unless it is not to be asked', async () => {
  const [sentinels, others] = [group.options.sentinels.slice(0, 1), group.sentinels.slice(1).map(at)];
  await open({ sentinels });
  expect(manager.getStats().sentinel.sentinels.map(({ address }) => address)).toEqual(expect.arrayContaining(others));
  await manager.cleanup();
  await open({ sentinels, updateSentinels: false, failoverDetector: false });
  expect(manager.getStats().sentinel).toMatchObject({ watched: null, sockets: { bound: 1 } });
});

test('the environment says the same', async () => {
  const given = {
    REDIS_SENTINELS: group.sentinels.map(at).join(', '),
    REDIS_SENTINEL_NAME: group.name,
    REDIS_SENTINEL_ROLE: 'slave',
  };
  Object.assign(process.env, given);
  try {
    await manager.initialize(quiet);
  } finally {
    for (const name of Object.keys(given)) delete process.env[name];
  }
  expect((await manager.getConnection().role())[0]).toBe('slave');
});

test('role slave: links are to replicas, and read what the master is given', async () => {
  await group.servers[0].command('SET', 'read', 'me');
  await open({ role: 'slave', purposes: Array.from({ length: 16 }, (_, index) => `reader-${index}`) });
  const redis = manager.getConnection('reader-0');
  await waitFor(async () => (await redis.get('read')) === 'me');
  await expect(redis.set('read', 'only')).rejects.toThrow('READONLY');
  const replicas = group.servers.slice(1).map(at);
  expect([...addresses()].every((address) => replicas.includes(address))).toBe(true);
});

describe('preferredSlaves', () => {
  const second = () => ({ ip: '127.0.0.1', port: String(group.servers[2].port) });

  test.each([
    ['one', () => second()],
    ['a list', () => [{ ...second(), prio: 2 }, { ip: '10.1.2.3', port: 6379, prio: 1 }]], // prettier-ignore
    ['a function', () => (replicas) => replicas.find(({ port, flags }) => port === second().port && flags === 'slave')],
  ])('as %s', async (_, preferred) => {
    await open({ role: 'slave', preferredSlaves: preferred() });
    expect(addresses()).toEqual(new Set([at(group.servers[2])]));
  });

  test('a function that throws is named, and nothing is opened', async () => {
    const preferredSlaves = () => {
      throw new Error('no idea');
    };
    const error = await failure({ role: 'slave', preferredSlaves });
    expect(error.message).toContain('the function preferredSlaves failed: no idea');
  });
});

describe('natMap', () => {
  const [announced, reached] = [() => `127.0.0.1:${group.servers[0].port}`, () => group.servers[0].port];

  test.each([
    ['an object', () => ({ [announced()]: { host: 'localhost', port: reached() } })],
    ['a function', () => (key) => (key === announced() ? { host: 'localhost', port: reached() } : null)],
  ])('as %s', async (_, natMap) => {
    await open({ natMap: natMap(), updateSentinels: false });
    expect(await manager.getConnection().ping()).toBe('PONG');
  });

  test('decides where links go', async () => {
    const nowhere = await freePort();
    const natMap = { [announced()]: { host: 'localhost', port: nowhere } };
    const error = await failure({ natMap, connectTimeout: 500 });
    expect(error.message).toMatch(
      new RegExp(`localhost:${nowhere}.*named as master of 'mymaster' by the sentinel 127`),
    );
    expect(error.errors[0].code).toBe('ECONNREFUSED');
  });
});

describe('what fails is said of each sentinel', () => {
  test('another name', async () => {
    const error = await failure({ name: 'nobody' });
    expect(error).toMatchObject({ code: 'INITIALIZE_FAILED', retryable: true });
    expect(error.message).toContain(`none of the 3 sentinels knows the master 'nobody'`);
    for (const sentinel of group.sentinels) {
      expect(error.message).toContain(`${at(sentinel)}: No such master with that name [SENTINELS_FAILED]`);
    }
    expect(error.errors[0].code).toBe('SENTINELS_FAILED');
    expect((await failure({ name: 'nobody', role: 'slave' })).message).toContain(`a replica of 'nobody'`);
  });

  test('all of them are down, and one has no such name', async () => {
    const [one, other] = [await freePort(), await freePort()];
    const sentinels = [{ host: '127.0.0.1', port: one }, { host: 'no.such.host.invalid', port: other }]; // prettier-ignore
    const error = await failure({ sentinels, tls: false });
    expect(error.message).toMatch(new RegExp(`127.0.0.1:${one}: cannot connect .* \\[ECONNREFUSED\\]`));
    expect(error.message).toMatch(/no\.such\.host\.invalid:\d+: cannot resolve .*REDIS_SENTINELS.* \[ENOTFOUND\]/);
    expect(error.errors[0].code).toBe('SENTINELS_FAILED');
    const down = await failure({ sentinels: [`127.0.0.1:${one}`, `127.0.0.1:${other}`] });
    expect(down.errors[0].code).toBe('ECONNREFUSED');
  });

  test('what is no sentinel', async () => {
    const error = await failure({ sentinels: [{ host: '127.0.0.1', port: group.servers[0].port }] });
    expect(error.message).toContain('is no sentinel: check sentinels (REDIS_SENTINELS)');
  });

  test('one that keeps silent', async () => {
    const silent = await startScriptedServer({});
    const sentinels = [{ host: '127.0.0.1', port: silent.port }];
    const error = await failure({ sentinels, sentinelCommandTimeout: 200 });
    expect(error.message).toMatch(/no connection to 127.0.0.1:\d+ within 0.2 s/);
    await open({ sentinels: [...sentinels, ...group.options.sentinels] });
    expect(await manager.getConnection().ping()).toBe('PONG');
  });
});

test('a sentinel that is down costs nothing but its entry in the figures', async () => {
  const dead = { host: '127.0.0.1', port: await freePort() };
  await open({ sentinels: [dead, ...group.options.sentinels] });
  const { sentinels } = manager.getStats().sentinel;
  expect(sentinels.find(({ address }) => address === at(dead))).toMatchObject({
    state: 'failed',
    lastError: { code: 'ECONNREFUSED' },
  });
});

test('a server that has another role than it was named for is asked about again', async () => {
  const [master, replica] = group.servers;
  let asked = 0;
  const stale = await startScriptedServer({
    onCommand(command) {
      if (command[0] !== 'SENTINEL') return handshakeReply(command);
      asked++;
      const { port } = asked < 3 ? replica : master;
      return `*2\r\n${bulk('127.0.0.1')}${bulk(String(port))}`;
    },
  });
  const sentinels = [{ host: '127.0.0.1', port: stale.port }];
  const options = { sentinels, updateSentinels: false, failoverDetector: false, purposes: ['main'] };
  await open(options);
  expect(asked).toBe(3);
  expect(addresses()).toEqual(new Set([at(master)]));
  await manager.cleanup();
  asked = -1e9;
  const error = await failure({ ...options, connectTimeout: 500 });
  expect(error.message).toContain('is a slave by ROLE, and no master');
  expect(error.errors[0].code).toBe('WRONG_ROLE');
});

test('a sentinel that stands still is not watched any longer, and links are found by the others', async () => {
  await open({ heartbeatInterval: 200, heartbeatTimeout: 200 });
  const watched = () => manager.getStats().sentinel.watched;
  const first = await waitFor(watched);
  const sentinel = group.sentinels.find((each) => at(each) === first);
  sentinel.pause();
  try {
    await waitFor(() => watched() !== null && watched() !== first);
    await group.servers[0].killClients(({ name }) => name.endsWith(':main'));
    const redis = manager.getConnection();
    await waitFor(async () => (await redis.ping()) === 'PONG' && manager.getStats().links[0].reconnects === 1);
    expect(manager.getStats().sentinel.sockets.open).toBeLessThanOrEqual(4);
  } finally {
    sentinel.resume();
  }
});

test('a script that closes nothing ends by itself', async () => {
  const script = `
    const manager = require('unified-redis');
    (async () => {
      await manager.initialize(${JSON.stringify({ ...quiet, ...group.options })});
      while (manager.getStats().sentinel.watched === null) await new Promise((resolve) => setTimeout(resolve, 10));
      console.log(await manager.getConnection().ping());
    })();`;
  expect(await runScript(script)).toMatchObject({ code: 0, stdout: 'PONG\n', stderr: '' });
});

test('handles show where they are from, but no secret', async () => {
  const given = { natMap: { 'nowhere:1': { host: 'x', port: 1 } }, sentinelTLS: false, sentinelUsername: 'default' };
  await open({ ...given, sentinelPassword: 'unused-7391' });
  const redis = manager.getConnection();
  expect(redis.options).toMatchObject({ sentinels: group.options.sentinels, name: group.name, role: 'master' });
  redis.duplicate({ ...redis.options, ...group.options, ...given, sentinelPassword: 'unused-7391' }).disconnect();
  for (const other of [
    { name: 'other' },
    { sentinels: [{ host: 'x' }] },
    { role: 'slave' },
    { sentinelPassword: 'x' },
  ]) {
    expect(() => redis.duplicate(other)).toThrow(Object.keys(other)[0]);
  }
  expect(inspect([redis, manager, manager.getStats()], { depth: 9, showHidden: true })).not.toContain('unused-7391');
});

test('initialize() again with the same sentinels changes nothing; with others it warns', async () => {
  await open();
  const warnings = [];
  manager.on('warning', (warning) => warnings.push(warning));
  await open();
  expect(warnings).toEqual([]);
  await open({ name: 'other' });
  expect(warnings).toMatchObject([{ code: 'OPTIONS_IGNORED', options: ['name'] }]);
  manager.removeAllListeners('warning');
});

test('a group that is named by hand must have replicas for the role slave', async () => {
  const lonely = await startServer();
  const config = [`sentinel monitor ${group.name} 127.0.0.1 ${lonely.port} 1`];
  const sentinel = await startServer({ sentinel: true, config });
  const error = await failure({ sentinels: [{ host: '127.0.0.1', port: sentinel.port }], role: 'slave' });
  expect(error.message).toContain('no replica is up: it knows of none');
});

test('role slave: a replica that is promoted is left', async () => {
  const [, replica] = group.servers;
  const preferredSlaves = { ip: '127.0.0.1', port: replica.port };
  await open({ role: 'slave', preferredSlaves, purposes: ['main', 'subscriber'] });
  expect(addresses()).toEqual(new Set([at(replica)]));
  await replica.command('CONFIG', 'SET', 'replica-priority', '1');
  const [sentinel] = group.sentinels;
  await waitFor(async () => {
    const [first, second] = await sentinel.command('SENTINEL', 'replicas', group.name);
    return [first, second].some((fields) => fields[fields.indexOf('slave-priority') + 1] === '1');
  });
  await sentinel.command('SENTINEL', 'FAILOVER', group.name);
  await waitFor(
    () => !addresses().has(at(replica)) && manager.getStats().links.every(({ state }) => state === 'ready'),
  );
  expect((await manager.getConnection().role())[0]).toBe('slave');
  expect((await replica.command('ROLE'))[0]).toBe('master');
});

test('role slave: where the replica is lost, another one takes its place', async () => {
  await waitFor(() => group.isReplica(group.servers[0]));
  await open({ role: 'slave', purposes: ['main'] });
  const [first] = addresses();
  const replica = group.servers.find((server) => at(server) === first);
  await replica.kill();
  await waitFor(() => !addresses().has(first) && manager.getStats().links[0].state === 'ready');
  expect((await manager.getConnection().role())[0]).toBe('slave');
});
