'use strict';

const { EventEmitter } = require('node:events');
const { dispatch } = require('../../lib/manager/events');
const { RateLimit } = require('../../lib/manager/rate-limit');
const { Reporter } = require('../../lib/manager/reporter');
const { retryDelay } = require('../../lib/manager/retry');
const { WARNINGS } = require('../../lib/manager/warnings');
const { createLogger } = require('../../lib/logger');

describe('repeated lines', () => {
  test('pass once per key and interval, and tell how many were held back', () => {
    let now = 0;
    const limit = new RateLimit(5000, () => now);
    expect(limit.pass('a')).toBe(0);
    expect(limit.pass('a')).toBeUndefined();
    expect(limit.pass('b')).toBe(0);
    now = 4999;
    expect(limit.pass('a')).toBeUndefined();
    now = 5000;
    expect(limit.pass('a')).toBe(2);
    now = 20000;
    expect(limit.pass('a')).toBe(0);
  });

  test('keys without end take no memory without end', () => {
    const limit = new RateLimit(5000);
    for (let key = 0; key < 10_000; key++) limit.pass(String(key));
    expect(limit.pass('9999')).toBeUndefined();
    expect(limit.pass('0')).toBe(0);
  });
});

describe('retryStrategy', () => {
  const cause = new Error('lost');

  test.each([
    [100, 100],
    [0, 0],
    [10.2, 11],
    [1e12, 2 ** 31 - 1],
    [null, -1],
    [undefined, -1],
    [false, -1],
  ])('%p means %p', (answer, delayMs) => {
    const strategy = jest.fn(() => answer);
    expect(retryDelay(strategy, 3, cause)).toEqual({ delayMs });
    expect(strategy).toHaveBeenCalledWith(3, cause);
  });

  test.each([[NaN], [-1], ['100'], [{}]])('%p is no delay: the default stands in', (answer) => {
    const { delayMs, failure } = retryDelay(() => answer, 4, cause);
    expect(delayMs).toBeGreaterThanOrEqual(100);
    expect(delayMs).toBeLessThanOrEqual(200);
    expect(failure).toMatch(/retryStrategy returned/);
  });

  test('one that throws does not stop the attempts', () => {
    const { delayMs, failure } = retryDelay(
      () => {
        throw new Error('oops');
      },
      1000,
      cause,
    );
    expect(delayMs).toBeGreaterThanOrEqual(1000);
    expect(delayMs).toBeLessThanOrEqual(2000);
    expect(failure).toBe('retryStrategy threw: oops');
  });
});

describe('the reporter', () => {
  const link = { type: 'link', event: 'ready', purpose: 'main', link: 0, at: 1, address: '127.0.0.1:6379' };
  const error = { type: 'error', purpose: 'main', link: 0, code: 'ECONNREFUSED', message: 'refused', retryable: true };
  const monitor = { type: 'monitor', connectedClients: 101, maxclients: 10000, active: 5, links: 5 };

  function createReporter({ isOwner = true } = {}) {
    const lines = [];
    const log = (level) => (line) => lines.push(`${level} ${line.replace('[unified-redis] ', '')}`);
    const emitter = new EventEmitter();
    const events = [];
    const reporter = new Reporter(emitter);
    reporter.useLogger(
      createLogger({ error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') }),
    );
    reporter.configure({ isOwner, monitorThreshold: 100 });
    const handlers = { retry: (event) => events.push(event), closed: () => events.push('closed') };
    return { emitter, events, lines, reporter, tell: (event) => dispatch(event, reporter, handlers) };
  }

  test('makes one line and one event of each event', () => {
    const { emitter, events, lines, tell } = createReporter();
    for (const name of ['ready', 'error', 'reconnecting', 'monitor', 'warning']) {
      emitter.on(name, (payload) => events.push([name, payload]));
    }
    tell(link);
    tell(error);
    tell({ ...link, event: 'reconnecting', delay: 100, attempt: 2, address: undefined });
    tell(monitor);
    tell({ type: 'gap', purpose: 'subscriber', link: 2, durationMs: 1200 });
    tell({ type: 'warning', code: 'HANDSHAKE', message: 'main: no CLIENT SETNAME' });
    tell({ type: 'initialized' });
    tell({ type: 'closed' });
    expect(lines).toEqual([
      'info Redis ready: main',
      'error Redis error (main): refused [ECONNREFUSED]',
      'warn Redis reconnecting: main in 100 ms (attempt 2)',
      'info Redis Monitor - Server: 101 clients, Manager: 5 active',
      'warn HIGH Redis connections: 101 [MANY_CLIENTS]',
      'warn Redis subscriptions (subscriber) resumed after 1200 ms: messages of that time are lost [SUBSCRIPTION_GAP]',
      'warn main: no CLIENT SETNAME [HANDSHAKE]',
    ]);
    expect(events).toMatchObject([
      ['ready', { purpose: 'main', link: 0, at: 1, address: '127.0.0.1:6379' }],
      ['error', { code: 'ECONNREFUSED', message: 'refused', purpose: 'main', retryable: true }],
      ['reconnecting', { purpose: 'main', delay: 100, attempt: 2 }],
      ['monitor', { connectedClients: 101, maxclients: 10000, active: 5, links: 5 }],
      ['warning', { code: 'MANY_CLIENTS', connectedClients: 101 }],
      ['warning', { code: 'SUBSCRIPTION_GAP', purpose: 'subscriber', durationMs: 1200 }],
      ['warning', { code: 'HANDSHAKE' }],
      'closed',
    ]);
    expect(Object.keys(WARNINGS)).toEqual(expect.arrayContaining(['MANY_CLIENTS', 'SUBSCRIPTION_GAP']));
  });

  test('an error that nobody listens to is only logged', () => {
    const { lines, tell } = createReporter();
    tell(error);
    tell(error);
    expect(lines).toEqual(['error Redis error (main): refused [ECONNREFUSED]']);
  });

  test('a copy that did not open the links leaves the log to the one that did', () => {
    const { lines, tell } = createReporter({ isOwner: false });
    tell(link);
    tell(error);
    expect(lines).toEqual(['debug Redis ready: main', 'debug Redis error (main): refused [ECONNREFUSED]']);
  });

  test('a monitor that fails is a warning', () => {
    const { emitter, tell } = createReporter();
    const warning = jest.fn();
    emitter.on('warning', warning);
    tell({ type: 'monitor', error: { code: 'NOPERM', message: 'may not run INFO' } });
    expect(warning).toHaveBeenCalledWith(expect.objectContaining({ code: 'MONITOR_FAILED' }));
  });

  test('failures of the helper are logged without a flood', () => {
    const { lines, reporter } = createReporter();
    const failure = Object.assign(new Error('link down'), { code: 'LINK_DOWN' });
    for (let round = 0; round < 100; round++) reporter.helperError('get', failure);
    reporter.helperError('set', failure);
    expect(lines).toEqual(['error Redis get error: link down', 'error Redis set error: link down']);
  });
});
