'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { milliseconds } = require('../../lib/format.js');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'A server on live connections gets a whole data set from its master, and answers MASTERDOWN, then LOADING',
  promise:
    'The connections stay. Calls wait as long as their deadline allows, and are served as soon as the server is ready; ' +
    "those whose deadline is sooner fail with the server's own reply, which means not executed.",
  async run(trial) {
    const { server, observer } = await trial.start({
      server: { config: ['replica-serve-stale-data no', 'repl-diskless-load disabled'] },
    });
    const master = await trial.server({ debug: true, config: ['repl-diskless-sync-delay 0'] });
    const keys = trial.pick(4_000, 8_000, 16_000);
    await master.command('DEBUG', 'POPULATE', keys);
    // The data set becomes another one: the load's is judged before, and begun anew.
    await trial.pauseLoad();
    const before = (await observer.clients()).map(({ id }) => id).sort();

    // A master that is not there, for a moment.
    const nobody = await trial.server();
    await nobody.stop();
    await observer.command('REPLICAOF', nobody.host, nobody.port);
    await trial.eventually(async () => (await observer.command('ROLE'))[0] === 'slave', 'the server is a replica');
    const early = await trial.outcome('main', 'GET', 'key');
    trial.check(early === 'MASTERDOWN', `a read without a master: ${early}`);

    // It takes its time, and answers meanwhile: what a data set of gigabytes does by its size.
    await observer.command('CONFIG', 'SET', 'key-load-delay', 150, 'loading-process-events-interval-bytes', 1024);
    const began = Date.now();
    await observer.command('REPLICAOF', master.host, master.port);
    await trial.eventually(() => server.output().includes('Loading DB in memory'), 'the server loads');
    const late = await trial.outcome('websocket', 'GET', 'key:1');
    trial.check(['ok', 'LOADING', 'MASTERDOWN'].includes(late), `a read while it loads: ${late}`);
    trial.figure('a call while it loads', `${late}, after ${milliseconds(Date.now() - began)}`);
    const isInSync = async () => /master_link_status:up/.test(await observer.command('INFO', 'replication'));
    await trial.eventually(() => isInSync().catch(() => false), 'the server is in sync');
    trial.figure('synchronised', `${keys} keys in ${milliseconds(Date.now() - began)}`);
    const read = await trial.outcome('main', 'GET', 'key:1');
    trial.check(read === 'ok', `a read afterwards: ${read}`);
    const after = (await observer.clients()).map(({ id }) => id).sort();
    trial.check(before.join() === after.join(), 'connections were replaced, though nothing was wrong with them');

    await observer.command('REPLICAOF', 'NO', 'ONE');
    await observer.command('CONFIG', 'SET', 'key-load-delay', 0);
    await trial.prepareLoad('after:');
    await trial.resumeLoad('after:');
    await trial.recovered();
    await sleep(500);
    await trial.finish({ expected: ['LINK_DOWN'], outage: false });
  },
};
