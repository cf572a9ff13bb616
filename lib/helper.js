'use strict';

const { invalidArgument } = require('./errors');
const { parseJson } = require('./helper/json');

/**
 * The methods for common operations, as the services have always called them: values are stored as JSON where they are
 * objects, and parsed on the way back. Arguments are checked before anything is sent.
 *
 * All methods reject with a TypeError or RangeError (code INVALID_ARGUMENT) that names the argument, or with the error of
 * the command, which is reported first.
 *
 * @param {any} client the handle of `main`
 * @param {(operation: string, error: Error) => void} report told of commands that failed
 */
function createHelper(client, report) {
  /**
   * @template T
   * @param {string} operation
   * @param {Promise<T>} reply
   * @returns {Promise<T>}
   */
  async function reported(operation, reply) {
    try {
      return await reply;
    } catch (error) {
      report(operation, /** @type {Error} */ (error));
      throw error;
    }
  }

  return Object.freeze({
    /**
     * SET, with an expiry and a condition where given: `set(k, v)`, `set(k, v, 'EX', 60)`, `set(k, v, null, 60)`,
     * `set(k, v, 'PX', 1500)`, `set(k, v, 'EX', 60, 'NX')`, `set(k, v, 'NX')`.
     *
     * @param {Key} key
     * @param {unknown} value objects (null too) are stored as JSON, everything else as its text
     * @param {'EX' | 'PX' | 'NX' | 'XX' | null} [option] EX (the default): ttl in seconds; PX: in milliseconds
     * @param {number | string | null} [ttl] positive; fractions are cut off
     * @param {'NX' | 'XX' | null} [condition] NX: only if the key is not there yet; XX: only if it is
     * @returns {Promise<boolean>} false only where the condition did not hold
     */
    async set(key, value, option = null, ttl = null, condition = null) {
      checkKey('key', key);
      const text = textOf('value', value);
      const { unit, amount, only } = setOptions(option, ttl, condition);
      if (only === null && unit === 'EX') {
        await reported('set', client.setex(key, amount, text));
        return true;
      }
      const expiry = amount === null ? [] : [unit, amount];
      const reply = await reported('set', client.set(key, text, ...expiry, ...(only === null ? [] : [only])));
      return reply === 'OK';
    },

    /**
     * @param {Key} key
     * @returns {Promise<any>} what was stored; null where nothing is, or an empty string
     */
    async get(key) {
      checkKey('key', key);
      return parseStored(await reported('get', client.get(key)));
    },

    /**
     * @param {Key | Key[]} key
     * @returns {Promise<number>} how many there were
     */
    async del(key) {
      checkKeys('key', key);
      return reported('del', client.del(key));
    },

    /**
     * @param {Key} key
     * @returns {Promise<boolean>}
     */
    async exists(key) {
      checkKey('key', key);
      return (await reported('exists', client.exists(key))) === 1;
    },

    /**
     * @param {Key} key
     * @param {number | string} ttl seconds, positive; fractions are cut off
     * @returns {Promise<number>} 1, or 0 where there is no such key
     */
    async expire(key, ttl) {
      checkKey('key', key);
      return reported('expire', client.expire(key, positive('ttl', ttl)));
    },

    /**
     * @param {Key} key
     * @param {Key} field
     * @param {unknown} value as in set()
     * @returns {Promise<number>} 1 where the field is new, otherwise 0
     */
    async hset(key, field, value) {
      checkKey('key', key);
      checkKey('field', field);
      return reported('hset', client.hset(key, field, textOf('value', value)));
    },

    /**
     * @param {Key} key
     * @param {Key} field
     * @returns {Promise<any>} as get()
     */
    async hget(key, field) {
      checkKey('key', key);
      checkKey('field', field);
      return parseStored(await reported('hget', client.hget(key, field)));
    },

    /**
     * @param {Key} key
     * @returns {Promise<Record<string, string>>} the fields as they are stored; {} where there is no such key
     */
    async hgetall(key) {
      checkKey('key', key);
      return reported('hgetall', client.hgetall(key));
    },

    /** The handle of `main` itself. */
    getClient() {
      return client;
    },
  });
}

/** @typedef {string | number | Buffer} Key */

/** @param {string | null} stored */
function parseStored(stored) {
  if (!stored) return null;
  try {
    return parseJson(stored);
  } catch {
    return stored;
  }
}

/**
 * @param {unknown} option
 * @param {unknown} ttl
 * @param {unknown} condition
 * @returns {{ unit: 'EX' | 'PX' | null, amount: number | null, only: 'NX' | 'XX' | null }}
 */
function setOptions(option, ttl, condition) {
  const isCondition = option === 'NX' || option === 'XX';
  if (option !== null && option !== 'EX' && option !== 'PX' && !isCondition) {
    throw invalidArgument('option', option, "'EX', 'PX', 'NX', 'XX' or null");
  }
  if (condition !== null && condition !== 'NX' && condition !== 'XX') {
    throw invalidArgument('nx', condition, "'NX', 'XX' or null");
  }
  if (isCondition && condition !== null && condition !== option) {
    throw invalidArgument('nx', condition, `null or '${option}', since that is the option`);
  }
  const only = isCondition ? option : condition;
  if (ttl === null) {
    // SET without the expiry that was asked for would keep the key for ever.
    if (option === 'EX' || option === 'PX') throw invalidArgument('ttl', ttl, `a positive number with '${option}'`);
    return { unit: null, amount: null, only };
  }
  return { unit: option === 'PX' ? 'PX' : 'EX', amount: positive('ttl', ttl), only };
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function positive(name, value) {
  const isNumeric = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
  const whole = isNumeric ? Math.floor(Number(value)) : NaN;
  if (Number.isSafeInteger(whole) && whole > 0) return whole;
  throw invalidArgument(name, value, 'a positive whole number');
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function checkKey(name, value) {
  if (typeof value === 'string' || Number.isFinite(value) || Buffer.isBuffer(value)) return;
  throw invalidArgument(name, value, 'a string, a finite number or a Buffer');
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function checkKeys(name, value) {
  if (!Array.isArray(value)) return checkKey(name, value);
  if (value.length === 0) throw invalidArgument(name, value, 'at least one key');
  value.forEach((key, index) => checkKey(`${name}[${index}]`, key));
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {string}
 */
function textOf(name, value) {
  const accepts = 'a string, number, bigint, boolean, null, or an object that JSON can represent';
  if (typeof value === 'string') return value;
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') {
    throw invalidArgument(name, value, accepts);
  }
  if (typeof value !== 'object') return String(value);
  let text;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    // Cyclic, or a bigint inside: the reason is in V8's first line (the others draw the cycle).
    const [reason] = /** @type {Error} */ (error).message.split('\n');
    // Not the object itself: what is in it belongs in no log.
    throw invalidArgument(name, Object.prototype.toString.call(value), `${accepts} (${reason})`);
  }
  if (text === undefined) throw invalidArgument(name, text, accepts);
  return text;
}

module.exports = { createHelper };
