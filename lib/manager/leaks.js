'use strict';

const bridge = require('../bridge');
const { ledger } = require('../connection');
const { UnifiedRedisError } = require('../errors');

/** More of them are only counted. */
const SHOWN = 50;

/**
 * Fails when something is left that a test, or whoever asks, should have ended.
 *
 * @throws {UnifiedRedisError & { leaks: import('../connection/ledger').Leak[] }} LEAKED, with a line for each
 */
function assertNoLeaks() {
  const leaks = ledger.list();
  const commands = leaks.filter(({ kind }) => kind === 'command').length;
  // Those that nobody followed: the native side knows how many there are, and no more.
  const untold = ledger.isTracking ? 0 : Math.max(bridge.exchange.slots.open - commands, 0);
  if (leaks.length === 0 && untold === 0) return;
  const lines = leaks.slice(0, SHOWN).map(describe);
  if (leaks.length > SHOWN) lines.push(`and ${leaks.length - SHOWN} more`);
  if (untold > 0) lines.push(`${untold} ${untold === 1 ? 'command' : 'commands'} in flight`);
  const hint = ledger.isTracking
    ? ''
    : '\nWith initialize({ trackLeaks: true }) or REDIS_TRACK_LEAKS=true the lines of commands and handles are known too.';
  const count = leaks.length + untold;
  const message = `${count} ${count === 1 ? 'thing is' : 'things are'} still held:\n  ${lines.join('\n  ')}${hint}`;
  throw Object.assign(new UnifiedRedisError('LEAKED', message), { leaks });
}

/** @param {import('../connection/ledger').Leak} leak */
function describe({ kind, what, purpose, at }) {
  return `${kind} ${what} (${purpose})${at === undefined ? '' : `, from ${at}`}`;
}

module.exports = { assertNoLeaks };
