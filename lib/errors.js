'use strict';

/**
 * The errors of this package, made in one place: failures of ours (`UnifiedRedisError`), error replies of the server
 * (`ReplyError`), and wrong arguments or options (`TypeError`, `RangeError` with a `code`).
 *
 * Every failure gets an object of its own: a shared one would show the stack of whoever met it first.
 */

const { describe, redactArgs, redactMessage, redactName } = require('./redaction');

/** A failure of this package or of the connection. */
class UnifiedRedisError extends Error {
  /**
   * @param {string} code one of the codes in the errors table, for example `CONNECTION_LOST`
   * @param {string} message must hold no secret: it reaches logs
   * @param {{ retryable?: boolean, maybeExecuted?: boolean, purpose?: string, cause?: unknown,
   *   causes?: Array<{ code: string, message: string, retryable?: boolean, maybeExecuted?: boolean, purpose?: string }> }} [details]
   * @param {CommandInfo} [command] the command that failed, where there is one
   */
  constructor(code, message, details = {}, command = undefined) {
    const { retryable = false, maybeExecuted = false, purpose, cause, causes } = details;
    super(message, cause === undefined ? undefined : { cause });
    /** Stable, for decisions. */
    this.code = code;
    /** Whether the same call may succeed later without anything being changed. */
    this.retryable = retryable;
    /** Whether the server may have run the command. */
    this.maybeExecuted = maybeExecuted;
    // Only where they mean something: an own property shows in every printed error, undefined or not.
    if (purpose !== undefined) this.purpose = purpose;
    if (command !== undefined) this.command = command;
    // What led to it, one error for each purpose, where it has several causes.
    if (causes?.length) {
      this.errors = causes.map((each) => new UnifiedRedisError(each.code, each.message, each));
      // Often they are all the same; and who looks for one cause, finds one. Not enumerable, as any cause.
      Object.defineProperty(this, 'cause', { value: this.errors[0], configurable: true, writable: true });
    }
  }
}
nameOf(UnifiedRedisError, 'UnifiedRedisError');

/** Replies of a server that is not in a state to run the command, and says so before it has. */
const RETRYABLE_REPLIES = new Set([
  'LOADING',
  'BUSY',
  'TRYAGAIN',
  'CLUSTERDOWN',
  'MASTERDOWN',
  'READONLY',
  'NOREPLICAS',
  'OOM',
]);

/** An error reply of the server. The message is the server's own. */
class ReplyError extends Error {
  /**
   * @param {string} message
   * @param {CommandInfo} [command] the command that failed, without secrets
   */
  constructor(message, command) {
    super(message);
    /** The first word of the message: `ERR`, `WRONGTYPE`, `NOSCRIPT`, ... */
    this.code = message.split(' ', 1)[0];
    if (command !== undefined) this.command = command;
  }

  /** Whether the same command may succeed later without anything being changed. */
  get retryable() {
    return RETRYABLE_REPLIES.has(this.code);
  }

  /** Never: a server that refuses a command has not run it. (A script that fails halfway is its author's affair.) */
  get maybeExecuted() {
    return false;
  }
}
nameOf(ReplyError, 'ReplyError');

/**
 * What an error tells about its command.
 *
 * @param {string} name
 * @param {ReadonlyArray<unknown>} args
 * @returns {CommandInfo}
 */
function commandInfo(name, args) {
  return { name: redactName(name), args: redactArgs(name, args) };
}

/**
 * The error for an option that makes no sense.
 *
 * @param {string} name of the option, as the user wrote it
 * @param {unknown} got
 * @param {string} accepted what the option takes, for example `a port number (1 to 65535)`
 * @returns {(TypeError | RangeError) & { code: string }}
 */
function invalidOption(name, got, accepted) {
  return invalid('INVALID_OPTION', `Invalid option ${name}: got ${show(name, got)}, expected ${accepted}`, got);
}

/**
 * The error for an argument that makes no sense. Nothing was sent.
 *
 * @param {string} name of the argument
 * @param {unknown} got
 * @param {string} accepted what the argument takes
 * @returns {(TypeError | RangeError) & { code: string }}
 */
function invalidArgument(name, got, accepted) {
  return invalid('INVALID_ARGUMENT', `Invalid argument ${name}: got ${show(name, got)}, expected ${accepted}`, got);
}

/**
 * A number that is a number at all is out of range; anything else is of the wrong type.
 *
 * @param {string} code
 * @param {string} message
 * @param {unknown} got
 */
function invalid(code, message, got) {
  const Kind = typeof got === 'number' && !Number.isNaN(got) ? RangeError : TypeError;
  const error = Object.assign(new Kind(message), { code });
  // As every error of the family, and not in the way where it is printed.
  return Object.defineProperties(error, { retryable: { value: false }, maybeExecuted: { value: false } });
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {string}
 */
function show(name, value) {
  if (/pass|secret|token|url|key$|username/i.test(name)) return value === undefined ? 'undefined' : `<${typeof value}>`;
  return describe(value);
}

/**
 * Error names belong on the prototype, where they do not show as a property of every error.
 *
 * @param {Function} Class
 * @param {string} name
 */
function nameOf(Class, name) {
  Object.defineProperty(Class.prototype, 'name', { value: name, configurable: true, writable: true });
}

module.exports = {
  UnifiedRedisError,
  ReplyError,
  commandInfo,
  invalidOption,
  invalidArgument,
  redactArgs,
  redactMessage,
};

/** @typedef {{ name: string, args: unknown[] }} CommandInfo */
