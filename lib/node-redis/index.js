'use strict';

/**
 * The dialect of the `redis` package: handles for code that was written against its clients.
 */

const bridge = require('../bridge');
const { linkView } = require('../connection/link-view');
const { checkNodes } = require('../connection/options/cluster');
const { clusterOptions, withOwnOptions } = require('../connection/options');
const { invalidOption } = require('../errors');
const { unsupported } = require('./client');
const { createModernClass } = require('./modern');
const { clientPackage } = require('./package');
const { createV4Class } = require('./v4');

/** Options that would be about a connection of the handle's own, which it does not have. */
const REFUSED = ['clientSideCache', 'emitInvalidate'];

/** Not shown by a handle. */
const HIDDEN = ['dialect', 'version', 'password', 'credentialsProvider'];

/** @type {WeakMap<import('./package').ClientPackage, Array<{ config: Config, Class: any }>>} */
const classes = new WeakMap();

/** How many classes are kept for each package; code that makes up options must not keep ever more. */
const MAX_CLASSES = 32;

/**
 * The handle of a purpose, which it keeps for good. It is open from the beginning; while no link of that purpose is open,
 * its commands are rejected.
 *
 * @param {string} purpose
 * @param {Readonly<Record<string, any>>} [options] `version` of the package, and options as of its `createClient`
 * @param {import('../connection/opening').Opener} [opener] for a handle that has the links opened when it needs them
 * @returns {any}
 * @throws {import('../errors').UnifiedRedisError} UNSUPPORTED where the package is missing, or for options that ask for
 *   another connection
 */
function createClient(purpose, options = {}, opener = undefined) {
  const package_ = clientPackage(options.version);
  return create(linkView(purpose), package_, options, opener).beginOpen();
}

/**
 * @param {import('../connection/link-view').LinkView} view
 * @param {import('./package').ClientPackage} package_
 * @param {Readonly<Record<string, any>>} options
 * @param {import('../connection/opening').Opener | undefined} opener
 */
function create(view, package_, options, opener) {
  checkOptions(options);
  const shown = Object.fromEntries(Object.entries(options).filter(([name]) => !HIDDEN.includes(name)));
  const Class = classOf(package_, options);
  const client = new Class(view, shown);
  client.opening.opener = opener;
  return client;
}

/**
 * @param {import('./package').ClientPackage} package_
 * @param {Readonly<Record<string, any>>} options
 */
function classOf(package_, { RESP, modules, functions, scripts }) {
  const resp = respOf(package_, RESP);
  let made = classes.get(package_);
  if (made === undefined) classes.set(package_, (made = []));
  const same = made.find(
    ({ config }) =>
      config.RESP === resp && config.given === modules && config.functions === functions && config.scripts === scripts,
  );
  if (same !== undefined) return same.Class;
  /** @type {Config} */
  const config = {
    RESP: resp,
    given: modules,
    modules: { ...package_.modules, ...modules },
    functions,
    scripts,
    duplicate: (client, overrides) =>
      create(client.view, package_, { ...client.options, ...overrides }, client.opening.opener),
    // As in the package, whose cluster has the prefix and not its nodes.
    onNode: (client, view) =>
      create(view, package_, { ...client.options, keyPrefix: undefined }, undefined).beginOpen(),
  };
  const Class = package_.version === 4 ? createV4Class(package_, config) : createModernClass(package_, config);
  made.push({ config, Class });
  if (made.length > MAX_CLASSES) made.shift();
  return Class;
}

/**
 * Which version of RESP the code believes to be spoken: that decides about the shape of replies. The links speak RESP2.
 *
 * @param {import('./package').ClientPackage} package_
 * @param {unknown} asked
 * @returns {2 | 3}
 */
function respOf({ version }, asked) {
  if (asked === undefined) return version < 6 ? 2 : 3;
  if (asked !== 2 && asked !== 3) throw invalidOption('RESP', asked, '2 or 3');
  if (asked === 3 && version < 6) {
    throw unsupported(`RESP: 3 with version ${version} of the package; with version 6 replies have the same shape`);
  }
  return asked;
}

/** @param {Readonly<Record<string, any>>} options */
function checkOptions(options) {
  for (const name of REFUSED) {
    if (options[name]) throw unsupported(`${name}: CLIENT TRACKING would hold for everybody who shares the connection`);
  }
  checkClusterOptions(options);
  // Those of a cluster have them for all its nodes.
  const { url, socket = {}, database, username } = { ...options.defaults, ...options };
  const { host, port, path, db, username: ofUrl } = /** @type {any} */ (url === undefined ? {} : bridge.parseUrl(url));
  withOwnOptions(
    {},
    {
      host: socket.host ?? host,
      port: socket.port ?? port,
      path: socket.path ?? path,
      db: database ?? db,
      username: username ?? ofUrl,
    },
  );
}

/**
 * What `createCluster` and `createSentinel` have beside the options of a client. What has no effect here is ignored.
 *
 * @param {Readonly<Record<string, any>>} options
 */
function checkClusterOptions({ rootNodes, useReplicas, sentinelRootNodes }) {
  if (sentinelRootNodes?.length > 0) {
    throw unsupported('sentinelRootNodes: which server is asked is decided in initialize(), for all handles');
  }
  if (rootNodes !== undefined) {
    checkNodes(
      rootNodes.map((/** @type {any} */ { url, socket }) => url ?? { host: socket?.host, port: socket?.port }),
    );
  }
  if (useReplicas && (clusterOptions()?.scaleReads ?? 'master') === 'master') {
    throw unsupported("useReplicas: set it for all handles, in initialize({ cluster: { scaleReads: 'all' } })");
  }
}

module.exports = { createClient };

/**
 * @typedef {object} Config
 * @property {2 | 3} RESP
 * @property {any} given the modules that were given, beside those of the package
 * @property {any} modules
 * @property {any} functions
 * @property {any} scripts
 * @property {(client: import('./client').Client, overrides?: Readonly<Record<string, any>>) => any} duplicate
 * @property {(client: import('./client').Client, view: import('../connection/link-view').LinkView) => any} onNode
 */
