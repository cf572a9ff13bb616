'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { handshakeReply, onCleanup, runScript, startScriptedServer, startServer } = require('../support');

const SECRET = 'hunter2-RECOGNISABLE-4711';
const SCRIPT = path.join(__dirname, 'secrets-script.js');

/** As it is, and as it may have been written down by somebody in between. */
const FORMS = {
  plain: SECRET,
  'a part of it': 'RECOGNISABLE',
  base64: Buffer.from(SECRET).toString('base64').slice(0, 20),
  hex: Buffer.from(SECRET).toString('hex').slice(0, 20),
  bytes: [...Buffer.from(SECRET).subarray(0, 8)].join(', '),
  'bytes of a Buffer': Buffer.from(SECRET)
    .subarray(0, 8)
    .toString('hex')
    .replace(/..(?=.)/g, '$& '),
};

const COMMANDS = [
  ['AUTH', SECRET],
  ['AUTH', 'app', SECRET],
  ['HELLO', '3', 'AUTH', 'app', SECRET],
  ['ACL', 'SETUSER', 'other', `>${SECRET}`, 'nonsense'],
  ['ACL', 'SETUSER', 'other', `<${SECRET}`],
  ['acl', 'setuser', 'other', `#${SECRET}`],
  ['ACL', 'SETUSER', 'other', `!${SECRET}`],
  ['ACL', 'DRYRUN', 'nobody', 'AUTH', SECRET],
  ['CONFIG', 'SET', 'requirepass', SECRET, 'nonsense', 'x'],
  ['config', 'set', 'maxmemory', '0', 'masterauth', SECRET, 'nonsense', 'x'],
  ['CONFIG', 'SET', 'requirepas', SECRET],
  ['MIGRATE', '127.0.0.1', '1', 'key', '0', '50', 'AUTH', SECRET],
  ['MIGRATE', '127.0.0.1', '1', '', '0', '50', 'AUTH2', 'app', SECRET, 'KEYS', 'key'],
  ['SENTINEL', 'SET', 'main', 'auth-pass', SECRET],
  ['SENTINEL', 'CONFIG', 'SET', 'sentinel-pass', SECRET],
];

let server;
let broken;
beforeAll(async () => {
  server = await startServer({ users: [`app on >${SECRET} ~* &* +@all`, 'rotated on >x ~* &* +@all'] });
  await server.command('SET', 'key', 'value');
  broken = await brokenOptions();
});

/** Options that make no sense, and servers that say in public what they were told. */
async function brokenOptions() {
  const says = async (answer) => {
    const { host, port } = await startScriptedServer({
      onCommand: (command) => answer(command) ?? handshakeReply(command),
    });
    return { host, port, password: SECRET, db: 3, purposes: ['main'], connectTimeout: 3000 };
  };
  const to = (name, reply) => (command) => (command.join(' ').startsWith(name) ? reply : undefined);
  return [
    await says(to('AUTH', `-ERR unknown command 'AUTH', with args beginning with: '${SECRET}', \r\n`)),
    await says(to('AUTH', `-ERR the proxy does not know ${SECRET}\r\n`)),
    await says(to('AUTH', `-${SECRET} is not what I want\r\n`)),
    await says(to('SELECT', `-ERR after ${SECRET} came nothing\r\n`)),
    await says(to('CLIENT SETNAME', `${SECRET}\r\n`)),
    await says(to('CLIENT SETNAME', `$${SECRET}\r\n`)),
    await says(to('INFO', `:${SECRET}\r\n`)),
    { host: server.host, port: server.port, username: 'nobody', password: SECRET },
    { url: `redis://app:${SECRET}@${server.host}:${server.port}/99` },
    { url: `http://app:${SECRET}@localhost` },
    { url: `redis://app:${SECRET}@[::1:99/x` },
    { url: `redis://:${SECRET}%@localhost:6379` },
    { url: `redis://:${SECRET}@localhost:six` },
    { url: { url: SECRET } },
    `redis://:${SECRET}@localhost`,
    [`redis://:${SECRET}@localhost`],
    { host: `redis://:${SECRET}@localhost` },
    { host: `app:${SECRET}@localhost` },
    { host: { host: 'localhost', password: SECRET } },
    { path: `redis://:${SECRET}@localhost` },
    { path: `unix:///none?pass=${SECRET}` },
    { port: { password: SECRET } },
    { username: [SECRET] },
    { password: { SECRET } },
    { password: SECRET, passwrod: SECRET },
    { purposes: [`redis://:${SECRET}@localhost`, 'main', 'main'] },
    { logger: { password: SECRET } },
    { tls: { passphrase: SECRET } },
    { tls: { servername: `x:${SECRET}@y` } },
    { tls: { key: SECRET } },
    { tls: { key: `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\n`, cert: 'x' } },
    { tls: { ca: `-----BEGIN CERTIFICATE-----\n${SECRET}\n-----END CERTIFICATE` } },
    { tls: { ca: `-----BEGIN CERTIFICATE ${SECRET}\nx\n-----END CERTIFICATE-----` } },
    { envFile: `/none/with:${SECRET}@` },
  ];
}

/** @param {object} scenario @param {object} [settings] of the process */
async function play(scenario, settings = {}) {
  const { env, ...rest } = settings;
  const SCENARIO = JSON.stringify({ secret: SECRET, initial: {}, commands: COMMANDS, ...scenario });
  const result = await runScript(SCRIPT, { env: { SCENARIO, ...env }, timeout: 60_000, ...rest });
  return { ...result, output: result.stdout + result.stderr };
}

/** @param {string} output */
function expectNoSecret(output) {
  const lines = output.split('\n');
  for (const [form, text] of Object.entries(FORMS)) {
    const found = lines.filter((line) => line.includes(text));
    expect({ form, found }).toEqual({ form, found: [] });
  }
}

test('a password in the options is seen nowhere, whatever goes wrong', async () => {
  const { output, code } = await play({
    broken,
    initial: { host: server.host, port: server.port, username: 'app', password: SECRET },
  });
  expectNoSecret(output);
  expect(output).toContain('reached the end');
  expect(code).toBe(0);
  // It went wrong indeed.
  for (const [name] of COMMANDS) expect(output).toContain(`${name} failed`);
  expect(output.match(/a broken initialize failed/g)).toHaveLength(broken.length);
  expect(output).toContain('<redacted>');
});

test('nor one in REDIS_URL, with an unhandled rejection', async () => {
  const env = { REDIS_URL: `redis://app:${SECRET}@${server.host}:${server.port}` };
  const { output, stderr, code } = await play({ end: 'unhandled rejection' }, { env });
  expectNoSecret(output);
  expect(code).toBe(1);
  expect(stderr).toContain("'requirepass', '<redacted>'");
});

test('nor one in REDIS_PASSWORD, with an uncaught exception', async () => {
  const env = {
    REDIS_HOST: server.host,
    REDIS_PORT: String(server.port),
    REDIS_USERNAME: 'app',
    REDIS_PASSWORD: SECRET,
  };
  const { output, stderr, code } = await play({ end: 'uncaught exception' }, { env });
  expectNoSecret(output);
  expect(code).toBe(1);
  expect(stderr).toContain("'requirepass', '<redacted>'");
});

test('nor one in the .env file, with an error as the cause of another', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-'));
  onCleanup(() => fs.rmSync(directory, { recursive: true, force: true }));
  fs.writeFileSync(
    path.join(directory, '.env'),
    `REDIS_URL=redis://${server.host}:${server.port}\nREDIS_USERNAME=app\nREDIS_PASSWORD='${SECRET}'\n`,
  );
  const { output, stderr, code } = await play({ end: 'a rejection in a pipeline' }, { cwd: directory });
  expectNoSecret(output);
  expect(code).toBe(1);
  expect(stderr).toContain('on purpose');
});

test('nor one that the server no longer takes', async () => {
  await server.command('ACL', 'SETUSER', 'rotated', 'resetpass', `>${SECRET}`);
  const { output, code } = await play({
    initial: { host: server.host, port: server.port, username: 'rotated', password: SECRET },
    commands: [],
    rotate: 'rotated',
  });
  expectNoSecret(output);
  expect(output).toContain('AUTH_FAILED');
  expect(output).toContain('reached the end');
  expect(code).toBe(0);
});

test('nor one of a credentialsProvider, whatever that says', async () => {
  const { output, code } = await play({
    initial: { host: server.host, port: server.port },
    commands: COMMANDS.slice(0, 3),
    provider: 'app',
  });
  expectNoSecret(output);
  expect(output).toContain('the vault has <redacted>');
  expect(output).toContain('reached the end');
  expect(code).toBe(0);
});

test('a secret that is shown would be found', () => {
  for (const text of Object.values(FORMS)) expect(() => expectNoSecret(`a line\nwith ${text} in it`)).toThrow();
});
