'use strict';

const manager = require('unified-redis');
const { startSentinelGroup, waitFor } = require('../support');

const [PASSWORD, SENTINEL_PASSWORD] = ['of-the-servers-7391', 'of-the-sentinels-7391'];
const BARE = '-@all +auth +client|setname +ping';

/** @type {import('../support/sentinel.js').SentinelGroup} */
let group;

beforeAll(async () => {
  group = await startSentinelGroup({
    tls: true,
    auth: PASSWORD,
    sentinelAuth: SENTINEL_PASSWORD,
    sentinelUsers: [
      `app on >app-7391 resetchannels &+switch-master ${BARE} +subscribe +sentinel|get-master-addr-by-name`,
      `deaf on >app-7391 resetchannels ${BARE} +subscribe +sentinel|get-master-addr-by-name`,
      `nobody on >app-7391 ${BARE}`,
    ],
  });
});

afterEach(() => manager.cleanup());

const open = (options) => manager.initialize({ logger: false, envFile: false, ...group.options, ...options });
const failure = (options) =>
  open(options).then(
    () => Promise.reject(new Error('it was opened')),
    (error) => error,
  );

test('servers and sentinels speak TLS, each with a password of its own', async () => {
  await open();
  expect(await manager.getConnection().set('a', '1')).toBe('OK');
  await waitFor(() => manager.getStats().sentinel.watched !== null);
});

test('an ACL user of the sentinels needs little', async () => {
  const user = { sentinelUsername: 'app', sentinelPassword: 'app-7391' };
  await open(user);
  await waitFor(() => manager.getStats().sentinel.watched !== null);
  await manager.cleanup();
  const error = await failure({ ...user, sentinelUsername: 'nobody' });
  expect(error.message).toContain('give it +sentinel|get-master-addr-by-name');
  expect(error.errors[0].code).toBe('NOPERM');
});

test('who may not watch for failovers is told so, and goes on', async () => {
  const warning = new Promise((resolve) => manager.once('warning', resolve));
  await open({ sentinelUsername: 'deaf', sentinelPassword: 'app-7391' });
  expect(await warning).toMatchObject({
    code: 'FAILOVERS_NOT_WATCHED',
    message: expect.stringContaining('refused SUBSCRIBE +switch-master'),
  });
  expect(await manager.getConnection().ping()).toBe('PONG');
});

test.each([
  [{ sentinelPassword: null }, 'set sentinelPassword (REDIS_SENTINEL_PASSWORD)', 'AUTH_FAILED'],
  [{ sentinelPassword: 'wrong-7391' }, 'and sentinelPassword (REDIS_SENTINEL_PASSWORD)', 'AUTH_FAILED'],
  [{ password: 'wrong-7391' }, 'and password (REDIS_PASSWORD)', 'AUTH_FAILED'],
  [{ sentinelTLS: false }, 'for sentinels: sentinelTLS', 'TLS_REQUIRED'],
  [{ sentinelTLS: true, tls: false }, '', 'CERT_UNKNOWN_ISSUER'],
  [{ sentinelTLS: {} }, '', 'CERT_UNKNOWN_ISSUER'],
])('wrong: %p', async (options, words, code) => {
  const error = await failure(options);
  expect(error.message).toContain(words);
  expect(error.message).not.toContain('7391');
  expect(error.errors[0].code).toBe(code);
});

test('settings of the sentinels are theirs alone', async () => {
  const sentinelTLS = { ca: group.certificates.ca.cert, servername: 'localhost' };
  await open({ sentinelTLS });
  await manager.cleanup();
  const error = await failure({ sentinelTLS, tls: true });
  expect(error.errors[0].code).toBe('CERT_UNKNOWN_ISSUER');
  expect(error.message).toContain('named as master');
});
