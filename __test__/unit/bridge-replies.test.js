'use strict';

const { Replies } = require('../../lib/bridge/replies');
const { Request, Slots } = require('../../lib/bridge/slots');
const { command, FLAGS } = require('../../lib/commands');
const { ReplyError, UnifiedRedisError } = require('../../lib/errors');

/** A port that has these records and values for us, in batches. */
class FakePort {
  constructor(...batches) {
    this.batches = batches;
    this.calls = 0;
  }

  take(meta) {
    this.calls += 1;
    const [batch] = this.batches;
    if (batch === undefined) return [0];
    const { ints, values = [] } = batch;
    if (ints.length > meta.length) return ints.length;
    this.batches.shift();
    meta.set(ints);
    return [...values, this.batches.length === 0 ? -ints.length : ints.length];
  }
}

let slots;
let messages;
let events;
let replies;

beforeEach(() => {
  slots = new Slots();
  messages = [];
  events = [];
  replies = new Replies(
    slots,
    (...message) => messages.push(message),
    (event) => events.push(event),
  );
});

/** A request that waits in a slot of its own. */
function open({ name = 'get', args = ['key'], flags = 0, transform } = {}) {
  let slot;
  const promise = new Promise((resolve, reject) => {
    slot = slots.take(new Request(resolve, reject, command(name), args, flags, transform));
  });
  return { slot, promise };
}

/** What a request gets when these tokens and values come for it. */
async function reply(tokens, values, options) {
  const { slot, promise } = open(options);
  replies.drain(new FakePort({ ints: [slot, ...tokens], values }));
  expect(slots.open).toBe(0);
  return promise;
}

test.each([
  ['nil', [0], [], null],
  ['integer', [1, -5], [], -5],
  ['integer of more than 32 bits', [2, -1, 0], [], 2 ** 32 - 1],
  ['negative integer of more than 32 bits', [2, 0, -1], [], -(2 ** 32)],
  ['string', [3], ['text'], 'text'],
  ['empty string', [3], [''], ''],
  ['OK', [4], [], 'OK'],
  ['array', [5, 3, 1, 1, 3, 0], ['x'], [1, 'x', null]],
  ['empty array', [5, 0], [], []],
  ['nested arrays', [5, 2, 5, 1, 3, 5, 0], ['x'], [['x'], []]],
  ['map', [8, 2, 3, 1, 1, 3, 0], ['a', 'b'], ['a', 1, 'b', null]],
  ['set', [9, 2, 3, 3], ['a', 'b'], ['a', 'b']],
  ['double', [10], ['1.5'], '1.5'],
  ['true', [11, 1], [], 1],
  ['false', [11, 0], [], 0],
  ['big number', [12], ['123456789012345678901'], '123456789012345678901'],
  ['QUEUED', [13], [], 'QUEUED'],
])('%s', async (_, tokens, values, expected) => {
  expect(await reply(tokens, values)).toEqual(expected);
});

test.each([
  [9007199254740991n, 9007199254740991],
  [-9007199254740991n, -9007199254740991],
  [9223372036854775807n, 9223372036854776000],
  [-9223372036854775808n, -9223372036854776000],
])('the integer %s loses digits as in ioredis', async (integer, expected) => {
  const low = Number(BigInt.asIntN(32, integer));
  const high = Number(BigInt.asIntN(32, integer >> 32n));
  expect(await reply([2, low, high], [])).toBe(expected);
});

test('integers as strings', async () => {
  const flags = FLAGS.STRING_NUMBERS;
  expect(await reply([1, -5], [], { flags })).toBe('-5');
  expect(await reply([2, -1, 2147483647], [], { flags })).toBe('9223372036854775807');
  expect(await reply([5, 2, 1, 7, 5, 1, 2, 0, -2147483648], [], { flags })).toEqual(['7', ['-9223372036854775808']]);
  expect(await reply([5, 1, 1, 7], [])).toEqual([7]);
});

test('an error reply rejects, with its command', async () => {
  const error = await reply([6], ['WRONGTYPE Operation'], { name: 'lpush', args: ['k', 1] }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ReplyError);
  expect(error).toMatchObject({ name: 'ReplyError', message: 'WRONGTYPE Operation', code: 'WRONGTYPE' });
  expect(error.command).toEqual({ name: 'lpush', args: ['k', '1'] });
});

test('an error reply within an array is an element', async () => {
  const [first, error] = await reply([5, 2, 4, 6], ['ERR no']);
  expect(first).toBe('OK');
  expect(error).toBeInstanceOf(ReplyError);
  expect(error.code).toBe('ERR');
});

test('a failure rejects with what the addon says', async () => {
  const json = JSON.stringify({ code: 'CONNECTION_LOST', message: 'lost', retryable: true, maybeExecuted: true });
  const error = await reply([7], [json], { name: 'AUTH', args: ['hunter2'] }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(UnifiedRedisError);
  expect(error).toMatchObject({ code: 'CONNECTION_LOST', retryable: true, maybeExecuted: true, message: 'lost' });
  expect(error.command).toEqual({ name: 'AUTH', args: ['<redacted>'] });
});

test('a text that no string can hold is an error of its own', async () => {
  await expect(reply([3], [undefined])).rejects.toMatchObject({ code: 'REPLY_TOO_LARGE' });
  const [error] = await reply([5, 1, 3], [undefined]);
  expect(error).toMatchObject({ code: 'REPLY_TOO_LARGE' });
});

test('a transformer changes the reply, and its failure is that of the command', async () => {
  expect(await reply([3], ['x'], { transform: (text) => text + text })).toBe('xx');
  const failing = () => {
    throw new TypeError('mine');
  };
  await expect(reply([3], ['x'], { transform: failing })).rejects.toThrow(new TypeError('mine'));
});

test('one batch settles everything in it, in any order of slots', async () => {
  const [first, second, third] = [open(), open(), open()];
  replies.drain(new FakePort({ ints: [third.slot, 3, first.slot, 0, second.slot, 1, 2], values: ['three'] }));
  expect(await Promise.all([first.promise, second.promise, third.promise])).toEqual([null, 2, 'three']);
});

test('batches are taken until there are none, without a call more than that', async () => {
  const [first, second] = [open(), open()];
  const port = new FakePort({ ints: [first.slot, 4] }, { ints: [second.slot, 4] });
  replies.drain(port);
  expect(await Promise.all([first.promise, second.promise])).toEqual(['OK', 'OK']);
  expect(port.calls).toBe(2);
  replies.drain(new FakePort());
});

test('a reply that does not fit gets the room it needs, which is not kept', async () => {
  const { slot, promise } = open();
  const usual = replies.meta.length;
  replies.drain(new FakePort({ ints: [slot, 5, usual, ...new Array(usual).fill(0)] }));
  expect(await promise).toHaveLength(usual);
  expect(replies.meta).toHaveLength(usual);
});

test('aggregates nest deeply', async () => {
  let nested = await reply([...new Array(512).fill([5, 1]).flat(), 4], []);
  for (let depth = 0; depth < 512; depth++) [nested] = nested;
  expect(nested).toBe('OK');
});

test('messages come once what hangs on the replies that came with them has run, events at once', async () => {
  const { slot, promise } = open();
  const event = { type: 'link', event: 'ready' };
  replies.drain(
    new FakePort({
      ints: [-1, 0, -2, slot, 4, -1, 1, -1, 2],
      values: ['channel', 'hello', JSON.stringify(event), 'p*', 'pc', 'hi', 'shard', Buffer.from('x')],
    }),
  );
  expect(events).toEqual([event]);
  expect(messages).toEqual([]);
  const chain = promise.then((text) => text).then((text) => [text, messages.length]);
  expect(await chain).toEqual(['OK', 0]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(messages).toEqual([
    [0, 'channel', 'hello', undefined],
    [1, 'pc', 'hi', 'p*'],
    [2, 'shard', Buffer.from('x'), undefined],
  ]);
});

test('messages that come without replies are delivered at once, and in order', async () => {
  const { slot, promise } = open();
  replies.drain(new FakePort({ ints: [-1, 0], values: ['c', '1'] }));
  expect(messages).toHaveLength(1);
  replies.drain(new FakePort({ ints: [-1, 0, slot, 4], values: ['c', '2'] }));
  replies.drain(new FakePort({ ints: [-1, 0], values: ['c', '3'] }));
  expect(messages).toHaveLength(1);
  await promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(messages.map(([, , payload]) => payload)).toEqual(['1', '2', '3']);
});

test('a reply that nobody waits for is passed over', async () => {
  const { slot, promise } = open();
  replies.drain(new FakePort({ ints: [77, 5, 1, 3, 78, 6, 79, 3, slot, 4], values: ['a', 'ERR b', 'c'] }));
  expect(await promise).toBe('OK');
  expect(slots.open).toBe(0);
});
