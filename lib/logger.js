'use strict';

const { LOG_LEVELS } = require('./options/schema');

/**
 * What `logger` takes: console, pino and winston fit.
 *
 * @typedef {object} ConsoleLike
 * @property {(message: string) => void} error
 * @property {(message: string) => void} warn
 * @property {(message: string) => void} info
 * @property {(message: string) => void} [debug]
 */

/** @typedef {(typeof LOG_LEVELS)[number]} LogLevel */
/** @typedef {Exclude<LogLevel, 'silent'>} LineLevel */
/** @typedef {Readonly<Record<LineLevel, (message: string) => void>>} Logger */

const PREFIX = '[unified-redis]';
const LINE_LEVELS = /** @type {LineLevel[]} */ (LOG_LEVELS.filter((level) => level !== 'silent'));

/**
 * The one way to the log. Lines are text, complete, and without secrets: that is the callers' duty.
 *
 * Without a logger of the application's, lines from `info` upwards go to the console. A logger of the application's has
 * a level of its own, so it is given every line unless `level` is given as well.
 *
 * @param {ConsoleLike | false} [target] false: silent
 * @param {LogLevel} [level]
 * @returns {Logger}
 */
function createLogger(target = console, level = target === console ? 'info' : 'debug') {
  const limit = target === false ? 0 : LOG_LEVELS.indexOf(level);
  const write = (/** @type {LineLevel} */ lineLevel) => {
    if (target === false || LOG_LEVELS.indexOf(lineLevel) > limit) return () => {};
    return (/** @type {string} */ message) => {
      try {
        // Looked up at each line, as a method: console's may be replaced later (jest does), pino's need their `this`.
        (target[lineLevel] ?? target.info).call(target, `${PREFIX} ${message}`);
      } catch {
        // A logger that throws must not break what was only being reported.
      }
    };
  };
  const methods = LINE_LEVELS.map((lineLevel) => [lineLevel, write(lineLevel)]);
  return Object.freeze(/** @type {Logger} */ (Object.fromEntries(methods)));
}

module.exports = { createLogger };
