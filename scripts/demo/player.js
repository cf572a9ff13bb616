'use strict';

const { once } = require('node:events');
const { WebSocket } = require('ws');

const DEADLINE_MS = 15_000;

/** @typedef {{ type: string, [field: string]: any }} GameEvent */

/**
 * Sends a request and returns status and JSON body.
 *
 * @param {string} url
 * @param {object} [body] makes it a POST
 * @returns {Promise<{ status: number, body: any }>}
 */
async function request(url, body) {
  const post = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, { ...post, signal: AbortSignal.timeout(DEADLINE_MS) });
  return { status: response.status, body: await response.json() };
}

/** A browser's WebSocket, that remembers what came and can wait for what will. */
class LiveClient {
  /** @type {GameEvent[]} all that came, in order */
  events = [];
  /** @type {number | null} of the close frame */
  closeCode = null;
  #socket;

  /** @param {string} address of a backend */
  constructor(address) {
    this.#socket = new WebSocket(`${address.replace('http', 'ws')}/live`);
    this.#socket.on('message', (data) => {
      this.events.push(JSON.parse(String(data)));
      this.#socket.emit('event');
    });
    // 'close' follows, with code 1006.
    this.#socket.on('error', () => {});
    this.#socket.on('close', (code) => {
      this.closeCode = code;
      this.#socket.emit('event');
    });
  }

  /** Resolves when the backend has sent its greeting. @returns {Promise<GameEvent>} */
  open() {
    return this.next('welcome', 0);
  }

  /** @param {GameEvent} message */
  send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  /**
   * The next event of a type.
   *
   * @param {string} type
   * @param {number} [after] how many of `events` not to look at; default: all that came until now
   * @param {(event: GameEvent) => boolean} [accept]
   * @returns {Promise<GameEvent>}
   */
  async next(type, after = this.events.length, accept = () => true) {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    for (;;) {
      const event = this.events.slice(after).find((candidate) => candidate.type === type && accept(candidate));
      if (event) return event;
      if (this.closeCode !== null) throw new Error(`closed with ${this.closeCode} while waiting for "${type}"`);
      try {
        await once(this.#socket, 'event', { signal: deadline });
      } catch {
        throw new Error(`no "${type}" event within ${DEADLINE_MS / 1000} s`);
      }
    }
  }

  /** @param {string} type @returns {GameEvent[]} */
  all(type) {
    return this.events.filter((event) => event.type === type);
  }

  close() {
    this.#socket.close();
  }

  /** @returns {Promise<number>} the code that the backend closed with */
  async closed() {
    while (this.closeCode === null) await once(this.#socket, 'event');
    return this.closeCode;
  }
}

module.exports = { LiveClient, request };
