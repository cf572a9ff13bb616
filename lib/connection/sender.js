'use strict';

/**
 * How the commands of one handle go out: on which link, with which prefix and deadline, or not at all.
 */

const { exchange, CONFIGURED_TIMEOUT } = require('../bridge');
const { NOT_BLOCKING } = require('../commands');
const { normalize, prefixKeys } = require('./arguments');
const { NO_LINK, refresh } = require('./link-view');
const { replyTransformer } = require('./replies');

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
    this.isOpen = true;
    this.isPlain = true;
    this.open();
  }

  /** Takes commands from now on. */
  open() {
    this.isOpen = true;
    // Then arguments that are strings, numbers and bytes go out as they are, and nothing has to be looked at first.
    this.isPlain = this.keyPrefix.length === 0 && this.timeoutMs === CONFIGURED_TIMEOUT;
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
    const timeoutMs = this.timeoutOf(command, args);
    const transform = replyTransformer(command);
    return /** @type {Promise<any>} */ (
      exchange.send(link, command, args, flags | command.flagsOf(args), timeoutMs, transform)
    );
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
