'use strict';

/**
 * Certificates for the TLS server of a run: an authority of its own, and a server certificate for loopback. Valid for
 * a day, kept in memory by the caller; nothing is trusted outside the run.
 */

const { webcrypto } = require('node:crypto');

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 60 * 60 * 1000;

/**
 * @typedef {object} Certificates
 * @property {string} ca   PEM of the authority
 * @property {string} cert PEM of the server's certificate (localhost, 127.0.0.1)
 * @property {string} key  PEM of the server's private key
 */

/** @returns {Promise<Certificates>} */
async function createCertificates() {
  const x509 = loadX509();
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
  const authorityKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: '01',
    name: 'CN=unified-redis bench authority',
    signingAlgorithm: ALGORITHM,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const serverKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const server = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: '02',
    subject: 'CN=localhost',
    issuer: authority.subject,
    signingAlgorithm: ALGORITHM,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey));
  return { ca: authority.toString('pem'), cert: server.toString('pem'), key: toPem('PRIVATE KEY', key) };
}

/**
 * @param {string} label
 * @param {Buffer} der
 */
function toPem(label, der) {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/**
 * The x509 package's container refuses to load without the metadata part of `Reflect`. The few calls that it makes are
 * met here, which spares a dependency for a file that only a benchmark needs.
 *
 * @returns {typeof import('@peculiar/x509')}
 */
function loadX509() {
  /** @type {WeakMap<object, Map<unknown, unknown>>} */
  const metadata = new WeakMap();
  const reflect = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (Reflect));
  /** @type {(key: unknown, target: object) => unknown} */
  const lookUp = (key, target) => metadata.get(target)?.get(key);
  reflect.getMetadata ??= lookUp;
  reflect.getOwnMetadata ??= lookUp;
  reflect.defineMetadata ??= (
    /** @type {unknown} */ key,
    /** @type {unknown} */ value,
    /** @type {object} */ target,
  ) => {
    metadata.set(target, (metadata.get(target) ?? new Map()).set(key, value));
  };
  return require('@peculiar/x509');
}

module.exports = { createCertificates };
