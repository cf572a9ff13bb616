'use strict';

const ts = require('typescript');
const { projectRoot, runScript, startServer, waitFor } = require('../support');
const manager = require('../..');

let server;
beforeAll(async () => {
  server = await startServer();
});
afterEach(() => manager.cleanup());

const initialize = (more = {}) => manager.initialize({ ...server.options, logger: false, ...more });

function leaked() {
  try {
    manager.assertNoLeaks();
  } catch (error) {
    expect(error).toMatchObject({ name: 'UnifiedRedisError', code: 'LEAKED', retryable: false });
    return error;
  }
  return undefined;
}

/** `leaked()`, as `kind what`, each with the line of this file that it comes from. */
function leaks() {
  return (leaked()?.leaks ?? []).map(({ kind, what, purpose, at }) => {
    expect(at).toMatch(/leaks\.test\.js:\d+:\d+$/);
    expect(leaked().message).toContain(`${kind} ${what} (${purpose}), from ${at}`);
    return `${kind} ${what} (${purpose})`;
  });
}

test('nothing is left where everything was ended', async () => {
  manager.assertNoLeaks();
  await initialize({ trackLeaks: true, blockingConnections: 1 });
  const redis = manager.getConnection();
  const handle = redis.duplicate();
  await handle.subscribe('news');
  await handle.psubscribe('n*');
  await handle.set('key', 1);
  await handle.watch('key');
  await handle.multi().incr('key').exec();
  await handle.pipeline().get('key').get('key').exec();
  await handle.blpop('none', 0.01);
  await handle.get('key', () => {});
  await expect(handle.lpush('key', 1)).rejects.toThrow('WRONGTYPE');
  await handle.watch('key');
  await handle.unwatch();
  await handle.unsubscribe();
  await handle.punsubscribe('n*');
  await handle.quit();
  const another = redis.duplicate();
  await another.subscribe('news');
  await another.watch('key');
  another.disconnect();
  await waitFor(() => leaked() === undefined);
});

test('handles, subscriptions, watches and commands, each with its line', async () => {
  await initialize({ trackLeaks: true, purposes: ['main', 'subscriber', 'scheduler'], blockingConnections: 2 });
  const redis = manager.getConnection();
  const handle = manager.getConnection('scheduler').duplicate();
  await redis.subscribe('news');
  await handle.psubscribe('n*');
  await handle.watch('key', 'another');
  const blocked = redis.brpop('a key that nobody needs to know', 0);
  const piped = redis.pipeline().ping().blpop('nothing', 2).exec();
  expect(leaks()).toEqual(
    [
      'handle of duplicate() (scheduler)',
      'subscription to pattern "n*" (scheduler)',
      'subscription to channel "news" (main)',
      'watch without EXEC or UNWATCH (scheduler)',
      'command brpop (main)',
      'command pipeline of 2 commands (main)',
    ].sort((left, right) => order(left) - order(right)),
  );
  expect(leaked().message).toMatch(/^6 things are still held:\n {2}/);
  expect(leaked().message).not.toContain('nobody needs to know');
  await server.command('RPUSH', 'a key that nobody needs to know', 'x');
  await server.command('RPUSH', 'nothing', 'x');
  await Promise.all([blocked, piped]);
  expect(leaks()).toHaveLength(4);
  // The links are closed, and what lay on them is gone; a handle is not.
  await manager.cleanup();
  expect(leaks()).toEqual(['handle of duplicate() (scheduler)']);
  await handle.quit().catch(() => {});
  handle.disconnect();
  manager.assertNoLeaks();
});

/** In the order in which they began. */
function order(leak) {
  return ['handle', 'to channel', 'to pattern', 'watch', 'brpop', 'pipeline'].findIndex((word) => leak.includes(word));
}

test('without trackLeaks subscriptions are known, and how many commands there are', async () => {
  await initialize();
  const redis = manager.getConnection();
  redis.duplicate();
  await redis.subscribe('news');
  const blocked = redis.blpop('blocks', 0);
  const { message, leaks: known } = leaked();
  expect(known).toMatchObject([
    { kind: 'subscription', what: 'to channel "news"', at: expect.stringContaining(__filename) },
  ]);
  expect(message).toMatch(/^2 things are still held:/);
  expect(message).toContain('1 command in flight');
  expect(message).toContain('REDIS_TRACK_LEAKS=true');
  await server.command('RPUSH', 'blocks', 'x');
  await blocked;
  await redis.unsubscribe();
  manager.assertNoLeaks();
});

test('REDIS_TRACK_LEAKS is enough, from an ES module and a callback too', async () => {
  const { stdout, stderr } = await runScript(
    `
    import { assertNoLeaks, getConnection, initialize } from 'unified-redis';
    await initialize({ logger: false });
    const redis = getConnection();
    setTimeout(function later() {
      redis.blpop('none', 0);
      try { assertNoLeaks(); } catch ({ message }) { console.log(message); }
      process.exit();
    });
    `,
    { module: true, env: { REDIS_URL: server.url, REDIS_TRACK_LEAKS: 'true' } },
  );
  expect({ stdout, stderr }).toEqual({
    stdout: expect.stringMatching(/^1 thing is still held:\n {2}command blpop \(main\), from .*\[eval1\]:6:\d+\n$/),
    stderr: expect.any(String),
  });
});

test('`await using` ends handles and links', async () => {
  const source = `
    async function use() {
      await using manager = require(${JSON.stringify(projectRoot)}) as any;
      await manager.initialize({ ...${JSON.stringify(server.options)}, logger: false, trackLeaks: true });
      {
        await using redis = manager.getConnection().duplicate();
        await redis.subscribe('news');
        console.log(redis.status);
        globalThis.kept = redis;
      }
      console.log(globalThis.kept.status);
      manager.assertNoLeaks();
      console.log(manager.isInitialized);
    }
    use().then(() => console.log(require(${JSON.stringify(projectRoot)}).isInitialized));
  `;
  // Node 20 does not have the syntax, and has what it stands for.
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const { code, stdout, stderr } = await runScript(outputText);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'ready\nend\ntrue\nfalse\n', stderr: '' });
});
