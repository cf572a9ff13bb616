'use strict';

/**
 * What `cluster` means for the other options: some stand in it that are those of initialize(), and an address of one
 * server beside it contradicts it.
 */

const { isDeepStrictEqual } = require('node:util');
const { invalidOption } = require('../errors');
const { CLUSTER_OPTIONS } = require('./cluster');
const { accessOf } = require('./cluster-nodes');

/** @typedef {import('./environment').Layer} Layer */
/** @typedef {import('./environment').Given} Given */
/** @typedef {import('./schema').OptionName} OptionName */

/** What says where one server is. */
const ADDRESS = /** @type {const} */ (['url', 'host', 'port', 'path']);

/**
 * Puts the options of initialize() that stand in `cluster` beside it.
 *
 * @param {Layer} layer
 * @param {(options: unknown, prefix: string) => Layer} readOptions
 */
function liftOptions(layer, readOptions) {
  const given = layer.get('cluster');
  if (given === undefined || given.value === null) return;
  const { value, name } = given;
  const options = /** @type {Record<string, any>} */ (typeof value === 'object' ? value : { nodes: value });
  for (const [each, { kind, as }] of Object.entries(CLUSTER_OPTIONS)) {
    if (kind !== 'lifted' || options[each] === undefined) continue;
    const path = `${name}.${each}`;
    if (as === '') lift(layer, readOptions(options[each] ?? {}, `${path}.`));
    // ioredis' null: no further attempt.
    else lift(layer, new Map([[/** @type {OptionName} */ (as), { value: options[each] ?? (() => null), name: path }]]));
  }
  const nameOfNodes = typeof value === 'object' ? `${name}.nodes` : name;
  for (const [part, access] of Object.entries(accessOf(options.nodes, nameOfNodes))) {
    // An option of its own beats that part of a URL.
    if (!layer.has(/** @type {OptionName} */ (part))) {
      layer.set(/** @type {OptionName} */ (part), {
        value: access,
        name: `${nameOfNodes} (${part})`,
        isFromUrl: true,
      });
    }
  }
}

/**
 * @param {Layer} layer
 * @param {Layer} others
 */
function lift(layer, others) {
  for (const [name, given] of others) {
    const own = layer.get(name);
    if (own !== undefined && !isDeepStrictEqual(own.value, given.value)) {
      throw invalidOption(given.name, given.value, `the same as ${own.name}, or nothing`);
    }
    layer.set(name, given);
  }
}

/**
 * Whether a layer has a cluster. It must not have another address as well.
 *
 * @param {Layer} layer
 */
function checkLayer(layer) {
  const cluster = layer.get('cluster');
  if (!isGiven(cluster)) return false;
  for (const option of ADDRESS) {
    const given = layer.get(option);
    if (isGiven(given)) throw contradiction(given, cluster);
  }
  return true;
}

/**
 * @param {Given | undefined} given
 * @returns {given is Given}
 */
function isGiven(given) {
  return given !== undefined && given.value !== null;
}

/**
 * The options that a cluster stands above are put aside, and it is put aside by an address above it.
 *
 * @param {Layer} merged of the layers below
 * @param {Layer} layer
 */
function mergeCluster(merged, layer) {
  const isCluster = checkLayer(layer);
  const isServer = /** @type {const} */ (['url', 'host', 'path']).some((name) => isGiven(layer.get(name)));
  if (!isCluster && !isServer) return;
  // Of URLs below: their password is for their own servers.
  for (const [name, { isFromUrl }] of merged) if (isFromUrl) merged.delete(name);
  for (const name of isCluster ? /** @type {const} */ ([...ADDRESS, 'db']) : /** @type {const} */ (['cluster'])) {
    merged.delete(name);
  }
}

/**
 * The same for what came of all layers: the first node stands for the address.
 *
 * @param {Layer} given
 * @param {import('./resolve').OptionValues} values
 */
function settleCluster(given, values) {
  const { cluster } = values;
  if (cluster === null) return;
  checkLayer(given);
  if (values.db !== 0) {
    throw invalidOption(given.get('db')?.name ?? 'db', values.db, '0, the only database of a cluster');
  }
  Object.assign(values, cluster.nodes[0]);
}

/**
 * @param {Given} given
 * @param {Given} cluster
 */
function contradiction({ name, value }, cluster) {
  return invalidOption(name, value, `nothing beside ${cluster.name}, whose nodes have the addresses`);
}

/**
 * The cluster as src/config.rs takes it.
 *
 * @param {import('./cluster').ClusterOptions | null} cluster
 */
function toNativeCluster(cluster) {
  if (cluster === null) return null;
  const { scaleReads, natMap } = cluster;
  return {
    ...cluster,
    // A function is asked in JavaScript, and what it does not choose goes to the master.
    scaleReads: typeof scaleReads === 'function' ? 'master' : scaleReads,
    natMap: Object.entries(natMap).map(([from, to]) => ({ from, ...to })),
  };
}

module.exports = { liftOptions, mergeCluster, settleCluster, toNativeCluster };
