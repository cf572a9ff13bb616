'use strict';

// The calls over the data types that handles are compared by, now with ioredis' Cluster. By a prefix with a hash tag all
// keys are in one slot, as ioredis needs it for its pipelines, transactions and calls with several keys.

const { Cluster } = require('ioredis');
const manager = require('../..');
const { CALLS } = require('../connection/calls');
const { compareEach } = require('../connection/compared');
const { onCleanup, startCluster } = require('../support');

const PREFIX = '{calls}:';

/** Those that ioredis asks any one node, and those for a connection of one's own. */
const OTHERWISE =
  /^(keys|scan|dbsize|wait|select|client|info|flush|exec|discard|multi|watch|call|config|command|function|fcall|script)/;
const BLOCKING = /^(bl|br|bz)/;

let theirs;
let ours;
beforeAll(async () => {
  // Two clusters, so that neither client finds what the other one did.
  const [their, our] = await Promise.all([0, 1].map(() => startCluster({ masters: 3, replicasPerMaster: 0 })));
  theirs = new Cluster(their.options.cluster.nodes, { keyPrefix: PREFIX });
  onCleanup(() => theirs.disconnect());
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...our.options, logger: false, purposes: ['main'] });
  ours = manager.getConnection().duplicate({ keyPrefix: PREFIX });
}, 60_000);

describe.each(Object.entries(CALLS))('%s', (_, all) => {
  const calls = all.filter(([method]) => !OTHERWISE.test(method));
  compareEach(calls, () => [theirs, ours]);

  test.each(['pipeline', 'multi'])('all in one %s', async (kind) => {
    const batch = calls.filter(([method]) => !BLOCKING.test(method));
    const [expected, actual] = await Promise.all([theirs, ours].map((client) => results(client[kind](batch))));
    expect(actual).toEqual(expected);
  });
});

async function results(pipeline) {
  try {
    const outcomes = await pipeline.exec();
    return outcomes.map(([error, value]) => (error ? [error.name, error.message] : [null, value]));
  } catch (error) {
    return { name: error.name, message: error.message };
  }
}
