'use strict';

/**
 * What becomes of the replies of several nodes, or of the parts of one command. Source of the ways to do it:
 * https://redis.io/docs/latest/develop/reference/command-tips/#response_policy
 */

/**
 * @typedef {PromiseSettledResult<any>[]} Outcomes in the order of the nodes, or parts
 * @typedef {((replies: any[]) => any) & { fromAny?: boolean }} Join gets the replies, at least one; `fromAny`: those that
 *   there are, where it would otherwise take all of them
 */

/** @type {Join} */
const first = ([reply]) => reply;

/** @type {Join} */
const oneSucceeded = Object.assign((/** @type {any[]} */ [reply]) => reply, { fromAny: true });

/** @type {Join} */
const firstNonEmpty = (replies) => replies.find((reply) => reply !== null) ?? null;

/** @type {Join} Of what is no array, the first. */
const concat = (replies) => (replies.every(Array.isArray) ? replies.flat() : replies[0]);

/** @type {Join} The same without repetitions. */
const union = (replies) => [...new Map(replies.flat().map((name) => [String(name), name])).values()];

/** @type {Join} Of numbers, or of arrays of them, place by place. */
const sum = byPlace((one, other) => one + other);

/** @type {Join} */
const min = byPlace((one, other) => (one < other ? one : other));

/** @type {Join} */
const and = byPlace((one, other) => one && other);

/** @type {Join} Of replies that have names and counts in turn. */
const sumOfCounts = (replies) =>
  replies.reduce((/** @type {any[]} */ all, reply) =>
    all.map((value, at) => (at % 2 === 0 ? value : sum([value, reply[at]]))),
  );

/**
 * The elements of arrays, each in its own place.
 *
 * @param {ReadonlyArray<{ positions: number[] }>} parts
 * @returns {Join}
 */
function inOrder(parts) {
  return (replies) => {
    /** @type {any[]} */
    const all = [];
    parts.forEach(({ positions }, part) => positions.forEach((at, index) => (all[at] = replies[part][index])));
    return all;
  };
}

/**
 * Integers come as strings where the caller wants all of their digits.
 *
 * @param {(one: any, other: any) => any} combine two numbers, or two bigints
 * @returns {Join}
 */
function byPlace(combine) {
  const both = (/** @type {any} */ one, /** @type {any} */ other) =>
    typeof one === 'string' ? String(combine(BigInt(one), BigInt(other))) : combine(one, other);
  return (replies) =>
    replies.reduce((all, reply) =>
      Array.isArray(all) ? all.map((value, at) => both(value, reply[at])) : both(all, reply),
    );
}

/**
 * One outcome of several. Where one failed, the first failure, with what it does not tell: that others did not.
 *
 * @param {Outcomes} outcomes
 * @param {Join} join
 * @param {boolean} isWrite whether it matters that some were executed
 * @throws {Error}
 */
function joined(outcomes, join, isWrite) {
  const replies = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined || (join.fromAny === true && replies.length > 0)) return join(replies);
  const { reason } = failed;
  if (isWrite && replies.length > 0 && reason instanceof Error) {
    reason.message += ` (${replies.length} of the ${outcomes.length} parts of the command were executed)`;
    Object.defineProperty(reason, 'maybeExecuted', { value: true, enumerable: true, configurable: true });
  }
  throw reason;
}

module.exports = {
  joined,
  first,
  oneSucceeded,
  firstNonEmpty,
  concat,
  union,
  sum,
  min,
  and,
  sumOfCounts,
  inOrder,
};
