'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'The password is changed under way',
  promise:
    'Links that stand go on. One that has to reconnect with a password that is no longer valid says `AUTH_FAILED`, and ' +
    'tries again until it is. With two valid passwords at a time (`ACL SETUSER default >new`) nobody notices anything.',
  async run(trial) {
    const { observer, application } = await trial.start({ server: { auth: 'first' } });
    // Both are valid: reconnects succeed.
    await observer.command('ACL', 'SETUSER', 'default', '>second');
    await observer.killClients();
    await trial.recovered();
    // Only the other one is: who is in stays.
    await observer.command('ACL', 'SETUSER', 'default', '<first');
    await trial.works(Date.now());
    const { linkErrors: none } = await application.tell('stats');
    trial.check(none.AUTH_FAILED === undefined, 'a link was refused although its password was valid');
    await observer.killClients();
    await sleep(trial.pick(700, 2000, 10_000));
    const call = await trial.outcome('main', 'GET', 'value');
    trial.check(call === 'LINK_DOWN', `a call was answered with ${call}`);
    const { linkErrors } = await application.tell('stats');
    trial.check(linkErrors.AUTH_FAILED > 0, `links failed with ${JSON.stringify(linkErrors)}`);
    await observer.command('ACL', 'SETUSER', 'default', '>first');
    await trial.recovered();
    await trial.finish({ expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'], outage: true });
  },
};
