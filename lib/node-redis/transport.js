'use strict';

/**
 * How the commands of one handle go out, and in which form replies and errors come back.
 */

const { exchange, CONFIGURED_TIMEOUT } = require('../bridge');
const { slotOf } = require('../cluster/key-slot');
const { ANY, keysOf, planOf } = require('../cluster/plan');
const { command: commandNamed, FLAGS, NOT_BLOCKING } = require('../commands');
const { guard, isGuarded } = require('../connection/commands/guards');
const { NO_LINK } = require('../connection/link-view');
const { ANYWHERE, route, sendToSlot } = require('../connection/cluster/routing');
const { Sender } = require('../connection/sender');
const { withOwnSubscribers } = require('../connection/pubsub/subscriptions');
const { UnifiedRedisError } = require('../errors');
const { redactName } = require('../redaction');
const { ledger } = require('../connection/ledger');
const { asPackageError } = require('./errors');

/** @typedef {import('./replies').Args} Args */
/** @typedef {import('./replies').Form} Form */

const MULTI = { command: commandNamed('MULTI'), args: [] };
const EXEC = { command: commandNamed('EXEC'), args: [] };

/** Commands that would take the shared connection away from the others, or could not be told apart on it. */
const REFUSED = /** @type {Record<string, string>} */ ({
  SUBSCRIBE: 'use client.subscribe(channel, listener)',
  PSUBSCRIBE: 'use client.pSubscribe(pattern, listener)',
  SSUBSCRIBE: 'use client.sSubscribe(channel, listener)',
  UNSUBSCRIBE: 'use client.unsubscribe()',
  PUNSUBSCRIBE: 'use client.pUnsubscribe()',
  SUNSUBSCRIBE: 'use client.sUnsubscribe()',
  MULTI: 'commands of others would get in between; use client.multi()....exec(), which is sent as one',
});

/** One per handle. */
class Transport extends Sender {
  #client;
  #errors;
  #encode;
  #guarded;
  /** Whether commands without keys go where Redis' command tips say, whatever key the caller gives. */
  #hasPolicies;
  /** Of errors before EXEC, version 4 tells the one of EXEC, and the others the first. */
  #hasLastWord;

  /**
   * @param {import('./handle').Handle} client
   * @param {import('./package').ClientPackage} package_
   */
  constructor(client, package_) {
    super(
      client.view,
      () => client.linkOptions,
      {},
      () => client.refusal(),
    );
    this.#client = client;
    this.#errors = package_.errors;
    this.#encode = package_.encode;
    this.#guarded = asGuarded(client);
    this.#hasPolicies = package_.version >= 6;
    this.#hasLastWord = package_.version === 4;
  }

  /**
   * Sends one command.
   *
   * @param {Args} args with the command's name
   * @param {Form} form
   * @param {CallOptions} options
   * @returns {Promise<any>}
   */
  async call(args, form, options) {
    const { signal } = options;
    try {
      const turn = this.#client.turn();
      if (turn !== undefined) await turn;
      const { command, rest } = this.#parse(args);
      if (signal?.aborted) throw new this.#errors.AbortError();
      const instead = this.#instead(command, rest, form.flags);
      if (instead !== undefined) return form.of(await instead(), args);
      const sent = this.#send(command, rest, form.flags, options);
      const reply = await (command.name === 'PUBSUB' ? withOwnSubscribers(rest, sent, this.view) : sent);
      return form.of(reply, args);
    } catch (error) {
      throw asPackageError(error, this.#errors);
    }
  }

  /**
   * Runs commands as one transaction.
   *
   * @param {ReadonlyArray<Args>} commands
   * @param {ReadonlyArray<Form>} forms of their replies; all with the same flags
   * @param {Routing} [routing]
   * @returns {Promise<any[] | null>} what EXEC replied; errors within it are those of the package
   */
  async transaction(commands, forms, routing) {
    try {
      const turn = this.#client.turn();
      if (turn !== undefined) await turn;
      const entries = commands.map((args) => {
        const { command, rest } = this.#parse(args);
        if (this.#instead(command, rest, 0) !== undefined) {
          throw new UnifiedRedisError('UNSUPPORTED', `${command.name} cannot be part of a transaction here`);
        }
        return { command, args: rest };
      });
      const group = [MULTI, ...entries, EXEC];
      const flags = (forms[0]?.flags ?? 0) | FLAGS.ENDS_WATCH | this.#flagsOfGroup(group, routing);
      const replies = await this.#sendGroup(group, flags);
      const refused = this.#hasLastWord ? replies.findLast(isError) : replies.find(isError);
      if (refused !== undefined) throw refused;
      const results = replies[replies.length - 1];
      if (!Array.isArray(results)) return null;
      return results.map((result, index) =>
        isError(result) ? asPackageError(result, this.#errors) : forms[index].of(result, commands[index]),
      );
    } catch (error) {
      throw asPackageError(error, this.#errors);
    }
  }

  /**
   * @param {ReadonlyArray<{ command: import('../commands').Command, args: Args }>} entries
   * @param {Routing} routing
   */
  #flagsOfGroup(entries, routing) {
    const { watching } = this.#client;
    try {
      return this.flagsOfTransaction(entries, routing === undefined ? watching.keys : [...watching.keys, routing]);
    } catch (error) {
      // As after any EXEC, nothing is watched any more.
      watching.close();
      throw error;
    }
  }

  /**
   * @param {Args} args
   * @returns {{ command: import('../commands').Command, rest: Args }}
   */
  #parse(args) {
    // The package's own encoder says what is wrong, in its words.
    if (!args.every((arg) => typeof arg === 'string' || arg instanceof Buffer)) this.#encode(args);
    // In upper case: what the ioredis dialect makes of replies hangs on the spelling in lower case.
    return { command: commandNamed(String(args[0]).toUpperCase()), rest: args.slice(1) };
  }

  /**
   * What to do instead of sending a command that concerns the whole connection.
   *
   * @param {import('../commands').Command} command
   * @param {Args} args
   * @param {number} flags
   * @returns {(() => Promise<unknown>) | undefined}
   */
  #instead(command, args, flags) {
    const { name } = command;
    if (Object.hasOwn(REFUSED, name)) throw new UnifiedRedisError('UNSUPPORTED', `${name}: ${REFUSED[name]}`);
    return isGuarded(command) ? guard(this.#guarded, command, args, flags) : undefined;
  }

  /**
   * @param {import('../commands').Command} command
   * @param {Args} args
   * @param {number} flags
   * @param {CallOptions} options
   * @returns {Promise<any>}
   */
  #send(command, args, flags, options) {
    if (this.link === NO_LINK) throw this.refusal();
    const outcome = this.#goOut(command, args, flags | command.flagsOf(args), options);
    if (ledger.isTracking) ledger.follow(this.view.purpose, redactName(command.name), outcome);
    return outcome;
  }

  /**
   * @param {import('../commands').Command} command
   * @param {Args} args
   * @param {number} flags
   * @param {CallOptions} options
   * @returns {Promise<any>}
   */
  #goOut(command, args, flags, { timeout, signal, routing }) {
    /** @type {Sender['sendTo']} */
    const sendTo = (place, _, part, partFlags) =>
      this.#sendPart(place, command, /** @type {Args} */ (part), partFlags, timeout, signal);
    if (!this.view.isCluster) return sendTo(ANYWHERE, command, args, flags, undefined);
    const sender = { view: this.view, options: this.options, sendTo };
    return routing === undefined || !this.#isRoutedByCaller(command, args)
      ? route(sender, command, args, flags)
      : sendToSlot(sender, slotOf(routing), command, args, flags, undefined);
  }

  /**
   * Whether the caller's key decides: for commands whose keys are not known, and for those without keys; in version 6 only
   * where these go to any one node.
   *
   * @param {import('../commands').Command} command
   * @param {Args} args
   */
  #isRoutedByCaller(command, args) {
    if (!command.isKnown) return true;
    return keysOf(command, args).length === 0 && (!this.#hasPolicies || planOf(command, args) === ANY);
  }

  /**
   * Sends one request.
   *
   * @param {import('../connection/cluster/routing').Place} place
   * @param {import('../commands').Command} command
   * @param {Args} args
   * @param {number} flags all but those of the place
   * @param {number} [timeout]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  #sendPart(place, command, args, flags, timeout, signal) {
    const link = place.link ?? this.link;
    if (link === NO_LINK) return Promise.reject(this.refusal());
    const sent = flags | place.flags;
    const isBlocking = command.blockingTimeout(args) !== NOT_BLOCKING;
    const timeoutMs = timeout !== undefined && !isBlocking ? timeout : this.timeoutOf(command, args);
    /** @param {number} on */
    const sendOn = (on) => /** @type {Promise<any>} */ (exchange.send(on, command, args, sent, timeoutMs));
    if (!(flags & FLAGS.BLOCKING) || place.isShared) return sendOn(link);
    return this.#sendWaiting(link, place.slot, { command, args, flags: sent, timeoutMs }, sendOn, signal);
  }

  /**
   * @param {number} link
   * @param {number} slot in a cluster
   * @param {import('../connection/lanes/waiting').Call} call
   * @param {(link: number) => Promise<any>} sendOn
   * @param {AbortSignal} [signal] withdraws the call while it waits for a lane
   * @returns {Promise<any>}
   */
  #sendWaiting(link, slot, call, sendOn, signal) {
    let isSent = false;
    const mayGo = () => {
      if (signal?.aborted) return false;
      isSent = true;
      return true;
    };
    const outcome = this.waitingCalls.run(link, slot, call, sendOn, mayGo);
    if (signal === undefined) return outcome;
    return new Promise((resolve, reject) => {
      const abort = () => {
        if (!isSent) reject(new this.#errors.AbortError());
      };
      signal.addEventListener('abort', abort, { once: true });
      outcome.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
  }

  /**
   * @param {ReadonlyArray<{ command: import('../commands').Command, args: Args }>} entries
   * @param {number} flags
   * @returns {Promise<any[]>} a reply for each
   */
  #sendGroup(entries, flags) {
    const { watching } = this.#client;
    /**
     * @param {number} link
     * @param {number} extra
     */
    const sendOn = (link, extra) => exchange.sendGroup(link, entries, flags | extra, CONFIGURED_TIMEOUT);
    if (watching.isActive) return watching.end(sendOn);
    const { link } = this;
    return link === NO_LINK ? Promise.reject(this.refusal()) : sendOn(link, 0);
  }
}

/** @param {unknown} reply */
function isError(reply) {
  return reply instanceof Error;
}

/**
 * A handle as the guards know those of the ioredis dialect.
 *
 * @param {import('./handle').Handle} client
 * @returns {any}
 */
function asGuarded(client) {
  return {
    get options() {
      return client.linkOptions;
    },
    get isCluster() {
      return client.view.isCluster;
    },
    get watching() {
      return client.watching;
    },
    get clientName() {
      return client.clientName;
    },
    set clientName(name) {
      client.clientName = name;
    },
    quit: () => client.quit(),
  };
}

module.exports = { Transport };

/** @typedef {string | Buffer | undefined} Routing a key that says where in a cluster a command goes that has none */

/** @typedef {{ timeout?: number, signal?: AbortSignal, routing?: Routing }} CallOptions */
