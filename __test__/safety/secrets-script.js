'use strict';

// Does with a password whatever an application may do, shows everything that it gets hold of, and reports what it has
// seen to its parent. Run by secrets.test.js, which looks for the password in all of this process' output.

const { inspect } = require('node:util');
const manager = require('../..');

const { secret, initial, broken = [], commands, rotate, provider, end } = JSON.parse(process.env.SCENARIO);
delete process.env.SCENARIO;

/** Everything that people do to have a look at something. */
function show(label, value) {
  console.log(label, value);
  console.log(inspect(value, { depth: 20, showHidden: true }));
  console.log(inspect(value, { depth: 20, customInspect: false }));
  console.log(String(value), JSON.stringify(value, avoidCycles()));
  for (let each = value; each instanceof Error; each = each.cause) console.log(each.stack, each.message);
}

function avoidCycles() {
  const seen = new Set();
  return (_, value) => {
    if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return '<seen>';
    seen.add(value);
    return value;
  };
}

for (const event of ['connecting', 'connect', 'ready', 'close', 'reconnecting', 'end', 'error', 'warning', 'monitor']) {
  manager.on(event, (payload) => show(`event ${event}`, payload));
}

async function failed(label, promise) {
  try {
    show(`${label} gave`, await promise);
  } catch (error) {
    show(`${label} failed`, error);
  }
}

/** Once each way: alone, with bytes, in a pipeline, in a transaction, with its name in one piece. */
async function run(redis, [name, ...args]) {
  const bytes = args.map((arg) => (typeof arg === 'string' ? new Uint8Array(Buffer.from(arg)) : arg));
  await failed(name, redis.call(name, ...args));
  await failed(`${name} of bytes`, redis.call(name, ...bytes));
  const handle = redis.duplicate({ showFriendlyErrorStack: true });
  await failed(`${name} with a friendly stack`, handle.call(name, ...args));
  handle.disconnect();
  const pipeline = redis.pipeline().call(name, ...args);
  show('pipeline', pipeline);
  await failed(`${name} in a pipeline`, pipeline.exec());
  const transaction = redis.multi().call(name, ...args);
  show('transaction', transaction);
  await failed(`${name} in a transaction`, transaction.exec());
  await failed(`${name} in one word`, redis.call([name, ...args].join(' ')));
  await failed(`${name} in two`, redis.call(`${name} ${args[0]}`, ...args.slice(1)));
}

let provided = 0;

/** First what is right, then an error that tells it, then what is wrong. */
async function provide() {
  provided += 1;
  if (provided === 2) throw Object.assign(new Error(`the vault has ${secret}`), { secret });
  return { username: provider, password: provided === 1 ? secret : `${secret}-wrong`, ttl: 500, secret };
}

async function main() {
  for (const options of broken) {
    show('given', Object.keys(options));
    await failed('a broken initialize', manager.initialize(options));
  }
  const retryStrategy = (times, cause) => {
    show('retryStrategy', cause);
    return 20;
  };
  const given = provider && { credentialsProvider: provide };
  await manager.initialize({ ...initial, ...given, retryStrategy, logLevel: 'debug', monitorInterval: 50 });
  const redis = manager.getConnection();
  const duplicate = redis.duplicate({ connectionName: 'duplicate' });
  for (const value of [
    manager,
    manager.connections,
    manager.stats,
    redis,
    duplicate,
    redis.options,
    duplicate.options,
  ]) {
    show('value', value);
  }
  await failed('initialize again', manager.initialize({ ...initial, password: `${secret}-other` }));
  await failed('initialize with others', manager.initialize({ url: `redis://x:${secret}@localhost:1/2` }));
  for (const overrides of [
    { host: `redis://:${secret}@h` },
    { username: secret },
    { keyPrefix: { secret } },
    { password: `${secret}-other` },
    { sentinelPassword: secret },
    { tls: { key: secret } },
  ]) {
    await failed(
      'duplicate',
      Promise.resolve().then(() => redis.duplicate(overrides)),
    );
  }
  for (const command of commands) await run(redis, command);
  await failed(
    'the helper',
    Promise.resolve().then(() => manager.getHelper().set('k', 'v', 'EX', { password: secret })),
  );
  show('health', await manager.healthCheck());
  show('stats', manager.getStats());
  if (provider) await renewals();
  if (rotate) await refused(redis);
  console.log('reached the end');
  finish(redis);
}

/** The server no longer takes the password. */
async function refused(redis) {
  const failures = new Promise((resolve) => {
    let count = 0;
    manager.on('error', ({ code }) => code === 'AUTH_FAILED' && ++count === 3 && resolve());
  });
  await redis.call('ACL', 'SETUSER', rotate, 'resetpass', `>${secret}-new`);
  await failed('CLIENT KILL', redis.call('CLIENT', 'KILL', 'USER', rotate, 'SKIPME', 'no'));
  // Waiting for a link is nothing that keeps a process alive.
  const alive = setInterval(() => {}, 1000);
  await failures;
  clearInterval(alive);
  await failed('a command meanwhile', redis.call('CONFIG', 'SET', 'requirepass', secret, 'x', 'y'));
  show('health', await manager.healthCheck());
  show('stats', manager.getStats());
}

/** Both ways in which the links are not authenticated again. */
async function renewals() {
  const alive = setInterval(() => {}, 1000);
  for (const words of ['the vault has', 'refused what credentialsProvider gave']) {
    await new Promise((resolve) => {
      manager.on('warning', ({ message }) => message.includes(words) && resolve());
    });
  }
  clearInterval(alive);
}

function finish(redis) {
  const command = () => redis.call('CONFIG', 'SET', 'requirepass', secret, 'nonsense', 'x');
  switch (end) {
    case 'unhandled rejection':
      void command();
      break;
    case 'uncaught exception':
      command().catch((error) =>
        setImmediate(() => {
          throw error;
        }),
      );
      break;
    case 'a rejection in a pipeline':
      void redis
        .pipeline()
        .call('CONFIG', 'SET', 'requirepass', secret, 'nonsense', 'x')
        .exec((_, [[error]]) => {
          throw new Error('on purpose', { cause: error });
        });
      break;
    default:
      process.exitCode = 0;
      void manager.cleanup();
  }
}

void main();
