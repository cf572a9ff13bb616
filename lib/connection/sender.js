'use strict';

/**
 * How the commands of one handle go out: on which link, with which prefix and deadline, or not at all.
 */

const { exchange, CONFIGURED_TIMEOUT } = require('../bridge');
const { FLAGS, NOT_BLOCKING } = require('../commands');
const { normalize, prefixKeys } = require('./commands/arguments');
const { WaitingCalls } = require('./lanes/waiting');
const { ledger } = require('./ledger');
const { NO_LINK } = require('./link-view');
const { linkOptions } = require('./options');
const { LANE, Reconnecting } = require('./reconnecting');
const { ANYWHERE, route, routeEntry, slotFlags, slotOfTransaction } = require('./cluster/routing');

/** @typedef {import('../commands').Command} Command */
/** @typedef {ReadonlyArray<string | number | Uint8Array>} Args prepared */

/** Deadlines are 32-bit integers. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** More often than a link can be lost. */
const FOR_EVER = 2 ** 31 - 1;

/** One per handle; its pipelines use it too. */
class Sender {
  /** Whether its commands may wait for a link that is down. */
  #mayWait;
  #own;
  /** @type {number | undefined} How often its requests may be sent again, where that is another number than the links'. */
  #maxRetries;

  /**
   * @param {import('./link-view').LinkView} view
   * @param {() => import('./options').HandleOptions} options of the handle
   * @param {Readonly<Record<string, any>>} own those that it has for itself
   * @param {() => Error} refusal why the handle takes no command
   */
  constructor(view, options, own, refusal) {
    this.view = view;
    this.options = options;
    this.refusal = refusal;
    this.keyPrefix = options().keyPrefix;
    this.timeoutMs = own.commandTimeout ?? CONFIGURED_TIMEOUT;
    /** Flags of all its commands. */
    this.flags = 0;
    /** What waits on the server. */
    this.waitingCalls = new WaitingCalls(this);
    /** What is sent again. */
    this.reconnecting = new Reconnecting(options);
    this.#own = own;
    this.#mayWait = own.enableOfflineQueue !== false;
    this.isOpen = true;
    this.isPlain = true;
    this.open();
  }

  /** Takes commands from now on. */
  open() {
    this.isOpen = true;
    const { stringNumbers, reconnectOnError } = this.options();
    this.flags =
      (stringNumbers ? FLAGS.STRING_NUMBERS : 0) |
      (typeof reconnectOnError === 'function' ? FLAGS.AS_IT_IS : 0) |
      this.#flagsOfLoss();
    // Then arguments that are strings, numbers and bytes go out as they are, and nothing has to be looked at first. What
    // the options of the links want of all handles, the view knows.
    this.isPlain =
      this.keyPrefix.length === 0 &&
      this.timeoutMs === CONFIGURED_TIMEOUT &&
      this.flags === 0 &&
      this.#mayWait &&
      this.#maxRetries === undefined &&
      !this.options().showFriendlyErrorStack &&
      !ledger.isTracking;
  }

  /** What is to become of its requests while the link is down, where that is not what the links have for all. */
  #flagsOfLoss() {
    const { enableOfflineQueue, autoResendUnfulfilledCommands, maxRetriesPerRequest } = this.#own;
    const usual = linkOptions();
    const hasOwn = maxRetriesPerRequest !== undefined && maxRetriesPerRequest !== usual.maxRetriesPerRequest;
    this.#maxRetries = hasOwn ? (maxRetriesPerRequest ?? FOR_EVER) : undefined;
    const waits = enableOfflineQueue === true && !usual.enableOfflineQueue;
    const resends = autoResendUnfulfilledCommands ?? usual.autoResendUnfulfilledCommands;
    const isUsual = resends === usual.autoResendUnfulfilledCommands;
    return (waits ? FLAGS.MAY_WAIT : 0) | (isUsual ? 0 : resends ? FLAGS.RESEND : FLAGS.NO_RESEND);
  }

  /**
   * Sends a request of this handle.
   *
   * @template T
   * @param {number} link
   * @param {() => T} send
   * @returns {T}
   */
  #dispatch(link, send) {
    return this.#maxRetries === undefined ? send() : exchange.withRetries(link, this.#maxRetries, send);
  }

  /** Commands have to come one by one, as something has to be done before them. */
  hold() {
    this.isPlain = false;
  }

  /** The end of `hold()`. */
  release() {
    if (this.isOpen) this.open();
  }

  /** Refuses commands from now on. */
  close() {
    this.isOpen = false;
    this.isPlain = false;
  }

  /** The link for commands, or NO_LINK. */
  get link() {
    if (this.view.commandLink === NO_LINK) this.view.open();
    const isThere = this.isOpen && (this.#mayWait || this.view.state === 'ready');
    return isThere ? this.view.commandLink : NO_LINK;
  }

  /**
   * A call's arguments as they go over the wire.
   *
   * @param {Command} command
   * @param {unknown[]} args without a callback; may be changed
   */
  prepare(command, args) {
    const normalized = normalize(command, args);
    if (this.keyPrefix.length > 0) prefixKeys(command, normalized, this.keyPrefix);
    return normalized;
  }

  /**
   * Sends one command.
   *
   * @param {Command} command
   * @param {Args} args
   * @param {number} flags beside those of the command
   * @returns {Promise<any>}
   */
  send(command, args, flags) {
    const sent = flags | command.flagsOf(args) | this.flags;
    if (this.isRouted) return route(this, command, args, sent);
    return this.sendTo(ANYWHERE, command, args, sent, command.replyTransformer);
  }

  /**
   * Sends one request.
   *
   * @param {import('./cluster/routing').Place} place
   * @param {Command} command
   * @param {Args} args
   * @param {number} flags all but those of the place
   * @param {((reply: any) => unknown) | undefined} transform
   * @returns {Promise<any>}
   */
  sendTo(place, command, args, flags, transform) {
    const sent = flags | place.flags;
    const timeoutMs = this.timeoutOf(command, args);
    const send = (/** @type {number} */ link) => this.#sendOnce(link, place, command, args, sent, timeoutMs, transform);
    return this.reconnecting.isNeeded
      ? this.#persist(command, timeoutMs, send, place.link)
      : send(place.link ?? this.link);
  }

  /**
   * Sends one command of a pipeline.
   *
   * @param {import('./pipelines/entry').Entry} entry
   */
  sendEntry(entry) {
    const flags = entry.flags | entry.command.flagsOf(entry.args);
    if (this.isRouted) routeEntry(this, entry, flags);
    else this.sendEntries([entry], entry, flags);
  }

  /**
   * What the flags of a transaction say of where it goes.
   *
   * @param {ReadonlyArray<{ command: Command, args: Args }>} entries
   * @param {ReadonlyArray<string | number | Uint8Array>} watched keys that it depends on
   * @throws {import('../errors').UnifiedRedisError} CROSSSLOT
   */
  flagsOfTransaction(entries, watched) {
    return this.isRouted ? slotFlags(slotOfTransaction(entries, watched)) : 0;
  }

  /** Whether its commands go to different nodes. */
  get isRouted() {
    return this.link !== NO_LINK && this.view.isCluster;
  }

  /**
   * Sends commands of a pipeline as one request: one, or those of a transaction.
   *
   * @param {Array<{ command: Command, args: Args }>} entries
   * @param {import('../bridge/slots').Request} receiver
   * @param {number} flags
   */
  sendEntries(entries, receiver, flags) {
    const [{ command, args }] = entries;
    const timeoutMs = entries.length === 1 ? this.timeoutOf(command, args) : this.timeoutMs;
    const { link } = this;
    if (link === NO_LINK) receiver.reject(this.refusal());
    else if (this.reconnecting.isNeeded) this.#sendEntriesPersistently(entries, receiver, flags, timeoutMs);
    else if (this.isPlain) exchange.sendRequest(link, entries, flags, timeoutMs, receiver);
    else this.#dispatch(link, () => exchange.sendRequest(link, entries, flags, timeoutMs, receiver));
  }

  /**
   * Sends a transaction on the connection that watches its keys.
   *
   * @param {number} link
   * @param {Array<{ command: Command, args: Args }>} entries
   * @param {import('../bridge/slots').Request} receiver which is not given the replies
   * @param {number} flags
   * @returns {Promise<any[]>} the replies
   */
  async sendLeased(link, entries, receiver, flags) {
    const replies = await this.#sendAll(link, entries, receiver, flags, this.timeoutMs);
    const error = replies.find((/** @type {unknown} */ reply) => reply instanceof Error);
    if (error !== undefined) this.reconnecting.judge(error, undefined, this.view.lanes > 0 ? LANE : link);
    return replies;
  }

  /**
   * A blocking call may take as long as it says, and as long again as any other command.
   *
   * @param {Command} command
   * @param {ReadonlyArray<unknown>} args
   * @returns {number} ms, 0 for none, -1 for the configured one
   */
  timeoutOf(command, args) {
    const blocking = command.blockingTimeout(args);
    if (blocking === NOT_BLOCKING) return this.timeoutMs;
    const { commandTimeout, blockingTimeout, blockingTimeoutGrace } = this.options();
    if (blockingTimeout > 0) {
      return blocking === 0 ? blockingTimeout : Math.min(blocking + blockingTimeoutGrace, MAX_TIMEOUT);
    }
    return blocking === 0 || commandTimeout === 0 ? 0 : Math.min(blocking + commandTimeout, MAX_TIMEOUT);
  }

  /**
   * @param {Array<{ command: Command, args: Args }>} entries
   * @param {import('../bridge/slots').Request} receiver
   * @param {number} flags
   * @param {number} timeoutMs
   */
  #sendEntriesPersistently(entries, receiver, flags, timeoutMs) {
    const outcome = this.#persist(receiver.command, timeoutMs, (link) =>
      link === NO_LINK ? Promise.reject(this.refusal()) : this.#sendAll(link, entries, receiver, flags, timeoutMs),
    );
    outcome.then(
      (reply) => receiver.resolve(reply),
      (error) => receiver.reject(error),
    );
  }

  /**
   * @param {number} link
   * @param {Array<{ command: Command, args: Args }>} entries
   * @param {import('../bridge/slots').Request} receiver what errors tell of, and what becomes of the reply
   * @param {number} flags
   * @param {number} timeoutMs
   * @returns {Promise<any>}
   */
  #sendAll(link, entries, receiver, flags, timeoutMs) {
    return this.#dispatch(link, () => exchange.sendGroup(link, entries, flags, timeoutMs, receiver));
  }

  /**
   * @param {number} link
   * @param {import('./cluster/routing').Place} place
   * @param {Command} command
   * @param {Args} args
   * @param {number} flags
   * @param {number} timeoutMs
   * @param {((reply: any) => unknown) | undefined} transform
   * @returns {Promise<any>}
   */
  #sendOnce(link, place, command, args, flags, timeoutMs, transform) {
    if (link === NO_LINK) return Promise.reject(this.refusal());
    const send = (/** @type {number} */ on) =>
      this.#dispatch(on, () => sendOn(on, command, args, flags, timeoutMs, transform));
    if (!(flags & FLAGS.BLOCKING) || place.isShared) return send(link);
    return this.#sendBlocking(link, place.slot, { command, args, flags, timeoutMs, transform }, send);
  }

  /**
   * @param {Command | undefined} command
   * @param {number} timeoutMs
   * @param {(link: number) => Promise<any>} send
   * @param {number} [link] where it is not that of the handle
   */
  #persist(command, timeoutMs, send, link) {
    const wholeMs = timeoutMs === CONFIGURED_TIMEOUT ? this.options().commandTimeout : timeoutMs;
    return this.reconnecting.run(command, wholeMs, () => link ?? this.link, send);
  }

  /**
   * @param {number} link
   * @param {number} slot in a cluster
   * @param {import('./lanes/waiting').Call} call
   * @param {(link: number) => Promise<any>} send
   * @returns {Promise<any>}
   */
  async #sendBlocking(link, slot, call, send) {
    try {
      return await this.waitingCalls.run(link, slot, call, send);
    } catch (error) {
      // As in ioredis, where this option is for connections that have died unnoticed: nothing came in time.
      const isOver = /** @type {any} */ (error).code === 'COMMAND_TIMEOUT' && this.options().blockingTimeout > 0;
      if (isOver) return null;
      throw error;
    }
  }
}

/**
 * @param {number} link
 * @param {Command} command
 * @param {Args} args
 * @param {number} flags
 * @param {number} timeoutMs
 * @param {((reply: any) => unknown) | undefined} transform
 */
function sendOn(link, command, args, flags, timeoutMs, transform) {
  return /** @type {Promise<any>} */ (exchange.send(link, command, args, flags, timeoutMs, transform));
}

module.exports = { Sender };
