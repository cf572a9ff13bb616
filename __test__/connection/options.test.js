'use strict';

const manager = require('../..');
const { onCleanup, startServer } = require('../support');

let redis;
beforeAll(async () => {
  const server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false });
  redis = manager.getConnection();
});

test('stringNumbers gives integers as strings, with all their digits', async () => {
  const handle = redis.duplicate({ stringNumbers: true });
  await handle.set('n', '9223372036854775806');
  expect(await handle.incr('n')).toBe('9223372036854775807');
  expect(await handle.del('none')).toBe('0');
  expect(await handle.eval('return {1, {-5}, 2^40}', 0)).toEqual(['1', ['-5'], '1099511627776']);
  expect(await handle.pipeline().decr('n').exec()).toEqual([[null, '9223372036854775806']]);
  expect(await handle.multi().strlen('n').exec()).toEqual([[null, '19']]);
  expect(await redis.strlen('n')).toBe(19);
  await handle.quit();
});

test('showFriendlyErrorStack shows where a command was called', async () => {
  const handle = redis.duplicate({ showFriendlyErrorStack: true });
  await handle.set('text', 'x');
  async function here() {
    await handle.incr('text');
  }
  const error = await here().catch((thrown) => thrown);
  expect(error.stack).toContain('ReplyError: ERR value is not an integer');
  expect(error.stack.split('\n')[1]).toContain(__filename);
  await handle.quit();
});

test('transformers of the application', async () => {
  const { Command } = redis.constructor;
  Command.setArgumentTransformer('setrange', ([key, text]) => [key, 0, text]);
  Command.setReplyTransformer('strlen', (reply, { commandName }) => `${commandName}:${reply}`);
  expect(await redis.setrange('t', 'text')).toBe(4);
  expect(await redis.strlen('t')).toBe('strlen:4');
  expect(await redis.pipeline().setrange('t', 'longer').strlen('t').exec()).toEqual([
    [null, 6],
    [null, 'strlen:6'],
  ]);
  expect(await redis.multi().strlen('t').exec()).toEqual([[null, 'strlen:6']]);
  expect(await redis.call('STRLEN', 't')).toBe(6);
});

test('a handle can be wrapped in a Proxy', async () => {
  const proxy = new Proxy(redis.duplicate(), { get: (target, name, receiver) => Reflect.get(target, name, receiver) });
  expect(await proxy.set('p', 1)).toBe('OK');
  expect(await proxy.get('p')).toBe('1');
  expect(await proxy.pipeline().get('p').exec()).toEqual([[null, '1']]);
  expect(await proxy.blpop('none', 0.01)).toBeNull();
  expect(proxy.status).toBe('ready');
  expect(proxy.options.db).toBe(0);
  proxy.on('ready', () => {});
  expect(await proxy.quit()).toBe('OK');
  expect(proxy.status).toBe('end');
});

test('only the manager makes handles', () => {
  const { constructor: Redis } = redis;
  expect(() => new Redis()).toThrow('getConnection()');
  expect(() => new Redis({ host: 'elsewhere' })).toThrow('getConnection()');
});
