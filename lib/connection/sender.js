'use strict';

/**
 * How the commands of one handle go out: on which link, with which prefix and deadline, or not at all.
 */

const { exchange, CONFIGURED_TIMEOUT } = require('../bridge');
const { FLAGS, NOT_BLOCKING } = require('../commands');
const { normalize, prefixKeys } = require('./arguments');
const { LaneCalls, warnOfSharing } = require('./lanes');
const { NO_LINK, refresh } = require('./link-view');

/** @typedef {import('../commands').Command} Command */

/** Deadlines are 32-bit integers. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** One per handle; its pipelines use it too. */
class Sender {
  /**
   * @param {import('./link-view').LinkView} view
   * @param {() => import('./options').HandleOptions} options of the handle
   * @param {boolean} hasOwnTimeout whether the handle has another commandTimeout than the links
   * @param {() => Error} refusal why the handle takes no command
   */
  constructor(view, options, hasOwnTimeout, refusal) {
    this.view = view;
    this.options = options;
    this.refusal = refusal;
    this.keyPrefix = options().keyPrefix;
    this.timeoutMs = hasOwnTimeout ? options().commandTimeout : CONFIGURED_TIMEOUT;
    /** Flags of all its commands. */
    this.flags = options().stringNumbers ? FLAGS.STRING_NUMBERS : 0;
    /** What waits on the server. */
    this.laneCalls = new LaneCalls();
    this.isOpen = true;
    this.isPlain = true;
    this.open();
  }

  /** Takes commands from now on. */
  open() {
    this.isOpen = true;
    // Then arguments that are strings, numbers and bytes go out as they are, and nothing has to be looked at first.
    this.isPlain =
      this.keyPrefix.length === 0 &&
      this.timeoutMs === CONFIGURED_TIMEOUT &&
      this.flags === 0 &&
      !this.options().showFriendlyErrorStack;
  }

  /** Refuses commands from now on. */
  close() {
    this.isOpen = false;
    this.isPlain = false;
  }

  /** The link for commands, or NO_LINK. */
  get link() {
    // The event that tells of new links may still be on its way.
    if (this.view.commandLink === NO_LINK) refresh();
    return this.isOpen ? this.view.commandLink : NO_LINK;
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
   * @param {ReadonlyArray<string | number | Uint8Array>} args prepared
   * @param {number} flags beside those of the command
   * @returns {Promise<any>}
   */
  send(command, args, flags) {
    const { link } = this;
    if (link === NO_LINK) return Promise.reject(this.refusal());
    const sent = flags | command.flagsOf(args) | this.flags;
    const timeoutMs = this.timeoutOf(command, args);
    if (sent & FLAGS.BLOCKING) return this.#sendBlocking(link, command, args, sent, timeoutMs);
    return /** @type {Promise<any>} */ (exchange.send(link, command, args, sent, timeoutMs, command.replyTransformer));
  }

  /**
   * On a lane, where there are any; else on the shared link, as ioredis does it.
   *
   * @param {number} shared
   * @param {Command} command
   * @param {ReadonlyArray<string | number | Uint8Array>} args
   * @param {number} flags
   * @param {number} timeoutMs
   */
  #sendBlocking(shared, command, args, flags, timeoutMs) {
    /** @param {number} link */
    const sendOn = (link) =>
      /** @type {Promise<any>} */ (exchange.send(link, command, args, flags, timeoutMs, command.replyTransformer));
    if (this.view.lanes > 0) return this.laneCalls.run(timeoutMs, sendOn);
    warnOfSharing(command.name, this.view.purpose);
    return sendOn(shared);
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
    const grace = this.options().commandTimeout;
    return blocking === 0 || grace === 0 ? 0 : Math.min(blocking + grace, MAX_TIMEOUT);
  }
}

module.exports = { Sender };
