'use strict';

const IoRedis = require('ioredis');
const manager = require('../..');
const { onCleanup, startServer } = require('../support');

/**
 * Commands that came after Redis 7.0, with the replies of ioredis on the same server. Which of them a server has is
 * asked of the server: Redis has some, Valkey others, and an old one answers that it knows no such command.
 *
 * @type {[name: string, ...args: any[]][]}
 */
const CALLS = [
  ['hset', 'h', 'a', '1', 'b', '2', 'c', '3'],
  ['hpexpireat', 'h', 4102444800000, 'FIELDS', 2, 'a', 'missing'], // Redis 7.4, Valkey 9
  ['hpexpiretime', 'h', 'FIELDS', 2, 'a', 'b'],
  ['hpersist', 'h', 'FIELDS', 1, 'a'],
  ['hsetex', 'h', 'EX', 1000, 'FIELDS', 1, 'd', '4'], // Redis 8.0
  ['hgetex', 'h', 'PERSIST', 'FIELDS', 2, 'd', 'missing'],
  ['hgetdel', 'h', 'FIELDS', 2, 'd', 'missing'],
  ['waitaof', 0, 0, 10], // Redis 7.2
  ['zadd', 'z', 1, 'one', 2, 'two'],
  ['zrank', 'z', 'two', 'WITHSCORE'],
  ['zrank', 'z', 'missing', 'WITHSCORE'],
  ['vadd', 'v', 'VALUES', 2, '1', '0', 'east'], // Redis 8.0, vector sets
  ['vadd', 'v', 'VALUES', 2, '0', '1', 'north'],
  ['vcard', 'v'],
  ['vdim', 'v'],
  ['vsim', 'v', 'ELE', 'east', 'COUNT', 1],
  ['vsetattr', 'v', 'east', '{"sun":"rises"}'],
  ['vgetattr', 'v', 'east'],
  ['xadd', 'x', '1-1', 'f', 'v'],
  ['xgroup', 'CREATE', 'x', 'g', '0'],
  ['xreadgroup', 'GROUP', 'g', 'c', 'STREAMS', 'x', '>'],
  ['xackdel', 'x', 'g', 'IDS', 2, '1-1', '9-9'], // Redis 8.2
  ['xdelex', 'x', 'IDS', 1, '9-9'],
  ['call', 'SET', 's', 'old'],
  ['call', 'SET', 's', 'new', 'IFEQ', 'old'], // Valkey 8.1, Redis 8.4
  ['call', 'BITOP', 'ONE', 'b', 's', 's'], // Redis 8.2
];

let server;
let theirs;
let ours;
beforeAll(async () => {
  const [their, our] = await Promise.all([startServer(), startServer()]);
  server = our;
  theirs = new IoRedis({ port: their.port, host: their.host });
  onCleanup(() => theirs.disconnect());
  onCleanup(() => manager.cleanup());
  await manager.initialize({ ...our.options, logger: false });
  ours = manager.getConnection();
});

test.each(CALLS.map(([name, ...args]) => /** @type {const} */ ([name, args])))('%s %j', async (name, args) => {
  for (const method of [name, `${name}Buffer`].filter((candidate) => candidate in theirs)) {
    const [expected, actual] = await Promise.all([theirs, ours].map((client) => outcome(client, method, args)));
    expect(actual).toEqual(expected);
    const hasCommand = (await server.command('COMMAND', 'INFO', name === 'call' ? args[0] : name))[0] !== null;
    expect(/unknown command/.test(actual.error?.message)).toBe(!hasCommand);
  }
});

async function outcome(client, method, args) {
  try {
    return { value: await client[method](...args) };
  } catch ({ name, message, command }) {
    return { error: { name, message, command } };
  }
}
