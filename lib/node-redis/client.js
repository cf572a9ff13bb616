'use strict';

/**
 * What clients of all versions of the package can do alike, and how the methods of their commands are made.
 */

const { UnifiedRedisError } = require('../errors');
const { ClusterHandle } = require('./cluster');

/** A handle that listens to channels, watches keys and refuses what a shared connection cannot do. */
class Client extends ClusterHandle {
  /**
   * @param {string | string[]} channels
   * @param {(message: any, channel: any) => unknown} listener
   * @param {boolean} [bufferMode] whether the listener wants Buffers
   * @returns {Promise<void>} settled once the server has acknowledged
   */
  SUBSCRIBE(channels, listener, bufferMode) {
    return subscribe(this._self, 'CHANNELS', channels, listener, bufferMode);
  }

  /**
   * @param {string | string[]} [channels] all, where it is left out
   * @param {Function} [listener] all, where it is left out
   * @param {boolean} [bufferMode]
   * @returns {Promise<void>}
   */
  UNSUBSCRIBE(channels, listener, bufferMode) {
    return unsubscribe(this._self, 'CHANNELS', channels, listener, bufferMode);
  }

  /**
   * @param {string | string[]} patterns
   * @param {(message: any, channel: any) => unknown} listener
   * @param {boolean} [bufferMode]
   * @returns {Promise<void>}
   */
  PSUBSCRIBE(patterns, listener, bufferMode) {
    return subscribe(this._self, 'PATTERNS', patterns, listener, bufferMode);
  }

  /**
   * @param {string | string[]} [patterns]
   * @param {Function} [listener]
   * @param {boolean} [bufferMode]
   * @returns {Promise<void>}
   */
  PUNSUBSCRIBE(patterns, listener, bufferMode) {
    return unsubscribe(this._self, 'PATTERNS', patterns, listener, bufferMode);
  }

  /**
   * @param {string | string[]} channels
   * @param {(message: any, channel: any) => unknown} listener
   * @param {boolean} [bufferMode]
   * @returns {Promise<void>}
   */
  SSUBSCRIBE(channels, listener, bufferMode) {
    return subscribe(this._self, 'SHARDED', channels, listener, bufferMode);
  }

  /**
   * @param {string | string[]} [channels]
   * @param {Function} [listener]
   * @param {boolean} [bufferMode]
   * @returns {Promise<void>}
   */
  SUNSUBSCRIBE(channels, listener, bufferMode) {
    return unsubscribe(this._self, 'SHARDED', channels, listener, bufferMode);
  }

  /** @param {import('./listeners').Type} type */
  getPubSubListeners(type) {
    return this._self.pubSub.of(type);
  }

  /**
   * @param {import('./listeners').Type} type
   * @param {Map<string, any>} listeners
   */
  extendPubSubListeners(type, listeners) {
    const { pubSub, subscriptions } = this._self;
    return this._self.whenOpen(() => pubSub.extend(subscriptions, type, listeners).catch(this.rethrow));
  }

  /**
   * @param {import('./listeners').Type} type
   * @param {string} channel
   * @param {any} listeners
   */
  extendPubSubChannelListeners(type, channel, listeners) {
    return this.extendPubSubListeners(type, new Map([[channel, listeners]]));
  }
}

/**
 * The arguments of a raw command: those of a client, behind a key and whether it only reads those of a cluster, and behind
 * the latter those of Sentinel.
 *
 * @param {any[]} given
 * @returns {{ routing: string | Buffer | undefined, args: any, options: any }}
 */
function rawCall(given) {
  const at = Math.max(given.findIndex(Array.isArray), 0);
  const routing = given.slice(0, at).find((each) => typeof each === 'string' || Buffer.isBuffer(each));
  return { routing, args: given[at], options: given[at + 1] };
}

/** Both spellings. The ones of the package are properties of each client, and so can be taken off it. */
for (const [lower, upper] of [
  ['subscribe', 'SUBSCRIBE'],
  ['unsubscribe', 'UNSUBSCRIBE'],
  ['pSubscribe', 'PSUBSCRIBE'],
  ['pUnsubscribe', 'PUNSUBSCRIBE'],
  ['sSubscribe', 'SSUBSCRIBE'],
  ['sUnsubscribe', 'SUNSUBSCRIBE'],
]) {
  const value = /** @type {any} */ (Client.prototype)[upper];
  Object.defineProperty(Client.prototype, lower, { value, writable: true, configurable: true });
}

/**
 * @param {Client} client
 * @param {import('./listeners').Type} type
 * @param {string | string[]} channels
 * @param {Function} listener
 * @param {boolean} [bufferMode]
 */
function subscribe(client, type, channels, listener, bufferMode) {
  const { pubSub, subscriptions } = client;
  return client.whenOpen(() =>
    pubSub.subscribe(subscriptions, type, channels, listener, bufferMode).catch(client.rethrow),
  );
}

/**
 * @param {Client} client
 * @param {import('./listeners').Type} type
 * @param {string | string[]} [channels]
 * @param {Function} [listener]
 * @param {boolean} [bufferMode]
 */
function unsubscribe(client, type, channels, listener, bufferMode) {
  const { pubSub, subscriptions } = client;
  return client.whenOpen(() =>
    pubSub.unsubscribe(subscriptions, type, channels, listener, bufferMode).catch(client.rethrow),
  );
}

/**
 * Gives a prototype the methods of commands, and objects that hold those of modules and function libraries.
 *
 * @param {object} prototype
 * @param {Readonly<Record<string, any>>} config `{ commands, modules, functions, scripts }`
 * @param {Record<'command' | 'function' | 'script', (definition: any, name: string) => Function>} make
 */
function attach(prototype, { commands, modules = {}, functions = {}, scripts = {} }, make) {
  for (const [name, definition] of Object.entries(commands)) define(prototype, name, make.command(definition, name));
  for (const [name, definition] of Object.entries(scripts)) define(prototype, name, make.script(definition, name));
  for (const [namespace, definitions] of Object.entries(modules)) {
    attachNamespace(prototype, namespace, definitions, make.command);
  }
  for (const [namespace, definitions] of Object.entries(functions)) {
    attachNamespace(prototype, namespace, definitions, make.function);
  }
}

/**
 * @param {object} prototype
 * @param {string} namespace
 * @param {Record<string, any>} definitions
 * @param {(definition: any, name: string) => Function} make
 */
function attachNamespace(prototype, namespace, definitions, make) {
  /** @type {Record<string, Function>} */
  const methods = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const method = make(definition, name);
    /**
     * @this {{ _self: object }}
     * @param {unknown[]} args
     */
    methods[name] = function (...args) {
      return method.apply(this._self, args);
    };
  }
  // One for each client, and for each view of it with other command options.
  const ofClients = new WeakMap();
  Object.defineProperty(prototype, namespace, {
    /** @this {object} */
    get() {
      let own = ofClients.get(this);
      if (own === undefined) {
        own = Object.create(methods, { _self: { value: this } });
        ofClients.set(this, own);
      }
      return own;
    },
  });
}

/**
 * @param {object} target
 * @param {string} name
 * @param {Function} value
 */
function define(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

/** @param {string} message */
function unsupported(message) {
  return new UnifiedRedisError('UNSUPPORTED', message);
}

module.exports = { Client, attach, define, rawCall, unsupported };
