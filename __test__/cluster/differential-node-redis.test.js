'use strict';

// The calls over the data types that clients of the `redis` package are compared by, now with its createCluster. All keys
// have the same hash tag, as the package needs it for transactions and calls with several keys.

const manager = require('../..');
const { command: commandNamed } = require('../../lib/commands');
const { clientPackage } = require('../../lib/node-redis/package');
const { onCleanup, startCluster } = require('../support');
const { CALLS } = require('../node-redis/calls');
const { ALONE, asBuffers, mapped, mappings, outcome, transaction } = require('../node-redis/outcomes.js');
const { VERSIONS } = require('../node-redis/versions.js');

/** Those that the package asks any one node, and those for a connection of one's own. */
const OTHERWISE =
  /^(keys|scan$|dbSize|wait|select|client|info|flush|exec|discard|multi|watch|unwatch|config|command|function|fCall|script|acl|ping|echo|time|role|lastSave|memory(Stats|Doctor|Malloc|Purge)|latency|module|pubSub|publish|randomKey|lolwut|quit|save|bg|swap|move$|cluster|object$|hello|auth|async)/i;

const TAG = '{calls}:';

let their;
let our;
beforeAll(async () => {
  // Two clusters, so that neither client finds what the other one did.
  [their, our] = await Promise.all([0, 1].map(() => startCluster({ masters: 3, replicasPerMaster: 0 })));
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...our.options, logger: false, purposes: ['main'], blockingConnections: 1 });
}, 60_000);

describe.each(VERSIONS)('version %i', (version, name) => {
  const { createCluster, RESP_TYPES, commandOptions } = require(name);
  let theirs;
  let ours;
  beforeAll(async () => {
    const rootNodes = their.options.cluster.nodes.map((socket) => ({ socket }));
    theirs = createCluster({ rootNodes });
    await theirs.connect();
    onCleanup(() => theirs.disconnect());
    ours = manager.getClient('main', { version });
  });

  // Never connected.
  const sample = createCluster({ rootNodes: [{}] });

  describe.each(taggedCalls(clientPackage(version), sample))('%s', (_, rows) => {
    const clear = () =>
      Promise.all([ours.flushAll(), ...theirs.masters.map(async (node) => (await theirs.nodeClient(node)).flushAll())]);
    beforeAll(clear);

    test.each(rows)('%s %j', async (method, args) => {
      const [expected, actual] = await Promise.all([routed(method, args), outcome(ours, method, args)]);
      expect(actual).toStrictEqual(expected);
    });

    /** Version 4 finds no key of EVAL_RO, and asks one node after the other by chance; what another than its own says is MOVED. */
    async function routed(method, args) {
      for (let attempt = 1; ; attempt++) {
        const expected = await outcome(theirs, method, args);
        if (attempt === 50 || !expected.error?.message.startsWith('MOVED')) return expected;
      }
    }

    test('with other types of replies', async () => {
      const { blobs, 'simple strings': _simple, ...others } = mappings(RESP_TYPES) ?? {};
      const views = version === 4 ? [asBuffers(commandOptions)] : Object.entries(others).map(mapped);
      for (const view of views) {
        await clear();
        for (const [method, args] of rows) {
          // Behind options, version 4 finds no key of these, and asks one node after the other by chance.
          if (version === 4 && /^(sendCommand|eval|fCall)/i.test(method)) continue;
          const [expected, actual] = await Promise.all([theirs, ours].map((client) => view(client, method, args)));
          expect([view.label, method, args, actual]).toStrictEqual([view.label, method, args, expected]);
        }
      }
    });

    test.each(['exec', 'execAsPipeline'])('in one multi(), by %s', async (execute) => {
      await clear();
      // What the server takes, so that there are results.
      const taken = [];
      for (const row of rows) {
        if (ALONE.test(row[0]) || !(row[0] in theirs.multi())) continue;
        const [expected, actual] = [
          await transaction(theirs, [row], execute, TAG),
          await transaction(ours, [row], execute, TAG),
        ];
        expect([row, actual]).toStrictEqual([row, expected]);
        if (expected.error === undefined) taken.push(row);
      }
      await clear();
      const [expected, actual] = await Promise.all(
        [theirs, ours].map((client) => transaction(client, taken, execute, TAG)),
      );
      expect(actual).toStrictEqual(expected);
    });
  });
});

/**
 * The calls of a version with a hash tag for each key, raw ones in the form of a cluster.
 *
 * @param {import('../../lib/node-redis/package').ClientPackage} package_
 * @param {any} cluster what a call must be a method of
 */
function taggedCalls(package_, cluster) {
  return Object.entries(CALLS).flatMap(([group, calls]) => {
    const rows = calls
      .filter(([method]) => method in cluster && !OTHERWISE.test(method))
      .map(([method, ...args]) => (method === 'sendCommand' ? tagRaw(args) : tag(package_, method, args)))
      .filter(([method, args]) => isComparable(package_, method, args));
    return rows.length === 0 ? [] : [/** @type {const} */ ([group, rows])];
  });
}

/**
 * Without a key that the package knows it asks any one node.
 *
 * @param {import('../../lib/node-redis/package').ClientPackage} package_
 * @param {string} method
 * @param {any[]} args
 */
function isComparable(package_, method, args) {
  const { sent, firstKey } =
    method === 'sendCommand' ? { sent: args[2], firstKey: args[0] } : sentBy(package_, method, args);
  const keys = keysOf(sent);
  return sent.length === 0 || (firstKey !== undefined && keys.length > 0 && keys.every((key) => key.startsWith(TAG)));
}

function tag(package_, method, args) {
  const keys = keysOf(sentBy(package_, method, args).sent);
  return [method, args.map((arg) => withTags(arg, keys))];
}

function tagRaw([args]) {
  const keys = keysOf(args);
  return ['sendCommand', withTags([keys[0], false, args], keys)];
}

/** What a call sends, as the package makes it; nothing where it throws. */
function sentBy({ commands, CommandParser }, method, args) {
  try {
    if (CommandParser === undefined) return { sent: commands[method].transformArguments(...args), firstKey: '' };
    const parser = new CommandParser();
    commands[method].parseCommand(parser, ...args);
    return { sent: parser.redisArgs, firstKey: parser.firstKey };
  } catch {
    return { sent: [], firstKey: undefined };
  }
}

function keysOf([name, ...rest]) {
  return name === undefined
    ? []
    : commandNamed(String(name))
        .keys(rest)
        .map((at) => String(rest[at]));
}

function withTags(arg, keys) {
  if (Array.isArray(arg)) return arg.map((each) => withTags(each, keys));
  if (Buffer.isBuffer(arg)) return keys.includes(String(arg)) ? Buffer.concat([Buffer.from(TAG), arg]) : arg;
  if (typeof arg === 'string') return keys.includes(arg) ? `${TAG}${arg}` : arg;
  if (Object.getPrototypeOf(arg ?? 0) !== Object.prototype) return arg;
  return Object.fromEntries(Object.entries(arg).map((entry) => withTags(entry, keys)));
}
