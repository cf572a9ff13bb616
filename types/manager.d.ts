import type { ClusterStats, NodeLinkStats } from './cluster';
import type { ErrorCode } from './errors';
import type { ManagerEvents } from './events';
import type { Helper } from './helper';
import type {
  NodeRedisClient,
  NodeRedisCluster,
  NodeRedisClusterOptions,
  NodeRedisFunctions,
  NodeRedisModules,
  NodeRedisOptions,
  NodeRedisScripts,
  NodeRedisSentinel,
  NodeRedisSentinelOptions,
} from './node-redis';
import type { InitializeOptions, Purpose } from './options';
import type { Redis } from './redis';
import type { TypedEmitter } from './typed-emitter';

/** `closing`: takes nothing more, and finishes what it has. */
export type LinkState = 'connecting' | 'ready' | 'reconnecting' | 'closing' | 'end';

/** What `healthCheck()` found out about one link. */
export type HealthResult = HealthyResult | UnhealthyResult;

export interface HealthyResult {
  purpose: string;
  status: 'healthy';
  /** For people: `3ms`. */
  latency: string;
  latencyMs: number;
  state: LinkState;
}

export interface UnhealthyResult {
  purpose: string;
  status: 'unhealthy';
  state: LinkState;
  code: ErrorCode;
  error: string;
}

/** Figures of one link. Times are in ms since the epoch. */
export interface LinkStats {
  purpose: string;
  /** Its place among the purposes. */
  index: number;
  state: LinkState;
  /** When the state began. */
  since: number;
  /** Of the server, as it was resolved; null before the first connection. */
  address: string | null;
  reconnects: number;
  /** Commands that have no reply yet. */
  inFlight: number;
  /** Commands that were sent. */
  commands: number;
  bytesIn: number;
  bytesOut: number;
  errors: number;
  /** Names that are subscribed to; of the purpose `subscriber` only. */
  subscriptions: number;
  lastError: { code: ErrorCode; message: string; at: number } | null;
  lastRoundTripMs: number | null;
  /** In a cluster: the connections to single nodes, whose sums the other figures are. */
  nodes?: NodeLinkStats[];
}

/** Totals of the process. */
export interface ManagerTotals {
  /** Links opened. */
  created: number;
  /** Links that are ready. */
  active: number;
  errors: number;
}

export interface Stats extends ManagerTotals {
  initialized: boolean;
  connectionCount: number;
  purposes: string[];
  /** In the order of the purposes. */
  links: LinkStats[];
  /** How many connections are declared in all: the purposes and the lanes. There are never more. */
  declared: number;
  lanes: LaneStats;
  /** null where there is no cluster. */
  cluster: ClusterStats | null;
  /** Where the servers are known from; null without sentinels. */
  sentinel: SentinelStats | null;
}

/** What is known of the sentinels. */
export interface SentinelStats {
  name: string;
  role: 'master' | 'slave';
  /** As it was announced last; null before. */
  master: string | null;
  /** The sentinel that is watched for failovers. */
  watched: string | null;
  /** Connections to sentinels: how many there can be, and how many there are. */
  sockets: { bound: number; open: number };
  /** In the order in which they are asked. `state` is that of the last question. */
  sentinels: Array<{
    address: string;
    state: 'unknown' | 'ok' | 'failed';
    lastError: { code: ErrorCode; message: string } | null;
  }>;
}

/** The connections declared by `blockingConnections`. */
export interface LaneStats {
  declared: number;
  /** Used by a caller at this moment. */
  inUse: number;
  /** Callers that wait for one. */
  waiting: number;
  links: LinkStats[];
}

/**
 * The one manager of the process' connections. Its methods also work taken off it.
 *
 * All managers of a process (one for each thread, and for each copy of the module) show the same links.
 */
export declare class UnifiedRedisManager extends TypedEmitter<ManagerEvents> {
  /** Purpose to connection object; empty while there are no links. */
  readonly connections: Map<string, Redis>;
  /** The purposes of the open links; otherwise those declared last. */
  readonly connectionPurposes: string[];
  /** Whether the links of the process are open, whoever opened them. */
  readonly isInitialized: boolean;
  readonly stats: ManagerTotals;

  /**
   * Opens one link for each purpose, all at once: all of them, or none. Calls at the same time share one attempt; a
   * call when the links are open changes nothing.
   *
   * @throws {TypeError | RangeError} INVALID_OPTION
   * @throws {UnifiedRedisError} INITIALIZE_FAILED, naming each purpose and its cause; nothing is left open, and the
   *   call may be made again. CLOSED when `cleanup()` was called meanwhile
   */
  initialize(options?: InitializeOptions): Promise<void>;

  /**
   * The connection object of a purpose: the same at every call, without a socket of its own.
   *
   * @throws {UnifiedRedisError} INVALID_PURPOSE, NOT_INITIALIZED
   */
  getConnection(purpose?: Purpose, options?: { dialect?: 'ioredis' | undefined }): Redis;
  /**
   * The same for code written against the `redis` package, which the application has to have: its commands, arguments
   * and replies, on the same link.
   *
   * @throws {UnifiedRedisError} INVALID_PURPOSE, NOT_INITIALIZED; UNSUPPORTED where the package is missing
   */
  getConnection<M extends NodeRedisModules = {}, F extends NodeRedisFunctions = {}, S extends NodeRedisScripts = {}>(
    purpose: Purpose | undefined,
    options: NodeRedisOptions<M, F, S>,
  ): NodeRedisClient<M, F, S>;

  /** The same for code that was written for `createCluster` of the package. */
  getClient<M extends NodeRedisModules = {}, F extends NodeRedisFunctions = {}, S extends NodeRedisScripts = {}>(
    purpose: Purpose | undefined,
    options: NodeRedisClusterOptions<M, F, S>,
  ): NodeRedisCluster<M, F, S>;
  /** The same for code that was written for `createSentinel` of the package. */
  getClient<M extends NodeRedisModules = {}, F extends NodeRedisFunctions = {}, S extends NodeRedisScripts = {}>(
    purpose: Purpose | undefined,
    options: NodeRedisSentinelOptions<M, F, S>,
  ): NodeRedisSentinel<M, F, S>;
  /**
   * The same as `getConnection(purpose, { ...options, dialect: 'node-redis' })`.
   *
   * @throws {UnifiedRedisError} INVALID_PURPOSE, NOT_INITIALIZED; UNSUPPORTED where the package is missing
   */
  getClient<M extends NodeRedisModules = {}, F extends NodeRedisFunctions = {}, S extends NodeRedisScripts = {}>(
    purpose?: Purpose,
    options?: Omit<NodeRedisOptions<M, F, S>, 'dialect'>,
  ): NodeRedisClient<M, F, S>;

  /**
   * The methods for common operations, on `main`.
   *
   * @throws {UnifiedRedisError} INVALID_PURPOSE, NOT_INITIALIZED
   */
  getHelper(): Helper;

  /**
   * Sends a PING on every link. That a link is down is a result, and no rejection.
   *
   * @returns In the order of the purposes; empty while no links are open.
   */
  healthCheck(): Promise<HealthResult[]>;

  getStats(): Stats;

  /**
   * From now on the server is asked for its clients every so often. Each answer is a `monitor` event; more clients than
   * `monitorThreshold` are a `warning` as well. `initialize()` calls this.
   *
   * @param intervalMs The option `monitorInterval`, or a minute where that is 0, unless it is given.
   */
  startMonitoring(intervalMs?: number): void;
  /** No more monitoring, in the whole process. */
  stopMonitoring(): void;

  /**
   * From now on, until `cleanup()`, the first SIGINT, SIGTERM or SIGQUIT finishes what is in flight, closes the links
   * and ends the process with code 0. Where the application has a listener of its own for a signal, nothing happens.
   * `initialize()` calls this, unless `gracefulShutdown` is false.
   */
  setupGracefulShutdown(): void;

  /**
   * Closes the links of the process, once what is in flight is answered or `shutdownTimeout` is over; gives up an
   * `initialize()` under way. From a worker, links that others use stay open.
   */
  cleanup(): Promise<void>;
  /**
   * For the end of tests: nothing is left of what this thread began. The links themselves are the process', and no leak.
   *
   * @throws {LeakedError} Naming each subscription, watch, command in flight and handle of `duplicate()` with the line
   *   that it comes from; of the last two only with the option `trackLeaks`.
   */
  assertNoLeaks(): void;
  /** The same as `cleanup()`: `await using redis = manager`. */
  [Symbol.asyncDispose](): Promise<void>;
}
