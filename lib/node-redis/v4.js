'use strict';

/**
 * Clients of version 4 of the package, whose commands are `{ transformArguments, transformReply }`.
 */

const { FLAGS } = require('../commands');
const { Client, attach, define, rawCall, unsupported } = require('./client');
const { createMultiClass } = require('./multi');
const { ReplyForms } = require('./replies');

/** Which part of a page each iterator yields one by one, and of which command. */
const ITERATORS = /** @type {Record<string, [method: string, part: string]>} */ ({
  scanIterator: ['scan', 'keys'],
  hScanIterator: ['hScan', 'tuples'],
  hScanNoValuesIterator: ['hScanNoValues', 'keys'],
  sScanIterator: ['sScan', 'members'],
  zScanIterator: ['zScan', 'members'],
});

/**
 * The class of clients with these modules, functions and scripts.
 *
 * @param {import('./package').ClientPackage} package_
 * @param {import('./index').Config} config
 * @returns {any}
 */
function createV4Class(package_, config) {
  const { MultiCommand, commander, main } = package_;
  const { resp2: strings } = new ReplyForms(package_, 2);
  const buffers = { ...strings, flags: FLAGS.BUFFERS };
  /** @type {any} */
  let Multi;

  class RedisClient extends Client {
    /**
     * @param {import('../connection/link-view').LinkView} view
     * @param {Readonly<Record<string, any>>} options
     */
    constructor(view, options) {
      if (options.legacyMode)
        throw unsupported('legacyMode: for callbacks, take the ioredis dialect: getConnection(purpose)');
      super(view, package_, options);
    }

    get commandOptions() {
      return main.commandOptions;
    }

    get v4() {
      throw new Error('the client is not in "legacy mode"');
    }

    /**
     * Sends any command, and returns the reply as it is.
     *
     * @param {any[]} given the command and `{ returnBuffers, signal }`, as a client or a cluster of the package take them
     */
    async sendCommand(...given) {
      const { routing, args, options } = rawCall(given);
      this.checkOpen();
      const form = options?.returnBuffers ? buffers : strings;
      return this.transport.call(args, form, { signal: options?.signal, routing });
    }

    /**
     * @param {any} definition
     * @param {unknown[]} args
     */
    async commandsExecutor(definition, args) {
      const { args: sent, options } = commander.transformCommandArguments(definition, args);
      return commander.transformCommandReply(definition, await this.sendCommand(sent, options), sent.preserve);
    }

    /**
     * @param {any} definition
     * @param {unknown[]} args
     * @param {string} name
     */
    async functionsExecuter(definition, args, name) {
      const { args: rest, options } = commander.transformCommandArguments(definition, args);
      const reply = await this.sendCommand(commander.fCallArguments(name, definition, rest), options);
      return commander.transformCommandReply(definition, reply, rest.preserve);
    }

    /**
     * @param {any} definition
     * @param {unknown[]} args
     */
    async scriptsExecuter(definition, args) {
      const { args: rest, options } = commander.transformCommandArguments(definition, args);
      const reply = await this.executeScript(definition, rest, options);
      return commander.transformCommandReply(definition, reply, rest.preserve);
    }

    /**
     * @param {any} script
     * @param {string[]} args
     * @param {any} options
     */
    async executeScript(script, args, options) {
      const { SHA1, SCRIPT, NUMBER_OF_KEYS } = script;
      const rest = [...(NUMBER_OF_KEYS === undefined ? [] : [NUMBER_OF_KEYS.toString()]), ...args];
      try {
        return await this.sendCommand(['EVALSHA', SHA1, ...rest], options);
      } catch (/** @type {any} */ error) {
        if (!error?.message?.startsWith?.('NOSCRIPT')) throw error;
        return this.sendCommand(['EVAL', SCRIPT, ...rest], options);
      }
    }

    /** @param {string | Buffer} [routing] a key, for a transaction without keys in a cluster */
    MULTI(routing) {
      Multi ??= createMultiClass(MultiCommand.extend(config), (client, key) => [
        (/** @type {[any, number?, symbol?]} */ ...[commands, db, chainId]) =>
          client.multiExecutor(commands, db, chainId, key()),
      ]);
      return new Multi(this, routing);
    }

    /**
     * @param {Array<{ args: string[] }>} commands
     * @param {number} [_selectedDb]
     * @param {symbol} [chainId] of a transaction
     * @param {string | Buffer} [routing]
     */
    async multiExecutor(commands, _selectedDb, chainId, routing) {
      this.checkOpen();
      const args = commands.map((queued) => queued.args);
      if (chainId === undefined)
        return Promise.all(args.map((each) => this.transport.call(each, strings, { routing })));
      return [await this.transport.transaction(args, Array(args.length).fill(strings), routing)];
    }

    /**
     * @param {any} options
     * @param {number} [db]
     */
    async SELECT(options, db = options) {
      await this.sendCommand(['SELECT', db.toString()]);
    }

    /**
     * Runs a task on a handle of its own.
     *
     * @template T
     * @param {(client: any) => Promise<T>} task
     * @returns {Promise<T>}
     */
    async executeIsolated(task) {
      this.checkOpen();
      const isolated = this.duplicate();
      await isolated.connect();
      try {
        return await task(isolated);
      } finally {
        if (isolated.isOpen) await isolated.disconnect();
      }
    }

    async MONITOR() {
      throw unsupported(
        'MONITOR: version 4 of the package has no method for it. Versions 5 and 6 have monitor(callback)',
      );
    }

    monitor() {
      return this.MONITOR();
    }

    async disconnect() {
      this.checkOpen();
      this._destroy();
    }

    /**
     * A handle for one node of the cluster.
     *
     * @param {import('../connection/link-view').LinkView} view
     */
    onNode(view) {
      return config.onNode(this, view);
    }

    /**
     * Another handle on the same link, which has to be connected.
     *
     * @param {Readonly<Record<string, any>>} [overrides]
     */
    duplicate(overrides) {
      return config.duplicate(this, overrides);
    }
  }

  const { prototype } = RedisClient;
  const { commands } = package_;
  /** @param {'commandsExecutor' | 'functionsExecuter' | 'scriptsExecuter'} executor */
  const by = (executor) => (/** @type {any} */ definition, /** @type {string} */ name) => {
    /**
     * @this {RedisClient}
     * @param {unknown[]} args
     */
    return function (...args) {
      return this[executor](definition, args, name);
    };
  };
  attach(
    prototype,
    { ...config, commands },
    {
      command: by('commandsExecutor'),
      function: by('functionsExecuter'),
      script: by('scriptsExecuter'),
    },
  );
  define(prototype, 'multi', prototype.MULTI);
  define(prototype, 'select', prototype.SELECT);
  for (const [name, [scan, part]] of Object.entries(ITERATORS)) define(prototype, name, iterator(scan, part));
  return RedisClient;
}

/**
 * @param {string} scan
 * @param {string} part
 */
function iterator(scan, part) {
  /**
   * @this {any}
   * @param {any[]} args a key, except for SCAN, and options
   */
  return async function* (...args) {
    const options = scan === 'scan' ? args[0] : args[1];
    const key = scan === 'scan' ? [] : [args[0]];
    let cursor = 0;
    do {
      const reply = await this[scan](...key, cursor, options);
      cursor = reply.cursor;
      yield* reply[part];
    } while (cursor !== 0);
  };
}

module.exports = { createV4Class };
