'use strict';

const { inspect } = require('node:util');
const {
  UnifiedRedisError,
  ReplyError,
  commandInfo,
  invalidArgument,
  invalidOption,
  redactArgs,
  redactMessage,
} = require('../../lib/errors');

test('an error reply has the shape that ioredis gives it, and a code', () => {
  const error = new ReplyError('NOSCRIPT No matching script.', commandInfo('evalsha', ['abc', 0]));
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('ReplyError');
  expect(error.code).toBe('NOSCRIPT');
  expect(Object.keys(error)).toEqual(['code', 'command']);
  expect(String(error)).toBe('ReplyError: NOSCRIPT No matching script.');
});

test('a failure tells what to decide on, and nothing that it does not know', () => {
  const error = new UnifiedRedisError('LINK_DOWN', 'down', { retryable: true, purpose: 'main' });
  expect({ ...error }).toEqual({ code: 'LINK_DOWN', retryable: true, maybeExecuted: false, purpose: 'main' });
  expect(Object.keys(new UnifiedRedisError('CLOSED', 'closed'))).toEqual(['code', 'retryable', 'maybeExecuted']);
  const cause = new Error('why');
  expect(new UnifiedRedisError('INTERNAL', 'x', { cause }).cause).toBe(cause);
});

test('options and arguments that make no sense', () => {
  expect(invalidOption('port', 70000, 'a port')).toMatchObject({
    name: 'RangeError',
    code: 'INVALID_OPTION',
    message: 'Invalid option port: got 70000, expected a port',
  });
  expect(invalidArgument('ttl', NaN, 'seconds')).toMatchObject({ name: 'TypeError', code: 'INVALID_ARGUMENT' });
  expect(invalidArgument('key', undefined, 'a string').message).toBe(
    'Invalid argument key: got undefined, expected a string',
  );
  expect(invalidOption('password', 'hunter2', 'a string').message).not.toContain('hunter2');
  const url = 'redis://app:hunter2@localhost/0?pass=hunter2';
  for (const wrong of [url, [url], { url }, { hunter: url }, 'app:hunter2@localhost', `${'hunter2'.repeat(20)}=`]) {
    expect(invalidOption('host', wrong, 'a host').message).not.toContain('hunter2');
  }
  expect(invalidOption('host', url, 'a host').message).toContain("got '<redacted>@localhost/0?<redacted>'");
  expect(invalidOption('host', { url }, 'a host').message).toContain('got <object with url>');
  expect(invalidOption('purposes', ['a', 'a'], 'names').message).toContain("got [ 'a', 'a' ]");
  expect(invalidOption('host', 'x'.repeat(10_000), 'a host').message.length).toBeLessThan(300);
});

test.each([
  ['AUTH', ['hunter2']],
  ['auth', ['app', 'hunter2']],
  ['HELLO', [3, 'AUTH', 'app', 'hunter2', 'SETNAME', 'x']],
  ['acl', ['SETUSER', 'app', 'on', '>hunter2', '<hunter2', '#hunter2', '~*']],
  ['ACL', [Buffer.from('setuser'), 'app', Buffer.from('>hunter2')]],
  ['config', ['SET', 'maxmemory', '1', 'requirepass', 'hunter2']],
  ['CONFIG', ['set', 'MasterAuth', 'hunter2']],
  ['migrate', ['host', 6379, 'key', 0, 1000, 'COPY', 'AUTH', 'hunter2']],
  ['MIGRATE', ['host', 6379, '', 0, 1000, 'AUTH2', 'hunter2', 'hunter2', 'KEYS', 'key']],
  ['sentinel', ['set', 'main', 'auth-pass', 'hunter2']],
  ['acl', ['dryrun', 'app', 'AUTH', 'hunter2']],
  ['acl', ['setuser', 'app', new Uint8Array(Buffer.from('>hunter2'))]],
  ['config', ['set', 'requirepas', 'hunter2']],
  ['CONFIG SET', ['requirepass', 'hunter2']],
])('%s shows no secret', (name, args) => {
  const shown = inspect(redactArgs(name, args).map(String));
  expect(shown).not.toContain('hunter2');
  expect(shown).toContain('<redacted>');
  expect(args.map((arg) => Buffer.from(typeof arg === 'number' ? [] : arg)).join(' ')).toContain('hunter2');
});

test.each([
  ['acl', ['SETUSER', 'app', '<hunter2'], "ERR Error in ACL SETUSER modifier '<hunter2': The password does not exist"],
  ['ACL', ['SETUSER', 'app', Buffer.from('#hunter2')], "ERR Error in ACL SETUSER modifier '#hunter2': Syntax error"],
  ['AUTH', ['hunter2'], "ERR unknown command 'AUTH', with args beginning with: 'hunter2' "],
  ['sentinel', ['set', 'x', 'auth-pass', 'hunter2'], 'ERR hunter2 is no password'],
  ['auth hunter2', [], "ERR unknown command 'auth hunter2', with args beginning with: "],
  ['hello', [3, 'AUTH', 'app', 'hunter2'], 'ERR unknown command `HELLO`, with args beginning with: `3`, `hunt'],
])('what a server says of %s shows no secret', (name, args, message) => {
  const shown = redactMessage(message, name, args);
  expect(shown).not.toContain('hunt');
  expect(shown).toMatch(/^ERR /);
  expect(redactMessage(message, 'get', args)).toBe(message);
});

test('a command in one word shows no secret either', () => {
  expect(commandInfo('AUTH app hunter2', [])).toEqual({ name: 'AUTH <redacted> <redacted>', args: [] });
  expect(commandInfo('SET key', ['hunter2'])).toEqual({ name: 'SET key', args: ['hunter2'] });
});

test('arguments without secrets are shown as they are', () => {
  for (const [name, args] of [
    ['set', ['auth', 'hunter2']],
    ['acl', ['whoami']],
    ['config', ['get', 'requirepass', 'maxmemory']],
    ['constructor', ['x']],
  ]) {
    expect(redactArgs(name, args)).toBe(args);
  }
  expect(redactArgs('migrate', ['h', 1, 'key', 0, 5, 'AUTH', 'p', 'KEYS', 'k'])).toContain('k');
  expect(redactArgs('hello', [3, 'AUTH', 'u', 'p', 'SETNAME', 'x']).slice(4)).toEqual(['SETNAME', 'x']);
});
