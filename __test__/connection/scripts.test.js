'use strict';

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

let server;
let redis;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
});
beforeEach(async () => {
  redis = manager.getConnection().duplicate();
  await redis.flushall();
});
afterEach(() => redis.quit());

/** How often a command was called since the server started. */
async function calls(name) {
  const info = await server.command('INFO', 'commandstats');
  return Number(String(info).match(new RegExp(`cmdstat_${name}:calls=(\\d+)`))?.[1] ?? 0);
}

const SET = { numberOfKeys: 1, lua: 'redis.call("set", KEYS[1], ARGV[1]) return {KEYS[1], ARGV[1]}' };

test('a script becomes a command, with its Buffer twin', async () => {
  redis.defineCommand('put', SET);
  expect(await redis.put('k', 'ü')).toEqual(['k', 'ü']);
  expect(await redis.putBuffer('k', 'v')).toEqual([Buffer.from('k'), Buffer.from('v')]);
  expect(await redis.put(['k', Buffer.from('bytes')])).toEqual(['k', 'bytes']);
  expect(await new Promise((resolve) => redis.put('k', 1, (error, reply) => resolve([error, reply])))).toEqual([
    null,
    ['k', '1'],
  ]);
});

test('the number of keys may be given with each call', async () => {
  redis.defineCommand('any', { lua: 'return {#KEYS, #ARGV}' });
  expect(await redis.any(2, 'a', 'b', 'c')).toEqual([2, 1]);
  expect(await redis.any(0)).toEqual([0, 0]);
});

test('the text is sent once, and again when the server has lost it', async () => {
  redis.defineCommand('once', { numberOfKeys: 0, lua: 'return "once"' });
  const [evals, digests] = [await calls('eval'), await calls('evalsha')];
  for (let round = 0; round < 5; round++) expect(await redis.once()).toBe('once');
  expect([(await calls('eval')) - evals, (await calls('evalsha')) - digests]).toEqual([1, 4]);
  await redis.script('FLUSH');
  expect(await Promise.all([redis.once(), redis.once()])).toEqual(['once', 'once']);
  expect(await redis.once()).toBe('once');
});

test('in pipelines, also when the server has lost the text', async () => {
  redis.defineCommand('put', SET);
  const run = () => redis.pipeline().put('a', 1).echo('x').putBuffer('b', 2).exec();
  const expected = [
    [null, ['a', '1']],
    [null, 'x'],
    [null, [Buffer.from('b'), Buffer.from('2')]],
  ];
  expect(await run()).toEqual(expected);
  await redis.script('FLUSH');
  expect(await run()).toEqual(expected);
  expect(await redis.mget('a', 'b')).toEqual(['1', '2']);
  expect(
    await redis
      .pipeline([['put', 'c', 3]])
      .get('c')
      .exec(),
  ).toEqual([
    [null, ['c', '3']],
    [null, '3'],
  ]);
});

test('after an outage the text is sent again, so that pipelines keep their order', async () => {
  redis.defineCommand('put', SET);
  await redis.put('a', 1);
  await redis.script('FLUSH');
  await server.killClients(({ name }) => name.endsWith(':main'));
  await waitFor(() => redis.ping());
  expect(await redis.pipeline().put('a', 2).get('a').exec()).toEqual([
    [null, ['a', '2']],
    [null, '2'],
  ]);
});

test('in transactions, also when the server has lost the text', async () => {
  redis.defineCommand('put', SET);
  await redis.put('warm', 1);
  await redis.script('FLUSH');
  const results = await redis.multi().put('a', 1).put('b', 2).get('b').exec();
  expect(results).toEqual([
    [null, ['a', '1']],
    [null, ['b', '2']],
    [null, '2'],
  ]);
});

test('errors of scripts have their command', async () => {
  redis.defineCommand('broken', { numberOfKeys: 1, lua: 'return redis.call("incr", KEYS[1])' });
  await redis.set('k', 'text');
  await expect(redis.broken('k')).rejects.toMatchObject({ command: { args: [expect.any(String), '1', 'k'] } });
  const [[error]] = await redis.pipeline().broken('k').exec();
  expect(error.message).toContain('not an integer');
  expect(() => redis.defineCommand('wrong', {})).toThrow('definition.lua of wrong');
});

test('scripts are those of their handle', async () => {
  redis.defineCommand('mine', { numberOfKeys: 0, lua: 'return 1' });
  const other = redis.duplicate();
  expect(other.mine).toBeUndefined();
  expect(other.pipeline().mine).toBeUndefined();
  other.defineCommand('mine', { numberOfKeys: 0, lua: 'return 2' });
  expect(await Promise.all([redis.mine(), other.mine()])).toEqual([1, 2]);
  expect(await redis.pipeline().mine().exec()).toEqual([[null, 1]]);
  expect(await other.multi().mine().exec()).toEqual([[null, 2]]);
  await other.quit();
});

test('scripts as an option, with a prefix', async () => {
  const handle = redis.duplicate({ keyPrefix: 'app:', scripts: { put: SET } });
  expect(await handle.put('k', 'v')).toEqual(['app:k', 'v']);
  expect(await handle.pipeline().put('k', 'v').exec()).toEqual([[null, ['app:k', 'v']]]);
  expect(await redis.get('app:k')).toBe('v');
  expect(await handle.duplicate().put('k', 'w')).toEqual(['app:k', 'w']);
});

test('commands that the table does not have can be added', async () => {
  redis.addBuiltinCommand('object');
  expect(redis.getBuiltinCommands()).toContain('get');
  redis.addBuiltinCommand('json.get');
  await expect(redis['json.get']('k')).rejects.toThrow("unknown command 'json.get'");
  const [[error]] = await redis.pipeline()['json.get']('k').exec();
  expect(error.message).toContain("unknown command 'json.get'");
  const { string, buffer } = redis.createBuiltinCommand('echo');
  expect(await string.call(redis, 'x')).toBe('x');
  expect(await buffer.call(redis, 'x')).toEqual(Buffer.from('x'));
});
