'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { projectRoot, runScript, startServer } = require('../support');
const manager = require('../..');

afterEach(async () => {
  manager.removeAllListeners();
  await manager.cleanup();
});

const ASK = `
  const manager = require(${JSON.stringify(projectRoot)});
  manager.initialize({ logger: false }).then(async () => {
    console.log(await manager.getConnection().ping(), Object.keys(process.env).filter((name) => name.startsWith('REDIS_')));
  }, (error) => console.log(error.code, error.message));
`;

test('the environment is enough', async () => {
  const server = await startServer({ auth: 'correct horse' });
  const { stdout } = await runScript(ASK, {
    env: { REDIS_HOST: server.host, REDIS_PORT: String(server.port), REDIS_PASSWORD: 'correct horse', REDIS_DB: '2' },
  });
  expect(stdout).toMatch(/^PONG/);
});

test('REDIS_URL is enough', async () => {
  const server = await startServer({ auth: 'correct horse' });
  const { stdout } = await runScript(ASK, { env: { REDIS_URL: server.url } });
  expect(stdout).toMatch(/^PONG/);
});

test('a .env file is enough, and stays out of process.env', async () => {
  const server = await startServer({ auth: 'correct horse' });
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-cwd-'));
  try {
    fs.writeFileSync(path.join(cwd, '.env'), `OTHER=1\nREDIS_PASSWORD="correct horse"\nREDIS_PORT=${server.port}\n`);
    const { stdout } = await runScript(ASK, { cwd });
    expect(stdout).toBe('PONG []\n');
  } finally {
    fs.rmSync(cwd, { recursive: true });
  }
});

test("ioredis' options are taken where they ask for what is so anyway, and else refused with what to do", async () => {
  const server = await startServer();
  const usual = {
    ...{ keyPrefix: '', stringNumbers: false, showFriendlyErrorStack: false, readOnly: false, monitor: false },
    ...{ protocol: 2, replyMapping: 'legacy', enableAutoPipelining: true, disconnectTimeout: 2000, lazyConnect: false },
    ...{ socketTimeout: undefined, Connector: undefined, sentinelRetryStrategy: null, clientInfoTag: undefined },
  };
  await manager.initialize({ ...server.options, ...usual, logger: false });
  await manager.initialize({ ...server.options, ...usual });
  expect(await manager.getConnection().ping()).toBe('PONG');
  await manager.cleanup();
  for (const [option, reason] of [
    [{ keyPrefix: 'app:' }, "got 'app:', expected nothing: handles have it, getConnection().duplicate({ keyPrefix })"],
    [{ scripts: { lua: { lua: 'return 1' } } }, 'handles have it, getConnection().duplicate({ scripts })'],
    [{ socketTimeout: 5000 }, 'expected nothing. A silent connection is found out by `heartbeatTimeout`'],
    [{ replyMapping: 'resp3' }, "expected 'legacy'. Replies have the shapes of RESP2"],
    [{ protocol: 4 }, 'expected 2 or 3'],
  ]) {
    const [name] = Object.keys(option);
    const error = await manager.initialize({ ...server.options, ...option }).catch((reason_) => reason_);
    expect(error).toMatchObject({ code: 'INVALID_OPTION' });
    expect(error.message).toContain(`Invalid option ${name}: `);
    expect(error.message).toContain(reason);
  }
});

test.each([[[]], [new Map([['host', 'elsewhere']])], ['redis'], [5]])('%p is no options', async (options) => {
  await expect(manager.initialize(options)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringMatching(/^Invalid option options: got .*, expected an object$/),
  });
});

test('TLS with an authority of its own, as an option, as a URL, and from NODE_EXTRA_CA_CERTS', async () => {
  const server = await startServer({ tls: true });
  await manager.initialize({ ...server.options, logger: false });
  expect(await manager.getConnection().ping()).toBe('PONG');
  await manager.cleanup();

  await manager.initialize({ url: server.url, tls: server.tls, logger: false });
  expect(await manager.getConnection().ping()).toBe('PONG');

  const file = path.join(server.directory, 'extra.pem');
  fs.writeFileSync(file, server.certificates.ca.cert);
  const { stdout } = await runScript(ASK, {
    env: { REDIS_URL: `rediss://localhost:${server.port}`, NODE_EXTRA_CA_CERTS: file },
  });
  expect(stdout).toMatch(/^PONG/);
});

test('TLS without verification works, and is warned about once', async () => {
  const server = await startServer({ tls: 'untrusted' });
  const warnings = [];
  manager.on('warning', ({ code }) => warnings.push(code));
  const options = { ...server.options, tls: { rejectUnauthorized: false }, logger: false };
  await manager.initialize(options);
  await manager.cleanup();
  await manager.initialize(options);
  expect(await manager.getConnection().ping()).toBe('PONG');
  expect(warnings.filter((code) => code === 'TLS_NOT_VERIFIED')).toHaveLength(1);
});

test('a unix socket', async () => {
  const server = await startServer({ unixSocket: true });
  await manager.initialize({ path: server.socketPath, logger: false });
  expect(await manager.getConnection().ping()).toBe('PONG');
  await manager.cleanup();
  await manager.initialize({ url: `unix://${server.socketPath}?db=1`, logger: false });
  expect(await manager.getConnection().ping()).toBe('PONG');
});
