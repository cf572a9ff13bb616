/// <reference types="node" />

// What `require('unified-redis')` gives: the manager, with the classes as properties. The types are in a namespace of
// the same name, so that they can be imported by name; types/index.d.ts exports the same ones to `import`.

import * as types from './types';
import { Commands } from './types/commands';

declare const unifiedRedis: types.UnifiedRedisManager & {
  readonly UnifiedRedisManager: typeof types.UnifiedRedisManager;
  readonly UnifiedRedisError: typeof types.UnifiedRedisError;
  readonly ReplyError: typeof types.ReplyError;
};

declare namespace unifiedRedis {
  /** The commands of handles and pipelines. Declared here, and not only named, so that it can be extended. */
  interface RedisCommander<Context extends ClientContext = { type: 'default' }> extends Commands<Context> {}

  type Callback<T = any> = types.Callback<T>;
  type ChainableCommander = types.ChainableCommander;
  type ChooseNode = types.ChooseNode;
  type ClientContext = types.ClientContext;
  type Cluster = types.Cluster;
  type ClusterNode = types.ClusterNode;
  type ClusterNodeAddress = types.ClusterNodeAddress;
  type ClusterOptions = types.ClusterOptions;
  type ClusterStats = types.ClusterStats;
  type CommandInfo = types.CommandInfo;
  type DefaultPurpose = types.DefaultPurpose;
  type ErrorCode = types.ErrorCode;
  type HealthResult = types.HealthResult;
  type HealthyResult = types.HealthyResult;
  type Helper = types.Helper;
  type HelperKey = types.HelperKey;
  type InitializeOptions = types.InitializeOptions;
  type InvalidInputError = types.InvalidInputError;
  type LinkEvent = types.LinkEvent;
  type LinkState = types.LinkState;
  type LinkStats = types.LinkStats;
  type Logger = types.Logger;
  type LogLevel = types.LogLevel;
  type ManagerEvents = types.ManagerEvents;
  type ManagerTotals = types.ManagerTotals;
  type MonitorEvent = types.MonitorEvent;
  type NodeErrorEvent = types.NodeErrorEvent;
  type NodeEvent = types.NodeEvent;
  type NodeLinkStats = types.NodeLinkStats;
  type NodeRedisClient<
    M extends types.NodeRedisModules = {},
    F extends types.NodeRedisFunctions = {},
    S extends types.NodeRedisScripts = {},
  > = types.NodeRedisClient<M, F, S>;
  type NodeRedisCluster<
    M extends types.NodeRedisModules = {},
    F extends types.NodeRedisFunctions = {},
    S extends types.NodeRedisScripts = {},
  > = types.NodeRedisCluster<M, F, S>;
  type NodeRedisClusterOptions<
    M extends types.NodeRedisModules = {},
    F extends types.NodeRedisFunctions = {},
    S extends types.NodeRedisScripts = {},
  > = types.NodeRedisClusterOptions<M, F, S>;
  type NodeRedisFunctions = types.NodeRedisFunctions;
  type NodeRedisModules = types.NodeRedisModules;
  type NodeRedisOptions<
    M extends types.NodeRedisModules = {},
    F extends types.NodeRedisFunctions = {},
    S extends types.NodeRedisScripts = {},
  > = types.NodeRedisOptions<M, F, S>;
  type NodeRedisScripts = types.NodeRedisScripts;
  type NodeRedisSentinel<
    M extends types.NodeRedisModules = {},
    F extends types.NodeRedisFunctions = {},
    S extends types.NodeRedisScripts = {},
  > = types.NodeRedisSentinel<M, F, S>;
  type NodeRedisSentinelOptions<
    M extends types.NodeRedisModules = {},
    F extends types.NodeRedisFunctions = {},
    S extends types.NodeRedisScripts = {},
  > = types.NodeRedisSentinelOptions<M, F, S>;
  type NodeRole = types.NodeRole;
  type Pem = types.Pem;
  type Purpose = types.Purpose;
  type ReconnectingEvent = types.ReconnectingEvent;
  type Redis = types.Redis;
  type RedisEvents = types.RedisEvents;
  type RedisKey = types.RedisKey;
  type RedisOptions = types.RedisOptions;
  type RedisStatus = types.RedisStatus;
  type RedisValue = types.RedisValue;
  type ReplyError = types.ReplyError;
  type Result<T, Context extends ClientContext> = types.Result<T, Context>;
  type ResultTypes<T, Context> = types.ResultTypes<T, Context>;
  type ReconnectOnError = types.ReconnectOnError;
  type RetryStrategy = types.RetryStrategy;
  type ScanStream<Element = string> = types.ScanStream<Element>;
  type ScanStreamOptions = types.ScanStreamOptions;
  type ScriptDefinition = types.ScriptDefinition;
  type Stats = types.Stats;
  type StorableValue = types.StorableValue;
  type TlsOptions = types.TlsOptions;
  type UnhealthyResult = types.UnhealthyResult;
  type UnifiedRedisError = types.UnifiedRedisError;
  type UnifiedRedisErrorDetails = types.UnifiedRedisErrorDetails;
  type UnifiedRedisManager = types.UnifiedRedisManager;
  type WarningCode = types.WarningCode;
  type WarningEvent = types.WarningEvent;
}

export = unifiedRedis;
