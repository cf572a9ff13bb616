'use strict';

const { inspect } = require('node:util');
const { runScript, startServer, waitFor } = require('../support');
const manager = require('../..');

const PURPOSES = ['main', 'subscriber', 'scheduler'];

let server;
/** @type {any[]} */
let warnings;
beforeAll(async () => {
  const users = ['ann', 'bob'].map((name) => `${name} on >pass-of-${name} ~* &* +@all`);
  server = await startServer({ users });
});
beforeEach(() => {
  warnings = [];
  manager.on('warning', (warning) => warnings.push(warning));
});
afterEach(async () => {
  manager.removeAllListeners();
  await manager.cleanup();
  for (const name of ['ann', 'bob']) await server.command('ACL', 'SETUSER', name, 'resetpass', `>pass-of-${name}`);
});

const as = (username, more = {}) => ({ username, password: `pass-of-${username}`, ...more });

function initialize(credentialsProvider, more = {}) {
  const { host, port } = server;
  return manager.initialize({ host, port, credentialsProvider, logger: false, purposes: PURPOSES, ...more });
}

/** name of the link -> { id, user } as the server has them. */
async function connections() {
  const list = String(await server.command('CLIENT', 'LIST')).split('\n');
  const links = list.flatMap((line) => {
    const { id, name = '', user } = Object.fromEntries(line.split(' ').map((pair) => pair.split(/=(.*)/s)));
    return name.startsWith('unified-redis:') ? [[name.split(':')[2], { id, user }]] : [];
  });
  return Object.fromEntries(links);
}

const users = async () => Object.values(await connections()).map(({ user }) => user);
const renewed = () => new Promise((resolve) => manager.once('credentials', resolve));

/** The failure of each purpose, all the same. */
async function failure(opening) {
  const error = await opening.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toMatchObject({ code: 'INITIALIZE_FAILED', retryable: true });
  expect(error.errors.map(({ purpose }) => purpose)).toEqual(PURPOSES);
  for (const each of error.errors) expect(each).toMatchObject({ code: 'CREDENTIALS_FAILED', retryable: true });
  expect(inspect(error, { depth: 9 })).not.toContain('pass-of');
  return error.errors[0].message;
}

test('links that are opened at the same time ask once, and each later one again', async () => {
  let calls = 0;
  await initialize(async () => {
    calls += 1;
    return as('ann');
  });
  expect(calls).toBe(1);
  expect(await users()).toEqual(['ann', 'ann', 'ann']);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await server.killClients();
  await waitFor(async () => (await users()).length === 3);
  expect(calls).toBeGreaterThan(1);
});

test('credentials with an end serve connections until then', async () => {
  let calls = 0;
  await initialize(() => {
    calls += 1;
    return as('ann', { expiresAt: new Date(Date.now() + 600_000) });
  });
  const before = await connections();
  await server.killClients();
  await waitFor(async () => (await users()).length === 3);
  expect(Object.values(await connections()).map(({ id }) => id)).not.toContain(before.main.id);
  expect(calls).toBe(1);
});

test('a password that was changed is asked for again', async () => {
  let password = 'pass-of-ann';
  await initialize(() => ({ username: 'ann', password, ttl: 600_000 }));
  password = 'another';
  await server.command('ACL', 'SETUSER', 'ann', 'resetpass', `>${password}`);
  const errors = [];
  manager.on('error', ({ code, message }) => errors.push({ code, message }));
  await server.killClients();
  await waitFor(async () => (await users()).length === 3);
  const refused = errors.find(({ code }) => code === 'AUTH_FAILED');
  expect(refused.message).toContain('credentialsProvider gave for the user "ann"');
  expect(inspect(errors)).not.toMatch(/pass-of|another/);
});

test('links are authenticated again before the end, and none is dropped', async () => {
  let name = 'ann';
  await initialize(() => as(name, { ttl: 1000 }), { blockingConnections: 1 });
  const before = await connections();
  expect(Object.keys(before).sort()).toEqual(['lane-1', ...PURPOSES].sort());
  name = 'bob';
  let isOver = false;
  let last = 0;
  const redis = manager.getConnection();
  const start = Number(await redis.set('counted', 0).then(() => 0));
  const busy = (async () => {
    while (!isOver) last = await redis.incr('counted');
  })();
  await waitFor(async () => (await users()).every((user) => user === 'bob'));
  isOver = true;
  await busy;
  const after = await connections();
  for (const [link, { id }] of Object.entries(before))
    expect({ link, ...after[link] }).toEqual({ link, id, user: 'bob' });
  expect(Number(await redis.get('counted')) - start).toBe(last);
  expect(manager.getStats().errors).toBe(0);
  expect(warnings).toEqual([]);
});

test('with a sessionTtl the end of the credentials is no reason to', async () => {
  let calls = 0;
  await initialize(() => {
    calls += 1;
    return as('ann', { ttl: 50, sessionTtl: 60_000 });
  });
  const before = await connections();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(calls).toBe(1);
  expect(await connections()).toEqual(before);
  // A connection made after their end asks for others.
  await server.killClients();
  await waitFor(async () => (await users()).length === 3);
  expect(calls).toBeGreaterThan(1);
});

test('a link in subscriber mode is made anew, and its subscriptions go on', async () => {
  let name = 'ann';
  await initialize(() => as(name, { ttl: 1000 }));
  const redis = manager.getConnection('subscriber');
  const messages = [];
  redis.on('message', (_, message) => messages.push(message));
  await redis.subscribe('news');
  const before = await connections();
  name = 'bob';
  await waitFor(async () => (await users()).every((user) => user === 'bob') && (await users()).length === 3);
  const after = await connections();
  expect(after.main).toEqual({ id: before.main.id, user: 'bob' });
  expect(after.subscriber.id).not.toBe(before.subscriber.id);
  await waitFor(() => warnings.some(({ code }) => code === 'SUBSCRIPTION_GAP'));
  const { durationMs } = warnings.find(({ code }) => code === 'SUBSCRIPTION_GAP');
  expect(durationMs).toBeLessThan(5000);
  await waitFor(async () => (await server.command('PUBLISH', 'news', 'still here')) > 0);
  await waitFor(() => messages.includes('still here'));
});

test('what blocks is not disturbed, and what is watched stays so', async () => {
  let name = 'ann';
  await initialize(() => as(name, { ttl: 1000 }), { blockingConnections: 2 });
  const redis = manager.getConnection();
  await redis.watch('watched');
  const blocked = redis.blpop('blocks', 0);
  name = 'bob';
  await waitFor(async () => (await connections()).main?.user === 'bob');
  const lanes = async () => Object.entries(await connections()).filter(([link]) => link.startsWith('lane-'));
  // One lane watches, the other is not asked before its command is done.
  await waitFor(async () => (await lanes()).some(([, { user }]) => user === 'bob'));
  expect((await lanes()).map(([, { user }]) => user).sort()).toEqual(['ann', 'bob']);
  await server.command('SET', 'watched', 'by somebody else');
  expect(await redis.multi().set('watched', 'mine').exec()).toBeNull();
  await server.command('RPUSH', 'blocks', 'it');
  expect(await blocked).toEqual(['blocks', 'it']);
  await waitFor(async () => (await lanes()).every(([, { user }]) => user === 'bob'));
  expect(manager.getStats().errors).toBe(0);
});

describe('a provider that fails', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('vault is sealed');
      },
      'credentialsProvider failed: vault is sealed',
    ],
    ['rejects', () => Promise.reject(new Error('vault is gone')), 'credentialsProvider failed: vault is gone'],
    ['gives nothing', () => undefined, 'credentialsProvider gave nothing; expected { username?, password'],
    ['gives null', async () => null, 'gave nothing'],
    ['gives a string', async () => 'pass-of-ann', 'gave a string'],
    ['gives no password', async () => ({ username: 'ann' }), 'gave no password'],
    ['gives an empty password', async () => ({ password: '' }), 'gave no password'],
    ['gives another name', async () => as('ann', { username: 7 }), 'a username that is no string'],
    ['counts in seconds', async () => as('ann', { expiresAt: Date.now() / 1000 }), 'an expiresAt that is no moment'],
    ['gives no moment', async () => as('ann', { expiresAt: 'soon' }), 'an expiresAt that is no moment'],
    ['gives no duration', async () => as('ann', { ttl: '5m' }), 'a ttl that is no number'],
    ['gives no session', async () => as('ann', { sessionTtl: -1 }), 'a sessionTtl that is no number'],
    ['is late', async () => as('ann', { expiresAt: Date.now() - 1 }), 'have expired already'],
  ])('because it %s', async (_, provider, words) => {
    expect(await failure(initialize(provider))).toContain(words);
    await initialize(() => as('ann'));
    expect(await manager.getConnection().ping()).toBe('PONG');
  });

  test('because it never answers', async () => {
    const started = performance.now();
    const message = await failure(initialize(() => new Promise(() => {}), { connectTimeout: 300 }));
    expect(message).toContain('no answer within 0.3 s (connectTimeout)');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('before the end: the links go on, it is said, and asked again', async () => {
    let isSealed = false;
    let calls = 0;
    await initialize(() => {
      calls += 1;
      if (isSealed) throw new Error('pass-of-ann is no more');
      return as('ann', { ttl: 600 });
    });
    const before = await connections();
    isSealed = true;
    await waitFor(() => warnings.length >= 2);
    for (const { code, message } of warnings) {
      expect(code).toBe('CREDENTIALS_NOT_RENEWED');
      expect(message).toMatch(/credentialsProvider failed: <redacted> is no more \[CREDENTIALS_FAILED\]$/);
    }
    expect(warnings.map(({ message }) => /next attempt in (\S+) s/.exec(message)[1]).slice(0, 2)).toEqual([
      '0.5',
      '1.0',
    ]);
    expect(await manager.getConnection().ping()).toBe('PONG');
    const asked = calls;
    isSealed = false;
    await renewed();
    expect(calls).toBeGreaterThan(asked);
    expect(await connections()).toEqual(before);
  });

  test('with what the server refuses: the links go on, it is said, and asked again', async () => {
    let password = 'pass-of-ann';
    await initialize(() => ({ username: 'ann', password, ttl: 600 }));
    const before = await connections();
    password = 'pass-of-nobody';
    await waitFor(() => warnings.length >= 2);
    expect(warnings[0]).toMatchObject({ code: 'CREDENTIALS_NOT_RENEWED' });
    expect(warnings[0].message).toContain('[AUTH_FAILED]');
    expect(inspect(warnings)).not.toContain('pass-of');
    password = 'pass-of-ann';
    await renewed();
    expect(await connections()).toEqual(before);
  });

  test('while a link is down: each attempt says so, until it has an answer', async () => {
    let isSealed = false;
    await initialize(() => {
      if (isSealed) throw new Error('sealed');
      return as('ann', { ttl: 200, sessionTtl: 60_000 });
    });
    await new Promise((resolve) => setTimeout(resolve, 250));
    isSealed = true;
    const errors = [];
    const attempts = [];
    manager.on('error', ({ code, purpose }) => errors.push(`${code} ${purpose}`));
    manager.on('reconnecting', ({ attempt }) => attempts.push(attempt));
    await server.killClients();
    await waitFor(() => errors.filter((each) => each === 'CREDENTIALS_FAILED main').length >= 3);
    await expect(manager.getConnection().ping()).rejects.toMatchObject({
      code: 'LINK_DOWN',
      message: expect.stringContaining('sealed'),
    });
    expect(Math.max(...attempts)).toBeGreaterThan(2);
    isSealed = false;
    await waitFor(() => manager.getStats().active === PURPOSES.length);
    expect(await manager.getConnection().ping()).toBe('PONG');
  });
});

test('nothing of it is left after cleanup()', async () => {
  let calls = 0;
  await initialize(() => {
    calls += 1;
    return as('ann', { ttl: 200 });
  });
  await renewed();
  await manager.cleanup();
  const asked = calls;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(calls).toBe(asked);
});

test('it stands above a password of the environment, keeps no process alive, and outlives the worker that asked', async () => {
  const { code, stdout, stderr } = await runScript(
    `
    const { Worker } = require('node:worker_threads');
    const manager = require(process.cwd());
    const source = \`({
      logger: false,
      purposes: ['main', 'scheduler'],
      credentialsProvider: async () => ({ username: 'ann', password: 'pass-of-ann' }),
    })\`;
    const options = eval(source);
    const worker = new Worker(
      \`require(process.cwd()).initialize(\${source})
        .then(() => require('node:worker_threads').parentPort.postMessage('open'));\`,
      { eval: true },
    );
    worker.once('message', async () => {
      await manager.initialize(options);
      await worker.terminate();
      const redis = manager.getConnection();
      console.log(await redis.call('ACL', 'WHOAMI'));
      const alive = setInterval(() => {}, 1000);
      const ready = new Promise((resolve) => manager.once('ready', resolve));
      await redis.call('CLIENT', 'KILL', 'USER', 'ann', 'SKIPME', 'no').catch(() => {});
      await ready;
      clearInterval(alive);
      console.log('again');
    });
    `,
    { env: { REDIS_HOST: server.host, REDIS_PORT: String(server.port), REDIS_PASSWORD: 'wrong' } },
  );
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'ann\nagain\n', stderr: '' });
});
