'use strict';

/**
 * ioredis' form of `duplicate()` for a cluster: start nodes, and options of the cluster with those of its connections in
 * `redisOptions`. A duplicate is on the same connections, so what decides about them can only be what it is.
 */

const { isDeepStrictEqual } = require('node:util');
const { UnifiedRedisError, invalidOption } = require('../../errors');
const { CLUSTER_OPTIONS } = require('../../options/cluster');
const { nodesOf } = require('../../cluster/topology');
const { parseNodes } = require('../../options/cluster-nodes');
const { clusterOptions } = require('.');

/**
 * @param {unknown} first
 * @param {unknown} second
 * @returns {Readonly<Record<string, any>>} options of a handle
 * @throws {UnifiedRedisError} UNSUPPORTED where they ask for other connections
 * @throws {TypeError | RangeError} INVALID_OPTION
 */
function optionsOfDuplicate(first, second) {
  if (Array.isArray(first)) checkNodes(first);
  const given = Array.isArray(first) || second !== undefined ? second : first;
  if (typeof (given ?? {}) !== 'object') throw invalidOption('options', given, 'an object');
  const { redisOptions, ...options } = /** @type {Record<string, any>} */ (given ?? {});
  /** @type {Record<string, any>} */
  const own = { ...redisOptions };
  for (const [name, value] of Object.entries(options)) {
    if (isOfCluster(name)) checkSame(name, value);
    else own[name] = value;
  }
  return own;
}

/**
 * @param {unknown[]} nodes
 * @throws {UnifiedRedisError} UNSUPPORTED where one of them is none of the cluster
 */
function checkNodes(nodes) {
  if (nodes.length === 0) return;
  const known = [...(clusterOptions()?.nodes ?? []), ...nodesOf('all')];
  for (const { host, port } of parseNodes().parse(nodes, 'nodes')) {
    if (!known.some((node) => node.host === host && node.port === port)) {
      const message = `A handle cannot have another start node (${host}:${port}): it shares its connections with others`;
      throw new UnifiedRedisError('UNSUPPORTED', message);
    }
  }
}

/**
 * Whether an option says something of the cluster that no option of a handle does.
 *
 * @param {string} name
 */
function isOfCluster(name) {
  if (!Object.hasOwn(CLUSTER_OPTIONS, name)) return false;
  const { kind, as } = CLUSTER_OPTIONS[name];
  return (
    (kind !== 'lifted' || as !== name) &&
    name !== 'keyPrefix' &&
    name !== 'scripts' &&
    name !== 'showFriendlyErrorStack'
  );
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function checkSame(name, value) {
  const { kind, parser, value: usual } = CLUSTER_OPTIONS[name];
  // What has no effect cannot have another one, and functions cannot be compared.
  if (value === undefined || kind === 'settled' || typeof value === 'function') return;
  const isTaken = kind === 'taken';
  const inForce = /** @type {Record<string, any>} */ (clusterOptions() ?? {});
  const current = isTaken ? (inForce[name] ?? usual) : usual;
  if (value === null || isDeepStrictEqual(isTaken ? parser?.parse(value, name) : value, current)) return;
  const message = `A handle cannot have another ${name} than its connections, which it shares with others. Set it in initialize({ cluster })`;
  throw new UnifiedRedisError('UNSUPPORTED', message);
}

module.exports = { optionsOfDuplicate, checkNodes };
