'use strict';

/**
 * Handles: what application code holds of a link.
 */

const { ledger } = require('./ledger');
const { linkView, refresh } = require('./link-view');
const options = require('./options');
const { Redis } = require('./redis');

/**
 * The handle of a purpose, which it keeps for good: while no link of that purpose is open, its commands are rejected
 * with the code CLOSED; or, given an opener, wait for the links to be opened.
 *
 * @param {string} purpose
 * @param {Readonly<Record<string, any>>} [overrides] options of this handle over those of the links
 * @param {import('./opening').Opener} [opener]
 * @returns {Redis}
 */
function createHandle(purpose, overrides, opener) {
  return new Redis(linkView(purpose), overrides, opener);
}

/**
 * From now on the links have these options.
 *
 * @param {Readonly<Record<string, any>>} resolved by the manager
 */
function describeLinks(resolved) {
  options.describeLinks(resolved);
  refresh();
}

module.exports = {
  createHandle,
  describeLinks,
  describedOptions: options.describedOptions,
  isUsual: options.isUsual,
  ledger,
  Redis,
};
