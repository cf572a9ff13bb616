'use strict';

const { milliseconds } = require('../../lib/format.js');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: "The application's event loop is blocked while messages pour in",
  promise:
    'The I/O thread reads on, keeps the heartbeat and the deadlines: no link is lost, no call fails whose reply has come, ' +
    'and every message is delivered afterwards, in order, as far as maxQueuedMessageBytes goes (beyond it, `gap` counts them).',
  async run(trial) {
    const { application, observer } = await trial.start();
    const blockedMs = trial.pick(3000, 5000, 30_000);
    // As much as may wait, and no more.
    const messages = trial.pick(10, 10, 4);
    const stopFlood = observer.flood('another', { everyMs: 1, messages, bytes: 2000 });
    const before = await application.tell('stats');
    await application.tell('block', blockedMs);
    stopFlood();
    await trial.recovered();
    const after = await application.tell('stats');
    const [received] = [before, after]
      .map(({ links }) => links.find((/** @type {any} */ link) => link.purpose === 'subscriber').bytesIn)
      .map((bytes, index, all) => all[1] - bytes);
    trial.figure('blocked', milliseconds(blockedMs));
    trial.figure('memory', `${trial.memory()} at most`);
    trial.figure('flood', `${(received / 2 ** 20).toFixed(1)} MiB of messages`);
    await trial.finish({ expected: [], outage: false, blockedMs });
  },
};
