'use strict';

/**
 * Handles: what application code holds of a link.
 */

const { linkView } = require('./link-view');
const { describeLinks } = require('./options');
const { Redis } = require('./redis');

/**
 * The handle of a purpose, which it keeps for good: while no link of that purpose is open, its commands are rejected
 * with the code CLOSED.
 *
 * @param {string} purpose
 * @returns {Redis}
 */
function createHandle(purpose) {
  return new Redis(linkView(purpose));
}

module.exports = { createHandle, describeLinks, Redis };
