'use strict';

const { withoutSecrets } = require('../redaction');

/** What a provider may give, in words. */
const ACCEPTED =
  'expected { username?, password, expiresAt? (a Date or ms since the epoch) or ttl? (ms), sessionTtl? (ms) }';

/** A later moment than this is none: it is a mistake of units. */
const FAR_AWAY_MS = 100 * 365 * 86_400_000;

/**
 * User and password for the next connections.
 *
 * @typedef {object} Credentials
 * @property {string | null} [username] default: the option `username`
 * @property {string} password
 * @property {Date | number} [expiresAt] until when connections may be made with it
 * @property {number} [ttl] the same in ms from now
 * @property {number} [sessionTtl] after how many ms a connection has to be authenticated again; default: the end of the
 *   credentials
 */

/** @typedef {() => Credentials | Promise<Credentials>} CredentialsProvider */

/**
 * Asks the application for credentials.
 *
 * @param {CredentialsProvider} provider
 * @param {string | null} username where the provider names none
 * @param {string} [lastPassword] must not be told, should the provider fail in its words
 * @returns {Promise<{ granted: Granted } | { failure: string }>} as the addon takes it
 *
 * @typedef {{ username: string | null, password: string, ttl: number | null, session: number | null }} Granted
 */
async function askProvider(provider, username, lastPassword = '') {
  let given;
  try {
    given = await provider();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { failure: `credentialsProvider failed: ${withoutSecrets(message, [lastPassword])}` };
  }
  const mistake = mistakeIn(given);
  if (mistake !== undefined) return { failure: `credentialsProvider gave ${mistake}; ${ACCEPTED}` };
  const ttl = lifeOf(given);
  if (ttl !== null && ttl <= 0) return { failure: 'credentialsProvider gave credentials that have expired already' };
  const session = given.sessionTtl === undefined ? null : Math.ceil(given.sessionTtl);
  return { granted: { username: given.username ?? username, password: given.password, ttl, session } };
}

/**
 * @param {any} given
 * @returns {string | undefined} what is wrong with it, without its values
 */
function mistakeIn(given) {
  if (typeof given !== 'object' || given === null) {
    return given === null || given === undefined ? 'nothing' : `a ${typeof given}`;
  }
  const { username, password, expiresAt, ttl, sessionTtl } = given;
  if (typeof password !== 'string' || password === '') return 'no password';
  if (username !== undefined && username !== null && typeof username !== 'string')
    return 'a username that is no string';
  if (expiresAt !== undefined && !isMoment(Number(expiresAt))) return 'an expiresAt that is no moment';
  if (ttl !== undefined && !isDuration(ttl)) return 'a ttl that is no number of ms above 0';
  if (sessionTtl !== undefined && !isDuration(sessionTtl)) return 'a sessionTtl that is no number of ms above 0';
  return undefined;
}

/** @param {Credentials} given */
function lifeOf({ expiresAt, ttl }) {
  if (expiresAt !== undefined) return Math.floor(Number(expiresAt) - Date.now());
  return ttl === undefined ? null : Math.floor(ttl);
}

/** @param {number} moment */
function isMoment(moment) {
  // In seconds it would lie in January 1970.
  return Number.isFinite(moment) && moment > 1e11 && moment < Date.now() + FAR_AWAY_MS;
}

/** @param {unknown} duration */
function isDuration(duration) {
  return typeof duration === 'number' && duration >= 1 && duration < FAR_AWAY_MS;
}

module.exports = { askProvider };
