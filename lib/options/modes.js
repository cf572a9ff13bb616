'use strict';

/**
 * The ways to say where the data is. A source of configuration takes one of them, and puts aside what weaker sources say
 * in another one.
 */

const { invalidOption } = require('../errors');
const { OPTIONS } = require('./schema');

/** @typedef {import('./schema').OptionName} OptionName */
/** @typedef {import('./environment').Layer} Layer */

/**
 * `by`: options of which each chooses the mode; `more`: what only means something in it.
 *
 * @type {ReadonlyArray<{ by: OptionName[], more: OptionName[] }>}
 */
const MODES = [
  { by: ['url', 'host', 'port', 'path'], more: [] },
  {
    by: ['sentinels'],
    more: [
      'name',
      'role',
      'sentinelUsername',
      'sentinelPassword',
      'sentinelTLS',
      'sentinelCommandTimeout',
      'updateSentinels',
      'failoverDetector',
      'preferredSlaves',
      'natMap',
    ],
  },
  { by: ['cluster'], more: [] },
];

/**
 * Takes out of `merged` what the mode of a stronger layer puts aside.
 *
 * @param {Layer} merged
 * @param {Layer} layer
 * @throws {TypeError} INVALID_OPTION where the layer chooses two modes
 */
function putAside(merged, layer) {
  const chosen = MODES.map(({ by }) => by.filter((name) => isGiven(layer, name))).filter((names) => names.length > 0);
  if (chosen.length === 0) return;
  const [[first], second] = chosen;
  if (second !== undefined) {
    const one = nameIn(layer, second[0]);
    throw invalidOption(
      one,
      layer.get(second[0])?.value,
      `none beside ${nameIn(layer, first)}: one place for the data`,
    );
  }
  for (const { by, more } of MODES) {
    // What an address does to a cluster is decided in cluster-layer.js.
    if (by.includes(first) || (by.includes('cluster') && first !== 'sentinels')) continue;
    for (const [name, { isFromUrl }] of merged) {
      if (by.includes(name) || more.includes(name) || (isFromUrl && by.includes('url'))) merged.delete(name);
    }
  }
}

/**
 * Whether the options are whole: what belongs to a mode is refused without it.
 *
 * @param {Layer} given
 * @throws {TypeError} INVALID_OPTION
 */
function checkMode(given) {
  for (const { by, more } of MODES) {
    if (by.some((name) => isGiven(given, name))) continue;
    const alone = more.find((name) => isGiven(given, name));
    if (alone !== undefined) {
      throw invalidOption(nameIn(given, alone), given.get(alone)?.value, `none without ${by.join(' or ')}`);
    }
  }
  if (isGiven(given, 'sentinels') && !isGiven(given, 'name')) {
    const accepted = `what the sentinels (${nameIn(given, 'sentinels')}) call the master, as text`;
    throw invalidOption(`name (${OPTIONS.name.env})`, undefined, accepted);
  }
}

/**
 * @param {Layer} layer
 * @param {OptionName} name
 */
function isGiven(layer, name) {
  const value = layer.get(name)?.value;
  return value !== undefined && value !== null;
}

/**
 * @param {Layer} layer
 * @param {OptionName} name
 * @returns {string} as the user wrote it
 */
function nameIn(layer, name) {
  return layer.get(name)?.name ?? name;
}

module.exports = { checkMode, isGiven, putAside };
