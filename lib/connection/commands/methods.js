'use strict';

/**
 * The methods that send commands: one for each command of the table, and its `...Buffer` twin.
 */

const { exchange, CONFIGURED_TIMEOUT } = require('../../bridge');
const { slotOf } = require('../../cluster/key-slot');
const { command: commandNamed, names, FLAGS, SLOT_SHIFT } = require('../../commands');
const { isGuarded } = require('./guards');

/** @typedef {import('../../commands').Command} Command */
/** @typedef {import('../redis').Redis} Redis */

/**
 * Puts the methods behind a prototype: what it, or what is behind it, has under the name of a command already, stays.
 *
 * They are an object of their own in the prototype chain. Adding as many properties to what is a prototype already takes
 * 20 ms, since the engine makes it anew each time.
 *
 * @param {object} prototype
 * @param {(command: Command, flags: number) => Function} make
 */
function defineMethods(prototype, make) {
  /** @type {Record<string, Function>} */
  const methods = {};
  for (const name of names) {
    for (const [method, flags] of variants(name)) {
      if (!(method in prototype)) methods[method] = make(commandNamed(name), flags);
    }
  }
  Object.setPrototypeOf(methods, Object.getPrototypeOf(prototype));
  Object.setPrototypeOf(prototype, methods);
}

/**
 * The names under which a command is called, with the flags of the call.
 *
 * @param {string} name
 * @returns {Array<[method: string, flags: number]>}
 */
function variants(name) {
  return [
    [name, 0],
    [`${name}Buffer`, FLAGS.BUFFERS],
  ];
}

/**
 * @param {object} target
 * @param {string} name
 * @param {Function} value
 */
function defineMethod(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

/**
 * A handle's method for a command.
 *
 * @param {Command} command
 * @param {number} flags
 */
function handleMethod(command, flags) {
  return isGuarded(command) || command.isVariable ? generalMethod(command, flags) : plainMethod(command, flags);
}

/**
 * The method of a command whose calls are all alike. When the arguments are strings, numbers and bytes, which they
 * nearly always are, the call goes out as it is.
 *
 * @param {Command} command
 * @param {number} encoding
 */
function plainMethod(command, encoding) {
  const flags = command.flags | encoding;
  const { hasFirstKey } = command;
  /**
   * @this {Redis}
   * @param {unknown[]} args
   */
  return function (...args) {
    const sender = this._sender;
    const link = sender.view.plainLink;
    if (sender.isPlain && link >= 0 && !command.transformsAlways) {
      const promise = exchange.send(link, command, args, flags, CONFIGURED_TIMEOUT, command.replyTransformer);
      if (promise !== undefined) return promise;
    } else if (hasFirstKey && sender.isPlain && sender.view.keyedLink >= 0 && !command.transformsAlways) {
      const promise = sendKeyed(sender.view.keyedLink, command, args, flags);
      if (promise !== undefined) return promise;
    }
    return this._run(command, args, encoding);
  };
}

/**
 * To the node of a cluster that has the key, which is the first argument.
 *
 * @param {number} link
 * @param {Command} command
 * @param {unknown[]} args
 * @param {number} flags
 */
function sendKeyed(link, command, args, flags) {
  const key = args[0];
  if (typeof key !== 'string' && !(key instanceof Uint8Array)) return undefined;
  const keyed = flags | FLAGS.KEYED | (slotOf(key) << SLOT_SHIFT);
  return exchange.send(link, command, args, keyed, CONFIGURED_TIMEOUT, command.replyTransformer);
}

/**
 * @param {Command} command
 * @param {number} flags
 */
function generalMethod(command, flags) {
  /**
   * @this {Redis}
   * @param {unknown[]} args
   */
  return function (...args) {
    return this._run(command, args, flags);
  };
}

module.exports = { defineMethods, defineMethod, variants, handleMethod, generalMethod };
