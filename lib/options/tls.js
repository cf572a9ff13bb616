'use strict';

const { readFileSync } = require('node:fs');
const { isIPv4 } = require('node:net');
const { invalidOption } = require('../errors');
const { OPTIONS, TLS_OPTION_NAMES } = require('./schema');
const { unknownOption } = require('./suggest');

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
  const hosts = values.sentinels?.map(({ host }) => host) ?? [values.host];
  if (!(values.tls ?? !hosts.every(isLoopback))) return null;
  return settingsOf(values, 'tls', env, warnings);
}

/**
 * The same for sentinels. What is said of them takes the place of all that is said of the servers: a certificate is no
 * business of others.
 *
 * @param {import('./resolve').OptionValues} values
 * @param {TlsOptions | null} ofServers
 * @param {NodeJS.ProcessEnv} env for NODE_EXTRA_CA_CERTS
 * @param {import('./environment').Warning[]} warnings is added to
 * @returns {TlsOptions | null} null: plain, or no sentinels
 */
function resolveSentinelTls({ sentinels, sentinelTLS }, ofServers, env, warnings) {
  if (sentinels === null || sentinelTLS === false) return null;
  if (typeof sentinelTLS === 'object') return settingsOf(parsedTls(sentinelTLS), 'sentinelTLS', env, warnings);
  const inherited = sentinelTLS === undefined ? ofServers : (ofServers ?? settingsOf(parsedTls({}), '', env, []));
  // Each sentinel has a name of its own.
  return inherited && { ...inherited, servername: null };
}

/**
 * @param {Record<string, unknown>} given as `tls: { ... }`
 * @returns {TlsValues}
 */
function parsedTls(given) {
  for (const name of Object.keys(given)) {
    if (!TLS_OPTION_NAMES.includes(name)) throw unknownOption(name, TLS_OPTION_NAMES, 'sentinelTLS.');
  }
  const entries = TLS_OPTION_NAMES.map((name) => {
    const option = OPTIONS[/** @type {keyof TlsValues} */ (`tls.${name}`)];
    const value = given[name] === undefined ? option.value : option.parser.parse(given[name], `sentinelTLS.${name}`);
    return [`tls.${name}`, value];
  });
  return Object.fromEntries(entries);
}

/**
 * @typedef {Pick<import('./resolve').OptionValues, Extract<import('./schema').OptionName, `tls.${string}`>>} TlsValues
 */

/**
 * @param {TlsValues} values
 * @param {string} name of the option that they are of
 * @param {NodeJS.ProcessEnv} env
 * @param {import('./environment').Warning[]} warnings
 * @returns {TlsOptions}
 */
function settingsOf(values, name, env, warnings) {
  const cert = values['tls.cert'] ?? null;
  const key = values['tls.key'] ?? null;
  checkPair(cert, key, name);
  checkVersions(values['tls.minVersion'], values['tls.maxVersion'], name);
  const rejectUnauthorized = values['tls.rejectUnauthorized'];
  if (!rejectUnauthorized) {
    warnings.push({
      code: 'TLS_NOT_VERIFIED',
      message: `${name}.rejectUnauthorized is false: anybody on the way can pose as the server and read the password`,
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
 * @param {string} name
 */
function checkPair(cert, key, name) {
  const [ofCert, ofKey] = [OPTIONS['tls.cert'].parser, OPTIONS['tls.key'].parser];
  if (cert !== null && key === null) throw invalidOption(`${name}.key`, undefined, ofKey.accepts);
  if (key !== null && cert === null) throw invalidOption(`${name}.cert`, undefined, ofCert.accepts);
  if (key !== null && /ENCRYPTED/.test(key)) {
    throw invalidOption(`${name}.key`, 'an encrypted key', 'an unencrypted private key (openssl pkey -in … -out …)');
  }
}

/**
 * @param {string | undefined} min
 * @param {string | undefined} max
 * @param {string} name
 */
function checkVersions(min, max, name) {
  if (min !== undefined && max !== undefined && min > max) {
    throw invalidOption(`${name}.minVersion`, min, `a version not above ${name}.maxVersion (${max})`);
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

module.exports = { isLoopback, resolveSentinelTls, resolveTls };
