'use strict';

/** @param {number[]} times ms */
function spread(times) {
  const sorted = times.toSorted((a, b) => a - b);
  if (sorted.length === 1) return milliseconds(sorted[0]);
  const median = sorted[Math.floor(sorted.length / 2)];
  return `median ${milliseconds(median)}, at most ${milliseconds(sorted[sorted.length - 1])}`;
}

/** @param {number} ms */
function milliseconds(ms) {
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;
}

module.exports = { milliseconds, spread };
