'use strict';

require('reflect-metadata');
const x509 = require('@peculiar/x509');
const { webcrypto } = require('node:crypto');

x509.cryptoProvider.set(webcrypto);

/** @typedef {import('node:crypto').webcrypto.CryptoKeyPair} CryptoKeyPair */

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

/**
 * A certificate and its key, PEM.
 *
 * @typedef {{ cert: string, key: string }} Pair
 */

/**
 * @typedef {object} Certificates
 * @property {Pair} ca the authority that the tests trust
 * @property {Pair} otherCa one that they do not
 * @property {Pair} server for localhost and 127.0.0.1
 * @property {() => Promise<Pair>} renew another one like `server`
 * @property {Pair} expired as `server`, but it ended yesterday
 * @property {Pair} notYetValid as `server`, but it begins tomorrow
 * @property {Pair} wrongName for redis.example.com only
 * @property {Pair} untrusted as `server`, issued by `otherCa`
 * @property {Pair} selfSigned as `server`, issued by itself
 * @property {Pair} client a client's, issued by `ca`
 * @property {Pair} expiredClient as `client`, but it ended yesterday
 * @property {Pair} untrustedClient a client's, issued by `otherCa`
 */

/** @type {Promise<Certificates> | undefined} */
let certificates;

/** All certificates that the tests need, made once for a test file. */
function createCertificates() {
  certificates ??= create();
  return certificates;
}

/** @returns {Promise<Certificates>} */
async function create() {
  const ca = await createAuthority('Test CA');
  const otherCa = await createAuthority('Other CA');
  const names = ['localhost', '127.0.0.1'];
  const now = Date.now();
  return {
    ca: ca.pair,
    otherCa: otherCa.pair,
    server: await issue(ca, { names }),
    renew: () => issue(ca, { names }),
    expired: await issue(ca, { names, from: now - 10 * DAY, until: now - DAY }),
    notYetValid: await issue(ca, { names, from: now + DAY, until: now + 10 * DAY }),
    wrongName: await issue(ca, { names: ['redis.example.com'] }),
    untrusted: await issue(otherCa, { names }),
    selfSigned: await issue(null, { names }),
    client: await issue(ca, { names: [], client: true }),
    expiredClient: await issue(ca, { names: [], client: true, from: now - 10 * DAY, until: now - DAY }),
    untrustedClient: await issue(otherCa, { names: [], client: true }),
  };
}

/** @typedef {{ pair: Pair, keys: CryptoKeyPair, subject: string }} Authority */

/** @param {string} name @returns {Promise<Authority>} */
async function createAuthority(name) {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { pair: { cert: certificate.toString('pem'), key: await privatePem(keys) }, keys, subject: `CN=${name}` };
}

/**
 * @param {Authority | null} authority null: itself
 * @param {{ names: string[], client?: boolean, from?: number, until?: number }} options
 * @returns {Promise<Pair>}
 */
async function issue(authority, { names, client = false, from, until }) {
  const keys = await generateKeys();
  const usage = client ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth;
  /** @type {import('@peculiar/x509').Extension[]} */
  const extensions = [
    new x509.BasicConstraintsExtension(false),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage]),
    await x509.AuthorityKeyIdentifierExtension.create((authority?.keys ?? keys).publicKey),
  ];
  if (names.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(names.map(toGeneralName)));
  const subject = `CN=${client ? 'test client' : names[0]}`;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: authority?.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: (authority?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity(from, until),
    extensions,
  });
  return { cert: certificate.toString('pem'), key: await privatePem(keys) };
}

/** @param {string} name @returns {{ type: 'ip' | 'dns', value: string }} */
function toGeneralName(name) {
  return { type: /^[\d.]+$/.test(name) ? 'ip' : 'dns', value: name };
}

/** @param {number} [from] @param {number} [until] */
function validity(from = Date.now() - DAY, until = Date.now() + 30 * DAY) {
  return { notBefore: new Date(from), notAfter: new Date(until) };
}

/** @returns {Promise<CryptoKeyPair>} */
function generateKeys() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** @param {CryptoKeyPair} keys */
async function privatePem({ privateKey }) {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
}

module.exports = { createCertificates };
