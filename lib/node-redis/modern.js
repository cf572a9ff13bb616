'use strict';

/**
 * Clients of versions 5 and 6 of the package, whose commands are `{ parseCommand, transformReply }`.
 */

const { prefixKeys } = require('../connection/commands/arguments');
const { Monitor } = require('../connection/lanes/monitor');
const { command } = require('../commands');
const { Client, attach, define, rawCall, unsupported } = require('./client');
const { LEASES } = require('./leases');
const { createMultiClass } = require('./multi');
const { createPool } = require('./pool');
const { ReplyForms } = require('./replies');
const { hasShape } = require('./resp3');

const WATCH = command('watch');

/** In a type mapping: what the lines of MONITOR are. */
const SIMPLE_STRING = '+'.charCodeAt(0);

/** Which part of a page each iterator yields, and of which command. */
const ITERATORS = /** @type {Record<string, [method: string, page: (reply: any) => any]>} */ ({
  scanIterator: ['scan', ({ keys }) => keys],
  hScanIterator: ['hScan', ({ entries }) => entries],
  hScanValuesIterator: ['hScan', ({ entries }) => entries.map((/** @type {any} */ { value }) => value)],
  hScanNoValuesIterator: ['hScanNoValues', ({ fields }) => fields],
  sScanIterator: ['sScan', ({ members }) => members],
  zScanIterator: ['zScan', ({ members }) => members],
});

/**
 * The class of clients with these modules, functions and scripts.
 *
 * @param {import('./package').ClientPackage} package_
 * @param {import('./index').Config} config
 * @returns {any}
 */
function createModernClass(package_, config) {
  const { CommandParser, MultiCommand, commander, errors, version } = package_;
  const plainForms = new ReplyForms(package_, config.RESP);
  /** @param {any} typeMapping */
  const formsOf = (typeMapping) =>
    typeMapping === undefined ? plainForms : new ReplyForms(package_, config.RESP, typeMapping);
  /** @type {any} */
  let Multi;

  class RedisClient extends Client {
    /** @type {Record<string, any>} */
    _commandOptions = {};
    _forms = plainForms;
    /** @type {string | undefined} Why the next transaction must fail, whatever became of the keys. */
    #dirtyWatch;

    /**
     * @param {import('../connection/link-view').LinkView} view
     * @param {Readonly<Record<string, any>>} options
     */
    constructor(view, options) {
      super(view, package_, options);
      setCommandOptions(this, { ...options.commandOptions });
    }

    /** @returns {string | Buffer | undefined} since version 6 */
    get _keyPrefix() {
      return version < 6 ? undefined : this.options.keyPrefix;
    }

    get isWatching() {
      return this._self.watching.isActive;
    }

    get isDirtyWatch() {
      return this._self.#dirtyWatch !== undefined;
    }

    /** @param {string} message */
    setDirtyWatch(message) {
      this._self.#dirtyWatch = message;
    }

    /**
     * Sends any command, and returns the reply as it is.
     *
     * @param {any[]} given the command and options, as a client, a cluster or Sentinel of the package take them
     */
    async sendCommand(...given) {
      const { routing, args, options } = rawCall(given);
      this.checkOpen();
      // Raw commands of version 5 have the options of the client itself, whichever view of it is asked.
      const own = version < 6 ? this._self : this;
      const { typeMapping, timeout, abortSignal: signal } = { ...own._commandOptions, ...options };
      const forms = options?.typeMapping === undefined ? own._forms : formsOf(typeMapping);
      return this._self.transport.call(args, forms.raw, { timeout, signal, routing });
    }

    /**
     * @param {any} parser with the arguments
     * @param {any} transform what becomes of the reply
     */
    async _execute(parser, transform) {
      this.checkOpen();
      const { timeout, abortSignal: signal, typeMapping } = this._commandOptions;
      const { redisArgs: args, preserve, firstKey: routing } = parser;
      const reply = await this._self.transport.call(args, this._forms.for(transform), { timeout, signal, routing });
      return transform === undefined ? reply : transform(reply, preserve, typeMapping);
    }

    /**
     * The same client with other command options.
     *
     * @param {Record<string, any>} options
     */
    withCommandOptions(options) {
      return setCommandOptions(Object.create(this._self), { ...this._commandOptions, ...options });
    }

    /** @param {Record<number, any>} typeMapping */
    withTypeMapping(typeMapping) {
      return this.withCommandOptions({ typeMapping });
    }

    /** @param {AbortSignal} abortSignal */
    withAbortSignal(abortSignal) {
      return this.withCommandOptions({ abortSignal });
    }

    /** Nothing waits here that a command could overtake: what a tick asks for leaves with it. */
    asap() {
      return this.withCommandOptions({ asap: true });
    }

    /** @param {string | Buffer} [routing] a key, for a transaction without keys in a cluster */
    MULTI(routing) {
      Multi ??= createMulti();
      return new Multi(this, routing);
    }

    /**
     * @param {Queued[]} commands
     * @param {string | Buffer} [routing]
     */
    async _executeMulti(commands, routing) {
      const self = this._self;
      const dirty = self.#dirtyWatch;
      self.#dirtyWatch = undefined;
      this.checkOpen();
      if (dirty !== undefined) throw new errors.WatchError(dirty);
      const { isActive } = self.watching;
      // The package reads the reply of EXEC without the type mapping; only its transformers have that.
      const forms = commands.map(({ transformReply }) => plainForms.for(transformReply));
      const args = commands.map((queued) => queued.args);
      /** @type {any} */
      let results;
      try {
        results = await self.transport.transaction(args, forms, routing);
      } catch (/** @type {any} */ error) {
        // As the package says it where the connection that watched the keys is gone.
        const isLost = isActive && error.code === 'CONNECTION_LOST' && !error.maybeExecuted;
        throw isLost ? new errors.WatchError('Client reconnected after WATCH') : error;
      }
      if (results === null) throw new errors.WatchError();
      return results;
    }

    /**
     * @param {Queued[]} commands
     * @param {string | Buffer} [routing]
     */
    async _executePipeline(commands, routing) {
      this.checkOpen();
      const { transport } = this._self;
      return Promise.all(
        commands.map(({ args, transformReply }) => transport.call(args, this._forms.for(transformReply), { routing })),
      );
    }

    /**
     * From now on `callback` gets every command that the server executes, as the server tells it. A lane does that, until
     * the handle is closed or reset; commands go on as before.
     *
     * @param {(line: any) => unknown} callback
     * @returns {Promise<void>}
     */
    async MONITOR(callback) {
      const self = this._self;
      const asBuffer = this._commandOptions.typeMapping?.[SIMPLE_STRING] === Buffer;
      await self.whenOpen(async () => {
        self.monitoring?.end();
        const monitor = new Monitor(self.purpose, {
          onLine: (line) => callback(asBuffer ? Buffer.from(line) : line),
          onLinkEvent: () => {},
          onGap: (gap) => self.emit('gap', gap),
          onRefused: (error) => self.listenerCount('error') > 0 && self.emit('error', error),
        });
        self.monitoring = monitor;
        await monitor.begin(self.view, self.linkOptions.commandTimeout).catch(self.rethrow);
      });
    }

    /** @param {(line: any) => unknown} callback */
    monitor(callback) {
      return this.MONITOR(callback);
    }

    /** @param {any} keys one or more */
    async WATCH(keys) {
      this.checkOpen();
      const watched = Array.isArray(keys) ? [...keys] : [keys];
      if (this._keyPrefix) prefixKeys(WATCH, watched, this._keyPrefix);
      const turn = this.turn();
      if (turn !== undefined) await turn;
      return this._self.watching.watch(watched).catch(this.rethrow);
    }

    async UNWATCH() {
      this.checkOpen();
      return this._self.watching.unwatch().catch(this.rethrow);
    }

    /** @param {number} db the one that the link is in: it is shared, and stays there */
    async SELECT(db) {
      await this.sendCommand(['SELECT', db.toString()]);
    }

    /** Closes the handle once its commands are answered. Its link goes on. */
    close() {
      return this._close();
    }

    /** Closes the handle at once, and gives up what waits on a lane. Its link goes on. */
    destroy() {
      // Version 6 takes it a second time.
      if (version < 6) this.checkOpen();
      if (this.isOpen) this._destroy();
    }

    /** The old name of destroy(). */
    disconnect() {
      return Promise.resolve(this.destroy());
    }

    /** Ends what this handle has on the shared connections: its subscriptions, and what it watches. */
    async reset() {
      this.checkOpen();
      this._self.#dirtyWatch = undefined;
      this._self.monitoring?.end();
      await Promise.all([this.UNSUBSCRIBE(), this.PUNSUBSCRIBE(), this.SUNSUBSCRIBE(), this.UNWATCH()]);
    }

    /**
     * Another handle on the same link, which has to be connected.
     *
     * @param {Readonly<Record<string, any>>} [overrides]
     */
    duplicate(overrides) {
      return config.duplicate(this._self, { commandOptions: this._commandOptions, ...overrides });
    }

    /**
     * A handle for one node of the cluster.
     *
     * @param {import('../connection/link-view').LinkView} view
     */
    onNode(view) {
      return config.onNode(this, view);
    }

    createPool() {
      return createPool(this);
    }

    legacy() {
      throw unsupported('legacy(): for callbacks, take the ioredis dialect: getConnection(purpose)');
    }
  }

  /** Commands of which the package gets replies as over RESP3; of all others, as over RESP2. */
  const ofResp3 = new Set(
    Object.entries(package_.commands).flatMap(([name, each]) => (config.RESP === 3 && hasShape(name) ? [each] : [])),
  );

  /** @param {any} definition */
  const transformOf = (definition) => commander.getTransformReply(definition, ofResp3.has(definition) ? 3 : 2);

  function createMulti() {
    const Class = MultiCommand.extend({ ...config, RESP: 2 });
    if (ofResp3.size > 0) {
      const { prototype: methods } = MultiCommand.extend({ RESP: 3 });
      for (const [name, definition] of Object.entries(package_.commands)) {
        if (ofResp3.has(definition)) define(Class.prototype, name, methods[name]);
      }
    }
    return createMultiClass(Class, (/** @type {RedisClient} */ client, routing) => [
      (/** @type {Queued[]} */ commands) => client._executeMulti(commands, routing()),
      (/** @type {Queued[]} */ commands) => client._executePipeline(commands, routing()),
      client._commandOptions.typeMapping,
      client._keyPrefix,
    ]);
  }

  /**
   * @param {RedisClient} client
   * @param {Record<string, any>} options
   */
  function setCommandOptions(client, options) {
    Object.defineProperties(client, {
      _commandOptions: { value: options, writable: true },
      _forms: { value: formsOf(options.typeMapping), writable: true },
    });
    return client;
  }

  /**
   * @param {any} definition
   * @param {ReadonlyArray<string>} prefix what the arguments begin with
   */
  function method(definition, prefix) {
    const transform = transformOf(definition);
    /**
     * @this {RedisClient}
     * @param {unknown[]} args
     */
    return async function (...args) {
      const parser = new CommandParser(this._keyPrefix);
      if (prefix.length > 0) parser.push(...prefix);
      definition.parseCommand(parser, ...args);
      return this._execute(parser, transform);
    };
  }

  const { prototype } = RedisClient;
  const { commands } = package_;
  attach(
    prototype,
    { ...config, commands },
    {
      command: (definition) => method(definition, []),
      function: (definition, name) => method(definition, commander.functionArgumentsPrefix(name, definition)),
      script(definition) {
        const prefix = commander.scriptArgumentsPrefix(definition);
        const transform = transformOf(definition);
        /**
         * @this {RedisClient}
         * @param {unknown[]} args
         */
        return async function (...args) {
          const parser = new CommandParser(this._keyPrefix);
          parser.push(...prefix);
          definition.parseCommand(parser, ...args);
          try {
            return await this._execute(parser, transform);
          } catch (/** @type {any} */ error) {
            if (!error?.message?.startsWith?.('NOSCRIPT')) throw error;
            parser.redisArgs[0] = 'EVAL';
            parser.redisArgs[1] = definition.SCRIPT;
            return this._execute(parser, transform);
          }
        };
      },
    },
  );
  for (const [lower, upper] of [
    ['multi', 'MULTI'],
    ['watch', 'WATCH'],
    ['unwatch', 'UNWATCH'],
    ['select', 'SELECT'],
  ]) {
    define(prototype, lower, /** @type {any} */ (prototype)[upper]);
  }
  for (const [name, lease] of Object.entries(LEASES)) define(prototype, name, lease);
  for (const [name, [scan, page]] of Object.entries(ITERATORS)) define(prototype, name, iterator(scan, page));
  // That of version 5 yields the names of the fields.
  if (version < 6) define(prototype, 'hScanValuesIterator', /** @type {any} */ (prototype).hScanNoValuesIterator);
  return RedisClient;
}

/**
 * @param {string} scan
 * @param {(reply: any) => any} page
 */
function iterator(scan, page) {
  /**
   * @this {any}
   * @param {any[]} args a key, except for SCAN, and options
   */
  return async function* (...args) {
    const options = scan === 'scan' ? args[0] : args[1];
    const key = scan === 'scan' ? [] : [args[0]];
    let cursor = options?.cursor ?? '0';
    do {
      const reply = await this[scan](...key, cursor, options);
      cursor = reply.cursor;
      yield page(reply);
      // A Buffer, where texts are.
    } while (cursor.toString() !== '0');
  };
}

module.exports = { createModernClass };

/** @typedef {{ args: string[], transformReply?: Function }} Queued */
