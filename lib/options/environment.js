'use strict';

const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const util = require('node:util');
const { invalidOption } = require('../errors');
const { OPTIONS } = require('./schema');

/**
 * What was given for one option, before it is parsed. `name` is what the user wrote, for messages.
 *
 * @typedef {{ value: unknown, name: string, isFromUrl?: boolean }} Given
 */

/**
 * What one source of configuration gives.
 *
 * @typedef {Map<import('./schema').OptionName, Given>} Layer
 */

/** A warning of the configuration; the manager logs and emits it.
 *
 * @typedef {{ code: import('../manager/warnings').WarningCode, message: string }} Warning
 */

const VARIABLES = /** @type {[import('./schema').OptionName, string][]} */ (
  Object.entries(OPTIONS).flatMap(([name, { env }]) => (env ? [[name, env]] : []))
);

/**
 * The REDIS_* variables of the environment over those of the .env file.
 *
 * A variable that is set but empty counts as not given, and still hides the one of the file: that is how a deployment
 * takes a value of the file away. Nothing is ever written into `env`.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string | false} envFile path, relative to `cwd`
 * @param {boolean} explicit whether the user named the file: then it must be readable
 * @param {string} cwd
 * @returns {{ layers: Layer[], warnings: Warning[] }} layers: the weakest first
 */
function environmentLayers(env, envFile, explicit, cwd) {
  /** @type {Warning[]} */
  const warnings = [];
  const file = envFile === false ? {} : readEnvFile(resolve(cwd, envFile), explicit, warnings);
  const visible = Object.fromEntries(Object.entries(file).filter(([name]) => env[name] === undefined));
  return { layers: [layerOf(visible), layerOf(env)], warnings };
}

/**
 * The value of one variable, for what has to be known before `initialize()`.
 *
 * @param {import('./schema').OptionName} option
 * @param {NodeJS.ProcessEnv} env
 */
function fromEnvironment(option, env) {
  return layerOf(env).get(option)?.value;
}

/**
 * @param {Record<string, string | undefined>} variables
 * @returns {Layer}
 */
function layerOf(variables) {
  /** @type {Layer} */
  const layer = new Map();
  for (const [option, name] of VARIABLES) {
    const value = variables[name];
    if (value !== undefined && value !== '') layer.set(option, { value, name });
  }
  return layer;
}

/**
 * @param {string} path
 * @param {boolean} explicit
 * @param {Warning[]} warnings
 * @returns {Record<string, string>} REDIS_* only: nothing else of the file is any business of ours
 */
function readEnvFile(path, explicit, warnings) {
  let content;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (explicit) throw invalidOption('envFile', path, `a file that can be read (${code})`);
    // No file is the normal case, and a directory called .env is a Python virtual environment.
    if (code !== 'ENOENT' && code !== 'EISDIR') {
      warnings.push({ code: 'ENV_FILE_UNREADABLE', message: `${path} cannot be read (${code}) and is left out` });
    }
    return {};
  }
  return Object.fromEntries(Object.entries(parseEnvFile(content)).filter(([name]) => name.startsWith('REDIS_')));
}

/**
 * @param {string} content
 * @returns {Record<string, string>}
 */
function parseEnvFile(content) {
  // Node has the parser since 20.12.
  return typeof util.parseEnv === 'function'
    ? /** @type {Record<string, string>} */ (util.parseEnv(content))
    : parseEnvText(content);
}

const ENV_LINE =
  /^[^\S\r\n]*(?:export[^\S\r\n]+)?([\w.-]+)[^\S\r\n]*=[^\S\r\n]*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^#\r\n]*))/gm;

/**
 * The same for Node 20.0 to 20.11: NAME=value lines, `export`, comments, and quoted values that may span lines
 * (`\n` stands for a line end in double quotes).
 *
 * @param {string} content
 * @returns {Record<string, string>}
 */
function parseEnvText(content) {
  /** @type {Record<string, string>} */
  const variables = {};
  for (const [, name, double, single, backtick, bare] of content.matchAll(ENV_LINE)) {
    variables[name] = double?.replaceAll('\\n', '\n') ?? single ?? backtick ?? bare.trim();
  }
  return variables;
}

module.exports = { environmentLayers, fromEnvironment, parseEnvText };
