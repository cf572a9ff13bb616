'use strict';

/**
 * THE list of what may stand in `cluster: { ... }`: ioredis' ClusterOptions beside `nodes`, which options of initialize()
 * some of them are, and why the others are refused. docs/cluster.md follows it.
 */

const { invalidOption } = require('../errors');
const { parseNode, parseNodes } = require('./cluster-nodes');
const { boolean, callable, integer, nullable, oneOf, parser, text } = require('./parsers');
const { unknownOption } = require('./suggest');

/**
 * @typedef {object} ClusterOptions
 * @property {Array<{ host: string, port: number }>} nodes where to ask for the others
 * @property {'master' | 'slave' | 'all' | 'nearest' | Function} scaleReads
 * @property {string | null} availabilityZone
 * @property {Record<string, { host: string, port: number }>} natMap
 * @property {number} slotsRefreshInterval ms
 * @property {number} slotsRefreshTimeout ms
 * @property {number} maxRedirections
 */

/**
 * @typedef {object} ClusterOption
 * @property {'taken' | 'lifted' | 'settled' | 'refused'} kind `lifted`: it is an option of initialize(), `as` which it
 *   counts; `settled`: accepted, as things are so anyway
 * @property {import('./parsers').Parser<any>} [parser] what it takes
 * @property {any} [value] what it is where nobody says otherwise; of what is refused, what may stand there
 * @property {string} [as]
 * @property {string} doc what it does, or what to do instead
 */

const MAX_INT = 2 ** 31 - 1;
const ENGINE = 'Redirections are followed, as long as the deadline of the command allows.';
const OF_HANDLE = 'It belongs to a handle: getConnection().duplicate({ ... }).';

/** @type {Readonly<Record<string, ClusterOption>>} */
const CLUSTER_OPTIONS = Object.freeze({
  nodes: taken(
    parseNodes(),
    undefined,
    'Where to ask for the others: one is enough, such as a configuration endpoint.',
  ),
  scaleReads: taken(
    scaleReads(),
    'master',
    'Where commands that only read go: `nearest` is a node of `availabilityZone`, a function chooses of (nodes, command).',
  ),
  availabilityZone: taken(
    nullable(text('a non-empty string', /./s), 'none'),
    null,
    'That of this process, for `nearest`.',
  ),
  natMap: taken(
    natMap(),
    {},
    "Addresses that the cluster tells, and those to connect to: { '10.0.0.1:6379': { host, port } }.",
  ),
  slotsRefreshInterval: taken(
    integer(0, MAX_INT, 'ms'),
    5000,
    'How often the nodes are asked who has which slot; 0 = only when something points to a change.',
  ),
  slotsRefreshTimeout: taken(integer(1, MAX_INT, 'ms'), 1000, 'How long a node has to answer that.'),
  maxRedirections: taken(integer(0, 1000), 16, 'How often a command follows MOVED and ASK.'),
  redisOptions: { kind: 'lifted', as: '', doc: 'Options of initialize(), for all nodes.' },
  clusterRetryStrategy: { kind: 'lifted', as: 'retryStrategy', doc: '`retryStrategy` of initialize().' },
  enableOfflineQueue: lifted('enableOfflineQueue'),
  enableReadyCheck: lifted('enableReadyCheck'),
  enableAutoPipelining: lifted('enableAutoPipelining'),
  lazyConnect: lifted('lazyConnect'),
  autoPipeliningIgnoredCommands: settled(list(), 'Nothing waits for the commands that travel with it.'),
  shardedSubscribers: settled(boolean(), 'Shard channels are followed from node to node without it.'),
  dnsLookup: settled(
    noLookup(),
    'Names are kept, and looked up by the system: what `(name, done) => done(null, name)` is for.',
  ),
  clusterNodeRetryStrategy: refused(null, '`retryStrategy` of initialize() is asked for each node.'),
  retryDelayOnMoved: settled(integer(0, MAX_INT, 'ms'), ENGINE),
  retryDelayOnFailover: settled(integer(0, MAX_INT, 'ms'), ENGINE),
  retryDelayOnClusterDown: settled(integer(0, MAX_INT, 'ms'), ENGINE),
  retryDelayOnTryAgain: settled(integer(0, MAX_INT, 'ms'), ENGINE),
  useSRVRecords: refused(false, 'Give the nodes, or a name that has the addresses of all of them.'),
  resolveSrv: refused(undefined, 'Give the nodes, or a name that has the addresses of all of them.'),
  himportFieldsets: refused(undefined, 'Fieldsets belong to a connection.'),
  keyPrefix: refused('', OF_HANDLE),
  scripts: refused(undefined, OF_HANDLE),
  showFriendlyErrorStack: refused(false, OF_HANDLE),
});

const NAMES = Object.keys(CLUSTER_OPTIONS);
const USEFUL = NAMES.filter((name) => CLUSTER_OPTIONS[name].kind !== 'refused');

/** What was parsed already. */
const parsed = new WeakSet();

/** @returns {import('./parsers').Parser<ClusterOptions | null>} */
function clusterParser() {
  return parser('an object with `nodes`, or the nodes as text: host:port,host:port', (value, name) => {
    if (value === null) return null;
    if (typeof value === 'string') return parseCluster({ nodes: value }, name, name);
    if (typeof value !== 'object' || Symbol.iterator in /** @type {object} */ (value)) return undefined;
    return parsed.has(value) ? /** @type {any} */ (value) : parseCluster(value, name);
  });
}

/**
 * @param {object} given
 * @param {string} name of the option that it was given for
 * @param {string} [nameOfNodes] where they are not a property
 * @returns {ClusterOptions}
 */
function parseCluster(given, name, nameOfNodes = `${name}.nodes`) {
  const options = /** @type {Record<string, any>} */ (given);
  for (const [each, value] of Object.entries(options)) check(each, value, name);
  /** @type {Record<string, any>} */
  const cluster = {};
  for (const [each, { kind, parser: takes, value }] of Object.entries(CLUSTER_OPTIONS)) {
    if (kind !== 'taken') continue;
    const nameOfOption = each === 'nodes' ? nameOfNodes : `${name}.${each}`;
    const isGiven = options[each] !== undefined || value === undefined;
    cluster[each] = isGiven ? takes?.parse(options[each], nameOfOption) : value;
  }
  if (cluster.scaleReads === 'nearest' && cluster.availabilityZone === null) {
    throw invalidOption(`${name}.availabilityZone`, null, "the zone of this process, with scaleReads: 'nearest'");
  }
  parsed.add(cluster);
  return /** @type {ClusterOptions} */ (Object.freeze(cluster));
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} parent
 */
function check(name, value, parent) {
  const option = Object.hasOwn(CLUSTER_OPTIONS, name) ? CLUSTER_OPTIONS[name] : undefined;
  if (option === undefined) throw unknownOption(name, USEFUL, `${parent}.`);
  if (value === undefined) return;
  if (option.kind === 'settled') option.parser?.parse(value, `${parent}.${name}`);
  if (option.kind === 'refused' && value !== option.value) {
    throw invalidOption(`${parent}.${name}`, value, `nothing. ${option.doc}`);
  }
}

/**
 * @param {import('./parsers').Parser<any>} takes
 * @param {any} value
 * @param {string} doc
 * @returns {ClusterOption}
 */
function taken(takes, value, doc) {
  return { kind: 'taken', parser: takes, value, doc };
}

/**
 * @param {string} name
 * @returns {ClusterOption}
 */
function lifted(name) {
  return { kind: 'lifted', as: name, doc: `\`${name}\` of initialize().` };
}

/**
 * @param {import('./parsers').Parser<any>} takes
 * @param {string} doc
 * @returns {ClusterOption}
 */
function settled(takes, doc) {
  return { kind: 'settled', parser: takes, doc };
}

/**
 * @param {any} value
 * @param {string} doc
 * @returns {ClusterOption}
 */
function refused(value, doc) {
  return { kind: 'refused', value, doc };
}

function scaleReads() {
  const named = oneOf('master', 'slave', 'all', 'nearest');
  return parser(`${named.accepts.replace(' or ', ', ')} or a function`, (value, name) =>
    typeof value === 'function' ? value : named.convert(value, name),
  );
}

function natMap() {
  const accepts = "an object with entries like '10.0.0.1:6379': { host, port }";
  return parser(accepts, (value, name) => {
    if (Array.isArray(value) || typeof value !== 'object') return undefined;
    const entries = Object.entries(value ?? {});
    return Object.fromEntries(entries.map(([from, to]) => [from, parseNode(to, `${name}['${from}']`)]));
  });
}

/** A look-up that is none: what ElastiCache with TLS needs in ioredis, which connects to addresses otherwise. */
function noLookup() {
  return parser('(name, done) => done(null, name); other names are looked up by the system', (value, name) => {
    const lookup = /** @type {any} */ (callable().convert(value, name));
    if (lookup === undefined) return undefined;
    let answer;
    lookup('name.invalid', (/** @type {unknown} */ _, /** @type {unknown} */ address) => (answer = address));
    return answer === 'name.invalid' ? lookup : undefined;
  });
}

function list() {
  return parser('an array', (value) => (Array.isArray(value) ? value : undefined));
}

module.exports = { CLUSTER_OPTIONS, clusterParser };
