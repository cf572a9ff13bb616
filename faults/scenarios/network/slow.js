'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/**
 * @param {Pick<import('../index.js').Scenario, 'title' | 'promise'>} texts
 * @param {import('../../lib/proxy.js').Weather} weather
 * @returns {import('../index.js').Scenario}
 */
function slow(texts, weather) {
  return {
    ...texts,
    async run(trial) {
      const { proxy } = await trial.start({ proxied: true, load: { callers: 16 } });
      proxy.set(weather);
      await sleep(trial.pick(2500, 6000, 60_000));
      proxy.set({});
      await trial.recovered();
      await trial.finish({ expected: [], outage: false });
    },
  };
}

module.exports = {
  delay: slow(
    {
      title: 'Everything takes 300 ms longer, each way',
      promise: 'Slow is not dead: no call fails whose reply comes within its deadline, and no link is replaced.',
    },
    { delayMs: 300 },
  ),
  trickle: slow(
    {
      title: 'Bytes trickle one at a time, each way',
      promise: 'The same. Replies are put together from any pieces.',
    },
    { trickleMs: 0 },
  ),
};
