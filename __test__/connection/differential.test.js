'use strict';

const IoRedis = require('ioredis');
const manager = require('../..');
const { command } = require('../../lib/commands');
const { normalize } = require('../../lib/connection/commands/arguments');
const { onCleanup, startServer } = require('../support');
const { CALLS } = require('./calls');
const { compareEach } = require('./compared');

// Two servers, so that neither client finds what the other one did.
let theirs;
let ours;
beforeAll(async () => {
  const [their, our] = await Promise.all([startServer(), startServer()]);
  theirs = new IoRedis({ port: their.port, host: their.host });
  onCleanup(() => theirs.disconnect());
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...our.options, logger: false });
  ours = manager.getConnection();
});

/** Not for pipelines and transactions: they wait, or mean something else there. */
const ALONE = /^(bl|br|bz|wait|select|client|exec|discard)/;

describe.each(Object.entries(CALLS))('%s', (_, calls) => {
  compareEach(calls, () => [theirs, ours]);

  test('all in one pipeline', async () => {
    const batch = calls.filter(([method]) => !ALONE.test(method));
    const [expected, actual] = await Promise.all([theirs, ours].map((client) => client.pipeline(batch).exec()));
    expect(actual).toHaveLength(batch.length);
    actual.forEach((result, index) => {
      expect([batch[index], shown(result)]).toEqual([batch[index], shown(expected[index])]);
    });
  });

  test('all in one transaction, and then all that the server took, as strings and Buffers in turn', async () => {
    const batch = calls.filter(([method]) => !ALONE.test(method));
    const [expected, actual] = await Promise.all([theirs, ours].map((client) => transaction(client, batch)));
    expect(actual).toEqual(expected);
    const refused = new Set(actual.error?.previousErrors.map((error) => JSON.stringify(error.of.args.map(String))));
    const taken = batch.filter(([method, ...args]) => {
      return !refused.has(JSON.stringify(normalize(command(method), args).map(String)));
    });
    const mixed = taken
      .filter(([method]) => method !== 'call')
      .map(([method, ...args], index) => [index % 2 ? `${method}Buffer` : method, ...args]);
    const [expectedMixed, actualMixed] = await Promise.all([theirs, ours].map((client) => transaction(client, mixed)));
    expect(actualMixed).toEqual(expectedMixed);
    expect(actualMixed.results).toHaveLength(mixed.length);
  });
});

async function transaction(client, calls) {
  try {
    const results = await client.multi(calls).exec();
    // Our errors within a transaction also know their command.
    return { results: results.map(([error, value]) => (error ? [error.name, error.message] : [null, value])) };
  } catch (error) {
    const { name, message, previousErrors } = error;
    return {
      error: { name, message, previousErrors: previousErrors.map(({ message: text, command: of }) => ({ text, of })) },
    };
  }
}

function shown([error, value]) {
  return error ? [{ name: error.name, message: error.message, command: error.command }] : [null, value];
}
