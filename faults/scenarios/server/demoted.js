'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'A failover: the server becomes a replica and answers READONLY, until it is the primary again',
  promise:
    "Where another connection to the same address does not help either, writes fail with the server's own `READONLY` (a " +
    'transaction with `EXECABORT`), which means not executed; reads go on. Nothing that was acknowledged before is lost by us.',
  async run(trial) {
    const { server, observer } = await trial.start({ server: { config: ['repl-diskless-sync-delay 0'] } });
    const other = await trial.server({ config: ['repl-diskless-sync-delay 0'] });
    const otherObserver = trial.observe(other);
    await otherObserver.command('REPLICAOF', server.host, server.port);
    const isReplica = async () => /state:online|state=online/.test(await observer.command('INFO', 'replication'));
    await trial.eventually(isReplica, 'the replica is in sync');
    for (let round = 0; round < trial.pick(1, 2, 10); round++) {
      await observer.command('FAILOVER', 'TO', other.host, other.port);
      await trial.eventually(async () => (await observer.command('ROLE'))[0] === 'slave', 'the server is a replica');
      await sleep(trial.pick(500, 1500, 5000));
      const write = await trial.outcome('main', 'SET', 'key', 'value');
      trial.check(['READONLY', 'LINK_DOWN'].includes(write), `a write was answered with ${write}`);
      const inSync = async () => /state:online|state=online/.test(await otherObserver.command('INFO', 'replication'));
      await trial.eventually(inSync, 'the server is in sync');
      await otherObserver.command('FAILOVER', 'TO', server.host, server.port);
      await trial.eventually(async () => (await observer.command('ROLE'))[0] === 'master', 'the server is the primary');
      await trial.recovered();
    }
    await trial.finish({
      expected: ['READONLY', 'EXECABORT', 'CONNECTION_LOST', 'LINK_DOWN', 'COMMAND_TIMEOUT'],
      // It may accept the connection that takes the place of another before it sees the end of that one.
      serverLags: true,
    });
  },
};
