'use strict';

const { WebSocket } = require('ws');

const NAMES = ['Ada', 'Grace', 'Linus', 'Edsger', 'Barbara', 'Alan', 'Margaret', 'Dennis'];

/**
 * Simulated players, so that there is something to see. They use what browsers use, and no more.
 *
 * @param {string} address of the backend
 * @param {number} count
 */
function startBots(address, count) {
  const bots = NAMES.slice(0, count).map((name) => new Bot(address, name));
  for (const bot of bots) bot.play();
  return {
    stop() {
      for (const bot of bots) bot.stop();
    },
  };
}

class Bot {
  #address;
  #name;
  /** @type {WebSocket | undefined} */
  #socket;
  /** @type {Map<number, number>} cell to value */
  #gems = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #stopped = false;

  /** @param {string} address @param {string} name */
  constructor(address, name) {
    this.#address = address;
    this.#name = name;
  }

  play() {
    this.#join().catch(() => this.#later(() => this.play(), 1000));
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  async #join() {
    const response = await fetch(`${this.#address}/api/players`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: this.#name }),
    });
    const player = /** @type {{ id: string }} */ (await response.json());
    if (this.#stopped) return;
    const socket = new WebSocket(`${this.#address.replace('http', 'ws')}/live`);
    this.#socket = socket;
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'join', playerId: player.id }));
      this.#think();
    });
    socket.on('message', (data) => this.#onEvent(JSON.parse(String(data))));
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => this.#later(() => this.play(), 1000));
  }

  /** @param {any} event */
  #onEvent(event) {
    if (event.type === 'welcome') {
      this.#gems = new Map(Object.entries(event.state.gems).map(([cell, value]) => [Number(cell), Number(value)]));
    } else if (event.type === 'gem') {
      this.#gems.set(event.cell, event.value);
    } else if (event.type === 'dug') {
      this.#gems.delete(event.cell);
    } else if (event.type === 'round-started') {
      this.#gems.clear();
    }
  }

  /** After a while that a person would need, digs where it believes a gem to be: mostly the best, sometimes any. */
  #think() {
    this.#later(
      () => {
        const cells = [...this.#gems.entries()].sort((a, b) => b[1] - a[1]).map(([cell]) => cell);
        const cell = cells[Math.random() < 0.5 ? 0 : Math.floor(Math.random() * cells.length)];
        const isOpen = this.#socket?.readyState === WebSocket.OPEN;
        if (cell !== undefined && isOpen) this.#socket?.send(JSON.stringify({ type: 'dig', cell }));
        if (isOpen) this.#think();
      },
      1500 + Math.random() * 4000,
    );
  }

  /** @param {() => void} work @param {number} ms */
  #later(work, ms) {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, ms);
  }
}

module.exports = { startBots };
