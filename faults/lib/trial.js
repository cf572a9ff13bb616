'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { TestCluster } = require('../../__test__/support/cluster.js');
const { TestServer } = require('../../__test__/support/server.js');
const { VALUE } = require('../client/load.js');
const { Application } = require('./application.js');
const { ClusterObserver } = require('./cluster-observer.js');
const { spread } = require('./format.js');
const { judgeCalls, judgeLedger, judgeMessages, judgeSockets, total } = require('./judge.js');
const { balance } = require('./ledger.js');
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

const CHANNEL = 'numbers';

/** Of the load's keys on a cluster: enough for each master to have some. */
const HASH_TAGS = 12;

/** @typedef {'short' | 'normal' | 'full'} Scale */

/** @typedef {Observer | ClusterObserver} AnyObserver */

/**
 * @typedef {object} Rig what a scenario works on
 * @property {TestServer} server
 * @property {Application} application
 * @property {Observer} observer
 * @property {Proxy} proxy between the two, where one was asked for
 */

/** @typedef {{ cluster: TestCluster, application: Application, observer: ClusterObserver }} ClusterRig */

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
 * @typedef {object} ClusterPlan
 * @property {import('../../__test__/support/cluster.js').ClusterOptions} [cluster]
 * @property {Record<string, unknown>} [options]
 * @property {import('../client/load.js').LoadOptions} [load]
 */

/** @typedef {import('./judge.js').Verdict} Verdict */

/** One run of a scenario: what it starts, what it sees, and what is wrong with that. */
class Trial {
  #scale;
  /** @type {(() => unknown)[]} */
  #cleanups = [];
  /** @type {{ application: Application, observer: AnyObserver } | null} */
  #rig = null;
  #watch = /** @type {DescriptorWatch | null} */ (null);
  /** @type {number[]} */
  #recoveries = [];
  /** @type {() => void} */
  #stopPublishing = () => {};
  #commandTimeout = OPTIONS.commandTimeout;
  #prefix = '';
  #spread = 0;
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
    await beforeOpen?.(rig);
    const where = proxied ? { ...server.options, ...proxy.options } : server.options;
    await this.#begin(rig, { ...OPTIONS, ...where, ...options }, load ?? {});
    return rig;
  }

  /** The same with a cluster, and the load's keys all over its slots. @param {ClusterPlan} [plan] */
  async startCluster({ cluster: clusterOptions, options, load } = {}) {
    const cluster = await TestCluster.create({ nodeTimeout: 1000, ...clusterOptions });
    this.onEnd(() => cluster.stop());
    await cluster.start();
    const observer = new ClusterObserver(cluster);
    this.onEnd(() => observer.stop());
    const rig = { cluster, observer, application: await this.application() };
    const settings = { ...OPTIONS, connectionName: ClusterObserver.WATCHED, ...cluster.options, ...options };
    await this.#begin(rig, settings, { spread: HASH_TAGS, ...load });
    return rig;
  }

  /**
   * @param {{ application: Application, observer: AnyObserver }} rig
   * @param {Record<string, unknown>} settings of initialize()
   * @param {import('../client/load.js').LoadOptions} load
   */
  async #begin(rig, settings, load) {
    const { application, observer } = rig;
    this.#rig = rig;
    this.#spread = load.spread ?? 0;
    await this.prepareLoad();
    this.#watch = new DescriptorWatch(application.pid);
    this.onEnd(() => this.#watch?.stop());
    this.#commandTimeout = Number(settings.commandTimeout);
    await application.tell('open', settings);
    await application.tell('load', load);
    await application.tell('listen', [CHANNEL, 'another', 'and another']);
    this.#stopPublishing = observer.publish(CHANNEL, 5);
    await this.works(Date.now());
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

  /** How many writes were acknowledged so far. @returns {Promise<number>} */
  acknowledged() {
    return this.#the().application.tell('acknowledged');
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
    judgeLedger(this, await balance(observer, report, this.#prefixes(this.#prefix)), { expected: [] });
    this.#reports.push(report);
  }

  /** @param {string} prefix of the keys of the new load @param {import('../client/load.js').LoadOptions} [options] */
  async resumeLoad(prefix, options = {}) {
    this.#prefix = prefix;
    await this.#the().application.tell('load', { ...options, prefix });
  }

  /** What the load reads has to be there. @param {string} [prefix] */
  async prepareLoad(prefix = '') {
    for (const each of this.#prefixes(prefix)) await this.#the().observer.command('SET', `${each}value`, VALUE);
  }

  /** Ends the load, and judges what everybody was told and got. @param {Verdict} verdict */
  async finish(verdict) {
    const { application, observer } = this.#the();
    this.#stopPublishing();
    await sleep(300);
    const last = await application.tell('stop');
    const report = total([...this.#reports, last]);
    judgeCalls(this, report, verdict, this.#commandTimeout);
    judgeLedger(this, await balance(observer, last, this.#prefixes(this.#prefix)), verdict);
    judgeMessages(this, await application.tell('heard'), observer, verdict);
    const stats = await application.tell('stats');
    const purposes = stats.purposes.length;
    judgeSockets(this, { open: this.#watch?.most ?? 0, observer, purposes, declared: stats.declared }, verdict);
    const errors = Object.entries(stats.linkErrors).map(([code, count]) => `${code} ${count}`);
    if (errors.length > 0) this.figure('links failed', errors.join(', '));
    if (this.#recoveries.length > 0) this.figure('recovery', spread(this.#recoveries));
    return { report, stats };
  }

  async end() {
    // Also after a scenario that was given up, whatever state things are in.
    for (const cleanup of this.#cleanups.reverse()) await Promise.resolve(cleanup()).catch(() => {});
  }

  /** Of the load's keys: with each hash tag, where it has some. @param {string} prefix */
  #prefixes(prefix) {
    if (this.#spread === 0) return [prefix];
    return Array.from({ length: this.#spread }, (_, tag) => `${prefix}{${tag}}`);
  }

  #the() {
    if (!this.#rig) throw new Error('start() comes first');
    return this.#rig;
  }
}

const RECOVERY_DEADLINE_MS = 20_000;

module.exports = { OPTIONS, Trial };
