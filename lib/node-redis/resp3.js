'use strict';

/**
 * What version 6 of the package, which speaks RESP3, is given by the server for commands whose replies it does not
 * transform, or that were sent raw. Our links speak RESP2, where maps, sets and doubles are arrays and texts.
 *
 * @typedef {object} Maker makes the values that RESP3 has a type for
 * @property {(text: any) => any} double
 * @property {(entries: any[]) => any} map
 * @property {(members: any[]) => any} set
 */

/** @typedef {(reply: any, make: Maker, args: ReadonlyArray<string | Buffer>) => any} Shape */

/** @type {Shape} */
const asIs = (reply) => reply;

/** @type {Shape} */
const double = (reply, make) => (typeof reply === 'string' || Buffer.isBuffer(reply) ? make.double(reply) : reply);

/** @type {Shape} */
const set = (reply, make) => (Array.isArray(reply) ? make.set(reply) : reply);

/**
 * @param {Shape} item
 * @returns {Shape}
 */
const list = (item) => (reply, make, args) =>
  Array.isArray(reply) ? reply.map((each) => item(each, make, args)) : reply;

/**
 * @param {Shape[]} items
 * @returns {Shape}
 */
const tuple =
  (...items) =>
  (reply, make, args) =>
    Array.isArray(reply) ? reply.map((each, index) => (items[index] ?? asIs)(each, make, args)) : reply;

/**
 * Keys and values in turn, as an array of both.
 *
 * @param {Shape} value
 * @returns {Shape}
 */
const pairs = (value) => (reply, make, args) => {
  if (!Array.isArray(reply)) return reply;
  return inPairs(reply).map(([first, second]) => [first, value(second, make, args)]);
};

/**
 * @param {Shape} [value]
 * @returns {Shape}
 */
const map =
  (value = asIs) =>
  (reply, make, args) => {
    if (!Array.isArray(reply)) return reply;
    return make.map(inPairs(reply).map(([key, each]) => [key, value(each, make, args)]));
  };

/**
 * @param {Record<string, Shape>} values by key
 * @returns {Shape}
 */
const mapOf = (values) => (reply, make, args) => {
  if (!Array.isArray(reply)) return reply;
  return make.map(inPairs(reply).map(([key, each]) => [key, (values[String(key)] ?? asIs)(each, make, args)]));
};

/**
 * @param {string} word
 * @param {Shape} shape where it is among the arguments
 * @returns {Shape}
 */
const having = (word, shape) => (reply, make, args) =>
  args.some((arg) => String(arg).toUpperCase() === word) ? shape(reply, make, args) : reply;

const scored = pairs(double);
const withScores = having('WITHSCORES', scored);
/** @type {Shape} */
const popped = (reply, make, args) => (args.length > 2 ? scored : tuple(asIs, double))(reply, make, args);
const poppedOfSome = tuple(asIs, list(tuple(asIs, double)));
const located = list(list((reply, make, args) => (Array.isArray(reply) ? list(double)(reply, make, args) : reply)));

/** By command, or by command and subcommand. */
const SHAPES = /** @type {Record<string, Shape>} */ ({
  'ACL GETUSER': mapOf({ flags: set, selectors: list(map()) }),
  'CLIENT TRACKINGINFO': mapOf({ flags: set }),
  'CONFIG GET': map(),
  'FUNCTION LIST': list(mapOf({ functions: list(mapOf({ flags: set })) })),
  'FUNCTION STATS': mapOf({ running_script: map(), engines: map(map()) }),
  'LATENCY HISTOGRAM': map(mapOf({ histogram_usec: map() })),
  'MODULE LIST': list(map()),
  'XINFO CONSUMERS': list(map()),
  'XINFO GROUPS': list(map()),
  'XINFO STREAM': map(),
  BZMPOP: poppedOfSome,
  BZPOPMAX: tuple(asIs, asIs, double),
  BZPOPMIN: tuple(asIs, asIs, double),
  GEOPOS: list(list(double)),
  GEORADIUS: located,
  GEORADIUSBYMEMBER: located,
  GEORADIUSBYMEMBER_RO: located,
  GEORADIUS_RO: located,
  GEOSEARCH: located,
  HELLO: map(),
  HGETALL: map(),
  HRANDFIELD: having('WITHVALUES', pairs(asIs)),
  LCS: having('IDX', map()),
  SDIFF: set,
  SINTER: set,
  SMEMBERS: set,
  SPOP: set,
  SUNION: set,
  XREAD: xread,
  XREADGROUP: xread,
  ZADD: double,
  ZDIFF: withScores,
  ZINCRBY: double,
  ZINTER: withScores,
  ZMPOP: poppedOfSome,
  ZMSCORE: list(double),
  ZPOPMAX: popped,
  ZPOPMIN: popped,
  ZRANDMEMBER: withScores,
  ZRANGE: withScores,
  ZRANGEBYSCORE: withScores,
  ZRANK: having('WITHSCORE', tuple(asIs, double)),
  ZREVRANGE: withScores,
  ZREVRANGEBYSCORE: withScores,
  ZREVRANK: having('WITHSCORE', tuple(asIs, double)),
  ZSCORE: double,
  ZUNION: withScores,
});

/** @type {Shape} */
function xread(reply, make) {
  return Array.isArray(reply) ? make.map(reply) : reply;
}

/**
 * @param {any} reply over RESP2
 * @param {Maker} make
 * @param {ReadonlyArray<string | Buffer>} args of the command, with its name
 * @returns {any} over RESP3
 */
function asResp3(reply, make, args) {
  const name = String(args[0]).toUpperCase();
  const shape = SHAPES[name] ?? (args.length > 1 ? SHAPES[`${name} ${String(args[1]).toUpperCase()}`] : undefined);
  return shape === undefined ? reply : shape(reply, make, args);
}

/**
 * Whether the replies of a command are known in both shapes.
 *
 * @param {string} name as the package has it: `ZRANGE_WITHSCORES`, `XINFO_STREAM`
 */
function hasShape(name) {
  const [word, subcommand] = name.split('_');
  return Object.hasOwn(SHAPES, word) || Object.hasOwn(SHAPES, `${word} ${subcommand}`);
}

/** @param {any[]} flat */
function inPairs(flat) {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index], flat[2 * index + 1]]);
}

module.exports = { asResp3, hasShape };
