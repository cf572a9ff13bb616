'use strict';

const manager = require('../..');
const { handshakeReply, runScript, startScriptedServer, startServer, waitFor } = require('../support');

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'then'];

describe('fields, keys and channels with the names of what every object has', () => {
  let redis;
  beforeAll(async () => {
    const server = await startServer();
    await manager.initialize({ ...server.options, logger: false });
    redis = manager.getConnection();
  });
  afterAll(() => manager.cleanup());

  const entries = NAMES.map((name) => [name, `of ${name}`]);

  /** Its own properties are these, and nothing else about it, or about any other object, has changed. */
  function expectFields(object, convert = (value) => value) {
    expect(Object.getOwnPropertyNames(object)).toEqual(NAMES);
    for (const [name, value] of entries) {
      expect(convert(Object.getOwnPropertyDescriptor(object, name)?.value)).toBe(value);
    }
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect({}.of).toBeUndefined();
  }

  test('hgetall, alone and in pipelines and transactions, as strings and as Buffers', async () => {
    // As it comes out of JSON, where they are properties of its own.
    const given = JSON.parse(`{${entries.map((entry) => entry.map((text) => JSON.stringify(text)).join(':')).join()}}`);
    expect(await redis.hset('fields', given)).toBe(NAMES.length);
    expectFields(await redis.hgetall('fields'));
    expectFields(await redis.hgetallBuffer('fields'), String);
    expectFields((await redis.pipeline().hgetall('fields').exec())[0][1]);
    expectFields((await redis.multi().hgetall('fields').exec())[0][1]);
    expectFields(await manager.getHelper().hgetall('fields'));
    expect(await redis.hset('of a map', new Map(entries))).toBe(NAMES.length);
    expectFields(await redis.hgetall('of a map'));
  });

  test('keys, values, scripts and options', async () => {
    expect(await redis.mset(new Map(entries))).toBe('OK');
    expect(await redis.mget(NAMES)).toEqual(entries.map(([, value]) => value));
    const helper = manager.getHelper();
    const value = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    await helper.set('json', value);
    const read = await helper.get('json');
    expect(Object.getOwnPropertyNames(read)).toEqual(['__proto__', 'constructor']);
    expect({}.polluted).toBeUndefined();
    for (const name of NAMES) {
      expect(await redis.call('ECHO', name)).toBe(name);
      await expect(redis.call(name, 'x')).rejects.toMatchObject({ name: 'ReplyError', code: 'ERR' });
    }
    await expect(manager.initialize(JSON.parse('{"__proto__":{"host":"elsewhere"}}'))).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
    expect(() => redis.duplicate(JSON.parse('{"__proto__":{"host":"elsewhere"}}'))).toThrow('Unknown option __proto__');
  });

  test('channels', async () => {
    const heard = [];
    redis.on('message', (channel, message) => heard.push([channel, message]));
    await redis.subscribe(...NAMES);
    for (const [name, value] of entries) await manager.getConnection('publisher').publish(name, value);
    await waitFor(() => heard.length === NAMES.length);
    await redis.unsubscribe();
    expect(heard).toEqual(entries);
  });
});

test('what a server announces costs no memory before it comes', async () => {
  const absurd = [
    '$2147483648\r\nabc',
    '*2147483647\r\n:1\r\n',
    '%2147483647\r\n+a\r\n',
    '*1\r\n'.repeat(500) + '$2147483648\r\nx',
    ('*2147483647\r\n' + ':1\r\n').repeat(200),
  ];
  let asked = 0;
  const server = await startScriptedServer({
    onCommand: (command) => (command[0] === 'GET' ? absurd[asked++ % absurd.length] : handshakeReply(command)),
  });
  const { stdout, stderr, code } = await runScript(
    `
    const manager = require('.');
    manager.on('error', () => {});
    const before = process.memoryUsage.rss();
    (async () => {
      const options = { port: ${server.port}, logger: false, purposes: ['main'], commandTimeout: 100 };
      await manager.initialize({ ...options, heartbeatInterval: 100, heartbeatTimeout: 100, retryStrategy: () => 5 });
      const redis = manager.getConnection().duplicate();
      const codes = new Set();
      for (let round = 0; round < ${absurd.length * 2}; round++) {
        await redis.get('x').catch(({ code }) => codes.add(code));
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      const grown = process.memoryUsage.rss() - before;
      console.log(JSON.stringify({ codes: [...codes], grown }));
      process.exit();
    })();
    `,
  );
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const { codes, grown } = JSON.parse(stdout);
  expect(codes.length).toBeGreaterThan(0);
  for (const each of codes) expect(['COMMAND_TIMEOUT', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST']).toContain(each);
  expect(asked).toBeGreaterThanOrEqual(absurd.length);
  console.log(`memory after ${asked} absurd announcements: ${Math.round(grown / 1024)} KiB more`);
  expect(grown).toBeLessThan(100 * 1024 * 1024);
});
