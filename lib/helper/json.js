'use strict';

/** Only numbers of 16 digits and more, or with an exponent, can lose anything: what has none is parsed directly. */
const SUSPECT = /[\d.]{16}|\d[eE]/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * JSON.parse, except that a number which a JavaScript number cannot hold is returned as the string that stands in the
 * text: 12345678901234567890 as '12345678901234567890', at any depth.
 *
 * @param {string} text
 * @returns {any}
 * @throws {SyntaxError} not JSON
 */
function parseJson(text) {
  const parsed = JSON.parse(text);
  return SUSPECT.test(text) ? JSON.parse(quoteLossyNumbers(text)) : parsed;
}

/** @param {string} text valid JSON */
function quoteLossyNumbers(text) {
  const start = /["\d-]/g;
  let result = '';
  let copied = 0;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    if (found[0] === '"') {
      start.lastIndex = endOfString(text, found.index);
      continue;
    }
    NUMBER.lastIndex = found.index;
    const [number] = /** @type {RegExpExecArray} */ (NUMBER.exec(text));
    const end = found.index + number.length;
    if (!survives(number)) {
      result += `${text.slice(copied, found.index)}"${number}"`;
      copied = end;
    }
    start.lastIndex = end;
  }
  return result + text.slice(copied);
}

/**
 * @param {string} text
 * @param {number} start of the opening quote
 * @returns {number} the place after the closing quote
 */
function endOfString(text, start) {
  let quote = text.indexOf('"', start + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

/**
 * @param {string} text
 * @param {number} index
 */
function isEscaped(text, index) {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/**
 * Whether the number that JavaScript makes of it, written out again, has the same value.
 *
 * @param {string} number
 */
function survives(number) {
  const value = Number(number);
  return Number.isFinite(value) && decimal(number) === decimal(String(value));
}

/**
 * The value of a decimal text in one form: digits without zeros at either end, and the power of ten.
 *
 * @param {string} number
 */
function decimal(number) {
  const [mantissa, exponent = '0'] = number.replace(/^-/, '').toLowerCase().split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

module.exports = { parseJson };
