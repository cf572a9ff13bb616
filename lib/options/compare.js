'use strict';

const { isDeepStrictEqual } = require('node:util');

/** What a URL decides. */
const URL_OPTIONS = ['host', 'port', 'path', 'username', 'password', 'db', 'tls'];

/** Functions, and what only decides where options come from. */
const INCOMPARABLE = new Set(['logger', 'retryStrategy', 'reconnectOnError', 'credentialsProvider', 'envFile']);

/**
 * Which of the options that were passed mean something else than what is in force. What was not passed is no wish to
 * change anything, and functions cannot be compared (the same line of code makes a new one at each call).
 *
 * @param {object | undefined} passed
 * @param {Readonly<import('./resolve').ResolvedOptions>} decided what `passed` comes to
 * @param {Readonly<import('./resolve').ResolvedOptions>} current
 * @returns {string[]} their names
 */
function differingOptions(passed, decided, current) {
  const names = Object.keys(passed ?? {}).flatMap((name) => (name === 'url' ? URL_OPTIONS : [name]));
  return [...new Set(names)].filter((name) => {
    const key = /** @type {keyof typeof decided} */ (name);
    return (
      !INCOMPARABLE.has(key) && typeof decided[key] !== 'function' && !isDeepStrictEqual(decided[key], current[key])
    );
  });
}

module.exports = { differingOptions };
