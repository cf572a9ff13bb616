'use strict';

const { createHash, createHmac } = require('node:crypto');
const { runScript, startServer, waitFor } = require('../support');
const manager = require('../..');
const { elastiCacheIam } = require('../../lib/iam');

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const OPTIONS = { userId: 'iam-user-01', cacheName: 'Orders-Cache', region: 'eu-central-1', credentials: KEYS };

const hmac = (/** @type {any} */ key, /** @type {string} */ text) => createHmac('sha256', key).update(text).digest();

/**
 * The signature that AWS would find right, by the steps of
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @param {string} token
 */
function signatureOf(token) {
  const [path, query] = token.split('?');
  const signed = query.split('&').filter((pair) => !pair.startsWith('X-Amz-Signature='));
  const parameters = new URLSearchParams(query);
  const date = String(parameters.get('X-Amz-Date'));
  const scope = `${date.slice(0, 8)}/eu-central-1/elasticache/aws4_request`;
  const host = path.slice(0, -1);
  const nothing = createHash('sha256').update('').digest('hex');
  const canonical = ['GET', '/', signed.sort().join('&'), `host:${host}`, '', 'host', nothing].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const day = [date.slice(0, 8), 'eu-central-1', 'elasticache', 'aws4_request'];
  const key = day.reduce(hmac, /** @type {any} */ (`AWS4${KEYS.secretAccessKey}`));
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope, hash].join('\n')).toString('hex');
}

test('a token is a signed request without its scheme, good for 15 minutes', async () => {
  const before = Date.now();
  const { username, password, expiresAt, sessionTtl } = await elastiCacheIam(OPTIONS)();
  expect(username).toBe('iam-user-01');
  expect(password).toMatch(/^orders-cache\/\?/);
  const parameters = Object.fromEntries(new URL(`http://${password}`).searchParams);
  expect(parameters).toEqual({
    Action: 'connect',
    User: 'iam-user-01',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-central-1\/elasticache\/aws4_request$/),
    'X-Amz-Date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
    'X-Amz-Expires': '900',
    'X-Amz-Signature': signatureOf(password),
    'X-Amz-SignedHeaders': 'host',
  });
  const signedAt = Date.parse(parameters['X-Amz-Date'].replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));
  expect(Math.abs(signedAt - before)).toBeLessThan(5000);
  // Not used in its last minute, and its connections live for 12 hours.
  expect(expiresAt.getTime() - signedAt).toBeGreaterThan(13.9 * 60_000);
  expect(expiresAt.getTime() - signedAt).toBeLessThan(14.1 * 60_000);
  expect(sessionTtl).toBe(12 * 3_600_000);
  expect(password).not.toContain(KEYS.secretAccessKey);
});

test('of a serverless cache it says so, and session tokens and odd names are part of what is signed', async () => {
  const credentials = async () => ({ ...KEYS, sessionToken: "to/k+en=*'()" });
  const options = { ...OPTIONS, userId: "o'brien (ops)*", serverless: true, credentials };
  const { password } = await elastiCacheIam(options)();
  const parameters = Object.fromEntries(new URL(`http://${password}`).searchParams);
  expect(parameters).toMatchObject({
    ResourceType: 'ServerlessCache',
    User: options.userId,
    'X-Amz-Security-Token': "to/k+en=*'()",
  });
  expect(parameters['X-Amz-Signature']).toBe(signatureOf(password));
});

test('each call signs anew, with the keys of that moment', async () => {
  const ids = ['AKIDONE', 'AKIDTWO'];
  const credentials = async () => ({ ...KEYS, accessKeyId: String(ids.shift()), expiration: new Date(Date.now() - 1) });
  const provider = elastiCacheIam({ ...OPTIONS, credentials });
  expect((await provider()).password).toContain('AKIDONE');
  expect((await provider()).password).toContain('AKIDTWO');
});

test('a server whose user has the token for a password takes it, and none that is too old or of another', async () => {
  const server = await startServer({ users: ['iam-user-01 on >nothing-yet ~* &* +@all'] });
  const real = elastiCacheIam(OPTIONS);
  // The server's part of ElastiCache: it takes the tokens that were signed for its user, for as long as they say.
  const credentialsProvider = async () => {
    const credentials = await real();
    await server.command('ACL', 'SETUSER', 'iam-user-01', 'resetpass', `>${credentials.password}`);
    return credentials;
  };
  const purposes = ['main', 'subscriber'];
  const options = { host: server.host, port: server.port, logger: false, purposes };
  await manager.initialize({ ...options, credentialsProvider });
  try {
    expect(await manager.getConnection().call('ACL', 'WHOAMI')).toBe('iam-user-01');
    await server.killClients();
    await waitFor(() => manager.getStats().links.every(({ reconnects, state }) => reconnects > 0 && state === 'ready'));
    expect(await manager.getConnection().call('ACL', 'WHOAMI')).toBe('iam-user-01');
  } finally {
    await manager.cleanup();
  }
  const another = elastiCacheIam({ ...OPTIONS, cacheName: 'another' });
  const refused = await manager.initialize({ ...options, credentialsProvider: another }).catch((error) => error);
  expect(refused.errors[0]).toMatchObject({ code: 'AUTH_FAILED' });
  expect(refused.message).not.toContain('X-Amz');
});

test('options that make no sense, and packages that are not there', async () => {
  for (const wrong of [undefined, {}, { ...OPTIONS, region: '' }, { ...OPTIONS, userId: 7 }]) {
    expect(() => elastiCacheIam(/** @type {any} */ (wrong))).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  }
  expect(() => elastiCacheIam({ ...OPTIONS, serverless: /** @type {any} */ ('yes') })).toThrow('true or false');
  const { stdout } = await runScript(`
    const Module = require('node:module');
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (name, ...rest) => resolve(name.startsWith('@smithy') ? '/none' : name, ...rest);
    const { elastiCacheIam } = require('unified-redis/iam');
    elastiCacheIam(${JSON.stringify(OPTIONS)})().catch(({ code, message }) => console.log(code, message));
  `);
  expect(stdout).toBe(
    'UNSUPPORTED unified-redis/iam needs @smithy/signature-v4, which is not installed: ' +
      'npm install @smithy/signature-v4 @aws-crypto/sha256-js @aws-sdk/credential-providers\n',
  );
});

test('keys are found as any AWS SDK finds them', async () => {
  const { stdout, stderr } = await runScript(
    `require('unified-redis/iam').elastiCacheIam({ userId: 'u', cacheName: 'c', region: 'eu-central-1' })()
      .then(({ password }) => console.log(new URL('http://' + password).searchParams.get('X-Amz-Credential')));`,
    { env: { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'x' } },
  );
  expect({ stdout, stderr }).toEqual({
    stdout: expect.stringMatching(/^AKIDENV\/\d{8}\/eu-central-1\/elasticache\/aws4_request\n$/),
    stderr: '',
  });
});
