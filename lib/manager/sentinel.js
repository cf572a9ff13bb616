'use strict';

const { addressOf } = require('../options/sentinel');

/**
 * Asks the application's `natMap` or `preferredSlaves`, where these are functions.
 *
 * @param {Function} asked
 * @param {import('./events').SentinelQuestion} question
 * @returns {{ given: unknown } | { failure: string }} as the addon takes it: an address for each item, or null where there is
 *   none; or the address of the replica that was picked, or null
 */
function askAboutServers(asked, { about, items }) {
  try {
    if (about === 'natMap') return { given: items.map((key) => checked(asked(key))) };
    const picked = asked(items);
    return { given: picked ? checked({ host: picked.ip, port: picked.port }) : null };
  } catch (error) {
    return { failure: `failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** @param {any} address */
function checked(address) {
  if (!address) return null;
  const known = addressOf({ host: address.host, port: address.port });
  if (known === undefined) throw new Error('it gave what is no address with host and port');
  return known;
}

module.exports = { askAboutServers };
