'use strict';

/**
 * The package's `multi()` of a client, that also takes what it does of a cluster and of Sentinel: a key for commands
 * without keys, and raw commands in their forms.
 */

const { rawCall } = require('./client');

/**
 * @param {any} Base the package's class with its commands
 * @param {(client: any, routing: () => string | Buffer | undefined) => unknown[]} argumentsOf its constructor's arguments
 * @returns {any} a class that is made with a client and a key
 */
function createMultiClass(Base, argumentsOf) {
  class RedisMulti extends Base {
    #routing;

    /**
     * @param {any} client
     * @param {string | Buffer} [routing]
     */
    constructor(client, routing) {
      super(...argumentsOf(client, () => this.#routing));
      this.#routing = routing;
    }

    /** @param {any[]} given a command and its transformer */
    addCommand(...given) {
      const { routing, args, options: transformReply } = rawCall(given);
      this.#routing ??= routing;
      return super.addCommand(args, transformReply);
    }

    /**
     * Since version 6.
     *
     * @param {string[]} args
     * @param {{ firstKey?: string | Buffer }} [options]
     */
    sendCommand(args, options) {
      return this.addCommand(options?.firstKey, undefined, [...args]);
    }
  }
  // Of what the package's class does not have, code must not find anything.
  if (Base.prototype.sendCommand === undefined) delete (/** @type {any} */ (RedisMulti).prototype.sendCommand);
  return RedisMulti;
}

module.exports = { createMultiClass };
