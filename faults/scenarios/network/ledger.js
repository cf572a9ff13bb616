'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/**
 * @param {Pick<import('../index.js').Scenario, 'title' | 'promise'>} texts
 * @param {boolean} autoResendUnfulfilledCommands
 * @returns {import('../index.js').Scenario}
 */
function ledger(texts, autoResendUnfulfilledCommands) {
  return {
    ...texts,
    async run(trial) {
      const { proxy } = await trial.start({
        proxied: true,
        options: { autoResendUnfulfilledCommands, enableOfflineQueue: autoResendUnfulfilledCommands },
        load: { callers: 100, pauseMs: 1 },
      });
      // Some time on the way: more is in flight when a link is lost.
      proxy.set({ delayMs: 3 });
      const until = Date.now() + trial.pick(2, 10, 120) * 1000;
      let resets = 0;
      while (Date.now() < until) {
        resets += proxy.resetOne() ? 1 : 0;
        await sleep(20 + Math.random() * 60);
      }
      proxy.set({});
      await trial.recovered();
      trial.figure('resets', `${resets} of single links, at random`);
      await trial.finish({
        expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST', 'COMMAND_TIMEOUT'],
        mayDouble: autoResendUnfulfilledCommands,
      });
    },
  };
}

module.exports = {
  standard: ledger(
    {
      title: 'The ledger: INCR and RPUSH of unique ids while links are cut at random',
      promise:
        'Every acknowledged write is there exactly once; one rejected with `maybeExecuted` is there once or not at all; ' +
        'any other rejected one is absent. Reads are repeated without the caller noticing.',
    },
    false,
  ),
  resend: ledger(
    {
      title: 'The same with `autoResendUnfulfilledCommands` and `enableOfflineQueue`',
      promise: 'Hardly a call fails any more, and the price: what was sent again may have been executed twice.',
    },
    true,
  ),
};
