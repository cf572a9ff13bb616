'use strict';

/**
 * The ledger of one JavaScript environment: what the application holds, since which line of its code. For
 * `assertNoLeaks()`.
 *
 * Subscriptions, watches and monitors are always in it: they are few, and held anyway. Handles and commands only while it is
 * tracking (`trackLeaks`): an entry keeps its handle from being collected, and taking a stack costs a command several
 * times what it costs otherwise.
 */

const path = require('node:path');

/** Frames in there are ours. */
const PACKAGE = path.resolve(__dirname, '../..') + path.sep;
const OUR_FILES = ['lib' + path.sep, 'index.js', 'index.mjs'].map((name) => PACKAGE + name);

/** How deep the application's line may lie below ours, and below Node's for `async` calls. */
const FRAMES = 20;

/**
 * Something that is held.
 *
 * @typedef {object} Leak
 * @property {'handle' | 'subscription' | 'command' | 'watch' | 'monitor'} kind
 * @property {string} what in words, without any value
 * @property {string} purpose of the handle
 * @property {string | undefined} at where it comes from: `file:line:column`
 */

/** @typedef {{ leak: Omit<Leak, 'at'>, site: { stack?: string } }} Entry */

class Ledger {
  /** Whether handles and commands are entered too. */
  isTracking = false;
  /** @type {Map<object, Map<string, Entry>>} by what holds it, and its name there */
  #entries = new Map();

  /**
   * Enters something. Nothing changes where it is in there already.
   *
   * @param {object} holder
   * @param {Omit<Leak, 'at'>} leak
   */
  enter(holder, leak) {
    const name = `${leak.kind} ${leak.what}`;
    let entries = this.#entries.get(holder);
    if (entries === undefined) this.#entries.set(holder, (entries = new Map()));
    if (!entries.has(name)) entries.set(name, { leak, site: callSite() });
  }

  /**
   * It is no longer held. Without a name: nothing that this holder held.
   *
   * @param {object} holder
   * @param {Pick<Leak, 'kind' | 'what'>} [leak]
   */
  strike(holder, leak) {
    const entries = this.#entries.get(holder);
    if (entries === undefined) return;
    if (leak !== undefined) entries.delete(`${leak.kind} ${leak.what}`);
    if (leak === undefined || entries.size === 0) this.#entries.delete(holder);
  }

  /**
   * A command, until it is settled.
   *
   * @param {string} purpose
   * @param {string} what
   * @param {Promise<unknown>} outcome
   */
  follow(purpose, what, outcome) {
    this.enter(outcome, { kind: 'command', what, purpose });
    const strike = () => this.strike(outcome);
    outcome.then(strike, strike);
  }

  /** @returns {Leak[]} all that is held now, the oldest first */
  list() {
    return [...this.#entries].flatMap(([holder, entries]) =>
      isGone(holder) ? [] : Array.from(entries.values(), ({ leak, site }) => ({ ...leak, at: lineOf(site) })),
    );
  }
}

/**
 * Whether what a holder held has ended without a word of his.
 *
 * @param {object} holder
 */
function isGone(holder) {
  return 'isGone' in holder && holder.isGone === true;
}

/** Where we are, to be read when somebody asks. */
function callSite() {
  /** @type {{ stack?: string }} */
  const site = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  Error.captureStackTrace(site, callSite);
  Error.stackTraceLimit = stackTraceLimit;
  return site;
}

/**
 * The first line that is neither ours nor Node's.
 *
 * @param {{ stack?: string }} site
 */
function lineOf({ stack = '' }) {
  const frames = stack
    .split('\n')
    .flatMap((line) => /^\s+at (?:.*\()?(?:file:\/\/)?(.+:\d+:\d+)\)?$/.exec(line)?.[1] ?? []);
  return frames.find((frame) => !frame.startsWith('node:') && !OUR_FILES.some((file) => frame.startsWith(file)));
}

const ledger = new Ledger();

module.exports = { ledger };
