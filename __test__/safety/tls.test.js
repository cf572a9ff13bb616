'use strict';

const fs = require('node:fs');
const { createCertificates, runScript, startServer } = require('../support');
const manager = require('../..');

/** @type {import('../support/certificates.js').Certificates} */
let certificates;
beforeAll(async () => {
  certificates = await createCertificates();
});
afterEach(() => manager.cleanup());

/** What comes of `initialize()`: 'PONG', or the code and the message of the one cause that all purposes share. */
async function dial(server, tls, more = {}) {
  const { ca } = certificates;
  const options = {
    ...server.options,
    tls: tls && { ca: ca.cert, ...tls },
    logger: false,
    connectTimeout: 5000,
    ...more,
  };
  try {
    await manager.initialize({ ...options, purposes: ['main', 'subscriber'] });
    const reply = await manager.getConnection().ping();
    await manager.cleanup();
    return { reply };
  } catch (error) {
    expect(error).toMatchObject({ code: 'INITIALIZE_FAILED', name: 'UnifiedRedisError' });
    const [{ code, message }, other] = error.errors;
    expect(other.code).toBe(code);
    expect(error.message).toContain(`${message} [${code}]`);
    expect(message).toContain(`localhost:${server.port}`);
    expect(manager.isInitialized).toBe(false);
    return { code, message };
  }
}

const ok = { reply: 'PONG' };

describe.each([
  ['expired', 'CERT_EXPIRED', 'expired'],
  ['notYetValid', 'CERT_NOT_YET_VALID', 'is valid from'],
  ['wrongName', 'CERT_WRONG_NAME', 'redis.example.com'],
  ['untrusted', 'CERT_UNKNOWN_ISSUER', 'Other CA'],
  ['selfSigned', 'CERT_SELF_SIGNED', 'self-signed'],
])('a certificate that is %s', (tls, code, words) => {
  test('is refused, by either version of TLS, and nothing but rejectUnauthorized: false helps', async () => {
    const server = await startServer({ tls });
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      const only = { minVersion: version, maxVersion: version };
      const refused = await dial(server, only);
      expect(refused).toEqual({ code, message: expect.stringContaining(words) });
      expect(await dial(server, { ...only, rejectUnauthorized: false })).toEqual(ok);
    }
  });
});

test('what Node would take for leave not to verify is none', async () => {
  const server = await startServer({ tls: 'untrusted' });
  const { stdout } = await runScript(
    `require('.').initialize({ logger: false, connectTimeout: 5000 })
      .then(() => console.log('opened'), ({ errors: [{ code }] }) => console.log(code));`,
    { env: { REDIS_URL: `rediss://localhost:${server.port}`, NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
  );
  expect(stdout).toBe('CERT_UNKNOWN_ISSUER\n');
  for (const tls of [{ checkServerIdentity: () => undefined }, { rejectUnauthorized: null }, { ciphers: 'ALL' }]) {
    await expect(manager.initialize({ ...server.options, tls, logger: false })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  }
  const words = { REDIS_TLS_REJECT_UNAUTHORIZED: 'maybe' };
  const other = await runScript(
    `require('.').initialize({ logger: false }).catch(({ code, message }) => console.log(code, message));`,
    { env: { REDIS_URL: `rediss://localhost:${server.port}`, ...words } },
  );
  expect(other.stdout).toMatch(/^INVALID_OPTION .*REDIS_TLS_REJECT_UNAUTHORIZED.*true or false/);
});

test('a certificate that is wrong in the name alone passes under the name that it has', async () => {
  const server = await startServer({ tls: 'wrongName' });
  expect(await dial(server, { servername: 'redis.example.com' })).toEqual(ok);
  const other = await dial(server, { servername: 'localhost' });
  expect(other).toMatchObject({ code: 'CERT_WRONG_NAME' });
});

test('a self-signed certificate passes where it is named', async () => {
  const server = await startServer({ tls: 'selfSigned' });
  expect(await dial(server, { ca: certificates.selfSigned.cert })).toEqual(ok);
});

test('a good certificate of an authority that is not named', async () => {
  const server = await startServer({ tls: true });
  expect(await dial(server, {})).toEqual(ok);
  const { code, message } = await dial(server, { ca: certificates.otherCa.cert });
  expect({ code, message }).toEqual({ code: 'CERT_UNKNOWN_ISSUER', message: expect.stringContaining('Test CA') });
  expect(message).toMatch(/tls\.ca|REDIS_TLS_CA/);
});

test.each(['TLSv1.2', 'TLSv1.3'])('a server that speaks %s only', async (version) => {
  const server = await startServer({ tls: true, config: [`tls-protocols "${version}"`] });
  const other = version === 'TLSv1.2' ? 'TLSv1.3' : 'TLSv1.2';
  expect(await dial(server, {})).toEqual(ok);
  expect(await dial(server, { minVersion: version, maxVersion: version })).toEqual(ok);
  const refused = await dial(server, { minVersion: other, maxVersion: other });
  expect(refused).toEqual({ code: 'TLS_FAILED', message: expect.stringContaining('tls.minVersion') });
});

test('client certificates', async () => {
  const server = await startServer({ mtls: true });
  const refused = { code: 'TLS_CLIENT_CERT_REFUSED', message: expect.stringContaining('REDIS_TLS_CERT') };
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    const dialWith = ({ cert, key } = {}) => dial(server, { maxVersion, cert, key });
    expect(await dialWith(certificates.client)).toEqual(ok);
    expect(await dialWith()).toEqual(refused);
    expect(await dialWith(certificates.untrustedClient)).toEqual(refused);
    expect(await dialWith(certificates.expiredClient)).toEqual(refused);
  }
  // Not verifying the server is no way past the server's wish to verify us.
  expect(await dial(server, { rejectUnauthorized: false, cert: undefined, key: undefined })).toEqual(refused);
  const mixed = { cert: certificates.client.cert, key: certificates.server.key };
  await expect(
    manager.initialize({ ...server.options, tls: { ...server.tls, ...mixed }, logger: false }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/tls\.cert and tls\.key/),
  });
});

test('TLS where none is spoken, and none where it is', async () => {
  const plain = await startServer();
  const secure = await startServer({ tls: true });
  const host = 'localhost';
  const notSpoken = await dial(plain, {}, { host });
  expect(notSpoken).toEqual({ code: 'TLS_NOT_SPOKEN', message: expect.stringContaining('REDIS_TLS=false') });
  const unverified = await dial(plain, { rejectUnauthorized: false }, { host });
  expect(unverified.code).toBe('TLS_NOT_SPOKEN');
  const required = await dial(secure, false);
  expect(required).toEqual({ code: 'TLS_REQUIRED', message: expect.stringContaining('REDIS_TLS=true') });
});

test('a certificate that is replaced by a bad one is noticed at the next connection, and one that is good again too', async () => {
  const server = await startServer({ tls: true });
  await manager.initialize({ ...server.options, logger: false, purposes: ['main'], retryStrategy: () => 50 });
  const codes = [];
  manager.on('error', ({ code }) => codes.push(code));
  const serve = async ({ cert, key }) => {
    fs.writeFileSync(`${server.directory}/tls-cert-file.pem`, cert);
    fs.writeFileSync(`${server.directory}/tls-key-file.pem`, key);
    await server.command('CONFIG', 'SET', 'tls-cert-file', `${server.directory}/tls-cert-file.pem`);
  };
  const ready = () => new Promise((resolve) => manager.once('ready', resolve));
  const refused = new Promise((resolve) => manager.on('error', ({ code }) => code === 'CERT_EXPIRED' && resolve()));
  const alive = setInterval(() => {}, 1000);
  try {
    await serve(certificates.expired);
    await server.killClients();
    await refused;
    await expect(manager.getConnection().ping()).rejects.toMatchObject({ code: 'LINK_DOWN' });
    const back = ready();
    await serve(certificates.server);
    await back;
    expect(await manager.getConnection().ping()).toBe('PONG');
  } finally {
    clearInterval(alive);
    manager.removeAllListeners();
  }
});
