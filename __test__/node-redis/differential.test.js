'use strict';

const manager = require('../..');
const { onCleanup, startServer } = require('../support');
const { CALLS } = require('./calls');
const { VERSIONS } = require('./versions.js');

/** Not for transactions: they wait, or mean something else there. */
const ALONE = /^(bl|br|bz|xRead|wait|select|watch|unwatch|quit|sendCommand|clientSetName|clientGetName|clusterInfo)/i;

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

/** Texts within these, which the package's decoder can tell apart. Ours come alike. */
const HAS_STATUSES_WITHIN = /^(command|aclGetUser|functionList)/i;

/** What a call gave, with everything that application code can see of it. */
async function outcome(client, method, args) {
  try {
    const value = await client[method](...args);
    return { value: value === client ? 'itself' : value };
  } catch (error) {
    return { error: shown(error) };
  }
}

function shown(error) {
  const { name, message, constructor, replies, errorIndexes } = error;
  return {
    name,
    class: constructor.name,
    message,
    replies: replies?.map((each) => (each instanceof Error ? shown(each) : each)),
    errorIndexes,
  };
}

async function transaction(client, rows, execute) {
  try {
    const multi = client.multi();
    for (const [method, args] of rows) multi[method](...args);
    return { results: await multi[execute]() };
  } catch (error) {
    return { error: shown(error) };
  }
}

function mappings(types) {
  return (
    types && {
      blobs: { [types.BLOB_STRING]: Buffer },
      'simple strings': { [types.SIMPLE_STRING]: Buffer },
      'all texts': { [types.BLOB_STRING]: Buffer, [types.SIMPLE_STRING]: Buffer, [types.VERBATIM_STRING]: Buffer },
      numbers: { [types.NUMBER]: String, [types.DOUBLE]: String },
      aggregates: { [types.MAP]: Map, [types.SET]: Set },
      arrays: { [types.MAP]: Array },
    }
  );
}

function mapped([label, mapping]) {
  const view = (client, method, args) => outcome(client.withTypeMapping(mapping), method, args);
  return Object.assign(view, { label, isMixed: label === 'blobs' || label === 'simple strings' });
}

function asBuffers(commandOptions) {
  return Object.assign(
    (client, method, args) =>
      method === 'sendCommand'
        ? outcome(client, method, [...args, { returnBuffers: true }])
        : outcome(client, method, [commandOptions({ returnBuffers: true }), ...args]),
    { label: 'buffers' },
  );
}
