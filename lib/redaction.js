'use strict';

/**
 * What may be shown of what was given to us: no password reaches an error, a log line or the output of `inspect`.
 */

const { inspect } = require('node:util');

const REDACTED = '<redacted>';

/** Settings whose value is a secret, wherever a command sets one by name; misspelt ones are too. */
const SECRET_SETTING = /pas|auth|secret|token/i;

/** Texts this short are only replaced where they stand in quotes: elsewhere they would be part of any word. */
const SHORT = 4;

/** What is long and without a space or a dot is rather a key in the wrong place than the name of a file. */
const KEY_MATERIAL = /^[A-Za-z0-9+=_-][A-Za-z0-9+/=_-]{63,}$/;

/** @type {Record<string, (args: string[]) => number[]>} Which arguments of a command are secrets. */
const SECRETS = {
  auth: (args) => args.map((_, index) => index),
  hello: (args) => after(args, 'auth', 2),
  migrate: (args) => [...after(args, 'auth', 1), ...after(args, 'auth2', 2)],
  acl: ofAcl,
  config: settings,
  sentinel: settings,
};

/**
 * The arguments of a command as they may be shown: passwords are replaced. The array itself where none are.
 *
 * @param {string} name of the command, in any case
 * @param {ReadonlyArray<unknown>} args
 * @returns {unknown[]}
 */
function redactArgs(name, args) {
  const { positions } = secretsOf(name, args);
  const shown = /** @type {unknown[]} */ (args);
  return positions.length === 0 ? shown : shown.map((arg, index) => (positions.includes(index) ? REDACTED : arg));
}

/**
 * The name of a command as it may be shown. Who writes `call('AUTH hunter2')` has a password in it.
 *
 * @param {string} name
 */
function redactName(name) {
  return secretsOf(name, []).inName.reduce((shown, secret) => shown.replaceAll(secret, REDACTED), name);
}

/**
 * What a server says of a command, as it may be shown: servers quote the argument that is wrong, and, of a command that
 * they do not know, as many as fit into a line.
 *
 * @param {string} message
 * @param {string} name of the command, in any case
 * @param {ReadonlyArray<unknown>} args
 */
function redactMessage(message, name, args) {
  const { texts } = secretsOf(name, args);
  if (texts.length === 0) return message;
  const [shown] = message.split(', with args beginning with:', 1);
  return texts.reduce(withoutText, shown);
}

/**
 * A value that was refused, as it may be shown. What stands before an @ may be the user and password of a URL in the
 * wrong place; of objects only the names of their properties are shown.
 *
 * @param {unknown} value
 * @returns {string}
 */
function describe(value) {
  if (typeof value === 'string') return quoted(withoutCredentials(value));
  if (Array.isArray(value)) return quoted(value.map((item) => (isPrimitive(item) ? shownItem(item) : typeof item)));
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  if (typeof value === 'object' && value !== null) return objectShown(value);
  return quoted(value);
}

/**
 * A text of somebody else, such as the message of an error that the application threw, without these secrets.
 *
 * @param {string} message
 * @param {ReadonlyArray<string>} secrets
 */
function withoutSecrets(message, secrets) {
  return secrets.reduce(withoutText, message);
}

/**
 * @param {string} text
 * @param {string} secret
 */
function withoutText(text, secret) {
  if (secret === '') return text;
  if (secret.length >= SHORT) return text.replaceAll(secret, REDACTED);
  return text.replaceAll(`'${secret}'`, `'${REDACTED}'`);
}

/** @param {unknown} item */
function shownItem(item) {
  return typeof item === 'string' ? withoutCredentials(item) : item;
}

/** @param {unknown} value */
function isPrimitive(value) {
  return (typeof value !== 'object' && typeof value !== 'function') || value === null;
}

/** @param {object} value */
function objectShown(value) {
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  const keys = Object.keys(value);
  const shown = keys.length > 0 ? ` with ${keys.slice(0, 10).join(', ')}` : '';
  return `<${name === undefined || name === 'Object' ? 'object' : name}${shown}>`.slice(0, 120);
}

/** @param {string} text */
function withoutCredentials(text) {
  if (KEY_MATERIAL.test(text)) return REDACTED;
  const at = text.lastIndexOf('@');
  const shown = at === -1 ? text : REDACTED + text.slice(at);
  return text.includes('://') ? shown.replace(/\?.*$/s, `?${REDACTED}`) : shown;
}

/** @param {unknown} value */
function quoted(value) {
  const text = inspect(value, { depth: 0, breakLength: Infinity, maxStringLength: 60 });
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}

/**
 * @param {string} name
 * @param {ReadonlyArray<unknown>} args
 * @returns {{ positions: number[], texts: string[], inName: string[] }} the positions of passwords among the arguments,
 *   and the texts that must not be shown; those in the name, where arguments were written into it
 */
function secretsOf(name, args) {
  // The usual case, and the only one that costs anything where commands fail by the thousand.
  const [first, ...rest] = name.includes(' ') ? name.trim().split(/\s+/) : [name];
  const lower = first.toLowerCase();
  if (!Object.hasOwn(SECRETS, lower)) return { positions: [], texts: [], inName: [] };
  const all = [...rest, ...args.map(textOf)];
  const secrets = SECRETS[lower](all);
  return {
    positions: secrets.map((index) => index - rest.length).filter((index) => index >= 0),
    // A rule of ACL SETUSER is quoted with and without the character that says what it is.
    texts: secrets.flatMap((index) => (lower === 'acl' ? [all[index], all[index].slice(1)] : [all[index]])),
    inName: secrets.filter((index) => index < rest.length).map((index) => all[index]),
  };
}

/** @param {unknown} arg */
function textOf(arg) {
  return arg instanceof Uint8Array ? Buffer.from(arg.buffer, arg.byteOffset, arg.byteLength).toString() : String(arg);
}

/** @param {string[]} args of ACL */
function ofAcl(args) {
  if (is(args[0], 'setuser')) return indexes(args, (arg, index) => index > 1 && /^[><#!]/.test(arg));
  if (!is(args[0], 'dryrun') || !Object.hasOwn(SECRETS, String(args[2]).toLowerCase())) return [];
  return SECRETS[args[2].toLowerCase()](args.slice(3)).map((index) => index + 3);
}

/** @param {string[]} args of CONFIG or SENTINEL */
function settings(args) {
  if (is(args[0], 'get')) return [];
  return indexes(args, (_, index) => index > 1 && SECRET_SETTING.test(args[index - 1]));
}

/**
 * The positions of the `count` arguments after each occurrence of a word.
 *
 * @param {string[]} args
 * @param {string} word
 * @param {number} count
 */
function after(args, word, count) {
  return indexes(args, (_, index) => args.slice(Math.max(0, index - count), index).some((arg) => is(arg, word)));
}

/**
 * @param {string[]} args
 * @param {(arg: string, index: number) => boolean} test
 */
function indexes(args, test) {
  return args.flatMap((arg, index) => (test(arg, index) ? [index] : []));
}

/**
 * @param {string | undefined} arg
 * @param {string} word in lower case
 */
function is(arg, word) {
  return arg !== undefined && arg.toLowerCase() === word;
}

module.exports = { describe, redactArgs, redactMessage, redactName, withoutSecrets };
