'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'A script does not end, and the server answers BUSY',
  promise:
    "Calls fail with the server's own `BUSY`, which means not executed. The links stay: a BUSY is a sign of life, for the " +
    'heartbeat too.',
  async run(trial) {
    const { server, observer } = await trial.start();
    await sleep(300);
    await observer.command('CONFIG', 'SET', 'lua-time-limit', 100);
    const script = trial.observe(server).command('EVAL', 'while true do end', 0);
    const ended = script.then(
      () => 'it ended',
      (/** @type {Error} */ error) => error.message,
    );
    await sleep(trial.pick(2500, 4000, 15_000));
    const call = await trial.outcome('main', 'INCR', 'key');
    trial.check(call === 'BUSY', `a call was answered with ${call}`);
    await observer.command('SCRIPT', 'KILL');
    const since = Date.now();
    trial.check(/kill/i.test(await ended), `the script was not killed: ${await ended}`);
    await trial.recovered(since);
    // Connections that ended meanwhile stay in its list until the script has ended.
    await trial.finish({ expected: ['BUSY', 'EXECABORT'], outage: false, serverLags: true });
  },
};
