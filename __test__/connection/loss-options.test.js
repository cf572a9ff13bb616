'use strict';

// What a handle has for itself of what becomes of commands while the link is down.

const manager = require('../..');
const { onCleanup, startServer, waitFor } = require('../support');

let server;
beforeAll(async () => {
  server = await startServer();
  onCleanup(() => manager.cleanup());
});
manager.on('error', () => {});

afterEach(async () => {
  await manager.cleanup();
  await server.restart();
});

async function open(options) {
  await manager.initialize({ ...server.options, logger: false, purposes: ['main'], ...options });
  return manager.getConnection();
}

async function takeDown() {
  await server.kill();
  await waitFor(() => manager.getStats().links[0].state !== 'ready');
}

const LINK_DOWN = { code: 'LINK_DOWN' };

test('enableOfflineQueue: true waits where others are refused, also in the same tick', async () => {
  const redis = await open({ maxRetriesPerRequest: null, retryStrategy: () => 20 });
  const patient = redis.duplicate({ enableOfflineQueue: true });
  expect(patient.options.enableOfflineQueue).toBe(true);
  await takeDown();
  const before = [redis.rpush('list', 'never'), redis.multi().rpush('list', 'never').exec()];
  const waiting = [
    patient.rpush('list', 1),
    patient.pipeline().rpush('list', 2).get('nothing').exec(),
    patient.multi().rpush('list', 3).exec(),
  ];
  const refused = await Promise.allSettled([...before, redis.rpush('list', 'never')]);
  for (const { reason } of refused) expect(reason).toMatchObject(LINK_DOWN);
  const outcomes = Promise.all(waiting);
  await server.restart();
  expect(await outcomes).toEqual([
    1,
    [
      [null, 2],
      [null, null],
    ],
    [[null, 3]],
  ]);
  expect(await redis.lrange('list', 0, -1)).toEqual(['1', '2', '3']);
});

test('all that waits counts for offlineQueueLimit', async () => {
  const redis = await open({ offlineQueueLimit: 2, maxRetriesPerRequest: null });
  const handles = [redis.duplicate({ enableOfflineQueue: true }), redis.duplicate({ enableOfflineQueue: true })];
  await takeDown();
  const outcomes = [0, 1, 2].map((index) => handles[index % 2].echo(index));
  await expect(outcomes[2]).rejects.toMatchObject({ code: 'QUEUE_FULL' });
  await server.restart();
  expect(await Promise.all(outcomes.slice(0, 2))).toEqual(['0', '1']);
});

test('enableOfflineQueue: false is refused where others wait', async () => {
  const redis = await open({ enableOfflineQueue: true, maxRetriesPerRequest: null });
  const impatient = redis.duplicate({ enableOfflineQueue: false });
  await takeDown();
  const waiting = redis.echo('waits');
  await expect(impatient.echo('does not')).rejects.toMatchObject(LINK_DOWN);
  await server.restart();
  expect(await waiting).toBe('waits');
});

test.each([3, null])('maxRetriesPerRequest is each handle’s own; the links have %p', async (ofLinks) => {
  const redis = await open({
    enableOfflineQueue: true,
    maxRetriesPerRequest: ofLinks,
    commandTimeout: 20000,
    retryStrategy: () => 20,
  });
  const [none, one, five] = [0, 1, 5].map((maxRetriesPerRequest) => redis.duplicate({ maxRetriesPerRequest }));
  await takeDown();
  const settled = [];
  const follow = (name, outcome) =>
    outcome.then(
      () => settled.push([name, 'OK']),
      ({ code, message }) => settled.push([name, code, /\(which is (\d+)\)/.exec(message)?.[1]]),
    );
  // What cannot be written must not give its number to what comes in its place.
  const gone = new Uint8Array(8);
  structuredClone(gone, { transfer: [gone.buffer] });
  const unwritten = one.set('key', gone).catch((error) => error.name);
  const all = [
    follow('of the links', redis.echo('x')),
    follow('five', five.echo('x')),
    follow('one, large', one.set('large', Buffer.alloc(600 * 1024))),
    follow('of the links, too', redis.echo('x')),
    follow('none', none.multi().echo('x').exec()),
    follow('one', one.pipeline().echo('x').exec().then(([[error]]) => Promise.reject(error))), // prettier-ignore
  ];
  expect(await unwritten).toBe('TypeError');
  await waitFor(() => settled.length === (ofLinks === null ? 4 : 6));
  await server.restart();
  await Promise.all(all);
  const CODE = 'MAX_RETRIES_PER_REQUEST';
  const usual = ofLinks === null ? 'OK' : CODE;
  const last = (name) => (ofLinks === null ? [name, 'OK'] : [name, usual, '3']);
  const expected = [
    [['none', CODE, '0']],
    [['one, large', CODE, '1'], ['one', CODE, '1']], // prettier-ignore
    ...(ofLinks === null ? [] : [[last('of the links'), last('of the links, too')]]),
    [['five', CODE, '5']],
    ...(ofLinks === null ? [[last('of the links'), last('of the links, too')]] : []),
  ];
  for (const group of expected) {
    expect(settled.splice(0, group.length).sort()).toEqual([...group].sort());
  }
});

test.each([
  [false, { autoResendUnfulfilledCommands: true }],
  [true, { autoResendUnfulfilledCommands: false }],
])('autoResendUnfulfilledCommands: the links have %p, a handle %p', async (ofLinks, options) => {
  const redis = await open({ autoResendUnfulfilledCommands: ofLinks, retryStrategy: () => 20 });
  const other = redis.duplicate(options);
  await redis.del('n', 'm');
  await server.command('CLIENT', 'PAUSE', '60000', 'WRITE');
  const outcomes = Promise.allSettled([redis.incr('n'), other.incr('n'), other.pipeline().incr('m').exec()]);
  await waitFor(async () => /blocked_clients:1/.test(await server.command('INFO', 'clients')));
  await server.killClients(({ name }) => name.endsWith(':main'));
  await server.command('CLIENT', 'UNPAUSE');
  const lost = { code: 'CONNECTION_LOST', maybeExecuted: true };
  const [ofLink, ofHandle, pipelined] = await outcomes;
  const [again, once] = ofLinks ? [ofLink, ofHandle] : [ofHandle, ofLink];
  expect(again).toEqual({ status: 'fulfilled', value: 1 });
  expect(once.reason).toMatchObject(lost);
  const [[error, reply]] = pipelined.value;
  if (ofLinks) expect(error).toMatchObject(lost);
  else expect(reply).toBe(1);
});
