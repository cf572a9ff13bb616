'use strict';

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'Thousands of reconnects in a row',
  promise: 'Nothing is left of a lost connection: no descriptor, no memory, no entry at the server.',
  async run(trial) {
    const { observer, application } = await trial.start({ load: { callers: 8, pauseMs: 10 } });
    const rounds = trial.pick(10, 100, 2000);
    /** @type {number[]} */
    const memory = [];
    for (let round = 0; round < rounds; round++) {
      if (round % Math.ceil(rounds / 10) === 0) memory.push((await application.tell('stats')).memory.rss);
      await observer.killClients();
      await trial.recovered();
    }
    const { stats } = await trial.finish({
      expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'],
      outage: true,
    });
    const reconnects = stats.links.reduce(
      (/** @type {number} */ sum, /** @type {any} */ link) => sum + link.reconnects,
      0,
    );
    const megabytes = [...memory, stats.memory.rss].map((bytes) => Math.round(bytes / 2 ** 20));
    trial.figure('reconnects', reconnects);
    trial.figure('memory', `${megabytes.join(', ')} MiB`);
    // A link that is killed again before it was ready counts once.
    trial.check(reconnects >= rounds * 4.5, `only ${reconnects} reconnects`);
    // The first tenth is for what is made once, and the ledger itself grows.
    trial.check(
      Number(megabytes.at(-1)) - megabytes[1] < 48,
      `memory grew from ${megabytes[1]} to ${megabytes.at(-1)} MiB`,
    );
  },
};
