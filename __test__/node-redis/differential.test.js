'use strict';

const manager = require('../..');
const { onCleanup, startServer } = require('../support');
const { CALLS } = require('./calls');
const { ALONE, asBuffers, HAS_STATUSES_WITHIN, mapped, mappings, outcome, transaction } = require('./outcomes.js');
const { VERSIONS } = require('./versions.js');

// Two servers for each, so that neither client finds what the other one did.
describe.each(VERSIONS)('version %i', (version, name) => {
  const { createClient, RESP_TYPES, commandOptions } = require(name);
  let theirs;
  let ours;
  beforeAll(async () => {
    const [their, our] = await Promise.all([startServer(), startServer()]);
    theirs = createClient({ socket: { port: their.port, host: their.host } });
    await theirs.connect();
    onCleanup(() => theirs.disconnect());
    onCleanup(() => manager.cleanup());
    await manager.initialize({ ...our.options, logger: false, blockingConnections: 1 });
    ours = manager.getConnection('main', { dialect: 'node-redis', version });
  });
  afterAll(() => manager.cleanup());

  describe.each(Object.entries(CALLS))('%s', (_, calls) => {
    const rows = calls.map(([method, ...args]) => /** @type {const} */ ([method, args]));
    /** Calls that cannot be encoded. In a transaction they would leave the package's own client in a state of its own. */
    const unsendable = new Set();
    /** What comes after the first pass finds the keys of that. */
    const clear = () => Promise.all([theirs, ours].map((client) => client.flushAll()));
    beforeAll(clear);

    test.each(rows)('%s %j', async (method, args) => {
      const [expected, actual] = await Promise.all([outcome(theirs, method, args), outcome(ours, method, args)]);
      expect(actual).toStrictEqual(expected);
      if (expected.error?.class === 'TypeError') unsendable.add(rows.find((row) => row[1] === args));
    });

    test('with other types of replies', async () => {
      const views = version === 4 ? [asBuffers(commandOptions)] : Object.entries(mappings(RESP_TYPES)).map(mapped);
      for (const view of views) {
        await clear();
        for (const [method, args] of rows) {
          // Where the package itself trips over what a type mapping makes of the reply, ours has none to be like.
          if (view.label === 'aggregates' && method.startsWith('command')) continue;
          if (view.isMixed && HAS_STATUSES_WITHIN.test(method)) continue;
          const [expected, actual] = await Promise.all([theirs, ours].map((client) => view(client, method, args)));
          expect([view.label, method, args, actual]).toStrictEqual([view.label, method, args, expected]);
        }
      }
    });

    test('all in transactions and pipelines', async () => {
      await clear();
      for (const execute of ['exec', 'execAsPipeline']) {
        const batch = rows.filter((row) => !unsendable.has(row) && !ALONE.test(row[0]) && row[0] in theirs.multi());
        const [expected, actual] = await Promise.all(
          [theirs, ours].map((client) => transaction(client, batch, execute)),
        );
        expect(actual).toStrictEqual(expected);
        // Those that the server takes, so that there are results.
        const taken = [];
        for (const row of batch) {
          const { error } = await transaction(theirs, [row], execute);
          await transaction(ours, [row], execute);
          if (error === undefined || (execute === 'exec' && error.replies !== undefined)) taken.push(row);
        }
        await clear();
        const [their, our] = await Promise.all([theirs, ours].map((client) => transaction(client, taken, execute)));
        expect(our).toStrictEqual(their);
      }
    });
  });
});
