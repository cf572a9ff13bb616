'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/**
 * Put into the middle of what the server says. None has a line's end: with one, it may make a reply of the right form out
 * of what stands before it, which nobody could tell from a true one.
 */
const GARBAGE = ['HTTP/1.1 400 Bad Request', '\n\n\n', '$-7', '*99999999999', ':abc', '\0\0\0', '\xff\xfe\xfd'].map(
  (text) => Buffer.from(text, 'latin1'),
);

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'Garbage in what the server says',
  promise:
    'What is not RESP costs the connection (`PROTOCOL_ERROR`), and nothing else: no crash, no reply to the wrong call.',
  async run(trial) {
    const { proxy, application } = await trial.start({ proxied: true });
    for (let round = 0; round < trial.pick(2, 10, 100); round++) {
      for (const bytes of GARBAGE) {
        proxy.set({ garbage: bytes });
        await sleep(100);
      }
    }
    proxy.set({});
    await trial.recovered();
    const { linkErrors } = await application.tell('stats');
    trial.check(linkErrors.PROTOCOL_ERROR > 5, `links failed with ${JSON.stringify(linkErrors)}`);
    await trial.finish({
      expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST', 'COMMAND_TIMEOUT'],
      outage: undefined,
    });
  },
};
