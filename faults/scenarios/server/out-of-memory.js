'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'The server is out of memory (`maxmemory` with `noeviction`)',
  promise:
    "Writes fail with the server's own `OOM` (a transaction with `EXECABORT`), which means not executed; reads go on, " +
    'and so do the links.',
  async run(trial) {
    const { observer } = await trial.start();
    await sleep(300);
    await observer.command('CONFIG', 'SET', 'maxmemory', 1);
    await sleep(trial.pick(700, 2000, 10_000));
    const write = await trial.outcome('main', 'SET', 'key', 'value');
    trial.check(write === 'OOM', `a write was answered with ${write}`);
    const read = await trial.outcome('main', 'STRLEN', 'value');
    trial.check(read === 'ok', `a read was answered with ${read}`);
    await observer.command('CONFIG', 'SET', 'maxmemory', 0);
    await trial.recovered();
    await trial.finish({ expected: ['OOM', 'EXECABORT'], outage: false });
  },
};
