'use strict';

/**
 * The connection of a handle in monitor mode, as that handle sees it: nobody shares it, and it takes no commands.
 */

const { guarded } = require('../../bridge');
const { LinkView } = require('../link-view');
const { Monitor } = require('./monitor');
const { parseLine } = require('./monitor-line');

class MonitorView extends LinkView {
  #monitor;
  #link;
  #patienceMs;
  /** @type {import('../handle').Handle | undefined} */
  #handle;

  /**
   * @param {LinkView} link of the handle that asked for it
   * @param {number} patienceMs how long to wait for a lane
   */
  constructor(link, patienceMs) {
    super(link.purpose);
    this.#link = link;
    this.#patienceMs = patienceMs;
    this.#monitor = new Monitor(link.purpose, {
      onLine: (line) => this.#tellLine(line),
      onLinkEvent: (event) => this.#tell(event),
      onGap: (gap) => this.#handle?.emit('gap', gap),
      onRefused: (error) => {
        if (this.#handle !== undefined && this.#handle.listenerCount('error') > 0) this.#handle.emit('error', error);
        this.#handle?.disconnect();
      },
    });
  }

  get isMonitor() {
    return true;
  }

  get shared() {
    return this.#link;
  }

  /**
   * @param {import('../handle').Handle} handle the only one
   * @returns {Promise<void>} settled once the server sends what it executes
   */
  async begin(handle) {
    this.#handle = handle;
    this.state = 'connecting';
    await this.#monitor.begin(this.#link, this.#patienceMs);
    for (const event of ['connect', 'ready', 'monitoring']) this.#tell({ type: 'link', event });
  }

  /** The handle was ended, and is to be connected again. */
  dial() {
    const handle = this.#handle;
    if (handle === undefined) return false;
    this.begin(handle).catch((error) => {
      guarded(() => handle.listenerCount('error') > 0 && handle.emit('error', error));
      handle.disconnect();
    });
    return true;
  }

  leave() {
    this.#monitor.end();
    this.state = 'end';
  }

  /** As ioredis says it, where the handle is not ended. */
  refusal() {
    return /** @type {any} */ (new Error("Connection is in monitoring mode, can't process commands."));
  }

  /** @param {any} event */
  #tell(event) {
    if (event.type === 'link') this.state = event.event;
    const handle = this.#handle;
    if (handle === undefined) return;
    guarded(() => handle.onLinkEvent(event));
    if (event.type === 'link' && event.event === 'end') handle.onLinkGone();
  }

  /** @param {string} line */
  #tellLine(line) {
    const handle = this.#handle;
    if (handle === undefined || handle.isEnded || handle.listenerCount('monitor') === 0) return;
    const { time, args, source, database } = parseLine(line);
    guarded(() => handle.emit('monitor', time, args, source, database));
  }
}

module.exports = { MonitorView };
