'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { TestServer } = require('../../__test__/support/server.js');
const { VALUE } = require('../client/load.js');
const { Application } = require('./application.js');
const { balance, isInOrder, unexplainedLosses } = require('./ledger.js');
const { DescriptorWatch, Observer } = require('./observer.js');
const { Proxy } = require('./proxy.js');

/** Short enough that faults show in seconds. The defaults are 10 s, 15 s, 10 s and 5 s. */
const OPTIONS = {
  commandTimeout: 1500,
  connectTimeout: 2000,
  heartbeatInterval: 500,
  heartbeatTimeout: 500,
  monitorInterval: 0,
};

/** How late anything may be because the machine was busy with something else. */
const SLACK_MS = 2000;

const CHANNEL = 'numbers';

/** @typedef {'short' | 'normal' | 'full'} Scale */

/**
 * @typedef {object} Rig what a scenario works on
 * @property {TestServer} server
 * @property {Application} application
 * @property {Observer} observer
 * @property {Proxy} proxy between the two, where one was asked for
 */

/**
 * @typedef {object} Plan
 * @property {import('../../__test__/support/server.js').ServerOptions} [server]
 * @property {Record<string, unknown>} [options] of initialize(), over those of above
 * @property {boolean} [proxied] links go through a proxy
 * @property {import('../client/load.js').LoadOptions} [load]
 * @property {string[]} [wrapper] of the application's command
 * @property {(rig: Rig) => unknown} [beforeOpen]
 */

/**
 * @typedef {object} Verdict
 * @property {string[]} expected codes of calls that may fail in this scenario
 * @property {boolean} [outage] whether subscriptions must have been interrupted (then a gap is told), must not (false)
 * @property {number} [silentMs] for how long a link may be dead before that is noticed: a gap is told from then on
 * @property {boolean} [mayDouble] writes may be there twice
 * @property {number} [longestMs] that a call may take, instead of its deadline
 * @property {number} [blockedMs] for how long the event loop was blocked
 * @property {boolean} [serverLags] the server cannot know yet that a connection has ended: its own list may be longer
 */

/** One run of a scenario: what it starts, what it sees, and what is wrong with that. */
class Trial {
  #scale;
  /** @type {(() => unknown)[]} */
  #cleanups = [];
  /** @type {Rig | null} */
  #rig = null;
  #watch = /** @type {DescriptorWatch | null} */ (null);
  /** @type {number[]} */
  #recoveries = [];
  /** @type {() => void} */
  #stopPublishing = () => {};
  #commandTimeout = OPTIONS.commandTimeout;
  #prefix = '';
  /** @type {import('../client/load.js').LoadReport[]} of loads that are over */
  #reports = [];
  /** @type {[label: string, value: string][]} */
  figures = [];
  /** @type {string[]} */
  violations = [];

  /** @param {Scale} scale */
  constructor(scale) {
    this.#scale = scale;
  }

  /**
   * @template T
   * @param {T} short in the tests, seconds
   * @param {T} normal
   * @param {T} full
   * @returns {T}
   */
  pick(short, normal, full) {
    return { short, normal, full }[this.#scale];
  }

  /** @param {unknown} isRight @param {string} violation what is said when it is not */
  check(isRight, violation) {
    if (!isRight) this.violations.push(violation);
  }

  /** @param {string} label @param {string | number} value */
  figure(label, value) {
    this.figures.push([label, String(value)]);
  }

  /** @param {() => unknown} cleanup run in the end, the latest first */
  onEnd(cleanup) {
    this.#cleanups.push(cleanup);
  }

  /** One for what has to outlive a server. */
  directory() {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-faults-'));
    this.onEnd(() => fs.rmSync(directory, { recursive: true, force: true }));
    return directory;
  }

  /** Connections that the application has open now. */
  sockets() {
    return this.#watch?.now() ?? 0;
  }

  /** @param {import('../../__test__/support/server.js').ServerOptions} [options] */
  async server(options) {
    const server = new TestServer(options ?? {});
    this.onEnd(() => server.stop());
    await server.start();
    return server;
  }

  /** @param {TestServer} server */
  observe(server) {
    const { host, port, certificates } = server;
    const tls = certificates ? { tls: { rejectUnauthorized: false } } : {};
    const password = server.options.password;
    const observer = new Observer({ host, port, password, ...tls });
    this.onEnd(() => observer.stop());
    return observer;
  }

  /** @param {string[]} [wrapper] */
  async application(wrapper) {
    const application = new Application(wrapper);
    this.onEnd(() => application.stop());
    await application.started;
    application.ended.then(({ code, signal }) => {
      this.check(application.mayEnd, `the application crashed: code ${code}, signal ${signal} ${application.stderr}`);
    });
    return application;
  }

  /** A server, an application with all links under load, and a subscription that numbers are published to. @param {Plan} [plan] */
  async start({ server: serverOptions, options, proxied = false, load, wrapper, beforeOpen } = {}) {
    const server = await this.server(serverOptions);
    const proxy = new Proxy({ host: server.host, port: server.port });
    await proxy.start();
    this.onEnd(() => proxy.stop());
    const observer = this.observe(server);
    const application = await this.application(wrapper);
    const rig = { server, proxy, observer, application };
    this.#rig = rig;
    await beforeOpen?.(rig);
    await this.prepareLoad();
    this.#watch = new DescriptorWatch(application.pid);
    this.onEnd(() => this.#watch?.stop());
    const where = proxied ? { ...server.options, ...proxy.options } : server.options;
    const settings = { ...OPTIONS, ...where, ...options };
    this.#commandTimeout = Number(settings.commandTimeout);
    await application.tell('open', settings);
    await application.tell('load', load ?? {});
    await application.tell('listen', [CHANNEL, 'another', 'and another']);
    this.#stopPublishing = observer.publish(CHANNEL, 5);
    await this.works(Date.now());
    return rig;
  }

  /**
   * Waits until all purposes and the subscription work again.
   *
   * @param {number} [since] ms since the epoch: when the fault was over
   */
  async recovered(since = Date.now()) {
    this.#recoveries.push(await this.works(since));
  }

  /** @param {number} since @returns {Promise<number>} ms from then on until everything worked */
  async works(since) {
    const { application } = this.#the();
    for (;;) {
      const at = await application.tell('workingSince', since);
      if (at !== null) return Math.max(0, at - since);
      if (Date.now() - since > RECOVERY_DEADLINE_MS) throw new Error('not everything worked again within 20 s');
      await sleep(10);
    }
  }

  /** Has the application call something. @param {string} purpose @param {...(string | number)} command @returns {Promise<string>} `ok`, or the error's code */
  outcome(purpose, ...command) {
    const called = this.#the().application.tell('command', purpose, ...command);
    return called.then(
      () => 'ok',
      (error) => error.code ?? error.message,
    );
  }

  /** @param {() => boolean | Promise<boolean>} condition @param {string} what is waited for */
  async eventually(condition, what) {
    const until = Date.now() + RECOVERY_DEADLINE_MS;
    while (!(await condition())) {
      if (Date.now() > until) throw new Error(`it did not come to this: ${what}`);
      await sleep(10);
    }
  }

  /** The most memory that the application has had so far. */
  memory() {
    const status = `/proc/${this.#the().application.pid}/status`;
    if (!fs.existsSync(status)) return 'not known here (no /proc)';
    const kibibytes = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(status, 'utf8'))?.[1]);
    return `${Math.round(kibibytes / 1024)} MiB`;
  }

  /** Ends the load for a while, and judges its writes: the data set may be another one afterwards. */
  async pauseLoad() {
    const { application, observer } = this.#the();
    /** @type {import('../client/load.js').LoadReport} */
    const report = await application.tell('stop');
    this.#judgeLedger(await balance(observer, report, this.#prefix), { expected: [] });
    this.#reports.push(report);
  }

  /** @param {string} prefix of the keys of the new load @param {import('../client/load.js').LoadOptions} [options] */
  async resumeLoad(prefix, options = {}) {
    this.#prefix = prefix;
    await this.#the().application.tell('load', { ...options, prefix });
  }

  /** What the load reads has to be there. @param {string} [prefix] */
  async prepareLoad(prefix = '') {
    await this.#the().observer.command('SET', `${prefix}value`, VALUE);
  }

  /** Ends the load, and judges what everybody was told and got. @param {Verdict} verdict */
  async finish(verdict) {
    const { application, observer } = this.#the();
    this.#stopPublishing();
    await sleep(300);
    const last = await application.tell('stop');
    const report = total([...this.#reports, last]);
    this.#judgeCalls(report, verdict);
    this.#judgeLedger(await balance(observer, last, this.#prefix), verdict);
    this.#judgeMessages(await application.tell('heard'), verdict);
    const stats = await application.tell('stats');
    this.#judgeSockets(stats.declared, verdict);
    const errors = Object.entries(stats.linkErrors).map(([code, count]) => `${code} ${count}`);
    if (errors.length > 0) this.figure('links failed', errors.join(', '));
    if (this.#recoveries.length > 0) this.figure('recovery', spread(this.#recoveries));
    return { report, stats };
  }

  async end() {
    // Also after a scenario that was given up, whatever state things are in.
    for (const cleanup of this.#cleanups.reverse()) await Promise.resolve(cleanup()).catch(() => {});
  }

  /** @param {import('../client/load.js').LoadReport} report @param {Verdict} verdict */
  #judgeCalls({ calls, open, codes, wrong, longestMs }, { expected, longestMs: allowed, blockedMs = 0 }) {
    const failed = Object.values(codes).reduce((sum, count) => sum + count, 0);
    const list = Object.entries(codes).map(([code, count]) => `${code} ${count}`);
    this.figure('calls', `${calls} (${failed} failed${list.length > 0 ? `: ${list.join(', ')}` : ''})`);
    this.figure('slowest call', milliseconds(longestMs));
    this.check(open === 0, `${open} calls never settled`);
    this.check(wrong === 0, `${wrong} replies were of another call`);
    const deadline = (allowed ?? this.#commandTimeout) + blockedMs + SLACK_MS;
    this.check(longestMs <= deadline, `a call took ${longestMs} ms, beyond its deadline`);
    for (const code of Object.keys(codes)) this.check(expected.includes(code), `calls failed with ${code}`);
    this.check(calls - failed > 50, `only ${calls - failed} calls succeeded`);
  }

  /** @param {import('./ledger.js').Balance} books @param {Verdict} verdict */
  #judgeLedger({ acknowledged, lost, doubled, maybe, maybeThere, rejected, phantoms, counter }, { mayDouble = false }) {
    const unknown = maybe > 0 ? `, ${maybe} unknown (${maybeThere} of them there)` : '';
    this.figure(
      'writes',
      `${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled${unknown}, ${rejected} not sent`,
    );
    this.check(lost === 0, `${lost} acknowledged writes are lost`);
    this.check(mayDouble || doubled === 0, `${doubled} writes are there more than once`);
    this.check(
      phantoms.length === 0,
      `${phantoms.length} writes are there that were rejected as not executed (${phantoms[0]})`,
    );
    const [value, least, most] = counter;
    const isRight = value >= least && (mayDouble || value <= most);
    this.check(isRight, `the counter is ${value}, and should be from ${least} to ${most}`);
  }

  /** @param {import('../client/listener.js').Heard} heard @param {Verdict} verdict */
  #judgeMessages(heard, { outage, silentMs = 0 }) {
    const { published } = this.#the().observer;
    const lost = unexplainedLosses(published, heard, SLACK_MS / 4 + silentMs);
    const told = heard.gaps.map(({ durationMs }) => durationMs);
    const gaps = told.length > 0 ? `, ${told.length} gaps told (${spread(told)})` : '';
    this.figure('messages', `${heard.messages.length} of ${published.filter(Boolean).length} came${gaps}`);
    this.check(lost.length === 0, `${lost.length} messages are missing outside of the gaps that were told`);
    this.check(isInOrder(heard), 'messages came twice, or out of order');
    if (outage !== undefined) this.check(told.length > 0 === outage, `${told.length} gaps were told`);
  }

  /** @param {number} declared @param {Verdict} verdict */
  #judgeSockets(declared, { serverLags = false }) {
    const { observer } = this.#the();
    const most = DescriptorWatch.isPossible ? `${this.#watch?.most} open` : 'not counted here (no /proc)';
    this.figure('connections', `${declared} declared, at most ${most}, at most ${observer.mostClients} in CLIENT LIST`);
    this.check(Number(this.#watch?.most) <= declared, `${this.#watch?.most} connections were open at a time`);
    const isBound = serverLags || observer.mostClients <= declared;
    this.check(isBound, `${observer.mostClients} connections were in CLIENT LIST at a time`);
  }

  #the() {
    if (!this.#rig) throw new Error('start() comes first');
    return this.#rig;
  }
}

/** @param {import('../client/load.js').LoadReport[]} reports whose calls are added up */
function total(reports) {
  const all = /** @type {import('../client/load.js').LoadReport} */ (reports.at(-1));
  for (const { calls, open, codes, wrong, longestMs } of reports.slice(0, -1)) {
    all.calls += calls;
    all.open += open;
    all.wrong += wrong;
    all.longestMs = Math.max(all.longestMs, longestMs);
    for (const [code, count] of Object.entries(codes)) all.codes[code] = (all.codes[code] ?? 0) + count;
  }
  return all;
}

const RECOVERY_DEADLINE_MS = 20_000;

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

module.exports = { OPTIONS, SLACK_MS, Trial, milliseconds, spread };
