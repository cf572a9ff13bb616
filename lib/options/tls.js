'use strict';

const { readFileSync } = require('node:fs');
const { isIPv4 } = require('node:net');
const { invalidOption } = require('../errors');
const { OPTIONS } = require('./schema');

/**
 * TLS as the links use it. PEM text throughout.
 *
 * @typedef {object} TlsOptions
 * @property {string[]} ca authorities trusted beside the Mozilla roots
 * @property {string | null} cert
 * @property {string | null} key
 * @property {string | null} servername
 * @property {boolean} rejectUnauthorized
 * @property {'TLSv1.2' | 'TLSv1.3' | null} minVersion
 * @property {'TLSv1.2' | 'TLSv1.3' | null} maxVersion
 */

/**
 * Decides whether the links speak TLS, and how.
 *
 * @param {import('./resolve').OptionValues} values
 * @param {string} name what the user wrote for `tls`, for messages
 * @param {NodeJS.ProcessEnv} env for NODE_EXTRA_CA_CERTS
 * @param {import('./environment').Warning[]} warnings is added to
 * @returns {TlsOptions | null} null: plain
 */
function resolveTls(values, name, env, warnings) {
  if (values.path !== null) {
    if (values.tls) throw invalidOption(name, true, 'false with `path`: a unix socket has no TLS');
    return null;
  }
  if (!(values.tls ?? !isLoopback(values.host))) return null;
  const cert = values['tls.cert'] ?? null;
  const key = values['tls.key'] ?? null;
  checkPair(cert, key);
  checkVersions(values['tls.minVersion'], values['tls.maxVersion']);
  const rejectUnauthorized = values['tls.rejectUnauthorized'];
  if (!rejectUnauthorized) {
    warnings.push({
      code: 'TLS_NOT_VERIFIED',
      message: 'tls.rejectUnauthorized is false: anybody on the way can pose as the server and read the password',
    });
  }
  return {
    ca: [...(values['tls.ca'] ?? []), ...extraAuthorities(env.NODE_EXTRA_CA_CERTS, warnings)],
    cert,
    key,
    servername: values['tls.servername'] ?? null,
    rejectUnauthorized,
    minVersion: values['tls.minVersion'] ?? null,
    maxVersion: values['tls.maxVersion'] ?? null,
  };
}

/** @param {string} host */
function isLoopback(host) {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

/**
 * @param {string | null} cert
 * @param {string | null} key
 */
function checkPair(cert, key) {
  if (cert !== null && key === null) throw invalidOption('tls.key', undefined, OPTIONS['tls.key'].parser.accepts);
  if (key !== null && cert === null) throw invalidOption('tls.cert', undefined, OPTIONS['tls.cert'].parser.accepts);
  if (key !== null && /ENCRYPTED/.test(key)) {
    throw invalidOption('tls.key', 'an encrypted key', 'an unencrypted private key (openssl pkey -in … -out …)');
  }
}

/**
 * @param {string | undefined} min
 * @param {string | undefined} max
 */
function checkVersions(min, max) {
  if (min !== undefined && max !== undefined && min > max) {
    throw invalidOption('tls.minVersion', min, `a version not above tls.maxVersion (${max})`);
  }
}

/**
 * Node itself goes on with a warning where this file cannot be read, and so do we.
 *
 * @param {string | undefined} path
 * @param {import('./environment').Warning[]} warnings
 * @returns {string[]}
 */
function extraAuthorities(path, warnings) {
  if (!path) return [];
  try {
    return [readFileSync(path, 'utf8')];
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    warnings.push({ code: 'CA_FILE_UNREADABLE', message: `NODE_EXTRA_CA_CERTS: ${path} cannot be read (${code})` });
    return [];
  }
}

module.exports = { isLoopback, resolveTls };
