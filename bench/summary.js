'use strict';

/** Measurements to medians and ratios. */

/** @typedef {import('./contest.js').Measurement} Measurement */
/** @typedef {import('./contest.js').Cell} Cell */
/** @typedef {keyof import('./measure.js').Figures} Metric */

class Summary {
  /** @type {Map<string, Measurement[]>} */
  #rows = new Map();
  /** @type {Cell[]} */
  cells = [];
  /** @type {string[]} */
  clients = [];

  /** @param {Measurement[]} measurements */
  constructor(measurements) {
    for (const measurement of measurements) {
      const { cell, client } = measurement;
      const key = rowKey(cell, client);
      const row = this.#rows.get(key);
      if (row === undefined) this.#rows.set(key, [measurement]);
      else row.push(measurement);
      if (!this.cells.some((known) => rowKey(known, '') === rowKey(cell, ''))) this.cells.push(cell);
      if (!this.clients.includes(client)) this.clients.push(client);
    }
  }

  /**
   * @param {Cell} cell
   * @param {string} client
   * @param {Metric} metric
   * @returns {number} the median over the rounds; NaN where nothing was measured
   */
  median(cell, client, metric) {
    return median(this.#row(cell, client).map(({ figures }) => figures[metric] ?? NaN));
  }

  /**
   * The median of the rounds' ratios rather than the ratio of the medians: what both contestants suffered in one round
   * cancels out.
   * @param {Cell} cell
   * @param {string} client
   * @param {string} against
   * @param {Metric} metric
   */
  ratio(cell, client, against, metric) {
    const others = new Map(this.#row(cell, against).map(({ round, figures }) => [round, figures[metric]]));
    const ratios = this.#row(cell, client).map(
      ({ round, figures }) => (figures[metric] ?? NaN) / (others.get(round) ?? NaN),
    );
    return median(ratios);
  }

  /**
   * Half the distance between the extreme rounds, as a share of the median: how far to trust the figure.
   * @param {Cell} cell
   * @param {string} client
   * @param {Metric} metric
   */
  spread(cell, client, metric) {
    const figures = this.#row(cell, client).map((measurement) => measurement.figures[metric] ?? NaN);
    return (Math.max(...figures) - Math.min(...figures)) / 2 / median(figures);
  }

  /**
   * @param {Cell} cell
   * @param {string} client
   */
  #row(cell, client) {
    return this.#rows.get(rowKey(cell, client)) ?? [];
  }
}

/**
 * @param {Cell} cell
 * @param {string} client
 */
function rowKey({ transport, op, size, callers }, client) {
  return [transport, op, size, callers, client].join(' ');
}

/** @param {number[]} list */
function median(list) {
  const sorted = list.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

module.exports = { Summary };
