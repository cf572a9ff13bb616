'use strict';

/**
 * Who listens to which channel. The package keeps the list itself (`PubSub`), and says what has to be subscribed to;
 * that goes to the `subscriber` link, on which this handle shares its subscriptions with others.
 */

const { wantBuffers } = require('../bridge');
const { CHANNEL, PATTERN, SHARD } = require('../connection/pubsub/subscriptions');

/** @typedef {'CHANNELS' | 'PATTERNS' | 'SHARDED'} Type */
/** @typedef {{ args: Array<string | Buffer>, resolve: () => void, reject?: () => void }} Command */

const KINDS = { CHANNELS: CHANNEL, PATTERNS: PATTERN, SHARDED: SHARD };

/** What a message begins with, by kind. */
const HEADS = ['message', 'pmessage', 'smessage'].map((head) => Buffer.from(head));

/** The listeners of one handle. */
class Listeners {
  #pubSub;
  #hasBuffers = false;

  /** @param {any} pubSub the package's */
  constructor(pubSub) {
    this.#pubSub = pubSub;
  }

  get isActive() {
    return this.#pubSub.isActive;
  }

  /**
   * @param {import('../connection/pubsub/subscriptions').Subscriptions} subscriptions
   * @param {Type} type
   * @param {string | string[]} channels
   * @param {Function} listener
   * @param {boolean} [bufferMode]
   */
  async subscribe(subscriptions, type, channels, listener, bufferMode) {
    if (bufferMode) this.#useBuffers();
    await run(this.#pubSub.subscribe(type, channels, listener, bufferMode), (names) =>
      subscriptions.subscribe(KINDS[type], names),
    );
  }

  /**
   * @param {import('../connection/pubsub/subscriptions').Subscriptions} subscriptions
   * @param {Type} type
   * @param {string | string[]} [channels] all, where it is left out
   * @param {Function} [listener] all, where it is left out
   * @param {boolean} [bufferMode]
   */
  async unsubscribe(subscriptions, type, channels, listener, bufferMode) {
    await run(this.#pubSub.unsubscribe(type, channels, listener, bufferMode), (names) =>
      subscriptions.unsubscribe(KINDS[type], names),
    );
  }

  /**
   * Adds listeners that another handle had.
   *
   * @param {import('../connection/pubsub/subscriptions').Subscriptions} subscriptions
   * @param {Type} type
   * @param {Map<string, { buffers: Set<Function>, strings: Set<Function> }>} listeners
   */
  async extend(subscriptions, type, listeners) {
    if ([...listeners.values()].some(({ buffers }) => buffers.size > 0)) this.#useBuffers();
    await run(this.#pubSub.extendTypeListeners(type, listeners), (names) =>
      subscriptions.subscribe(KINDS[type], names),
    );
  }

  /**
   * The listeners of one type, by channel.
   *
   * @param {Type} type
   * @returns {Map<string, { buffers: Set<Function>, strings: Set<Function> }>}
   */
  of(type) {
    return this.#pubSub.getTypeListeners?.(type) ?? this.#pubSub.listeners[type];
  }

  /** Subscribes again to what was listened to before reset(). @param {import('../connection/pubsub/subscriptions').Subscriptions} subscriptions */
  async resubscribe(subscriptions) {
    const types = /** @type {Type[]} */ (Object.keys(KINDS)).filter((type) => this.of(type).size > 0);
    if (types.length === 0) return;
    const commands = /** @type {Command[]} */ (this.#pubSub.resubscribe());
    await Promise.all(types.map((type) => subscriptions.subscribe(KINDS[type], [...this.of(type).keys()])));
    for (const { resolve } of commands) resolve();
  }

  /** Nothing is subscribed to any more; who listened is remembered. */
  reset() {
    this.#pubSub.reset();
  }

  /**
   * @param {number} kind
   * @param {string | Buffer} channel
   * @param {string | Buffer} payload
   * @param {string | Buffer} [pattern]
   */
  deliver(kind, channel, payload, pattern) {
    const texts = kind === PATTERN ? [/** @type {string | Buffer} */ (pattern), channel, payload] : [channel, payload];
    this.#pubSub.handleMessageReply([HEADS[kind], ...(this.#hasBuffers ? texts.map(asBuffer) : texts)]);
  }

  /** From now on messages come as Buffers: a string cannot be turned back into the bytes that it was made of. */
  #useBuffers() {
    this.#hasBuffers = true;
    wantBuffers(true);
  }
}

/**
 * @param {Command | undefined} command what the package wants done; nothing, where it needs no server for it
 * @param {(names: Array<string | Buffer>) => Promise<unknown>} send
 */
async function run(command, send) {
  if (command === undefined) return;
  try {
    await send(command.args.slice(1));
  } catch (error) {
    command.reject?.();
    throw error;
  }
  command.resolve();
}

/** @param {string | Buffer} text */
function asBuffer(text) {
  return Buffer.isBuffer(text) ? text : Buffer.from(text);
}

module.exports = { Listeners };
