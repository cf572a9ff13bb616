'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: '`maxclients` is reached: at the start, and by others while links reconnect',
  promise:
    '`initialize()` opens all links or none, and says `MAX_CLIENTS`. A link that finds no place later tries again until ' +
    'there is one; those that have theirs work on.',
  async run(trial) {
    const { observer, application } = await trial.start({
      async beforeOpen(rig) {
        // One is the observer's.
        await rig.observer.command('CONFIG', 'SET', 'maxclients', 4);
        const options = { ...rig.server.options, connectTimeout: 2000 };
        const refusal = await rig.application.tell('open', options).catch((/** @type {any} */ error) => error);
        const codes = new Set((refusal?.causes ?? []).map((/** @type {any} */ cause) => cause.code));
        trial.check(codes.has('MAX_CLIENTS'), `initialize() said ${refusal?.code} ${[...codes]}`);
        await trial.eventually(() => rig.observer.clients().then((list) => list.length === 0), 'all links are closed');
        await rig.observer.command('CONFIG', 'SET', 'maxclients', 100);
      },
    });
    await sleep(300);
    for (let round = 0; round < trial.pick(1, 3, 20); round++) {
      await observer.command('CONFIG', 'SET', 'maxclients', 3);
      await observer.killClients();
      await sleep(1000);
      const there = (await observer.clients()).length;
      trial.check(there <= 2, `${there} links are connected where two have a place`);
      await observer.command('CONFIG', 'SET', 'maxclients', 100);
      await trial.recovered();
    }
    const { linkErrors } = await application.tell('stats');
    trial.check(linkErrors.MAX_CLIENTS > 0, `links failed with ${JSON.stringify(linkErrors)}`);
    await trial.finish({ expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'], outage: true });
  },
};
