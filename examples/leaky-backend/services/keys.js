'use strict';

const prefix = process.env.KEY_PREFIX ?? 'leaky:';

module.exports = {
  board: `${prefix}board`,
  events: `${prefix}events`,
  lock: `${prefix}lock`,
  online: `${prefix}online`,
  round: `${prefix}round`,
  /** @param {string} name */
  ofPlayer: (name) => `${prefix}player:${name}:`,
};
