'use strict';

/**
 * What callers were told, against what the server has.
 *
 * @typedef {object} Balance
 * @property {number} acknowledged writes
 * @property {number[]} lost acknowledged, and not there: which ones, counted in the order of their acknowledgement
 * @property {number} replicated acknowledged, and WAIT said that a replica had them
 * @property {number} replicatedLost of those, how many are not there
 * @property {number} doubled there more than once
 * @property {number} maybe rejected with `maybeExecuted`
 * @property {number} maybeThere of those, how many are there
 * @property {number} rejected not sent, as their callers were told
 * @property {string[]} phantoms why those were rejected that are there all the same
 * @property {[number, number, number]} counter its value, and the bounds within which it has to be
 */

/**
 * @param {import('./trial.js').AnyObserver} observer
 * @param {import('../client/load.js').LoadReport} report
 * @param {string[]} prefixes of the keys
 * @returns {Promise<Balance>}
 */
async function balance(observer, { acknowledged, replicated, maybe, rejected, increments }, prefixes) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  let counter = 0;
  for (const prefix of prefixes) {
    const ids = await observer.command('LRANGE', `${prefix}list`, 0, -1);
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
    counter += Number(await observer.command('GET', `${prefix}counter`));
  }
  const there = (/** @type {string} */ id) => counts.has(id);
  return {
    acknowledged: acknowledged.length,
    lost: [...acknowledged.keys()].filter((index) => !there(acknowledged[index])),
    replicated: replicated.length,
    replicatedLost: replicated.filter((id) => !there(id)).length,
    doubled: [...counts.values()].filter((count) => count > 1).length,
    maybe: maybe.length,
    maybeThere: maybe.filter(there).length,
    rejected: rejected.length,
    phantoms: rejected.filter(([id]) => there(id)).map(([, why]) => why),
    counter: [counter, increments.acknowledged, increments.acknowledged + increments.maybe],
  };
}

/**
 * Numbers that were published and did not come, although no gap was told for that time.
 *
 * @param {number[]} published when each was published
 * @param {import('../client/listener.js').Heard} heard
 * @param {number} slackMs by which a gap may be longer than was told
 */
function unexplainedLosses(published, { messages, gaps }, slackMs) {
  const came = new Set(messages.map(([number]) => number));
  const first = messages[0]?.[0] ?? 0;
  return published.flatMap((at, number) => {
    if (number < first || came.has(number)) return [];
    const isExplained = gaps.some((gap) => at >= gap.at - gap.durationMs - slackMs && at <= gap.at + slackMs);
    return isExplained ? [] : [number];
  });
}

/**
 * Messages that came twice, or after a newer one.
 *
 * @param {import('../client/listener.js').Heard} heard
 * @param {number} [slackMs] around a gap that was told, where they may: in a cluster, the node that a subscription goes
 *   on at may get a message later than the one before it has passed it on. Default: nowhere
 * @returns {string[]}
 */
function disorder({ messages, gaps }, slackMs) {
  return messages.flatMap(([number, at], index) => {
    const [before] = messages[index - 1] ?? [-1];
    const isExplained = slackMs !== undefined && gaps.some((gap) => Math.abs(at - gap.at) <= slackMs);
    return number > before || isExplained ? [] : [`${number} after ${before}`];
  });
}

module.exports = { balance, disorder, unexplainedLosses };
