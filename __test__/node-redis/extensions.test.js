'use strict';

const manager = require('../..');
const { onCleanup, startServer } = require('../support');
const { VERSIONS } = require('./versions.js');

const LIBRARY = `#!lua name=library
redis.register_function{function_name='double', callback=function(keys, args) return args[1] * 2 end, flags={'no-writes'}}`;

let server;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
  await manager.getConnection().call('FUNCTION', 'LOAD', LIBRARY);
});
afterEach(async () => expect(await server.clientList()).toHaveLength(5));

/** How each version writes what a command sends. */
const definition = (version, write, rest) =>
  version === 4
    ? { transformArguments: write, ...rest }
    : { parseCommand: (parser, ...args) => parser.push(...write(...args)), ...rest };

describe.each(VERSIONS)('version %i', (version, name) => {
  const { createClient, defineScript } = require(name);
  const socket = () => ({ host: server.options.host, port: server.port });

  /** The same calls on the package's client and on ours, the one after the other. */
  async function both(options, run) {
    const theirs = createClient({ ...options, socket: socket() });
    await theirs.connect();
    const expected = await run(theirs);
    await theirs.disconnect();
    await manager.getConnection().flushdb();
    const ours = manager.getClient('main', { version, ...options });
    const actual = await run(ours);
    expect(actual).toStrictEqual(expected);
    return actual;
  }

  beforeEach(() => manager.getConnection().flushdb());

  test('scripts', async () => {
    const append = defineScript({
      SCRIPT: `return {KEYS[1], ARGV[1], '${version}'}`,
      NUMBER_OF_KEYS: 1,
      ...definition(version, (key, value) => [key, value], { transformReply: (reply) => ({ reply }) }),
    });
    const fail = defineScript({
      SCRIPT: "return redis.error_reply('ERR no')",
      NUMBER_OF_KEYS: 0,
      ...definition(version, () => [], { transformReply: undefined }),
    });
    await both({ scripts: { append, fail } }, async (client) => {
      await client.scriptFlush();
      return [
        await client.append('k', 'v').catch((error) => error.message),
        await client.append('k', 'v'),
        await client.fail().catch((error) => [error.constructor.name, error.message]),
        await client.multi().append('k', 'a').append('k', 'b').exec(),
        await client.multi().append('k', 'a').append('k', 'b').execAsPipeline(),
      ];
    });
  });

  test('functions', async () => {
    const double = {
      NUMBER_OF_KEYS: 0,
      IS_READ_ONLY: true,
      ...definition(version, (value) => [String(value)], { transformReply: (reply) => [reply] }),
    };
    const results = await both({ functions: { library: { double } } }, async (client) => [
      await client.library.double(21),
      await client.multi().library.double(4).ping().exec(),
    ]);
    expect(results).toEqual([[42], [[8], 'PONG']]);
  });

  test('modules: those given, and those of the package', async () => {
    const echo = definition(version, (text) => ['ECHO', text], { transformReply: (reply) => ({ said: reply }) });
    const results = await both({ modules: { mine: { echo } } }, async (client) => [
      await client.mine.echo('hello'),
      await client.multi().mine.echo('there').exec(),
      // No server of ours has them.
      await client.json.get('k').catch((error) => error.message),
      await client.ft._list().catch((error) => error.message),
      await client.ts.get('k').catch((error) => error.message),
      await client.bf.exists('k', 'v').catch((error) => error.message),
    ]);
    expect(results[0]).toEqual({ said: 'hello' });
    expect(results[2]).toMatch(/unknown command 'JSON.GET'/i);
  });

  test('iterators', async () => {
    await both({}, async (client) => {
      const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, String(index)]));
      await client.mSet(fields);
      await client.hSet('hash', fields);
      await client.sAdd('set', Object.keys(fields));
      await client.zAdd(
        'sorted',
        Object.keys(fields).map((value, score) => ({ value, score })),
      );
      const iterators = {
        keys: client.scanIterator({ MATCH: 'f*', COUNT: 100 }),
        hash: client.hScanIterator('hash', { COUNT: 100 }),
        set: client.sScanIterator('set'),
        sorted: client.zScanIterator('sorted', { MATCH: '*1' }),
        // The server has no such option before 7.4.
        fields: client.hScanNoValuesIterator('hash'),
        ...(client.hScanValuesIterator && { values: client.hScanValuesIterator('hash', { MATCH: 'f1*' }) }),
      };
      const found = {};
      for (const [kind, iterator] of Object.entries(iterators)) {
        const yielded = [];
        try {
          for await (const each of iterator) yielded.push(each);
        } catch (error) {
          yielded.push(error.message);
        }
        // In which order the server has them differs, even after the same calls.
        const isPaged = yielded.every(Array.isArray);
        found[kind] = [
          isPaged,
          yielded
            .flat()
            .map((each) => JSON.stringify(each))
            .sort(),
        ];
      }
      return found;
    });
  });

  test('options of commands belong to the view that was made with them', async () => {
    if (version === 4) return;
    const { RESP_TYPES } = require(name);
    const client = manager.getClient('main', { version });
    await client.set('k', 'v');
    const view = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    expect([await view.get('k'), await client.get('k')]).toEqual([Buffer.from('v'), 'v']);
    expect(await view.multi().get('k').exec()).toStrictEqual(await theirMulti(client));
    expect(await client.asap().get('k')).toBe('v');
    const copy = view.duplicate();
    await copy.connect();
    expect(await copy.get('k')).toEqual(Buffer.from('v'));
    await copy.close();
    expect([view.isOpen, view.isReady, view.purpose]).toEqual([true, true, 'main']);

    /** What the package's own client makes of it. */
    async function theirMulti() {
      const theirs = createClient({ socket: socket() });
      await theirs.connect();
      const replies = await theirs
        .withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
        .multi()
        .get('k')
        .exec();
      await theirs.close();
      return replies;
    }
  });
});

test('keyPrefix of version 6', async () => {
  const options = { keyPrefix: 'app:' };
  const run = async (client) => {
    await client.mSet({ a: '1', b: '2' });
    await client.watch('a');
    await client.set('c', '3');
    return [
      await client.get('a'),
      await client.multi().get('b').exec(),
      (await client.keys('*')).sort(),
      await client.sendCommand(['GET', 'app:a']),
    ];
  };
  const theirs = require('redis').createClient({
    ...options,
    socket: { host: server.options.host, port: server.port },
  });
  await theirs.connect();
  await theirs.flushDb();
  const expected = await run(theirs);
  await theirs.close();
  const ours = manager.getClient('main', options);
  await ours.flushDb();
  expect(await run(ours)).toStrictEqual(expected);
  await ours.watch('a');
  await ours.set('a', 'changed');
  await expect(ours.multi().get('a').exec()).rejects.toThrow('watched keys');
});
