'use strict';

const { Exchange } = require('../../lib/bridge/exchange');
const { Slots } = require('../../lib/bridge/slots');
const { command } = require('../../lib/commands');

const get = command('get');

class FakePort {
  submits = [];
  replies = [];

  constructor(onWake) {
    this.onWake = onWake;
  }

  submit(link, outbox, byteLength, requests, count) {
    const slots = Array.from({ length: count }, (_, index) => requests[index * 5]);
    this.submits.push({ link, text: Buffer.from(outbox).toString('latin1', 0, byteLength), slots });
  }

  take(meta) {
    const taken = this.replies.splice(0, meta.length / 2);
    taken.forEach(([slot], index) => meta.set([slot, 3], index * 2));
    const used = taken.length * 2;
    return [...taken.map(([, value]) => value), this.replies.length === 0 ? -used : used];
  }

  answer(replies) {
    this.replies = replies;
    this.onWake();
  }
}

let port;
let exchange;
beforeEach(() => {
  port = undefined;
  exchange = new Exchange(
    (onWake) => (port = new FakePort(onWake)),
    () => {},
    () => {},
  );
});

const send = (link, key) => exchange.send(link, get, [key], 1, -1);
const tick = () => new Promise((resolve) => process.nextTick(resolve));

test('what a tick asks for leaves in one call for each link', async () => {
  const promises = [send(0, 'a'), send(1, 'b'), send(0, 'c')];
  expect(port).toBeUndefined();
  await tick();
  expect(port.submits).toHaveLength(2);
  const [main] = port.submits.filter(({ link }) => link === 0);
  expect(main.text).toBe('*2\r\n$3\r\nget\r\n$1\r\na\r\n*2\r\n$3\r\nget\r\n$1\r\nc\r\n');
  port.answer([
    [main.slots[1], 'C'],
    [main.slots[0], 'A'],
    [port.submits.find(({ link }) => link === 1).slots[0], 'B'],
  ]);
  expect(await Promise.all(promises)).toEqual(['A', 'B', 'C']);
});

test('commands that replies set off travel together', async () => {
  const callers = Array.from({ length: 50 }, async (_, index) => {
    await send(0, `first${index}`);
    await send(0, `second${index}`);
  });
  await tick();
  port.answer(port.submits[0].slots.map((slot) => [slot, 'x']));
  await tick();
  expect(port.submits.map(({ slots }) => slots.length)).toEqual([50, 50]);
  port.answer(port.submits[1].slots.map((slot) => [slot, 'x']));
  await Promise.all(callers);
});

test('a tick that asks for much is handed over in parts, in order', async () => {
  const value = 'x'.repeat(100_000);
  const promises = Array.from({ length: 20 }, (_, index) => send(0, `${index}${value}`));
  expect(port.submits.length).toBeGreaterThan(2);
  await tick();
  const slots = port.submits.flatMap((submit) => submit.slots);
  expect(slots).toHaveLength(20);
  port.answer(slots.map((slot, index) => [slot, index]));
  expect(await Promise.all(promises)).toEqual([...Array(20).keys()]);
});

test('hundreds of thousands of commands at once', async () => {
  const promises = Array.from({ length: 250_000 }, (_, index) => send(0, `${index}`));
  await tick();
  expect(exchange.slots.open).toBe(250_000);
  const slots = port.submits.flatMap((submit) => submit.slots);
  expect(new Set(slots).size).toBe(250_000);
  port.answer(slots.map((slot, index) => [slot, index]).reverse());
  expect(await Promise.all(promises)).toEqual([...Array(250_000).keys()]);
  expect(exchange.slots.open).toBe(0);
});

test('an argument of another type sends nothing, and disturbs nobody', async () => {
  const promise = send(0, 'a');
  expect(exchange.send(0, get, [undefined], 1, -1)).toBeUndefined();
  await tick();
  expect(port.submits).toHaveLength(1);
  expect(port.submits[0].slots).toHaveLength(1);
  port.answer([[port.submits[0].slots[0], 'x']]);
  expect(await promise).toBe('x');
});

test('a batch that the addon does not take is rejected, and the next one goes on', async () => {
  port = exchange.port;
  const { submit } = port;
  port.submit = () => {
    throw new Error('broken');
  };
  await expect(Promise.all([send(0, 'a'), send(0, 'b')])).rejects.toMatchObject({
    code: 'INTERNAL',
    message: 'broken',
  });
  expect(exchange.slots.open).toBe(0);
  port.submit = submit;
  const promise = send(0, 'c');
  await tick();
  expect(port.submits[0].text).toBe('*2\r\n$3\r\nget\r\n$1\r\nc\r\n');
  port.answer([[port.submits[0].slots[0], 'x']]);
  expect(await promise).toBe('x');
});

test('an addon that cannot be loaded rejects every command with the reason', async () => {
  const reason = new Error('no addon');
  exchange = new Exchange(
    () => {
      throw reason;
    },
    () => {},
    () => {},
  );
  await expect(send(0, 'a')).rejects.toThrow('no addon');
  expect(() => exchange.request(() => {})).toThrow(reason);
});

test('requests to the addon itself', async () => {
  let slot;
  const promise = exchange.request((_, given) => (slot = given));
  port.answer([[slot, 'done']]);
  expect(await promise).toBe('done');
  const refused = exchange.request(() => {
    throw new Error('bad kind');
  });
  await expect(refused).rejects.toThrow('bad kind');
  expect(exchange.slots.open).toBe(0);
});

test('slots are never given twice while they are open', () => {
  const slots = new Slots();
  const open = new Set();
  for (let round = 0; round < 20_000; round++) {
    const slot = slots.take({});
    expect(open.has(slot)).toBe(false);
    open.add(slot);
    if (round % 3 === 0) {
      const [oldest] = open;
      open.delete(oldest);
      expect(slots.release(oldest)).toBeDefined();
      expect(slots.release(oldest)).toBeUndefined();
    }
  }
  expect(slots.open).toBe(open.size);
});
