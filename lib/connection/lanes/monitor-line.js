'use strict';

/**
 * Lines of MONITOR: `1700000000.123456 [0 127.0.0.1:6379] "set" "key" "value"`.
 *
 * Source: `sdscatrepr` of the server quotes each argument, and writes what is not printable ASCII as escapes.
 */

/** @type {Record<string, number>} */
const ESCAPES = { n: 0x0a, r: 0x0d, t: 0x09, a: 0x07, b: 0x08 };

const QUOTED = /"((?:[^"\\]|\\.)*)"/g;
const ESCAPE = /\\(?:x([0-9a-f]{2})|(.))/gs;

/**
 * @param {string} line
 * @returns {{ time: string, args: string[], source: string, database: string }} `source`: `ip:port`, `unix:path` or `lua`
 */
function parseLine(line) {
  const open = line.indexOf(' [');
  const close = line.indexOf('] ', open);
  const space = line.indexOf(' ', open + 2);
  const args = [];
  for (const [, quoted] of line.slice(close + 2).matchAll(QUOTED)) args.push(unquote(quoted));
  return {
    time: line.slice(0, open),
    args,
    source: line.slice(space + 1, close),
    database: line.slice(open + 2, space),
  };
}

/** @param {string} quoted without the quotes */
function unquote(quoted) {
  if (!quoted.includes('\\')) return quoted;
  const bytes = quoted.replace(ESCAPE, (_, hex, char) =>
    String.fromCharCode(hex === undefined ? (ESCAPES[char] ?? char.charCodeAt(0)) : parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

module.exports = { parseLine };
