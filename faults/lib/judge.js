'use strict';

const { ClusterObserver } = require('./cluster-observer.js');
const { milliseconds, spread } = require('./format.js');
const { disorder, unexplainedLosses } = require('./ledger.js');
const { DescriptorWatch } = require('./observer.js');

/** How late anything may be because the machine was busy with something else. */
const SLACK_MS = 2000;

/** @typedef {import('./trial.js').Trial} Trial */
/** @typedef {import('../client/load.js').LoadReport} LoadReport */

/**
 * @typedef {object} Verdict
 * @property {string[]} expected codes of calls that may fail in this scenario
 * @property {boolean} [outage] whether subscriptions must have been interrupted (then a gap is told), must not (false)
 * @property {number} [silentMs] for how long a link may be dead before that is noticed: a gap is told from then on
 * @property {boolean} [mayDouble] writes may be there twice
 * @property {[from: number, until: number][]} [mayLose] which writes, counted in the order of their acknowledgement, a
 *   master may have taken along that no replica had. Those that a replica had must be there
 * @property {number} [longestMs] that a call may take, instead of its deadline
 * @property {number} [blockedMs] for how long the event loop was blocked
 * @property {boolean} [serverLags] the server cannot know yet that a connection has ended: its own list may be longer
 */

/** @param {Trial} trial @param {LoadReport} report @param {Verdict} verdict @param {number} commandTimeout */
function judgeCalls(trial, report, { expected, longestMs: allowed, blockedMs = 0 }, commandTimeout) {
  const { calls, open, codes, wrong, longestMs } = report;
  const failed = Object.values(codes).reduce((sum, count) => sum + count, 0);
  const list = Object.entries(codes).map(([code, count]) => `${code} ${count}`);
  trial.figure('calls', `${calls} (${failed} failed${list.length > 0 ? `: ${list.join(', ')}` : ''})`);
  trial.figure('slowest call', milliseconds(longestMs));
  trial.check(open === 0, `${open} calls never settled`);
  trial.check(wrong === 0, `${wrong} replies were of another call`);
  const deadline = (allowed ?? commandTimeout) + blockedMs + SLACK_MS;
  trial.check(longestMs <= deadline, `a call took ${longestMs} ms, beyond its deadline`);
  for (const code of Object.keys(codes)) trial.check(expected.includes(code), `calls failed with ${code}`);
  trial.check(calls - failed > 50, `only ${calls - failed} calls succeeded`);
}

/** @param {Trial} trial @param {import('./ledger.js').Balance} books @param {Verdict} verdict */
function judgeLedger(trial, books, { mayDouble = false, mayLose = [] }) {
  const { acknowledged, lost, replicated, replicatedLost, doubled, maybe, maybeThere, rejected, phantoms } = books;
  const unknown = maybe > 0 ? `, ${maybe} unknown (${maybeThere} of them there)` : '';
  trial.figure(
    'writes',
    `${acknowledged} acknowledged, ${lost.length} lost, ${doubled} doubled${unknown}, ${rejected} not sent`,
  );
  if (replicated > 0) trial.figure('WAIT 1', `${replicated} of them on a replica, ${replicatedLost} of these lost`);
  trial.check(replicatedLost === 0, `${replicatedLost} writes are lost that a replica had`);
  const unexplained = lost.filter((index) => !mayLose.some(([from, until]) => index >= from && index < until));
  trial.check(unexplained.length === 0, `${unexplained.length} acknowledged writes are lost`);
  trial.check(mayDouble || doubled === 0, `${doubled} writes are there more than once`);
  trial.check(
    phantoms.length === 0,
    `${phantoms.length} writes are there that were rejected as not executed (${phantoms[0]})`,
  );
  const [value, least, most] = books.counter;
  const isRight = (mayLose.length > 0 || value >= least) && (mayDouble || value <= most);
  trial.check(isRight, `the counter is ${value}, and should be from ${least} to ${most}`);
}

/** @param {Trial} trial @param {import('../client/listener.js').Heard} heard @param {import('./trial.js').AnyObserver} observer @param {Verdict} verdict */
function judgeMessages(trial, heard, observer, { outage, silentMs = 0 }) {
  const { published } = observer;
  const lost = unexplainedLosses(published, heard, SLACK_MS / 4 + silentMs);
  const told = heard.gaps.map(({ durationMs }) => durationMs);
  const gaps = told.length > 0 ? `, ${told.length} gaps told (${spread(told)})` : '';
  trial.figure('messages', `${heard.messages.length} of ${published.filter(Boolean).length} came${gaps}`);
  trial.check(lost.length === 0, `${lost.length} messages are missing outside of the gaps that were told`);
  const wrong = disorder(heard, observer instanceof ClusterObserver ? SLACK_MS / 4 : undefined);
  trial.check(wrong.length === 0, `messages came twice, or out of order: ${wrong.slice(0, 5).join(', ')}`);
  if (outage !== undefined) trial.check(told.length > 0 === outage, `${told.length} gaps were told`);
}

/**
 * @param {Trial} trial
 * @param {{ open: number, observer: import('./trial.js').AnyObserver, purposes: number, declared: number }} sockets
 *   open: the most that the application had at a time; declared: the bound that it states itself
 * @param {Verdict} verdict
 */
function judgeSockets(trial, { open, observer, purposes, declared }, { serverLags = false }) {
  const most = DescriptorWatch.isPossible ? `${open} open` : 'not counted here (no /proc)';
  if (observer instanceof ClusterObserver) {
    const bound = purposes * observer.mostNodes;
    trial.figure(
      'connections',
      `${purposes} purposes on ${observer.mostNodes} nodes, at most ${most}, at most ${observer.mostClients} in CLIENT LIST of a node`,
    );
    trial.check(declared <= bound, `${declared} are declared`);
    trial.check(open <= bound, `${open} connections were open at a time`);
    const isBound = serverLags || observer.mostAlike <= 1;
    trial.check(isBound, `${observer.mostAlike} connections of a purpose were in CLIENT LIST of a node at a time`);
    return;
  }
  trial.figure('connections', `${declared} declared, at most ${most}, at most ${observer.mostClients} in CLIENT LIST`);
  trial.check(open <= declared, `${open} connections were open at a time`);
  const isBound = serverLags || observer.mostClients <= declared;
  trial.check(isBound, `${observer.mostClients} connections were in CLIENT LIST at a time`);
}

/** @param {LoadReport[]} reports whose calls are added up */
function total(reports) {
  const all = /** @type {LoadReport} */ (reports.at(-1));
  for (const { calls, open, codes, wrong, longestMs } of reports.slice(0, -1)) {
    all.calls += calls;
    all.open += open;
    all.wrong += wrong;
    all.longestMs = Math.max(all.longestMs, longestMs);
    for (const [code, count] of Object.entries(codes)) all.codes[code] = (all.codes[code] ?? 0) + count;
  }
  return all;
}

module.exports = { SLACK_MS, judgeCalls, judgeLedger, judgeMessages, judgeSockets, total };
