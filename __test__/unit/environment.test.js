'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const util = require('node:util');
const { environmentLayers, fromEnvironment, parseEnvText } = require('../../lib/options/environment');
const { resolveOptions } = require('../../lib/options/resolve');
const { optionRows } = require('../../lib/options/schema');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-env-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

function write(name, content) {
  fs.writeFileSync(path.join(directory, name), content);
}

function decide(options, env = {}) {
  return resolveOptions(options, { parseUrl: () => ({}), env, cwd: directory }).options;
}

beforeEach(() => fs.rmSync(path.join(directory, '.env'), { force: true, recursive: true }));

test('options over environment over .env over defaults', () => {
  write('.env', 'REDIS_HOST=file\nREDIS_PORT=1001\nREDIS_DB=1\nREDIS_TLS=false\n');
  expect(decide()).toMatchObject({ host: 'file', port: 1001, db: 1, username: null });
  expect(decide({}, { REDIS_PORT: '1002', REDIS_DB: '2' })).toMatchObject({ host: 'file', port: 1002, db: 2 });
  expect(decide({ db: 3 }, { REDIS_PORT: '1002', REDIS_DB: '2' })).toMatchObject({ host: 'file', port: 1002, db: 3 });
});

test('every variable of the schema is read', () => {
  const pem = '-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----';
  const given = {
    host: 'h',
    port: 7,
    username: 'u',
    password: 'p',
    db: 4,
    'tls.ca': pem,
    'tls.cert': pem,
    'tls.key': pem,
    'tls.servername': 's',
    'tls.rejectUnauthorized': false,
    logLevel: 'debug',
    tls: true,
    trackLeaks: true,
  };
  // What is in the place of host and port: sentinel-options.test.js, cluster-options.test.js.
  const others = ['url', 'cluster', 'sentinels', 'name', 'role', 'sentinelUsername', 'sentinelPassword', 'sentinelTLS'];
  const rows = optionRows().filter(({ env, name }) => env !== null && !others.includes(name));
  const env = Object.fromEntries(rows.map(({ name, env: variable }) => [variable, String(given[name])]));
  expect(Object.keys(given).sort()).toEqual(rows.map(({ name }) => name).sort());
  expect(decide({}, env)).toMatchObject({
    host: 'h',
    port: 7,
    username: 'u',
    password: 'p',
    db: 4,
    tls: { ca: [pem], cert: pem, key: pem, servername: 's', rejectUnauthorized: false },
    logLevel: 'debug',
  });
});

test('a set but empty variable hides the one of the file and counts as not given', () => {
  write('.env', 'REDIS_PASSWORD=from-file\n');
  expect(decide().password).toBe('from-file');
  expect(decide({}, { REDIS_PASSWORD: '' }).password).toBeNull();
});

test('the file is read for REDIS_* only, and process.env stays as it is', () => {
  write('.env', 'REDIS_HOST=localhost\nNODE_EXTRA_CA_CERTS=/no/such/file\nSECRET=x\n');
  const env = {};
  const { layers, warnings } = environmentLayers(env, '.env', false, directory);
  expect(warnings).toEqual([]);
  expect(env).toEqual({});
  expect(layers.map((layer) => [...layer.keys()])).toEqual([['host'], []]);
});

test('envFile: another file, none, one that is missing', () => {
  write('.env', 'REDIS_HOST=file\n');
  write('other.env', 'REDIS_HOST=other\n');
  expect(decide({ envFile: 'other.env' }).host).toBe('other');
  expect(decide({ envFile: path.join(directory, 'other.env') }).host).toBe('other');
  expect(decide({ envFile: false }).host).toBe('localhost');
  expect(() => decide({ envFile: 'missing.env' })).toThrow(/envFile.*missing\.env.*ENOENT/);
});

test('a directory called .env is left alone', () => {
  fs.mkdirSync(path.join(directory, '.env'));
  expect(decide().host).toBe('localhost');
});

test('a variable that makes no sense is refused by its own name, unless an option replaces it', () => {
  const env = { REDIS_PORT: 'tcp://10.0.0.11:6379' };
  expect(() => decide({}, env)).toThrow(/REDIS_PORT.*got 'tcp:.*integer from 1 to 65535/);
  expect(decide({ port: 6380 }, env).port).toBe(6380);
});

test('a single variable can be asked for', () => {
  expect(fromEnvironment('logLevel', { REDIS_LOG_LEVEL: 'warn' })).toBe('warn');
  expect(fromEnvironment('logLevel', {})).toBeUndefined();
});

const NODE_HAS_PARSER = typeof util.parseEnv === 'function';

test.each([
  'A=1',
  'A = 1 ',
  'export A=1',
  'A="x y"',
  'A="line\\nline"',
  "A='line\\nline'",
  'A=`x "y"`',
  'A="two\nlines"\nB=2',
  'A=x # comment',
  'A="x # no comment"',
  '# A=1\nB=2',
  'A=\nB=2',
  'A=a=b=c',
  'A=1\r\nB=2\r\n',
  '',
])('the parser for older Node versions agrees with that of Node: %j', (text) => {
  if (!NODE_HAS_PARSER) return;
  expect(parseEnvText(text)).toEqual({ ...util.parseEnv(text) });
});
