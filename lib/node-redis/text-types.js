'use strict';

/**
 * Which type of RESP3 a command's text has: the package maps them to strings or Buffers one by one, and our links only
 * tell that it is a text.
 */

const OK = Buffer.from('OK');

/** Commands whose text is a status (`+OK`), and never a bulk string. */
const STATUS = words(
  'ASKING AUTH BGREWRITEAOF BGSAVE DISCARD FAILOVER FLUSHALL FLUSHDB HMSET LSET LTRIM MIGRATE MSET PFMERGE PSETEX ' +
    'READONLY READWRITE RENAME REPLICAOF RESTORE SAVE SELECT SETEX SLAVEOF SWAPDB TYPE UNWATCH WATCH XSETID XGROUP ' +
    'JSON.SET JSON.MSET JSON.MERGE FT.CREATE FT.ALTER FT.DROPINDEX FT.ALIASADD FT.ALIASDEL FT.ALIASUPDATE TS.CREATE ' +
    'TS.ALTER TS.CREATERULE TS.DELETERULE BF.RESERVE BF.LOADCHUNK CF.RESERVE CF.LOADCHUNK CMS.INITBYDIM CMS.INITBYPROB ' +
    'CMS.MERGE TOPK.RESERVE TDIGEST.ADD TDIGEST.CREATE TDIGEST.MERGE TDIGEST.RESET',
);

/** Commands with subcommands: those whose text is a bulk string. */
const BULK = /** @type {Record<string, ReadonlySet<string>>} */ ({
  ACL: words('WHOAMI GENPASS'),
  CLIENT: words('GETNAME'),
  CLUSTER: words('MYID MYSHARDID'),
  CONFIG: new Set(),
  FUNCTION: words('LOAD DUMP'),
  MEMORY: new Set(),
  MODULE: new Set(),
  SCRIPT: words('LOAD'),
});

/** Those whose text is a verbatim string. */
const VERBATIM = words(
  'INFO LOLWUT CLIENT|LIST CLIENT|INFO CLUSTER|INFO CLUSTER|NODES LATENCY|DOCTOR LATENCY|GRAPH MEMORY|DOCTOR MEMORY|MALLOC-STATS',
);

/** Commands that return what their script does, which is nearly always a command's status where it is OK. */
const SCRIPTS = words('EVAL EVALSHA EVAL_RO EVALSHA_RO FCALL FCALL_RO');

/**
 * @param {ReadonlyArray<string | Buffer>} args of a command, with its name
 * @param {Buffer} text
 * @returns {'BLOB_STRING' | 'SIMPLE_STRING' | 'VERBATIM_STRING'}
 */
function textType(args, text) {
  const [name, subcommand] = args.slice(0, 2).map((arg) => String(arg).toUpperCase());
  if (VERBATIM.has(name) || VERBATIM.has(`${name}|${subcommand}`)) return 'VERBATIM_STRING';
  if (SCRIPTS.has(name)) return text.equals(OK) ? 'SIMPLE_STRING' : 'BLOB_STRING';
  return isStatus(name, subcommand, args) ? 'SIMPLE_STRING' : 'BLOB_STRING';
}

/**
 * @param {string} name
 * @param {string} subcommand
 * @param {ReadonlyArray<string | Buffer>} args
 */
function isStatus(name, subcommand, args) {
  if (name === 'SET') return !args.slice(3).some((arg) => String(arg).toUpperCase() === 'GET');
  if (name === 'PING') return args.length === 1;
  return Object.hasOwn(BULK, name) ? !BULK[name].has(subcommand) : STATUS.has(name);
}

/** @param {string} text */
function words(text) {
  return new Set(text.split(' '));
}

module.exports = { textType, SCRIPTS };
