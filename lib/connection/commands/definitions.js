'use strict';

/**
 * Commands that an application adds to a handle (`defineCommand`, `addBuiltinCommand`): methods of that handle and of its
 * pipelines, and of no others.
 */

const { command: commandNamed } = require('../../commands');
const { defineMethod, generalMethod, variants } = require('./methods');
const { Pipeline } = require('../pipelines/pipeline');
const { Script } = require('./script');
const { Transaction } = require('../pipelines/transaction');

/** @typedef {import('../redis').Redis} Redis */

/** What was defined on one handle. */
class Definitions {
  #handle;

  /** @param {Redis} handle */
  constructor(handle) {
    this.#handle = handle;
    // The classes of its pipelines: its own ones, once anything is defined.
    this.Pipeline = Pipeline;
    this.Transaction = Transaction;
  }

  /**
   * @param {string} name
   * @param {import('./script').ScriptDefinition} definition
   */
  addScript(name, definition) {
    const script = new Script(name, definition);
    for (const [method, flags] of variants(name)) {
      /**
       * @this {Redis}
       * @param {unknown[]} args
       */
      const value = function (...args) {
        return this._runScript(script, args, flags);
      };
      this.#define(method, value, (pipeline, args) => pipeline.addScript(script, args, flags));
    }
    return script;
  }

  /** @param {string} name */
  addCommand(name) {
    const command = commandNamed(name);
    for (const [method, flags] of variants(name)) {
      this.#define(method, generalMethod(command, flags), (pipeline, args) => pipeline.add(command, args, flags));
    }
  }

  /**
   * @param {string} method
   * @param {Function} value of the handle
   * @param {(pipeline: Pipeline, args: unknown[]) => Pipeline} add
   */
  #define(method, value, add) {
    Object.assign(this.#handle, { [method]: value });
    if (this.Pipeline === Pipeline) {
      this.Pipeline = class extends Pipeline {};
      this.Transaction = class extends Transaction {};
    }
    /**
     * @this {Pipeline}
     * @param {unknown[]} args
     */
    const chained = function (...args) {
      return add(this, args);
    };
    defineMethod(this.Pipeline.prototype, method, chained);
    defineMethod(this.Transaction.prototype, method, chained);
  }
}

module.exports = { Definitions };
