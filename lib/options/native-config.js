'use strict';

const { version } = require('../../package.json');
const { toNativeCluster } = require('./cluster-layer');
const { RETRY } = require('./schema');

/**
 * The configuration of the links exactly as src/config.rs takes it: every field, and no other.
 *
 * @param {Readonly<import('./resolve').ResolvedOptions>} options
 * @param {string} [described] what other threads are told of them
 */
function toNativeConfig(options, described = '') {
  return {
    connectionName: options.connectionName,
    // What stands in for them is dialled by nobody.
    host: options.host ?? '',
    port: options.port ?? 0,
    path: options.path,
    cluster: toNativeCluster(options.cluster),
    sentinel: options.sentinels === null ? null : sentinelOf(options, options.sentinels),
    family: options.family,
    username: options.username,
    password: options.credentialsProvider === undefined ? options.password : null,
    credentialsProvider: options.credentialsProvider !== undefined,
    db: options.db,
    tls: options.tls,
    connectTimeout: options.connectTimeout,
    commandTimeout: options.commandTimeout,
    keepAlive: options.keepAlive,
    noDelay: options.noDelay,
    enableOfflineQueue: options.enableOfflineQueue,
    offlineQueueLimit: options.offlineQueueLimit,
    maxCommandsInFlight: options.maxCommandsInFlight,
    maxBytesInFlight: options.maxBytesInFlight,
    maxQueuedMessageBytes: options.maxQueuedMessageBytes,
    maxRetriesPerRequest: options.maxRetriesPerRequest,
    autoResendUnfulfilledCommands: options.autoResendUnfulfilledCommands,
    autoResubscribe: options.autoResubscribe,
    enableReadyCheck: options.enableReadyCheck,
    maxLoadingRetryTime: options.maxLoadingRetryTime,
    retry: { ...RETRY, custom: options.retryStrategy !== undefined },
    heartbeatInterval: options.heartbeatInterval,
    heartbeatTimeout: options.heartbeatTimeout,
    shutdownTimeout: options.shutdownTimeout,
    purposes: [...options.purposes],
    blockingConnections: options.blockingConnections,
    libraryVersion: version,
    described,
  };
}

/**
 * @param {Readonly<import('./resolve').ResolvedOptions>} options
 * @param {readonly import('./sentinel').Address[]} sentinels
 */
function sentinelOf(options, sentinels) {
  const { natMap, preferredSlaves } = options;
  return {
    sentinels,
    name: options.name,
    role: options.role,
    username: options.sentinelUsername,
    password: options.sentinelPassword,
    tls: options.sentinelTLS,
    commandTimeout: options.sentinelCommandTimeout ?? 0,
    updateSentinels: options.updateSentinels,
    failoverDetector: options.failoverDetector,
    natMap: Array.isArray(natMap) ? natMap : [],
    asksNatMap: typeof natMap === 'function',
    preferredSlaves: Array.isArray(preferredSlaves) ? preferredSlaves : [],
    asksPreferredSlaves: typeof preferredSlaves === 'function',
  };
}

module.exports = { toNativeConfig };
