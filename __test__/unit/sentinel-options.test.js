'use strict';

const { toNativeConfig } = require('../../lib/options/native-config');
const { resolveOptions } = require('../../lib/options/resolve');

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

function parseUrl(text) {
  const { hostname: host, port, username, password, protocol } = new URL(text);
  const login = { username: username || null, password: password || null };
  return { host, port: Number(port || 6379), path: null, ...login, db: 0, tls: protocol === 'rediss:' };
}

const resolve = (options, env = {}) => resolveOptions({ envFile: false, ...options }, { parseUrl, env });
const decide = (options, env) => resolve(options, env).options;
const native = (options, env) => toNativeConfig(decide({ name: 'm', ...options }, env)).sentinel;

function refusal(options, env) {
  try {
    decide(options, env);
  } catch (error) {
    expect(error.code).toBe('INVALID_OPTION');
    return error.message;
  }
  throw new Error(`accepted: ${JSON.stringify(options)}`);
}

const ONE = [{ host: '10.0.0.1', port: 26379 }];

describe('sentinels', () => {
  test.each([
    [[{ host: '10.0.0.1' }], ONE],
    [[{ host: '10.0.0.1', port: '26379' }], ONE],
    [['10.0.0.1'], ONE],
    [' 10.0.0.1:26379 ', ONE],
    ['10.0.0.1:1, b:2,[::1]:3, [fe80::1]', [
      { host: '10.0.0.1', port: 1 }, { host: 'b', port: 2 }, { host: '::1', port: 3 }, { host: 'fe80::1', port: 26379 },
    ]], // prettier-ignore
  ])('%j', (sentinels, expected) => {
    expect(native({ sentinels }).sentinels).toEqual(expected);
    expect(decide({ sentinels, name: 'm' })).toMatchObject({ host: null, port: null });
  });

  test.each([
    [[]],
    [''],
    ['a:b'],
    ['::1'],
    ['redis://a'],
    [[{ port: 1 }]],
    [[{ host: 'a', port: 0 }]],
    [[{ host: 'a', port: 65536 }]],
    [[{ host: 'a', family: 4 }]],
    [{ host: 'a' }],
    [42],
  ])('refused: %j', (sentinels) => {
    expect(refusal({ sentinels, name: 'm' })).toContain('sentinels');
  });

  test('come from the environment too', () => {
    const env = {
      REDIS_SENTINELS: 'a:1,b:2',
      REDIS_SENTINEL_NAME: 'group',
      REDIS_SENTINEL_ROLE: 'slave',
      REDIS_SENTINEL_USERNAME: 'user',
      REDIS_SENTINEL_PASSWORD: 'secret',
      REDIS_SENTINEL_TLS: 'no',
    };
    const { sentinel, tls } = toNativeConfig(decide({}, env));
    expect(sentinel).toMatchObject({ name: 'group', role: 'slave', username: 'user', password: 'secret', tls: null });
    expect(tls).not.toBeNull();
    expect(sentinel.sentinels).toHaveLength(2);
  });

  test('need a name, and the name needs them', () => {
    expect(refusal({ sentinels: ONE })).toMatch(/name \(REDIS_SENTINEL_NAME\).*sentinels/);
    expect(refusal({}, { REDIS_SENTINELS: 'a' })).toMatch(/name \(REDIS_SENTINEL_NAME\).*REDIS_SENTINELS/);
    expect(refusal({ name: 'm' })).toMatch(/Invalid option name.*without sentinels/);
    expect(refusal({ role: 'slave' })).toMatch(/Invalid option role.*without sentinels/);
    expect(refusal({}, { REDIS_SENTINEL_PASSWORD: 'hunter2' })).toMatch(/REDIS_SENTINEL_PASSWORD: got <string>/);
    expect(decide({ sentinels: null, name: null, natMap: null }).host).toBe('localhost');
  });

  test.each([['host', 'x'], ['port', 1], ['path', '/x'], ['url', 'redis://x']])('with %s are refused', (name, value) => {
    expect(refusal({ sentinels: ONE, name: 'm', [name]: value })).toMatch(new RegExp(`sentinels.*none beside ${name}`));
    const variables = { host: 'REDIS_HOST', port: 'REDIS_PORT', url: 'REDIS_URL' };
    if (name === 'path') return;
    const env = { REDIS_SENTINELS: 'a', REDIS_SENTINEL_NAME: 'm', [variables[name]]: String(value) };
    expect(refusal({}, env)).toMatch(new RegExp(`REDIS_SENTINELS.*none beside ${variables[name]}`));
  }); // prettier-ignore

  test('and a cluster are one or the other', () => {
    const cluster = { nodes: ['a:1'] };
    expect(refusal({ sentinels: ONE, name: 'm', cluster })).toMatch(/cluster.*none beside sentinels/);
    const env = { REDIS_SENTINELS: 'a', REDIS_SENTINEL_NAME: 'm', REDIS_SENTINEL_PASSWORD: 'x' };
    expect(toNativeConfig(decide({ cluster }, env))).toMatchObject({ sentinel: null, host: 'a', port: 1 });
    const other = decide({ sentinels: ONE, name: 'm' }, { REDIS_CLUSTER_NODES: 'rediss://user:pw@a:1' });
    expect(other).toMatchObject({ cluster: null, host: null, username: null, password: null });
  });

  test('put aside what the environment says of the address, and the other way round', () => {
    const address = { REDIS_URL: 'rediss://user:pw@cache:1', REDIS_PORT: '7000', REDIS_DB: '3' };
    const decided = decide({ sentinels: [{ host: 'localhost' }], name: 'm' }, address);
    expect(decided).toMatchObject({ host: null, port: null, username: null, password: null, db: 3 });
    expect(decided.tls).toBeNull();
    const env = { REDIS_SENTINELS: 'a', REDIS_SENTINEL_NAME: 'm', REDIS_SENTINEL_PASSWORD: 'x', REDIS_PASSWORD: 'pw' };
    expect(decide({ host: 'cache' }, env)).toMatchObject({
      host: 'cache',
      port: 6379,
      sentinels: null,
      name: null,
      sentinelPassword: null,
      password: 'pw',
    });
    expect(toNativeConfig(decide({ url: 'redis://cache:1' }, env)).sentinel).toBeNull();
    expect(native({ name: 'other' }, env)).toMatchObject({ name: 'other', password: 'x' });
  });
});

describe('TLS', () => {
  const tls = { ca: CERTIFICATE, servername: 'redis.example.com' };

  test('is on for both, unless all sentinels are on this machine', () => {
    const one = decide({ sentinels: ['localhost', 'a'], name: 'm' });
    expect([one.tls, one.sentinelTLS]).toEqual([expect.any(Object), expect.any(Object)]);
    const other = decide({ sentinels: ['localhost', '127.0.0.1:3'], name: 'm' });
    expect([other.tls, other.sentinelTLS]).toEqual([null, null]);
    expect(decide({ host: 'a' }).sentinelTLS).toBeNull();
  });

  test('of sentinels is that of the servers, with names of their own', () => {
    const { sentinelTLS } = decide({ sentinels: 'localhost', name: 'm', tls });
    expect(sentinelTLS).toMatchObject({ ca: [CERTIFICATE], servername: null });
    expect(decide({ sentinels: 'a', name: 'm', tls, sentinelTLS: true }).sentinelTLS).toEqual(sentinelTLS);
    expect(decide({ sentinels: 'a', name: 'm', tls: false }).sentinelTLS).toBeNull();
    expect(decide({ sentinels: 'a', name: 'm', tls: false, sentinelTLS: true }).sentinelTLS).toMatchObject({ ca: [] });
    expect(decide({ sentinels: 'a', name: 'm', tls, sentinelTLS: false }).sentinelTLS).toBeNull();
  });

  test('of sentinels is theirs alone where it is given as an object', () => {
    const given = { sentinels: 'a', name: 'm', tls, sentinelTLS: { rejectUnauthorized: false, servername: 's' } };
    const { options, warnings } = resolve(given);
    expect(options.sentinelTLS).toMatchObject({ ca: [], servername: 's', rejectUnauthorized: false });
    expect(warnings).toMatchObject([{ code: 'TLS_NOT_VERIFIED', message: expect.stringContaining('sentinelTLS.') }]);
    expect(refusal({ ...given, sentinelTLS: { cert: CERTIFICATE } })).toContain('sentinelTLS.key');
    expect(refusal({ ...given, sentinelTLS: { cat: CERTIFICATE } })).toContain('did you mean sentinelTLS.ca?');
    expect(refusal({ ...given, sentinelTLS: [] })).toContain('sentinelTLS');
  });
});

test('natMap and preferredSlaves', () => {
  const sentinels = ONE;
  expect(native({ sentinels })).toMatchObject({ natMap: [], asksNatMap: false, preferredSlaves: [] });
  expect(native({ sentinels, natMap: { 'a:1': { host: 'b', port: '2' } } }).natMap).toEqual([
    { from: 'a:1', host: 'b', port: 2 },
  ]);
  expect(native({ sentinels, natMap: () => null })).toMatchObject({ natMap: [], asksNatMap: true });
  const slaves = [{ ip: 'a', port: '1', prio: 2 }, { ip: 'b', port: 2 }]; // prettier-ignore
  expect(native({ sentinels, preferredSlaves: slaves }).preferredSlaves).toEqual([
    { host: 'b', port: 2 },
    { host: 'a', port: 1 },
  ]);
  expect(native({ sentinels, preferredSlaves: slaves[0] }).preferredSlaves).toEqual([{ host: 'a', port: 1 }]);
  expect(native({ sentinels, preferredSlaves: () => null }).asksPreferredSlaves).toBe(true);
  const wrong = { sentinels, name: 'm' };
  expect(refusal({ ...wrong, natMap: { 'a:1': { host: 'b' } } })).toContain('natMap');
  expect(refusal({ ...wrong, natMap: 'a:1' })).toContain('natMap');
  expect(refusal({ ...wrong, preferredSlaves: [{ ip: 'a' }] })).toContain('preferredSlaves');
});

test('what ioredis has and this has not is refused with what to do instead', () => {
  const sentinels = { sentinels: ONE, name: 'm' };
  expect(refusal({ ...sentinels, sentinelRetryStrategy: () => 1 })).toContain('retryStrategy decides');
  expect(refusal({ ...sentinels, sentinelReconnectStrategy: () => 1 })).toContain('sentinelReconnectStrategy');
  expect(refusal({ ...sentinels, enableTLSForSentinelMode: false })).toContain('enableTLSForSentinelMode');
  expect(refusal({ ...sentinels, role: 'replica' })).toContain(`'master' or 'slave'`);
  decide({ ...sentinels, sentinelMaxConnections: 10, sentinelRetryStrategy: null, enableTLSForSentinelMode: true });
});
