'use strict';

/**
 * SCAN, SSCAN, HSCAN and ZSCAN as streams of arrays, one for each reply of the server. They are async iterables, too.
 */

const { Readable } = require('node:stream');
const { defineMethod } = require('./methods');

/**
 * @typedef {object} ScanStreamOptions
 * @property {string} [match] only names that match this pattern
 * @property {string} [type] only keys of this type (SCAN)
 * @property {number | string} [count] how many the server looks at for a reply
 * @property {boolean} [noValues] no values (HSCAN)
 * @property {number} [highWaterMark] arrays to read ahead
 */

/** A scan under way. An element that is there from the beginning to the end comes at least once. */
class ScanStream extends Readable {
  #scan;
  #options;
  #cursor = '0';
  #isDrained = false;

  /**
   * @param {(args: string[]) => Promise<[string | Buffer, any[]]>} scan sends the command, with a cursor and options
   * @param {ScanStreamOptions} [options]
   */
  constructor(scan, { match, type, count, noValues, ...options } = {}) {
    super({ ...options, objectMode: true });
    this.#scan = scan;
    this.#options = [
      ...(match ? ['MATCH', match] : []),
      ...(type ? ['TYPE', type] : []),
      ...(count ? ['COUNT', String(count)] : []),
      ...(noValues ? ['NOVALUES'] : []),
    ];
  }

  _read() {
    if (this.#isDrained) {
      this.push(null);
      return;
    }
    this.#scan([this.#cursor, ...this.#options]).then(
      ([cursor, elements]) => {
        this.#cursor = String(cursor);
        if (this.#cursor === '0') this.#isDrained = true;
        this.push(elements);
      },
      (error) => this.destroy(error),
    );
  }

  /** Ends the scan after the array that is being read. */
  close() {
    this.#isDrained = true;
  }
}

/** The commands, and whether they have a key. */
const SCANS = [
  ['scan', false],
  ['sscan', true],
  ['hscan', true],
  ['zscan', true],
];

/**
 * Adds scanStream() and its like, and their twins with Buffers.
 *
 * @param {object} prototype that has the commands
 */
function defineScans(prototype) {
  for (const [command, hasKey] of SCANS) {
    for (const encoding of ['', 'Buffer']) {
      /**
       * @this {any}
       * @param {any[]} args a key, where there is one, and ScanStreamOptions
       */
      const value = function (...args) {
        const key = hasKey ? [args[0]] : [];
        const scan = (/** @type {string[]} */ rest) => this[`${command}${encoding}`](...key, ...rest);
        return new ScanStream(scan, args[key.length]);
      };
      defineMethod(prototype, `${command}${encoding}Stream`, value);
    }
  }
}

module.exports = { defineScans };
