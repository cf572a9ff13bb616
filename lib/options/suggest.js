'use strict';

/**
 * The error for an option that there is not.
 *
 * @param {string} name
 * @param {readonly string[]} validNames
 * @param {string} [prefix] stands before all of them
 */
function unknownOption(name, validNames, prefix = '') {
  const nearest = nearestName(name, validNames);
  const hint = nearest ? `did you mean ${prefix}${nearest}?` : `the options are: ${validNames.join(', ')}`;
  return Object.assign(new TypeError(`Unknown option ${prefix}${name}: ${hint}`), { code: 'INVALID_OPTION' });
}

/**
 * The valid name that was probably meant, or undefined where none is near.
 *
 * @param {string} name
 * @param {readonly string[]} validNames
 */
function nearestName(name, validNames) {
  const wanted = name.toLowerCase();
  let nearest;
  let smallest = Math.min(name.length, Math.max(2, Math.floor(name.length / 3)) + 1);
  for (const candidate of validNames) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < smallest) [nearest, smallest] = [candidate, distance];
  }
  return nearest;
}

/**
 * Levenshtein's distance.
 *
 * @param {string} left
 * @param {string} right
 */
function editDistance(left, right) {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = previous[column - 1] + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[right.length];
}

module.exports = { nearestName, unknownOption };
