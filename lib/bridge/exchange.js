'use strict';

/**
 * The exchange of one JavaScript environment with the native side: what is asked for within a tick leaves in one
 * call per link, and what comes back is settled in one pass.
 */

const { UnifiedRedisError } = require('../errors');
const { nextTick } = require('./next-tick');
const { INTS_PER_REQUEST, Outbox } = require('./pack');
const { Replies, infoOf } = require('./replies');
const { Request, Slots } = require('./slots');

/** A tick that asked for more than this is handed over in parts, which bounds memory and keeps the link busy. */
const FLUSH_BYTES = 512 * 1024;

/** The deadline of a request that the configuration has. */
const CONFIGURED_TIMEOUT = -1;

/** @typedef {import('../commands').Command} Command */
/** @typedef {(reply: any) => unknown} Transform */

/** @type {(value: any) => void} */
let resolveLast;
/** @type {(error: Error) => void} */
let rejectLast;

/**
 * The one executor of all promises made here; one closure per command would cost as much as the promise.
 *
 * @param {(value: any) => void} resolve
 * @param {(error: Error) => void} reject
 */
function executor(resolve, reject) {
  resolveLast = resolve;
  rejectLast = reject;
}

/** Packs requests, hands them over, and settles them. */
class Exchange {
  /**
   * @param {(onWake: () => void) => Port} open makes the port; called when it is first needed
   * @param {ConstructorParameters<typeof Replies>[1]} onMessage
   * @param {ConstructorParameters<typeof Replies>[2]} onEvent
   * @param {ConstructorParameters<typeof Replies>[3]} onLine
   */
  constructor(open, onMessage, onEvent, onLine) {
    this.open = open;
    /** @type {Port | undefined} */
    this.openPort = undefined;
    this.slots = new Slots();
    this.replies = new Replies(this.slots, onMessage, onEvent, onLine);
    /** @type {Array<Outbox | undefined>} by link; few of the links to single nodes of a cluster ever have one */
    this.outboxes = [];
    /** @type {Outbox[]} the ones with something in them */
    this.filled = [];
    this.flush = this.flush.bind(this);
    // Kept here, since the native side holds it only while something can still arrive.
    this.onWake = () => this.replies.drain(this.port);
  }

  /** The native port. */
  get port() {
    return (this.openPort ??= this.open(this.onWake));
  }

  /**
   * Sends one command.
   *
   * @param {number} link
   * @param {Command} command
   * @param {ReadonlyArray<unknown>} args strings, numbers and bytes
   * @param {number} flags
   * @param {number} timeoutMs -1 for the configured deadline, 0 for none
   * @param {Transform} [transform] what becomes of the reply
   * @returns {Promise<any> | undefined} undefined, and nothing sent, when an argument is of another type. Rejected with what
   *   was thrown when the arguments cannot be written
   */
  send(link, command, args, flags, timeoutMs, transform) {
    const outbox = this.outboxes[link] ?? this.#openOutbox(link);
    try {
      if (!outbox.pack(command, args)) {
        outbox.rollback();
        return undefined;
      }
    } catch (error) {
      // Too long, or bytes that were transferred away. Half a command must not be in the way of the next one.
      outbox.rollback();
      return Promise.reject(error);
    }
    const promise = new Promise(executor);
    const request = new Request(resolveLast, rejectLast, command, args, flags, transform);
    this.#commit(outbox, request, flags, 1, timeoutMs);
    return promise;
  }

  /**
   * Sends commands as one request. Several are answered with ONE reply, the array of theirs, and are never split.
   *
   * @param {number} link
   * @param {ReadonlyArray<{ command: Command, args: ReadonlyArray<unknown> }>} commands with arguments as of `send`
   * @param {number} flags
   * @param {number} timeoutMs
   * @param {Request} request gets the reply, or why the arguments cannot be written
   */
  sendRequest(link, commands, flags, timeoutMs, request) {
    const outbox = this.outboxes[link] ?? this.#openOutbox(link);
    try {
      for (const { command, args } of commands) outbox.pack(command, args);
    } catch (error) {
      outbox.rollback();
      request.reject(/** @type {Error} */ (error));
      return;
    }
    this.#commit(outbox, request, flags, commands.length, timeoutMs);
  }

  /**
   * The same, for one who waits for the reply.
   *
   * @param {number} link
   * @param {Parameters<Exchange['sendRequest']>[1]} commands
   * @param {number} flags
   * @param {number} timeoutMs
   * @param {Partial<Pick<Request, 'command' | 'args' | 'transform'>>} [of] what errors tell of, and what becomes of the reply
   * @returns {Promise<any>}
   */
  sendGroup(link, commands, flags, timeoutMs, { command, args = [], transform } = {}) {
    const promise = new Promise(executor);
    const request = new Request(resolveLast, rejectLast, command, args, flags, transform);
    this.sendRequest(link, commands, flags, timeoutMs, request);
    return promise;
  }

  /**
   * Sends a request that has a `maxRetriesPerRequest` of its own.
   *
   * @template T
   * @param {number} link
   * @param {number} maxRetries
   * @param {() => T} send the request, on this link
   * @returns {T}
   */
  withRetries(link, maxRetries, send) {
    const outbox = this.outboxes[link] ?? this.#openOutbox(link);
    const { count, maxRetries: own } = outbox;
    own.push(count, maxRetries);
    const sent = send();
    // It could not be written.
    if (outbox.count === count && own === outbox.maxRetries) own.length -= 2;
    return sent;
  }

  /**
   * Asks the native side itself for something.
   *
   * @param {(port: Port, slot: number) => void} ask
   * @returns {Promise<any>}
   */
  request(ask) {
    const { port } = this;
    const promise = new Promise(executor);
    const slot = this.slots.take(new Request(resolveLast, rejectLast, undefined, [], 0, undefined));
    try {
      ask(port, slot);
    } catch (error) {
      this.slots.release(slot)?.reject(/** @type {Error} */ (error));
    }
    return promise;
  }

  /** Hands over all that was asked for. */
  flush() {
    const { filled } = this;
    for (let outbox = filled.pop(); outbox !== undefined; outbox = filled.pop()) this.#submit(outbox);
  }

  /**
   * @param {Outbox} outbox
   * @param {Request} request
   * @param {number} flags
   * @param {number} replies
   * @param {number} timeoutMs
   */
  #commit(outbox, request, flags, replies, timeoutMs) {
    if (outbox.count === 0) {
      if (this.filled.push(outbox) === 1) nextTick(this.flush);
    }
    outbox.commit(this.slots.take(request), flags, replies, timeoutMs);
    if (outbox.byteLength > FLUSH_BYTES) {
      this.filled.splice(this.filled.indexOf(outbox), 1);
      this.#submit(outbox);
    }
  }

  /** @param {Outbox} outbox */
  #submit(outbox) {
    const { link, bytes, byteLength, requests, count, maxRetries } = outbox;
    try {
      if (maxRetries.length > 0) {
        outbox.maxRetries = [];
        this.port.maxRetries(Int32Array.from(maxRetries));
      }
      this.port.submit(link, bytes, byteLength, requests, count);
    } catch (cause) {
      this.#refuse(outbox, cause);
    }
    outbox.clear();
  }

  /**
   * The native side did not take a batch: no promise may stay open for that.
   *
   * @param {Outbox} outbox
   * @param {unknown} cause
   */
  #refuse({ requests, count }, cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    for (let index = 0; index < count; index++) {
      const request = this.slots.release(requests[index * INTS_PER_REQUEST]);
      request?.reject(new UnifiedRedisError('INTERNAL', message, { cause }, infoOf(request)));
    }
  }

  /** @param {number} link */
  #openOutbox(link) {
    // Without holes, which would make it slow for all links.
    while (this.outboxes.length < link) this.outboxes.push(undefined);
    const outbox = new Outbox(link);
    this.outboxes[link] = outbox;
    return outbox;
  }
}

module.exports = { Exchange, CONFIGURED_TIMEOUT };

/**
 * The native class, as `src/node/` makes it.
 *
 * @typedef {object} Port
 * @property {(link: number, outbox: Uint8Array, byteLength: number, requests: Int32Array, count: number) => void} submit
 * @property {(own: Int32Array) => void} maxRetries
 * @property {(meta: Int32Array) => any[] | number} take
 * @property {(slot: number, config: string) => void} initialize
 * @property {(slot: number) => void} cleanup
 * @property {(slot: number) => void} health
 * @property {() => string} snapshot
 * @property {() => string} described
 * @property {() => boolean} isInitialized
 * @property {(slot: number, kind: number, name: Uint8Array) => void} subscribe
 * @property {(slot: number, kind: number, name: Uint8Array) => void} unsubscribe
 * @property {(on: boolean) => void} wantBuffers
 * @property {(link: number, attempt: number, delayMs: number) => void} retryDelay
 * @property {(link: number, generation: number) => boolean} reconnect
 * @property {(intervalMs: number) => void} monitor
 * @property {(slot: number, link: number, patienceMs: number, hashSlot: number, node?: string) => void} lease
 * @property {(purpose: number, address: string) => number} nodeLink
 * @property {(link: number, dirty: boolean) => void} release
 * @property {(slot: number, link: number) => void} beginMonitor
 */
