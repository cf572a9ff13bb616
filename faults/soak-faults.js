'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { OPTIONS } = require('./lib/trial.js');

/**
 * The faults of a soak, each small. They return when the fault was over, ms since the epoch; nothing means now.
 *
 * @type {Record<string, (rig: import('./lib/trial.js').Rig, random: () => number) => Promise<number | void>>}
 */
const FAULTS = {
  async 'server killed'({ server }) {
    await server.kill();
    await sleep(100);
    await server.start();
  },
  async 'server frozen for 2 s'({ server }) {
    server.pause();
    await sleep(2000);
    server.resume();
  },
  async 'connections killed ten times'({ observer }, random) {
    for (let round = 0; round < 10; round++) {
      await observer.killClients();
      await sleep(random() * 80);
    }
  },
  async 'half-open connections'({ proxy }, random) {
    proxy.drop(random() < 0.5 ? 'up' : 'down');
    await sleep(OPTIONS.heartbeatInterval + OPTIONS.heartbeatTimeout);
    proxy.forget();
  },
  async 'replies cut'({ proxy }, random) {
    for (let round = 0; round < 10; round++) {
      proxy.set({ cutAfter: 1 + Math.floor(random() * 20_000) });
      await sleep(50);
    }
    proxy.set({});
  },
  async 'slow network'({ proxy }, random) {
    proxy.set({ delayMs: Math.floor(random() * 200) });
    await sleep(1000);
    proxy.set({});
  },
  async garbage({ proxy }) {
    proxy.set({ garbage: Buffer.from([0, 255, 0, 255]) });
    await sleep(100);
    proxy.set({});
  },
  async 'event loop blocked for 1 s'({ application }) {
    await application.tell('block', 1000);
  },
  async 'a thread terminated'({ application, server }) {
    const index = await application.tell('thread', { ...OPTIONS, ...server.options });
    await application.tell('terminate', index);
  },
};

module.exports = { FAULTS };
