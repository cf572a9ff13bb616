'use strict';

/**
 * ioredis' `multi()`: a pipeline that is one transaction, and whose `exec()` returns the results alone.
 */

const { asCallback } = require('../commands/callbacks');
const { Pipeline } = require('./pipeline');

class Transaction extends Pipeline {
  /** @type {Promise<any> | undefined} */
  #results;

  /**
   * @param {import('../redis').Redis} handle
   * @param {import('../sender').Sender} sender
   */
  constructor(handle, sender) {
    super(handle, sender);
    this.multi();
  }

  /**
   * Sends the transaction as one.
   *
   * @param {import('../commands/callbacks').Callback} [callback]
   * @returns {any} a promise of the outcomes of its commands, `[null, reply]` or `[error]`; of null when a watched key
   *   had changed. Rejected with the server's EXECABORT, whose `previousErrors` say why, when a command was refused
   */
  exec(callback) {
    if (this.#results !== undefined) return this.#results;
    // The first call ends the transaction (and one more each that was begun within it), the last one sends.
    let executed = super.exec();
    while (executed === this) executed = super.exec();
    this.#results = repliesOf(executed).then(wrapResults);
    return asCallback(this.#results, callback);
  }
}

/**
 * The reply of EXEC.
 *
 * @param {any} executed what exec() of a pipeline returned that ends with EXEC
 */
async function repliesOf(executed) {
  /** @type {import('./pipeline').Outcome[]} */
  const outcomes = await executed;
  const [error, replies] = outcomes[outcomes.length - 1];
  if (error !== null) {
    const previousErrors = outcomes.slice(0, -1).flatMap(([previous]) => (previous === null ? [] : [previous]));
    throw Object.assign(error, { previousErrors });
  }
  return replies;
}

/**
 * The reply of EXEC in the form of outcomes; null stays null.
 *
 * @param {any} results
 */
function wrapResults(results) {
  if (!Array.isArray(results)) return results;
  return results.map((result) => (result instanceof Error ? [result] : [null, result]));
}

module.exports = { Transaction, repliesOf, wrapResults };
