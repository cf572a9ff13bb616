'use strict';

/**
 * The one command table: what `@ioredis/commands` knows about each command, in the form that the data path wants.
 */

const table = require('@ioredis/commands/built/commands.json');
const { getKeyIndexes } = require('@ioredis/commands');

/** How a request is treated; the same bits as in `src/io/request.rs`, which knows nothing of what is for JavaScript only. */
const FLAGS = {
  /** Safe to send again after a lost link, although the server may have executed it. */
  READONLY: 1,
  /** Bulk and simple strings of the reply become Buffers. */
  BUFFERS: 2,
  /** May rightly stay without a reply for long. */
  BLOCKING: 4,
  /** Ends every WATCH of its connection: waits while another caller leases the link. */
  ENDS_WATCH: 8,
  /** Belongs to the lease of its link, and means nothing on another connection. */
  LEASED: 16,
  /** Has keys, all of one hash slot, which stands above `SLOT_SHIFT`. */
  KEYED: 32,
  /** Error replies that say that nothing was executed reach the caller at once, who decides about them. */
  AS_IT_IS: 128,
  /** Waits for a link that is down, whatever the options of the links say. */
  MAY_WAIT: 256,
  /** Sent again although it may have been executed, whatever the options of the links say. */
  RESEND: 512,
  /** Never sent again if it may have been executed, whatever the options of the links say. */
  NO_RESEND: 1024,
  /** Integers of the reply become strings, with all their digits. */
  STRING_NUMBERS: 1 << 16,
};

/** Where the hash slot of a request with the flag KEYED stands in its flags. */
const SLOT_SHIFT = 17;

/** Not a blocking call, whatever the command can do with other arguments. */
const NOT_BLOCKING = -1;

/** Headers for more arguments than this are made anew each time. */
const CACHED_HEADERS = 64;

/** Spellings cached beside those of the table. Code that makes up names must not grow the cache for ever. */
const MAX_EXTRA_SPELLINGS = 1024;

/** One command, in one spelling. */
class Command {
  /** @param {string} name as it goes to the server and into errors */
  constructor(name) {
    this.name = name;
    this.lower = name.toLowerCase();
    const entry = Object.hasOwn(entries, this.lower) ? entries[this.lower] : undefined;
    /** Whether the table has it. */
    this.isKnown = entry !== undefined;
    /** @type {Entry} */
    this.entry = entry ?? UNKNOWN;
    /** Whether some calls may wait on the server: ask `blockingTimeout` about each. */
    this.canBlock = this.entry.flags.includes('blocking');
    /** Whether it waits for what was written before it on its own connection, so that it means nothing on another one. */
    this.isOfConnection = this.lower === 'wait' || this.lower === 'waitaof';
    /** Whether flags depend on the arguments, so that `flagsOf` has to be asked about each call. */
    this.isVariable = this.canBlock || this.entry.subcommands !== undefined;
    /** The flags of a call whose arguments do not matter. */
    this.flags = this.entry.flags.includes('readonly') ? FLAGS.READONLY : 0;
    /** Whether it has one key, which is the first argument, whatever the others are. */
    this.hasFirstKey =
      this.entry.keyStart === 1 && this.entry.keyStop === 1 && !this.entry.flags.includes('movablekeys');
    /** @type {Header[]} by number of arguments */
    this.headers = [];
    // What the ioredis dialect makes of arguments and replies: kept here since it is looked at for every call.
    /** @type {((args: any[]) => any[]) | undefined} */
    this.argumentTransformer = undefined;
    /** Whether it is to be asked about all arguments, and not only where one is neither text, number nor bytes. */
    this.transformsAlways = false;
    /** @type {((reply: any) => unknown) | undefined} */
    this.replyTransformer = undefined;
  }

  /**
   * The flags of one call.
   *
   * @param {ReadonlyArray<unknown>} args flat
   * @returns {number}
   */
  flagsOf(args) {
    if (!this.isVariable) return this.flags;
    if (this.canBlock && this.blockingTimeout(args) !== NOT_BLOCKING) {
      // XREAD from `$` is not sent again: an entry that came meanwhile would be skipped.
      const again = this.lower === 'xread' && !args.some((arg) => String(arg) === '$');
      return again ? FLAGS.BLOCKING | FLAGS.READONLY : FLAGS.BLOCKING;
    }
    return this.entryOf(args).flags.includes('readonly') ? FLAGS.READONLY : 0;
  }

  /**
   * What the table says of one call: that of its subcommand, where it has one.
   *
   * @param {ReadonlyArray<unknown>} args flat
   * @returns {Entry}
   */
  entryOf(args) {
    const { subcommands } = this.entry;
    if (subcommands === undefined) return this.entry;
    const name = textOf(args[0]).toLowerCase();
    return Object.hasOwn(subcommands, name) ? subcommands[name] : this.entry;
  }

  /**
   * How long the server may keep this call waiting: milliseconds, 0 for ever, or NOT_BLOCKING.
   *
   * @param {ReadonlyArray<unknown>} args flat
   * @returns {number}
   */
  blockingTimeout(args) {
    if (!this.canBlock) return NOT_BLOCKING;
    const find = Object.hasOwn(TIMEOUTS, this.lower) ? TIMEOUTS[this.lower] : lastSeconds;
    return find(args);
  }

  /**
   * The positions of keys among the arguments. Empty for a command that the table does not have.
   *
   * @param {ReadonlyArray<any>} args flat
   * @returns {number[]}
   */
  keys(args) {
    return this.isKnown ? /** @type {number[]} */ (getKeyIndexes(this.lower, /** @type {any[]} */ (args))) : [];
  }

  /**
   * The bytes that a call with this many arguments begins with.
   *
   * @param {number} count
   * @returns {Header}
   */
  header(count) {
    const cached = this.headers[count];
    if (cached !== undefined) return cached;
    const header = new Header(`*${count + 1}\r\n$${Buffer.byteLength(this.name)}\r\n${this.name}\r\n`);
    if (count <= CACHED_HEADERS) {
      for (let missing = this.headers.length; missing < count; missing++) this.header(missing);
      this.headers[count] = header;
    }
    return header;
  }
}

/** Bytes as 32-bit words, least significant byte first: storing words takes a third of the time of storing bytes. */
class Header {
  /** @param {string} text */
  constructor(text) {
    const bytes = Buffer.from(text);
    this.byteLength = bytes.length;
    const view = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 4) * 4));
    bytes.forEach((byte, index) => view.setUint8(index, byte));
    this.words = Uint32Array.from({ length: view.byteLength / 4 }, (_, index) => view.getUint32(index * 4, true));
  }
}

/** @type {Entry} */
const UNKNOWN = { flags: [], arity: 0, keyStart: 0, keyStop: 0, step: 0 };
const entries = /** @type {Record<string, Entry>} */ (table);

/** @type {Record<string, (args: ReadonlyArray<unknown>) => number>} Where it is not the last argument, in seconds. */
const TIMEOUTS = {
  blmovem: (args) => seconds(args[4]),
  blmpop: (args) => seconds(args[0]),
  bzmpop: (args) => seconds(args[0]),
  wait: (args) => milliseconds(args[1]),
  waitaof: (args) => milliseconds(args[2]),
  xread: blockOption,
  xreadgroup: blockOption,
};

/** @param {ReadonlyArray<unknown>} args */
function lastSeconds(args) {
  return seconds(args[args.length - 1]);
}

/** @param {ReadonlyArray<unknown>} args */
function blockOption(args) {
  for (let index = 0; index < args.length - 1; index++) {
    const word = String(args[index]).toUpperCase();
    if (word === 'BLOCK') return milliseconds(args[index + 1]);
    if (word === 'STREAMS') break;
  }
  return NOT_BLOCKING;
}

/** @param {unknown} arg */
function seconds(arg) {
  return Math.ceil(milliseconds(arg) * 1000);
}

/**
 * What is not a number makes the server answer with an error at once; until then no deadline of ours is right.
 *
 * @param {unknown} arg
 */
function milliseconds(arg) {
  const value = Number(arg instanceof Uint8Array ? textOf(arg) : arg);
  return Number.isFinite(value) && value > 0 ? value : 0;
}

/** @param {unknown} arg */
function textOf(arg) {
  return arg instanceof Uint8Array ? Buffer.from(arg).toString() : String(arg);
}

/** @type {Map<string, Command>} */
const spellings = new Map();
let extraSpellings = 0;

/**
 * The command of this name, which may be one that nobody knows: it is then sent as it is, and never sent again.
 *
 * @param {string} name in any case
 * @returns {Command}
 */
function command(name) {
  const known = spellings.get(name);
  if (known !== undefined) return known;
  const made = new Command(name);
  if (Object.hasOwn(entries, name)) {
    spellings.set(name, made);
  } else if (extraSpellings < MAX_EXTRA_SPELLINGS) {
    extraSpellings += 1;
    spellings.set(name, made);
  }
  return made;
}

/** The names that handles have methods for, in lower case. */
const names = [...Object.keys(entries), 'sentinel'];

module.exports = { command, names, FLAGS, SLOT_SHIFT, NOT_BLOCKING, Command, textOf };

/**
 * @typedef {{ flags: string[], arity: number, keyStart: number, keyStop: number, step: number,
 *   requestPolicy?: string, responsePolicy?: string, subcommands?: Record<string, Entry> }} Entry
 * The policies are Redis' command tips: https://redis.io/docs/latest/develop/reference/command-tips/
 */
