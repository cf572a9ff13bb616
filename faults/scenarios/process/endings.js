'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { VALUE } = require('../../client/load.js');
const { spread } = require('../../lib/format.js');
const { SLACK_MS } = require('../../lib/judge.js');
const { OPTIONS } = require('../../lib/trial.js');

/** @typedef {import('../../lib/application.js').Application} Application */

/** @type {Record<string, { end: (application: Application) => void, code: number | null, signal: NodeJS.Signals | null }>} */
const WAYS = {
  'process.exit()': {
    end: (application) => void application.tell('end', 'exit').catch(() => {}),
    code: 3,
    signal: null,
  },
  'uncaught exception': {
    end: (application) => void application.tell('end', 'throw').catch(() => {}),
    code: 1,
    signal: null,
  },
  SIGTERM: { end: (application) => application.signal('SIGTERM'), code: 0, signal: null },
  SIGKILL: { end: (application) => application.signal('SIGKILL'), code: null, signal: 'SIGKILL' },
};

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'The process ends under load: process.exit(), an uncaught exception, SIGTERM, SIGKILL',
  promise:
    'It ends at once, with its own exit code; SIGTERM finishes what is in flight first, and ends with 0. No connection ' +
    'stays behind, and what was acknowledged is there.',
  async run(trial) {
    const server = await trial.server();
    const observer = trial.observe(server);
    let acknowledged = 0;
    for (const [name, { end, ...expected }] of Object.entries(WAYS)) {
      /** @type {number[]} */
      const times = [];
      for (let round = 0; round < trial.pick(2, 6, 50); round++) {
        const prefix = `${name}:${round}:`;
        await observer.command('SET', `${prefix}value`, VALUE);
        const application = await trial.application();
        application.mayEnd = true;
        // Every other one ends somewhere in initialize().
        const isOpen = round % 2 === 0;
        const opening = application.tell('open', { ...OPTIONS, ...server.options });
        if (isOpen) {
          await opening;
          await application.tell('listen', ['numbers']);
          await application.tell('load', { prefix, streamAcknowledged: true });
          await sleep(50 + Math.random() * 200);
        } else {
          opening.catch(() => {});
          await sleep(Math.random() * 20);
        }
        const began = performance.now();
        end(application);
        const { code, signal } = await application.ended;
        times.push(performance.now() - began);
        const isRight = code === expected.code && signal === expected.signal;
        // Signals are ours to handle once the links are open, and not before.
        const isOwn = !isOpen && signal === name;
        trial.check(isRight || isOwn, `${name}: code ${code}, signal ${signal} ${application.stderr}`);
        const isGone = async () => (await observer.clients()).length === 0;
        await trial.eventually(isGone, `${name}: no connection is left`);
        const list = new Set(await observer.command('LRANGE', `${prefix}list`, 0, -1));
        const lost = application.output.filter((id) => !list.has(id));
        acknowledged += application.output.length;
        trial.check(lost.length === 0, `${name}: ${lost.length} acknowledged writes are lost`);
      }
      trial.figure(name, `ended after ${spread(times)}`);
      trial.check(Math.max(...times) < SLACK_MS + OPTIONS.commandTimeout, `${name}: it took too long to end`);
    }
    trial.check(acknowledged > 0, 'nothing was written');
    trial.figure('writes', `${acknowledged} acknowledged, none lost`);
    trial.figure('connections', `at most ${observer.mostClients} in CLIENT LIST`);
    trial.check(observer.mostClients <= 5, `${observer.mostClients} connections at a time`);
  },
};
