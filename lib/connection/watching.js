'use strict';

/**
 * WATCH on a shared link. It belongs to a connection, not to a caller, so a handle that watches leases a link until its
 * EXEC or UNWATCH: a lane, where there are any; else the link of its purpose, which meanwhile holds back the
 * transactions of other handles.
 */

const bridge = require('../bridge');
const { command: commandNamed, FLAGS } = require('../commands');
const { ReplyError, UnifiedRedisError } = require('../errors');
const { Lease } = require('./lease');
const { ledger } = require('./ledger');
const { NO_LINK } = require('./link-view');
const { isSpoilt } = require('./reconnecting');

const WATCH = commandNamed('watch');
const UNWATCH = commandNamed('unwatch');

/** What a handle watches. */
class Watching {
  /** @type {Lease | undefined} */
  #lease;
  /** @type {import('./sender').Sender} */
  #sender;

  /** @param {import('./sender').Sender} sender */
  constructor(sender) {
    this.#sender = sender;
  }

  /** Whether nothing is watched any more, for the ledger: the links may have been closed. */
  get isGone() {
    return this.#lease === undefined || this.#lease.isVoid;
  }

  /** Whether the next transaction depends on watched keys. */
  get isActive() {
    return this.#lease !== undefined;
  }

  /**
   * @param {ReadonlyArray<string | number | Uint8Array>} keys prepared
   * @returns {Promise<'OK'>}
   */
  async watch(keys) {
    const { link, view, timeoutMs } = this.#sender;
    if (link === NO_LINK) throw this.#sender.refusal();
    const patienceMs = timeoutMs < 0 ? this.#sender.options().commandTimeout : timeoutMs;
    if (this.#lease === undefined || this.#lease.isVoid) {
      ledger.enter(this, { kind: 'watch', what: 'without EXEC or UNWATCH', purpose: view.purpose });
      this.#lease = new Lease(bridge.lease(view.lanes > 0 ? bridge.ANY_LANE : link, patienceMs));
    }
    const lease = this.#lease;
    try {
      return await this.#send(await lease.link, WATCH, keys, FLAGS.LEASED);
    } catch (error) {
      // A wrong call leaves what was watched before; anything else leaves nothing to rely on.
      if (!(error instanceof ReplyError)) this.#giveBack(lease, true);
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
  async end(call) {
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
   * @param {import('../commands').Command} command
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
