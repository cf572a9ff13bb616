'use strict';

const { randomBytes } = require('node:crypto');
const manager = require('../..');
const { handshakeReply, startScriptedServer } = require('../support');

afterEach(() => manager.cleanup());
manager.on('error', () => {});

/** @param {{ port: number }} server */
function open({ port }) {
  return manager.initialize({
    port,
    logger: false,
    purposes: ['main', 'other'],
    connectTimeout: 2000,
    commandTimeout: 400,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    shutdownTimeout: 100,
  });
}

/** A server that is fine until it is asked for GET. */
function startWith(answer) {
  return startScriptedServer({
    onCommand: (command, connection) => {
      if (command[0] === 'GET') return answer(connection);
      if (command[0] === 'QUIT') connection.socket.end();
      return handshakeReply(command);
    },
  });
}

const huge = 'x'.repeat(2_000_000);

test.each([
  ['random bytes', randomBytes(300)],
  ['zeros', Buffer.alloc(300)],
  ['HTTP', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['a TLS alert', Buffer.from([0x15, 3, 1, 0, 2, 2, 70])],
  ['no number', ':12x\r\n'],
  ['a number beyond 64 bits', ':99999999999999999999\r\n'],
  ['a negative length', '$-5\r\n'],
  ['a length beyond 64 bits', '$99999999999999999999\r\n'],
  ['a bulk without its end', '$3\r\nabcXY'],
  ['an array beyond 32 bits', '*2147483648\r\n'],
  ['arrays in arrays without end', '*1\r\n'.repeat(100_000)],
  ['a line without end', `+${huge}`],
])('%s', async (_, bytes) => {
  await open(await startWith(() => bytes));
  const redis = manager.getConnection();
  const outcomes = await Promise.allSettled([redis.get('a'), redis.getBuffer('b')]);
  const expected = ['MAX_RETRIES_PER_REQUEST', 'CONNECTION_LOST', 'LINK_DOWN'];
  for (const { status, reason } of outcomes) if (status === 'rejected') expect(expected).toContain(reason.code);
  expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
  // The link comes back by itself, and the other one never noticed.
  expect(await redis.ping()).toBe('PONG');
  expect(await manager.getConnection('other').ping()).toBe('PONG');
});

test.each([
  ['nothing', null],
  ['half a bulk', '$10\r\nabc'],
  ['a length of 2 GB, and a few bytes', '$2000000000\r\nabc'],
  ['a map of a billion pairs, and one of them', '%1000000000\r\n+a\r\n+b\r\n'],
  ['a line that does not end', '+abc'],
])('%s and then silence', async (_, bytes) => {
  await open(await startWith(() => bytes));
  await expect(manager.getConnection().get('a')).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT' });
  expect(await manager.getConnection('other').ping()).toBe('PONG');
});

test.each(['destroy', 'resetAndDestroy', 'end'])('hangs up instead of an answer (%s)', async (how) => {
  await open(await startWith(({ socket }) => void socket[how]()));
  const redis = manager.getConnection();
  await expect(redis.get('a')).rejects.toMatchObject({ code: 'MAX_RETRIES_PER_REQUEST' });
  expect(await redis.ping()).toBe('PONG');
});

test('hangs up after any number of bytes', async () => {
  const reply = Buffer.from('*3\r\n$5\r\nhello\r\n:7\r\n*1\r\n+x\r\n');
  let cut = 0;
  const server = await startWith(({ socket }) => {
    socket.end(reply.subarray(0, cut++));
  });
  await open(server);
  const redis = manager.getConnection();
  const replies = [];
  while (cut <= reply.length) replies.push(await redis.get('a').catch(({ code }) => code));
  // Never half a reply.
  expect(new Set(replies.slice(0, -1))).toEqual(new Set(['MAX_RETRIES_PER_REQUEST']));
}, 20_000);
