'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { inspect } = require('node:util');
const { differingOptions } = require('../../lib/options/compare');
const { toNativeConfig } = require('../../lib/options/native-config');
const { resolveOptions } = require('../../lib/options/resolve');
const { OPTIONS, optionRows } = require('../../lib/options/schema');
const { nearestName } = require('../../lib/options/suggest');

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIE-very-secret\n-----END PRIVATE KEY-----\n';

const emptyDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-options-'));
afterAll(() => fs.rmSync(emptyDirectory, { recursive: true }));

function parseUrl(text) {
  const url = new URL(text);
  if (url.hostname === 'broken') throw new Error('is not a URL of the form redis://...');
  const isSocket = url.protocol === 'unix:';
  return {
    host: isSocket ? null : url.hostname,
    port: isSocket ? null : Number(url.port || 6379),
    path: isSocket ? url.pathname : null,
    username: url.username || null,
    password: url.password || null,
    db: isSocket ? 0 : Number(url.pathname.slice(1) || 0),
    tls: url.protocol === 'rediss:',
  };
}

function resolve(options, env = {}) {
  return resolveOptions(options, { parseUrl, env, cwd: emptyDirectory });
}

function decide(options, env) {
  return resolve(options, env).options;
}

function refusal(options, env) {
  try {
    resolve(options, env);
  } catch (error) {
    expect(error.code).toBe('INVALID_OPTION');
    return error;
  }
  throw new Error(`accepted: ${inspect(options)}`);
}

describe('defaults', () => {
  test('are those of the original', () => {
    expect(decide()).toMatchObject({
      host: 'localhost',
      port: 6379,
      password: null,
      db: 0,
      tls: null,
      connectTimeout: 15000,
      commandTimeout: 10000,
      keepAlive: 30000,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 3,
      monitorInterval: 60000,
      monitorThreshold: 100,
      purposes: ['main', 'publisher', 'subscriber', 'websocket', 'scheduler'],
    });
  });

  test('take the configuration of the original as it stands', () => {
    const options = decide({
      host: 'cache.example.com',
      port: '6379',
      password: null,
      db: 0,
      tls: { rejectUnauthorized: false, requestCert: true, agent: false },
      family: 4,
      keepAlive: 30000,
      connectTimeout: 15000,
      commandTimeout: 10000,
      lazyConnect: false,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 3,
      retryStrategy: (times) => Math.min(times * 50, 2000),
    });
    expect(options.tls.rejectUnauthorized).toBe(false);
    expect(options.port).toBe(6379);
  });

  test('an undefined option counts as not given', () => {
    expect(decide({ port: undefined, tls: { ca: undefined } }).port).toBe(6379);
  });

  test('an empty password is none', () => {
    expect(decide({ password: '' }).password).toBeNull();
  });
});

describe('nonsense is refused by name', () => {
  test.each([
    [{ port: 0 }],
    [{ port: 65536 }],
    [{ port: 1.5 }],
    [{ port: 'http' }],
    [{ port: null }],
    [{ host: '' }],
    [{ host: 'redis://h' }],
    [{ host: 'two words' }],
    [{ host: 'half-\ud83d' }],
    [{ username: 'half-\ud83d' }],
    [{ path: '' }],
    [{ url: 'localhost:6379' }],
    [{ url: 42 }],
    [{ family: 5 }],
    [{ db: -1 }],
    [{ db: NaN }],
    [{ username: '' }],
    [{ password: 12345 }],
    [{ tls: 'maybe' }],
    [{ tls: null }],
    [{ connectionName: 'with space' }],
    [{ connectTimeout: 0 }],
    [{ connectTimeout: 2 ** 31 }],
    [{ commandTimeout: -1 }],
    [{ commandTimeout: Infinity }],
    [{ keepAlive: '30s' }],
    [{ noDelay: 1 }],
    [{ enableOfflineQueue: 'sometimes' }],
    [{ offlineQueueLimit: 0 }],
    [{ maxRetriesPerRequest: -1 }],
    [{ retryStrategy: 100 }],
    [{ heartbeatTimeout: 0 }],
    [{ shutdownTimeout: [] }],
    [{ monitorInterval: {} }],
    [{ logger: true }],
    [{ logger: { error() {} } }],
    [{ logLevel: 'verbose' }],
    [{ envFile: true }],
    [{ purposes: [] }],
    [{ purposes: ['main', 'main'] }],
    [{ purposes: ['with space'] }],
    [{ purposes: 'main' }],
    [{ purposes: [''] }],
    [{ lazyConnect: true }],
  ])('%p', (options) => {
    const [name] = Object.keys(options);
    const { message } = refusal(options);
    expect(message).toContain(name);
    expect(message).toContain(OPTIONS[name].parser.accepts);
  });

  test.each([
    [{ tls: { ca: 42 } }, 'tls.ca'],
    [{ tls: { ca: [CERTIFICATE, ''] } }, 'tls.ca[1]'],
    [{ tls: { cert: '/no/such/file.pem', key: KEY } }, 'ENOENT'],
    [{ tls: { cert: CERTIFICATE } }, 'tls.key'],
    [{ tls: { key: KEY } }, 'tls.cert'],
    [{ tls: { cert: CERTIFICATE, key: KEY.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE') } }, 'unencrypted'],
    [{ tls: { minVersion: 'TLSv1.1' } }, 'TLSv1.2'],
    [{ tls: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' } }, 'tls.maxVersion'],
    [{ tls: { rejectUnauthorised: false } }, 'did you mean tls.rejectUnauthorized?'],
    [{ tls: true, path: '/tmp/redis.sock' }, 'unix socket'],
  ])('%p', (options, part) => {
    expect(refusal(options).message).toContain(part);
  });

  test('numbers out of range are RangeErrors, everything else TypeErrors', () => {
    expect(refusal({ port: 70000 })).toBeInstanceOf(RangeError);
    expect(refusal({ port: {} })).toBeInstanceOf(TypeError);
  });

  test.each([['redis://x'], [42], [[]], [null], [new Map([['host', 'x']])]])(
    'options that are no object: %p',
    (options) => {
      expect(refusal(options).message).toContain('options');
    },
  );

  test('unknown options, with the one that was meant', () => {
    expect(refusal({ hots: 'x' }).message).toContain('did you mean host?');
    expect(refusal({ commandTimeOut: 1 }).message).toContain('did you mean commandTimeout?');
    expect(refusal({ shards: [] }).message).toContain('the options are: url, host, port');
    expect(refusal(JSON.parse('{"__proto__":{"host":"x"}}')).message).toContain('__proto__');
  });

  test('without telling secrets', () => {
    const secret = 'hunter2-hunter2';
    for (const options of [
      { url: `redis:/${secret}` },
      { url: `redis://:${secret}@broken` },
      { url: { secret } },
      { password: [secret] },
      { tls: { key: secret, cert: CERTIFICATE } },
      { tls: { key: `${secret}\nsecond line`, cert: CERTIFICATE } },
      { tls: { ca: `-----BEGIN PRIVATE KEY-----\n${secret}` } },
    ]) {
      const error = refusal(options);
      expect(inspect(error)).not.toContain(secret);
    }
    expect(inspect(refusal({}, { REDIS_URL: secret }))).not.toContain(secret);
  });

  test('every option that holds a secret has a name that keeps its value out of errors', () => {
    const rows = optionRows().filter(({ secret }) => secret);
    expect(rows.map(({ name }) => name)).toEqual(['url', 'password', 'tls.key', 'sentinelPassword']);
    for (const { name, env } of rows) {
      for (const shown of [name, env]) {
        const { parser } = OPTIONS[name];
        expect(() => parser.parse(['hunter2'], shown)).toThrow(expect.not.objectContaining({ message: /hunter2/ }));
      }
    }
  });
});

describe('the address', () => {
  test('a URL gives all of it', () => {
    expect(decide({ url: 'rediss://app:pw@cache.example.com:6380/3' })).toMatchObject({
      host: 'cache.example.com',
      port: 6380,
      username: 'app',
      password: 'pw',
      db: 3,
      tls: { rejectUnauthorized: true },
    });
  });

  test('options beat the parts of a URL beside them', () => {
    const options = decide({ url: 'rediss://app:pw@cache:6380/3', host: 'other', db: 5, password: 'mine', tls: false });
    expect(options).toMatchObject({ host: 'other', port: 6380, username: 'app', password: 'mine', db: 5, tls: null });
  });

  test('options beat the same parts of a URL of the environment', () => {
    const env = { REDIS_URL: 'rediss://app:pw@cache:6380/3' };
    expect(decide({ db: 0, port: 7000 }, env)).toMatchObject({ host: 'cache', port: 7000, db: 0, password: 'pw' });
    expect(decide({}, env).tls).not.toBeNull();
  });

  test('another host gets nothing of a URL of the environment: its password is for its own server', () => {
    const env = { REDIS_URL: 'rediss://app:pw@cache:6380/3' };
    expect(decide({ host: 'other' }, env)).toMatchObject({ host: 'other', port: 6379, db: 0, password: null });
    expect(decide({ path: '/run/redis.sock' }, env)).toMatchObject({ db: 0, username: null, password: null });
  });

  test('a URL among the options beats what the environment says of the address, but not its credentials', () => {
    const env = { REDIS_HOST: 'env-host', REDIS_PORT: '1', REDIS_DB: '9', REDIS_PASSWORD: 'pw', REDIS_TLS: 'true' };
    expect(decide({ url: 'redis://localhost' }, env)).toMatchObject({
      host: 'localhost',
      port: 6379,
      db: 0,
      password: 'pw',
      tls: null,
    });
  });

  test('variables beat the parts of REDIS_URL', () => {
    const env = { REDIS_URL: 'redis://localhost:1/2', REDIS_PORT: '7000', REDIS_TLS: 'true' };
    expect(decide({}, env)).toMatchObject({ port: 7000, db: 2, tls: expect.anything() });
  });

  test('a unix socket puts aside host and TLS below it, and the other way round', () => {
    const path0 = '/run/redis.sock';
    expect(decide({ path: path0 }, { REDIS_HOST: 'cache', REDIS_TLS: 'true' })).toMatchObject({
      path: path0,
      tls: null,
    });
    expect(decide({ url: `unix://${path0}` }, { REDIS_TLS: '1' })).toMatchObject({ path: path0, tls: null });
    expect(decide({ host: 'localhost' }, { REDIS_URL: `unix://${path0}` }).path).toBeNull();
    expect(decide({ url: 'redis://localhost' }, { REDIS_URL: `unix://${path0}` }).path).toBeNull();
    expect(decide({ path: null, host: 'localhost' }).path).toBeNull();
  });

  test('a URL that cannot be read names its source', () => {
    expect(refusal({}, { REDIS_URL: 'redis://broken' }).message).toMatch(/REDIS_URL.*is not a URL of the form/);
  });
});

describe('TLS', () => {
  test.each([
    ['localhost', false],
    ['LOCALHOST', false],
    ['127.0.0.1', false],
    ['127.8.9.10', false],
    ['::1', false],
    ['redis', true],
    ['10.0.0.5', true],
    ['127.evil.example.com', true],
    ['localhost.example.com', true],
  ])('of %s is on: %p', (host, isOn) => {
    expect(decide({ host }).tls !== null).toBe(isOn);
  });

  test('can be decided otherwise', () => {
    expect(decide({ host: 'redis', tls: false }).tls).toBeNull();
    expect(decide({ host: 'localhost', tls: true }).tls).not.toBeNull();
    expect(decide({ tls: {} }).tls).not.toBeNull();
    expect(decide({ url: 'redis://redis' }).tls).toBeNull();
    expect(decide({ host: 'redis' }, { REDIS_TLS: 'no' }).tls).toBeNull();
    expect(decide({ tls: false }, { REDIS_TLS: 'yes' }).tls).toBeNull();
  });

  test('settings of the options go over those of the environment, one by one', () => {
    const env = { REDIS_TLS_SERVERNAME: 'from-env', REDIS_TLS_REJECT_UNAUTHORIZED: '0' };
    const { tls } = decide({ tls: { servername: 'from-options' } }, env);
    expect(tls).toMatchObject({ servername: 'from-options', rejectUnauthorized: false });
  });

  test('takes PEM as text, Buffer, list, file, and with written-out line ends', () => {
    const file = path.join(emptyDirectory, 'ca.pem');
    fs.writeFileSync(file, CERTIFICATE);
    const ca = [CERTIFICATE, Buffer.from(CERTIFICATE), file];
    expect(decide({ tls: { ca } }).tls.ca).toEqual([CERTIFICATE, CERTIFICATE, CERTIFICATE]);
    const env = { REDIS_TLS: '1', REDIS_TLS_CA: CERTIFICATE.replaceAll('\n', '\\n') };
    expect(decide({}, env).tls.ca).toEqual([CERTIFICATE]);
    expect(decide({ tls: { cert: CERTIFICATE, key: KEY } }).tls).toMatchObject({ cert: CERTIFICATE, key: KEY });
  });

  test('trusts NODE_EXTRA_CA_CERTS, and warns where it cannot be read', () => {
    const file = path.join(emptyDirectory, 'extra.pem');
    fs.writeFileSync(file, CERTIFICATE);
    expect(decide({ tls: true }, { NODE_EXTRA_CA_CERTS: file }).tls.ca).toEqual([CERTIFICATE]);
    const { options, warnings } = resolve({ tls: true }, { NODE_EXTRA_CA_CERTS: '/no/such/file' });
    expect(options.tls.ca).toEqual([]);
    expect(warnings).toEqual([{ code: 'CA_FILE_UNREADABLE', message: expect.stringContaining('ENOENT') }]);
    expect(resolve({}, { NODE_EXTRA_CA_CERTS: '/no/such/file' }).warnings).toEqual([]);
  });

  test('without verification is warned about', () => {
    const { warnings } = resolve({ tls: { rejectUnauthorized: false } });
    expect(warnings.map(({ code }) => code)).toEqual(['TLS_NOT_VERIFIED']);
  });
});

describe('the native configuration', () => {
  /** Field names of a struct of src/config.rs, as they stand in the JSON. */
  function rustFields(struct) {
    const source = fs.readFileSync(path.join(__dirname, '../../src/config.rs'), 'utf8');
    const body = source.split(`pub struct ${struct} {`)[1].split('\n}')[0];
    const required = body.replace(/#\[serde\(skip\)\]\s*pub \w+:/g, '');
    const names = [...required.matchAll(/pub (\w+):/g)].map(([, name]) => name);
    return names.map((name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())).sort();
  }

  test('has exactly the fields that src/config.rs takes', () => {
    const config = toNativeConfig(decide({ tls: { ca: CERTIFICATE } }));
    expect(Object.keys(config).sort()).toEqual(rustFields('Config'));
    expect(Object.keys(config.tls).sort()).toEqual(rustFields('Tls'));
    expect(Object.keys(config.retry).sort()).toEqual(rustFields('Retry'));
    expect(Object.values(config)).not.toContain(undefined);
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });

  test('says whether a retryStrategy decides', () => {
    expect(toNativeConfig(decide()).retry.custom).toBe(false);
    expect(toNativeConfig(decide({ retryStrategy: () => 1 })).retry.custom).toBe(true);
  });

  test('a credentialsProvider stands in the place of a password', () => {
    const options = { username: 'app', password: 'x', credentialsProvider: () => ({ password: 'y' }) };
    const native = toNativeConfig(decide(options));
    expect(native).toMatchObject({ credentialsProvider: true, username: 'app', password: null });
    expect(toNativeConfig(decide({ password: 'x' }))).toMatchObject({ credentialsProvider: false, password: 'x' });
  });
});

describe('comparing with the options in force', () => {
  const current = decide({ url: 'redis://localhost:7000/1', purposes: ['main'] });
  const differing = (options) => differingOptions(options, decide(options), current);

  test('only what was passed counts', () => {
    expect(differing(undefined)).toEqual([]);
    expect(differing({ connectTimeout: 15000 })).toEqual([]);
    expect(differing({ connectTimeout: 1, purposes: ['main', 'other'] })).toEqual(['connectTimeout', 'purposes']);
    expect(differing({ url: 'redis://localhost:7000/2' })).toEqual(['db']);
    expect(differing({ retryStrategy: () => 1, credentialsProvider: () => 1, logger: false })).toEqual([]);
  });
});

describe('the schema', () => {
  test('gives every option a line of documentation and a parser that takes its default', () => {
    for (const [name, { parser, value, doc }] of Object.entries(OPTIONS)) {
      expect(doc).toMatch(/\.$/);
      if (value !== undefined) expect(parser.parse(value, name)).toEqual(value);
    }
  });

  test('suggests near names only', () => {
    expect(nearestName('pasword', ['password', 'path'])).toBe('password');
    expect(nearestName('zzz', ['password', 'path'])).toBeUndefined();
  });
});
