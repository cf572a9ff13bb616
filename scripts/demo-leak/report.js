'use strict';

/** @typedef {import('./traffic.js').Played} Played */

/**
 * The sockets of both runs over time, as text.
 *
 * @param {Played} before
 * @param {Played} after
 */
function report(before, after) {
  const line = (/** @type {string} */ what, /** @type {unknown[]} */ ...figures) =>
    what.padEnd(34) + figures.map((figure) => String(figure).padStart(8)).join('');
  return [
    line('sockets, by CLIENT LIST', 'before', 'after'),
    ...before.sockets.map(({ when, count }, index) => line(when, count, after.sockets[index].count)),
    line('most while players played', before.peak, after.peak),
    line('scripts that never ended', before.stuck, after.stuck),
  ].join('\n');
}

module.exports = { report };
