'use strict';

const { INTS_PER_REQUEST, Outbox } = require('../../lib/bridge/pack');
const { command } = require('../../lib/commands');

/** What the server must get, made in the plainest way. */
function encode(name, args) {
  const parts = [name, ...args].map((arg) => (arg instanceof Uint8Array ? Buffer.from(arg) : Buffer.from(String(arg))));
  const chunks = parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...chunks]);
}

function packed(name, args) {
  const outbox = new Outbox(0);
  expect(outbox.pack(command(name), args)).toBe(true);
  outbox.commit(0, 0, 1, -1);
  return outbox.bytes.subarray(0, outbox.byteLength);
}

function expectPacked(name, args, expected = encode(name, args)) {
  const actual = packed(name, args);
  // Comparing Buffers of megabytes by toEqual takes seconds.
  if (!actual.equals(expected)) expect(actual.toString('latin1')).toBe(expected.toString('latin1'));
}

test('strings of every length around the limits of the writers', () => {
  for (const length of [...Array(140).keys(), 999, 1000, 1001, 4095, 4096, 4097, 65536, 1_000_000]) {
    expectPacked('get', ['k'.repeat(length)]);
  }
});

test('strings that are not ASCII, with as many bytes as characters or with more digits in their length', () => {
  for (const char of ['é', '€', '\u{1f600}', '\ud800', '\u0080', '\u007f', '\u0000']) {
    for (const length of [1, 3, 4, 5, 9, 10, 31, 32, 33, 34, 49, 50, 99, 100, 333, 334, 500, 5000]) {
      expectPacked('set', [char.repeat(length), `a${char}`, `${'x'.repeat(length)}${char}`, 'after']);
    }
  }
});

test('bytes', () => {
  const shared = new Uint8Array([9, 0, 255, 13, 10, 9]);
  expectPacked('set', [
    Buffer.alloc(0),
    Buffer.from([0, 255, 13, 10]),
    shared.subarray(1, 5),
    Buffer.alloc(100_000, 7),
  ]);
});

test('numbers, as ioredis writes them', () => {
  const numbers = [0, -0, 7, -7, 60, 1.5, -1e-7, 2 ** 53 - 1, NaN, Infinity];
  expectPacked('set', numbers, encode('set', numbers.map(String)));
  expectPacked(
    'set',
    [2 ** 60, 1e21, -1e21],
    encode('set', [String(2n ** 60n), `1${'0'.repeat(21)}`, `-1${'0'.repeat(21)}`]),
  );
});

test('commands without arguments, with many, and with names in any spelling', () => {
  expectPacked('ping', []);
  expectPacked('PiNg', []);
  expectPacked(
    'mget',
    Array.from({ length: 70 }, (_, index) => `key:${index}`),
  );
  expectPacked(
    'del',
    Array.from({ length: 50_000 }, (_, index) => `key:${index}`),
  );
  expectPacked('été', ['x']);
});

test('random commands one after the other', () => {
  const outbox = new Outbox(0);
  const expected = [];
  let seed = 1;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const kinds = [
    () => 'a'.repeat(random(60)),
    () => 'ü€x\u{1f600}'.repeat(random(30)),
    () => random(2 ** 31),
    () => Buffer.alloc(random(300), random(256)),
    () => '.'.repeat(random(3000)),
  ];
  for (let round = 0; round < 3000; round++) {
    const args = Array.from({ length: random(6) }, () => kinds[random(kinds.length)]());
    outbox.pack(command('set'), args);
    outbox.commit(round, 0, 1, -1);
    expected.push(encode('set', args));
  }
  expect(outbox.bytes.subarray(0, outbox.byteLength).equals(Buffer.concat(expected))).toBe(true);
  expect(outbox.count).toBe(3000);
  expect(outbox.requests[2999 * INTS_PER_REQUEST]).toBe(2999);
  expect(outbox.requests[2999 * INTS_PER_REQUEST + 1]).toBe(expected[2999].length);
});

test('an argument of another type is left to the caller, and leaves nothing behind', () => {
  const outbox = new Outbox(0);
  outbox.pack(command('get'), ['a']);
  outbox.commit(5, 1, 1, 250);
  for (const arg of [undefined, null, true, 1n, {}, [], () => {}, Symbol('s'), new Map()]) {
    expect(outbox.pack(command('set'), ['key', arg])).toBe(false);
    outbox.rollback();
  }
  outbox.pack(command('get'), ['b']);
  outbox.commit(6, 3, 1, -1);
  expect(outbox.bytes.toString('latin1', 0, outbox.byteLength)).toBe(`${encode('get', ['a'])}${encode('get', ['b'])}`);
  expect([...outbox.requests.subarray(0, 10)]).toEqual([5, 20, 1, 1, 250, 6, 20, 3, 1, -1]);
});

test('a group is one request', () => {
  const outbox = new Outbox(0);
  outbox.pack(command('multi'), []);
  outbox.pack(command('get'), ['a']);
  outbox.pack(command('exec'), []);
  outbox.commit(1, 0, 3, 0);
  expect([...outbox.requests.subarray(0, 5)]).toEqual([1, outbox.byteLength, 0, 3, 0]);
});

test('memory that a big value took is given back', () => {
  const outbox = new Outbox(0);
  const usual = outbox.bytes.length;
  outbox.pack(command('set'), ['k', 'x'.repeat(8_000_000)]);
  for (let slot = 0; slot < 100_000; slot++) outbox.commit(slot, 0, 1, -1);
  expect(outbox.bytes.length).toBeGreaterThan(8_000_000);
  outbox.clear();
  expect(outbox.bytes.length).toBe(usual);
  expect(outbox.requests.length).toBeLessThan(100_000);
  expect(outbox.byteLength).toBe(0);
});

test('a request that is too large is refused, and the ones before it stay', () => {
  const outbox = new Outbox(0);
  outbox.pack(command('get'), ['a']);
  outbox.commit(1, 0, 1, -1);
  const huge = { length: 2 ** 31 };
  Object.setPrototypeOf(huge, Uint8Array.prototype);
  const args = ['k', Object.defineProperty(huge, 'length', { value: 2 ** 31 })];
  expect(() => outbox.pack(command('set'), args)).toThrow(RangeError);
  outbox.rollback();
  expect(outbox.end).toBe(outbox.byteLength);
  expect(outbox.count).toBe(1);
});
