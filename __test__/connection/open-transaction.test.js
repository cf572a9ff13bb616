'use strict';

const IoRedis = require('ioredis');
const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

// multi({ pipeline: false }): the same calls on ioredis and on a handle, each on a server of its own.
let theirs;
let ours;
let server;
beforeAll(async () => {
  const [their, our] = await Promise.all([startServer(), startServer()]);
  server = our;
  theirs = new IoRedis({ port: their.port, host: their.host });
  onCleanup(() => theirs.disconnect());
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...our.options, logger: false });
  ours = manager.getConnection('main').duplicate();
});
beforeEach(async () => {
  for (const redis of [theirs, ours]) {
    await redis.flushall();
    await redis.mset('text', 'bar', 'n', 1);
    await redis.hset('hash', 'a', 1, 'b', 2);
  }
});
afterEach(async () => expect(await server.clientList()).toHaveLength(5));

async function outcome(call) {
  try {
    return { value: await call };
  } catch ({ name, message, command }) {
    return { error: { name, message, command } };
  }
}

/** @param {(redis: any, step: (call: Promise<any>) => Promise<void>) => Promise<void>} script */
async function play(redis, script) {
  const outcomes = [];
  await script(redis, async (call) => void outcomes.push(await outcome(call)));
  return outcomes;
}

const scripts = {
  'of all kinds of commands': async (redis, step) => {
    await step(redis.multi({ pipeline: false }));
    await step(redis.set('text', 'new'));
    await step(redis.get('text'));
    await step(redis.getBuffer('text'));
    await step(redis.hgetall('hash'));
    await step(redis.hgetallBuffer('hash'));
    await step(redis.mset({ a: 1, b: null }));
    await step(redis.call('INCR', 'n'));
    await step(redis.exec());
    await step(redis.get('text'));
  },
  'given without waiting': async (redis, step) => {
    const calls = [redis.multi({ pipeline: false }), redis.incr('n'), redis.incr('n'), redis.exec(), redis.incr('n')];
    for (const call of calls) await step(call);
  },
  'with callbacks': async (redis, step) => {
    redis.multi({ pipeline: false });
    await step(new Promise((resolve) => redis.incr('n', (...args) => resolve(args))));
    await step(new Promise((resolve) => redis.exec((...args) => resolve(args))));
  },
  'with pipelines': async (redis, step) => {
    await step(redis.multi({ pipeline: false }));
    await step(redis.pipeline().incr('n').getBuffer('text').exec());
    await step(redis.exec());
  },
  'with a script': async (redis, step) => {
    redis.defineCommand('both', { numberOfKeys: 1, lua: "return {redis.call('INCR', KEYS[1]), ARGV[1]}" });
    await step(redis.multi({ pipeline: false }));
    await step(redis.both('n', 'x'));
    await step(redis.pipeline().both('n', 'y').exec());
    await step(redis.exec());
  },
  empty: async (redis, step) => {
    await step(redis.multi({ pipeline: false }));
    await step(redis.exec());
  },
  'in Buffers': async (redis, step) => {
    await step(redis.multi({ pipeline: false }));
    await step(redis.get('text'));
    await step(redis.hgetall('hash'));
    await step(redis.execBuffer());
  },
  'begun within another one': async (redis, step) => {
    await step(redis.multi({ pipeline: false }));
    await step(redis.incr('n'));
    await step(redis.multi({ pipeline: false }));
    await step(redis.call('multi'));
    await step(redis.incr('n'));
    await step(redis.exec());
  },
  'begun by call()': async (redis, step) => {
    await step(redis.call('MULTI'));
    await step(redis.incr('n'));
    await step(redis.call('EXEC'));
  },
  discarded: async (redis, step) => {
    await step(redis.multi({ pipeline: false }));
    await step(redis.incr('n'));
    await step(redis.discard());
    await step(redis.get('n'));
    await step(redis.exec());
    await step(redis.discard());
  },
  'of a watched key that changed': async (redis, step) => {
    await step(redis.watch('n'));
    const other = redis.duplicate();
    await other.incr('n');
    other.disconnect();
    await step(redis.multi({ pipeline: false }));
    await step(redis.watch('text'));
    await step(redis.incr('n'));
    await step(redis.exec());
    await step(redis.get('n'));
  },
  'of a watched key that did not change': async (redis, step) => {
    await step(redis.watch('n'));
    await step(redis.multi({ pipeline: false }));
    await step(redis.incr('n'));
    await step(redis.unwatch());
    await step(redis.select(0));
    await step(redis.exec());
  },
  'discarded with a watched key': async (redis, step) => {
    await step(redis.watch('n'));
    await step(redis.multi({ pipeline: false }));
    await step(redis.discard());
    await redis.incr('n');
    await step(redis.multi().incr('n').exec());
  },
};

/** What Valkey refuses in other words than Redis, and gives up the transaction for. A handle does as Redis does. */
const REDIS_ONLY = ['begun within another one', 'of a watched key that changed'];

test.each(Object.entries(scripts))('a transaction %s', async (name, script) => {
  if (REDIS_ONLY.includes(name) && /server_name:valkey/.test(await theirs.info('server'))) {
    console.log(`not compared: "${name}" means something else to Valkey`);
    return;
  }
  const [expected, actual] = [await play(theirs, script), await play(ours, script)];
  expect(actual).toEqual(expected);
});

test('replies that are errors come as such', async () => {
  await ours.multi({ pipeline: false });
  await ours.incr('text');
  await ours.get('text');
  const [[error], text] = await ours.exec();
  expect(error).toBeInstanceOf(manager.ReplyError);
  expect(error).toMatchObject({ message: expect.stringMatching(/^ERR value is not an integer/) });
  expect(error.command).toEqual({ name: 'incr', args: ['text'] });
  expect(text).toEqual([null, 'bar']);
});

test('what the server refuses makes exec() fail, which says why', async () => {
  await ours.multi({ pipeline: false });
  expect(await ours.set('only a key')).toBe('QUEUED');
  expect(await ours.call('nosuch', 'x')).toBe('QUEUED');
  expect(await ours.incr('n')).toBe('QUEUED');
  const error = await ours.exec().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(manager.ReplyError);
  expect(error.message).toBe('EXECABORT Transaction discarded because of previous errors.');
  expect(error.command).toEqual({ name: 'exec', args: [] });
  expect(error.previousErrors.map(({ command }) => command.name)).toEqual(['set', 'nosuch']);
  expect(error.previousErrors[0].message).toBe("ERR wrong number of arguments for 'set' command");
  expect(await ours.get('n')).toBe('1');
});

test('what a shared connection cannot have is refused at once, and so is the transaction', async () => {
  await ours.multi({ pipeline: false });
  await ours.incr('n');
  await expect(ours.select(1)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  await expect(ours.subscribe('news')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  await expect(ours.exec()).rejects.toMatchObject({ code: 'EXEC_ABORTED' });
  expect(await ours.get('n')).toBe('1');
});

test('a transaction begun by multi() meanwhile is nested', async () => {
  await ours.multi({ pipeline: false });
  const [nested] = await ours.pipeline().multi().exec().exec();
  expect(nested).toEqual([expect.objectContaining({ message: 'ERR MULTI calls can not be nested' })]);
});

test('the prefix of the handle is put before keys, and its numbers come as strings', async () => {
  const handle = ours.duplicate({ keyPrefix: 'p:', stringNumbers: true });
  await handle.multi({ pipeline: false });
  handle.set('a', 1);
  handle.incr('a');
  handle.mget(['a', 'text']);
  expect(await handle.exec()).toEqual([
    [null, 'OK'],
    [null, '2'],
    [null, ['2', null]],
  ]);
  expect(await ours.get('p:a')).toBe('2');
  await handle.quit();
});

test('it is the transaction of one handle: nobody else notices', async () => {
  const other = ours.duplicate();
  await ours.multi({ pipeline: false });
  ours.incr('n');
  expect(await other.incr('n')).toBe(2);
  expect(await other.multi().incr('n').exec()).toEqual([[null, 3]]);
  await other.multi({ pipeline: false });
  other.incr('n');
  expect(await ours.exec()).toEqual([[null, 4]]);
  expect(await other.exec()).toEqual([[null, 5]]);
  await other.quit();
});

test('a link that is lost meanwhile does no harm, as nothing has been sent', async () => {
  await ours.multi({ pipeline: false });
  await ours.incr('n');
  await server.killClients(({ name }) => name.endsWith(':main'));
  await waitFor(() => manager.getStats().links[0].reconnects > 0 && ours.status === 'ready');
  await ours.incr('n');
  expect(await ours.exec()).toEqual([
    [null, 2],
    [null, 3],
  ]);
});

test('the end of the handle is the end of its transaction', async () => {
  const handle = ours.duplicate();
  await handle.multi({ pipeline: false });
  await handle.incr('n');
  expect(await handle.quit()).toBe('OK');
  await expect(handle.exec()).rejects.toMatchObject({ code: 'CLOSED' });
  await handle.connect();
  await expect(handle.exec()).rejects.toThrow('ERR EXEC without MULTI');
  expect(await handle.get('n')).toBe('1');
  handle.disconnect();
  await expect(handle.multi({ pipeline: false })).rejects.toMatchObject({ code: 'CLOSED' });
  expect(handle.openTransaction).toBeUndefined();
});
