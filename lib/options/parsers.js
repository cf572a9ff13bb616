'use strict';

const { readFileSync } = require('node:fs');
const { invalidOption } = require('../errors');

/**
 * Turns what was given for an option into the value that is used, or throws INVALID_OPTION. Options and environment
 * variables go through the same parser, so numbers and booleans are taken as text as well.
 *
 * @template T
 * @typedef {object} Parser
 * @property {string} accepts what the option takes, in words: part of the error and of the documentation
 * @property {(value: unknown, name: string) => T} parse `name` is what the user wrote: the option or the variable
 * @property {(value: unknown, name: string) => T | undefined} convert the same, but undefined for what is refused
 */

const TRUE_WORDS = ['true', '1', 'yes', 'on'];
const FALSE_WORDS = ['false', '0', 'no', 'off'];

/** What UTF-8, and so the server, has no bytes for. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** @returns {Parser<boolean>} */
function boolean() {
  return parser('true or false', (value) => {
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
    if (TRUE_WORDS.includes(word)) return true;
    return FALSE_WORDS.includes(word) ? false : undefined;
  });
}

/**
 * @param {number} min
 * @param {number} max
 * @param {string} [unit] for the words only
 * @returns {Parser<number>}
 */
function integer(min, max, unit) {
  return parser(`an integer from ${min} to ${max}${unit ? ` (${unit})` : ''}`, (value) => {
    const number = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max
      ? number
      : undefined;
  });
}

/**
 * @param {string} accepts
 * @param {RegExp} pattern
 * @returns {Parser<string>}
 */
function text(accepts, pattern) {
  return parser(accepts, (value) =>
    typeof value === 'string' && pattern.test(value) && !LONE_SURROGATE.test(value) ? value : undefined,
  );
}

/**
 * @template {string | number | boolean} T
 * @param {...T} values
 * @returns {Parser<T>}
 */
function oneOf(...values) {
  const words = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  const accepts = words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
  return parser(accepts, (value) => values.find((candidate) => candidate === value || String(candidate) === value));
}

/**
 * @template T
 * @param {Parser<T>} inner
 * @param {string} meaning what null stands for
 * @returns {Parser<T | null>}
 */
function nullable(inner, meaning) {
  return parser(`${inner.accepts}, or null (${meaning})`, (value, name) =>
    value === null ? null : inner.convert(value, name),
  );
}

/** @returns {Parser<Function>} */
function callable() {
  return parser('a function', (value) => (typeof value === 'function' ? value : undefined));
}

/**
 * Accepted so that configurations written for ioredis pass, and without any effect.
 *
 * @param {string} reason
 * @returns {Parser<undefined>}
 */
function withoutEffect(reason) {
  return { accepts: `anything (${reason})`, parse: () => undefined, convert: () => undefined };
}

/**
 * One PEM text. What does not look like PEM is the path of a file that holds it. `\n` written out, as deployment tools
 * put it into variables, is taken for a line end.
 *
 * @param {string} label what the PEM block must be, as it stands after BEGIN
 * @returns {Parser<string>}
 */
function pem(label) {
  const accepts = `PEM text (BEGIN ${label}), or the path of a file that holds it`;
  return parser(accepts, (value, name) => {
    const given = Buffer.isBuffer(value) ? value.toString('utf8') : value;
    if (typeof given !== 'string' || given.trim() === '') return undefined;
    const isText = given.includes('-----BEGIN ') || given.includes('\n');
    const content = isText ? given.replaceAll('\\n', '\n') : readPem(given, name, accepts);
    if (content.includes(`${label}-----`)) return content;
    // Not the text itself: it may be a key in the wrong place.
    throw invalidOption(name, isText ? '<other text>' : given, accepts);
  });
}

/** @returns {Parser<string[]>} one or several texts of certificates */
function pemList() {
  const one = pem('CERTIFICATE');
  return parser(`${one.accepts}, or an array of these`, (value, name) =>
    Array.isArray(value) ? value.map((item, index) => one.parse(item, `${name}[${index}]`)) : [one.parse(value, name)],
  );
}

/**
 * @param {string} path
 * @param {string} name
 * @param {string} accepts
 */
function readPem(path, name, accepts) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw invalidOption(name, path, `${accepts} (no file that can be read: ${code})`);
  }
}

/**
 * @template T
 * @param {string} accepts
 * @param {(value: unknown, name: string) => T | undefined} convert undefined: refused
 * @returns {Parser<T>}
 */
function parser(accepts, convert) {
  return {
    accepts,
    convert,
    parse(value, name) {
      const result = convert(value, name);
      if (result === undefined) throw invalidOption(name, value, accepts);
      return result;
    },
  };
}

module.exports = { boolean, callable, integer, nullable, oneOf, parser, pem, pemList, text, withoutEffect };
