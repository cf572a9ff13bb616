'use strict';

// What libraries rely on without saying so. Each test is the smallest form of something that one of them does.

const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const manager = require('../..');
const { onCleanup, sleep, startServer, waitFor } = require('../support');

let server;
let redis;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...server.options, logger: false, blockingConnections: 1 });
  redis = manager.getConnection();
});
afterEach(async () => {
  await waitFor(() => manager.getStats().lanes.inUse === 0);
  expect((await server.clientList()).length).toBeLessThanOrEqual(6);
});

/** Waits until the server keeps a client waiting. */
async function waitForBlocked() {
  await waitFor(async () => (await server.clientList()).some(({ flags }) => flags.includes('b')));
}

// BullMQ: Worker.close() disconnects, then waits for its BZPOPMIN to fail with these very words.
test('disconnect() gives up a call that waits on the server, and one that waits for a lane', async () => {
  const handle = redis.duplicate();
  const calls = ['a', 'b', 'c'].map((key) => handle.blpop(key, 30).catch((error) => error));
  await waitForBlocked();
  const started = performance.now();
  handle.disconnect();
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ message: 'Connection is closed.' });
  expect(performance.now() - started).toBeLessThan(1_000);
  await handle.connect();
  const again = handle.blpop('d', 5);
  await redis.rpush('d', 'x');
  expect(await again).toEqual(['d', 'x']);
  handle.disconnect();
});

// bull: pause() disconnects, and a job that is added then must not go to the call that was given up.
test('what comes after disconnect() does not go to the call that was given up', async () => {
  for (let round = 0; round < 10; round++) {
    const key = `abandoned:${round}`;
    const handle = redis.duplicate();
    const call = handle.blpop(key, 5).catch(({ message }) => message);
    // Before it was sent, or when the server has it.
    if (round % 2 === 1) await waitForBlocked();
    handle.disconnect();
    expect(await redis.rpush(key, 'precious')).toBe(1);
    expect(await call).toBe('Connection is closed.');
    await waitFor(() => manager.getStats().lanes.links[0].state === 'ready');
    expect(await redis.lrange(key, 0, -1)).toEqual(['precious']);
  }
});

test('a call that was given up while its lane was being dialled is not made afterwards', async () => {
  const [first, second] = [redis.duplicate(), redis.duplicate()];
  const calls = [first.blpop('first', 5)];
  await waitForBlocked();
  first.disconnect();
  calls.push(second.blpop('second', 5));
  await waitFor(() => manager.getStats().lanes.inUse === 1, { interval: 1 });
  second.disconnect();
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.map(({ reason }) => reason?.message)).toEqual(['Connection is closed.', 'Connection is closed.']);
  await waitFor(() => manager.getStats().lanes.links[0].state === 'ready');
  await redis.rpush('second', 'precious');
  await sleep(20);
  expect(await redis.lrange('second', 0, -1)).toEqual(['precious']);
});

test('quit() waits for a call that waits on the server', async () => {
  const handle = redis.duplicate();
  const order = [];
  const call = handle.blpop('late', 5).then(([, value]) => order.push(value));
  await waitForBlocked();
  const quit = handle.quit().then((reply) => order.push(reply));
  await sleep(30);
  expect(order).toEqual([]);
  await redis.rpush('late', 'x');
  await Promise.all([call, quit]);
  expect(order).toEqual(['x', 'OK']);
});

// BullMQ's consumer of events: five seconds without any after an error.
test('a blocking read from a known position survives the loss of its lane', async () => {
  const id = await redis.xadd('stream', '*', 'n', '1');
  const reading = redis.xread('BLOCK', 5_000, 'STREAMS', 'stream', id);
  await waitForBlocked();
  await server.killClients(({ name }) => /:lane-1$/.test(name));
  await waitFor(() => manager.getStats().lanes.links.every(({ state }) => state === 'ready'));
  await redis.xadd('stream', '*', 'n', '2');
  expect(await reading).toEqual([['stream', [[expect.any(String), ['n', '2']]]]]);
});

// BullMQ, of a connection that it has closed by force.
test('a library may write `end` into the status of a handle', async () => {
  const handle = redis.duplicate();
  await once(handle, 'ready');
  handle.status = 'end';
  expect(handle.status).toBe('end');
  await expect(handle.get('x')).rejects.toThrow('Connection is closed.');
  expect(redis.status).toBe('ready');
});

// @socket.io/redis-adapter: how many servers will answer?
test('PUBSUB NUMSUB counts each handle', async () => {
  const handles = [1, 2, 3].map(() => redis.duplicate());
  await Promise.all(handles.slice(0, 2).map((handle) => handle.subscribe('counted')));
  await handles[2].ssubscribe('counted');
  expect(await redis.pubsub('NUMSUB', 'counted', 'nobody')).toEqual(['counted', 2, 'nobody', 0]);
  expect(await redis.pubsub('SHARDNUMSUB', 'counted')).toEqual(['counted', 1]);
  const [, count] = await new Promise((resolve, reject) =>
    redis.send_command('PUBSUB', ['numsub', 'counted'], (error, reply) => (error ? reject(error) : resolve(reply))),
  );
  expect(count).toBe(2);
  await handles[0].quit();
  expect(await redis.pubsub('NUMSUB', 'counted')).toEqual(['counted', 1]);
  await Promise.all(handles.slice(1).map((handle) => handle.quit()));
});

// bull: a job that asks whether it has finished, and then listens.
test('who listens once there is a reply hears what was published after it', async () => {
  const subscriber = manager.getConnection('subscriber').duplicate();
  await subscriber.subscribe('finished');
  const { host, port } = server.options;
  const publish = `require('net').connect(${port}, '${host}', function () { this.end('PUBLISH finished x\\r\\nQUIT\\r\\n'); }).resume()`;
  for (let round = 0; round < 5; round++) {
    const reply = redis.get('is it finished?');
    // The event loop stands still until both have come.
    process.nextTick(() => execFileSync(process.execPath, ['-e', publish]));
    await reply;
    expect(await once(subscriber, 'message')).toEqual(['finished', 'x']);
  }
  await subscriber.quit();
});

// rate-limiter-flexible
test('exec() takes no offence at an argument that is no function', async () => {
  expect(await redis.multi().set('x', '1').pttl('x').exec(true)).toEqual([
    [null, 'OK'],
    [null, -1],
  ]);
});
