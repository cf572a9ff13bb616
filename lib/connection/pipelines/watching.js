'use strict';

/**
 * WATCH on a shared link. It belongs to a connection, not to a caller, so a handle that watches leases a link until its
 * EXEC or UNWATCH: a lane, where there are any; else the link of its purpose, which meanwhile holds back the
 * transactions of other handles.
 */

const { setTimeout: startTimer, clearTimeout: stopTimer } = require('node:timers');
const bridge = require('../../bridge');
const { onlySlot } = require('../../cluster/crossing');
const { command: commandNamed, FLAGS } = require('../../commands');
const { ReplyError, UnifiedRedisError } = require('../../errors');
const { Lease } = require('../lanes/lease');
const { ledger } = require('../ledger');
const { NO_LINK } = require('../link-view');
const { isSpoilt } = require('../reconnecting');
const { followSlot, isRedirection } = require('../cluster/routing');
const { Turns } = require('../turns');

const WATCH = commandNamed('watch');
const UNWATCH = commandNamed('unwatch');

/** How long later commands of the handle wait at most: a WATCH may wait for a lane itself. */
const TURN_MS = 100;

/** @typedef {string | number | Uint8Array} Key */

/** What a handle watches. */
class Watching {
  /** @type {Lease | undefined} */
  #lease;
  /** @type {Key | undefined} The first key, which in a cluster all others have to be with. */
  #key;
  /** @type {import('../sender').Sender} */
  #sender;

  /** @param {import('../sender').Sender} sender */
  constructor(sender) {
    this.#sender = sender;
    /**
     * While WATCH is under way, or what ends it, later commands of the handle wait: they go another way, and would be executed
     * before it, so that a value that was read then could change unnoticed.
     */
    this.turns = new Turns(() => sender.release());
  }

  /** Whether nothing is watched any more, for the ledger: the links may have been closed. */
  get isGone() {
    return this.#lease === undefined || this.#lease.isVoid;
  }

  /** Whether the next transaction depends on watched keys. */
  get isActive() {
    return this.#lease !== undefined;
  }

  /** One for all of the keys that are watched; none where none are. */
  get keys() {
    return this.#lease === undefined || this.#key === undefined ? [] : [this.#key];
  }

  /**
   * @param {ReadonlyArray<Key>} keys prepared
   * @returns {Promise<'OK'>}
   * @throws {UnifiedRedisError} CROSSSLOT where a cluster has them in another slot than what is watched already
   */
  watch(keys) {
    return this.#before(this.#begin(keys));
  }

  /**
   * @template T
   * @param {Promise<T>} outcome of what later commands of the handle have to come after
   * @returns {Promise<T>} the same
   */
  #before(outcome) {
    this.#sender.hold();
    this.turns.hold(
      new Promise((resolve) => {
        const timer = startTimer(resolve, TURN_MS);
        const over = () => {
          stopTimer(timer);
          resolve();
        };
        outcome.then(over, over);
      }),
    );
    return outcome;
  }

  /**
   * @param {ReadonlyArray<Key>} keys
   * @returns {Promise<'OK'>}
   */
  async #begin(keys) {
    const { link, view } = this.#sender;
    if (link === NO_LINK) throw this.#sender.refusal();
    if (this.#lease?.isVoid) this.#forget();
    const slot = view.isOfCluster ? onlySlot('WATCH', [...this.keys, ...keys]) : bridge.NO_SLOT;
    let isFirst = true;
    const begin = () => {
      isFirst = this.#lease === undefined;
      return this.#watch(this.#lease ?? this.#ask(keys[0], slot), keys);
    };
    // Only where the slot has moved before anything was watched.
    return followSlot(
      this.#sender,
      () => keys[0],
      begin,
      () => isFirst,
    );
  }

  /**
   * @param {Key} key
   * @param {number} slot
   */
  #ask(key, slot) {
    const { view, timeoutMs } = this.#sender;
    const patienceMs = timeoutMs < 0 ? this.#sender.options().commandTimeout : timeoutMs;
    ledger.enter(this, { kind: 'watch', what: 'without EXEC or UNWATCH', purpose: view.purpose });
    this.#key = key;
    this.#lease = new Lease(bridge.lease(view.leasedLink, patienceMs, slot));
    return this.#lease;
  }

  /**
   * @param {Lease} lease
   * @param {ReadonlyArray<Key>} keys
   * @returns {Promise<'OK'>}
   */
  async #watch(lease, keys) {
    try {
      return await this.#send(await lease.link, WATCH, keys, FLAGS.LEASED);
    } catch (error) {
      // A wrong call leaves what was watched before; anything else leaves nothing to rely on.
      if (!(error instanceof ReplyError)) this.#giveBack(lease, true);
      else if (isRedirection(error)) this.#giveBack(lease, false);
      throw error;
    }
  }

  /** @returns {Promise<'OK'>} */
  async unwatch() {
    if (this.#lease?.isVoid) this.#forget();
    if (this.#lease === undefined) return 'OK';
    return this.end((link, flags) => this.#send(link, UNWATCH, [], flags));
  }

  /**
   * Runs what ends the watch, on the leased link, and gives that back.
   *
   * @template T
   * @param {(link: number, flags: number) => Promise<T>} call
   * @returns {Promise<T>}
   */
  end(call) {
    return this.#before(this.#end(call));
  }

  /**
   * @template T
   * @param {(link: number, flags: number) => Promise<T>} call
   * @returns {Promise<T>}
   */
  async #end(call) {
    const lease = /** @type {Lease} */ (this.#lease);
    this.#forget();
    const link = await lease.link;
    if (lease.isVoid) {
      const message = 'the links were closed after WATCH, so nothing watches the keys any more; nothing was sent';
      throw new UnifiedRedisError('CONNECTION_LOST', message, { retryable: true, purpose: this.#sender.view.purpose });
    }
    let isDirty = true;
    try {
      const reply = await call(link, FLAGS.LEASED | FLAGS.ENDS_WATCH);
      isDirty = isSpoilt(reply);
      return reply;
    } catch (error) {
      isDirty = !(error instanceof ReplyError) || isSpoilt(error);
      throw error;
    } finally {
      lease.release(link, isDirty);
    }
  }

  #forget() {
    this.#lease = undefined;
    ledger.strike(this);
  }

  /** The handle ends: nobody will send EXEC. */
  close() {
    if (this.#lease !== undefined) this.unwatch().catch(() => {});
  }

  /**
   * @param {number} link
   * @param {import('../../commands').Command} command
   * @param {ReadonlyArray<string | number | Uint8Array>} args
   * @param {number} flags
   * @returns {Promise<'OK'>}
   */
  #send(link, command, args, flags) {
    return /** @type {Promise<'OK'>} */ (bridge.exchange.send(link, command, args, flags, this.#sender.timeoutMs));
  }

  /**
   * @param {Lease} lease
   * @param {boolean} isDirty
   */
  #giveBack(lease, isDirty) {
    if (this.#lease !== lease) return;
    this.#forget();
    // A lease that was not granted is nothing to give back.
    lease.link.then(
      (link) => lease.release(link, isDirty),
      () => {},
    );
  }
}

module.exports = { Watching };
