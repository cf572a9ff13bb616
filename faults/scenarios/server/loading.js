'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { milliseconds } = require('../../lib/format.js');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'The server restarts with a big data set, and answers LOADING',
  promise:
    'A link is ready when the server is: until then calls fail with `LINK_DOWN` at once. `initialize()` waits, too ' +
    '(`maxLoadingRetryTime`).',
  async run(trial) {
    const directory = trial.directory();
    const keys = trial.pick(15_000, 30_000, 60_000);
    /** @type {import('../../../__test__/support/server.js').ServerOptions} */
    const options = {
      directory,
      debug: true,
      // Slow, and often enough interrupted to answer: what a data set of gigabytes does by its size.
      config: ['key-load-delay 50', 'loading-process-events-interval-bytes 1024'],
    };
    const { server, observer } = await trial.start({ server: options });
    await observer.command('DEBUG', 'POPULATE', keys);
    // What is acknowledged from here on is gone with the process: nothing is to be written until it is back.
    await trial.pauseLoad();
    await trial.prepareLoad('after:');
    await observer.command('SAVE');
    await server.kill();
    options.waitReady = false;
    const started = Date.now();
    await server.start();
    await sleep(300);
    const whileLoading = await trial.outcome('main', 'INCR', 'other');
    trial.check(whileLoading === 'LINK_DOWN', `a call while the server loads: ${whileLoading}`);
    await trial.resumeLoad('after:');
    while (!server.output().includes('Ready to accept connections')) await sleep(5);
    trial.figure('loading took', milliseconds(Date.now() - started));
    await trial.recovered();
    await trial.finish({ expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'], outage: true });
  },
};
