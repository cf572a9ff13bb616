'use strict';

const { runScript, startServer } = require('../support');

/** Runs in a process of its own, whose memory nothing else uses. */
const measure = `
  const { setTimeout: sleep } = require('node:timers/promises');
  const MB = 2 ** 20;
  async function memory() {
    for (let turn = 0; turn < 5; turn++) {
      gc();
      await sleep(50);
    }
    return process.memoryUsage().rss / MB;
  }
`;

test('values of 100 MB and of 512 MB come back whole, and the memory too', async () => {
  const server = await startServer();
  const options = { ...server.options, logger: false, commandTimeout: 60_000 };
  const script = `
    ${measure}
    const manager = require('.');
    async function roundTrip(redis, value) {
      await redis.set('value', value);
      if (typeof value === 'string') return (await redis.get('value')) === value;
      return (await redis.getBuffer('value')).equals(value);
    }
    manager.initialize(${JSON.stringify(options)}).then(async () => {
      const redis = manager.getConnection();
      const before = await memory();
      const whole = [
        await roundTrip(redis, Buffer.alloc(100 * MB, 'ab')),
        await roundTrip(redis, 'xy'.repeat(50 * MB)),
        await roundTrip(redis, 'é'.repeat(50 * MB)),
        await roundTrip(redis, Buffer.alloc(512 * MB, 'z')),
      ];
      const { code } = await redis.get('value').catch((error) => error);
      await redis.del('value');
      console.log(JSON.stringify({ whole, code, kept: Math.round((await memory()) - before) }));
      await manager.cleanup();
    });
  `;
  const { code, stdout, stderr } = await runScript(script, { execArgv: ['--expose-gc'], timeout: 60_000 });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const result = JSON.parse(stdout);
  expect(result.whole).toEqual([true, true, true, true]);
  // One character more than a string can have.
  expect(result.code).toBe('REPLY_TOO_LARGE');
  expect(result.kept).toBeLessThan(100);
}, 60_000);

test('200,000 commands in flight and replies of a million elements, again and again, cost no more memory', async () => {
  const server = await startServer();
  const options = { ...server.options, logger: false, commandTimeout: 60_000 };
  const script = `
    ${measure}
    const manager = require('.');
    manager.initialize(${JSON.stringify(options)}).then(async () => {
      const redis = manager.getConnection();
      for (let part = 0; part < 10; part++) {
        await redis.rpush('list', ...Array.from({ length: 100_000 }, (_, index) => part * 100_000 + index));
      }
      const round = async () => {
        const echoes = await Promise.all(Array.from({ length: 200_000 }, (_, index) => redis.echo(String(index))));
        const list = await redis.lrange('list', 0, -1);
        return echoes.every((echo, index) => echo === String(index)) && list.length === 1e6 && list[999_999] === '999999';
      };
      const right = [await round(), await round()];
      const before = await memory();
      for (let turn = 0; turn < 4; turn++) right.push(await round());
      console.log(JSON.stringify({ right: right.every(Boolean), grown: Math.round((await memory()) - before) }));
      await manager.cleanup();
    });
  `;
  const { code, stdout, stderr } = await runScript(script, { execArgv: ['--expose-gc'], timeout: 60_000 });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { right, grown } = JSON.parse(stdout);
  expect(right).toBe(true);
  expect(grown).toBeLessThan(100);
}, 60_000);
