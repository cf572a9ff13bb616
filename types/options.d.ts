import type { ClusterOptions } from './cluster';

/** A certificate or a key: PEM text, or the path of a file that holds it. */
export type Pem = string | Buffer;

/** The purposes that there are unless `purposes` says otherwise. */
export type DefaultPurpose = 'main' | 'publisher' | 'subscriber' | 'websocket' | 'scheduler';

/** Name of a connection. Any other name than the default ones must have been declared with the option `purposes`. */
export type Purpose = DefaultPurpose | (string & {});

/** TLS of the links. Certificate and name of the server are verified unless `rejectUnauthorized` is false. */
export interface TlsOptions {
  /** Authorities trusted beside the Mozilla roots and NODE_EXTRA_CA_CERTS. Environment: REDIS_TLS_CA. */
  ca?: Pem | readonly Pem[] | undefined;
  /** Client certificate chain (mTLS); takes `key` as well. Environment: REDIS_TLS_CERT. */
  cert?: Pem | undefined;
  /** Private key of the client certificate, unencrypted. Environment: REDIS_TLS_KEY. */
  key?: Pem | undefined;
  /** Name for SNI and verification. Environment: REDIS_TLS_SERVERNAME. @default the host */
  servername?: string | undefined;
  /**
   * Whether certificate and name of the server are verified; false is warned about.
   * Environment: REDIS_TLS_REJECT_UNAUTHORIZED. @default true
   */
  rejectUnauthorized?: boolean | undefined;
  /** Oldest TLS version to speak. */
  minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** Newest TLS version to speak. */
  maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** Without effect. */
  requestCert?: unknown;
  /** Without effect. */
  agent?: unknown;
}

/** What `logger` takes: console, pino and winston fit. */
export interface Logger {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug?(message: string): void;
}

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/**
 * Delay in ms before the attempt number `times` (1 for the first after a link was lost); anything but a number ends the
 * attempts. `cause` tells why the last attempt failed, or how the link was lost.
 */
export type RetryStrategy = (times: number, cause: Error) => number | null | undefined | void | false;

/** What a `credentialsProvider` gives. */
export interface Credentials {
  /** ACL user. @default the option `username` */
  username?: string | null | undefined;
  password: string;
  /** Until when connections may be made with them: a Date, or ms since the epoch. Without, each connection asks. */
  expiresAt?: Date | number | undefined;
  /** The same in ms from now. */
  ttl?: number | undefined;
  /** After how many ms a connection has to be authenticated again. @default the end of the credentials */
  sessionTtl?: number | undefined;
}

/** See the option `credentialsProvider`. It has `connectTimeout` to answer; a failure is retried as an attempt is. */
export type CredentialsProvider = () => Credentials | Promise<Credentials>;

/** Where a sentinel listens. */
export interface SentinelAddress {
  host: string;
  /** @default 26379 */
  port?: number | string | undefined;
}

/** What an address that is announced is from here: by `ip:port`, or asked for each; null for the same. */
export type NatMap =
  | Record<string, { host: string; port: number | string }>
  | ((address: string) => { host: string; port: number | string } | null | undefined);

/** A replica; the lowest `prio` (default 1) first. */
export interface PreferredSlave {
  ip: string;
  port: number | string;
  prio?: number | undefined;
}

/** A replica that is up, with all that a sentinel says of it. */
export type ReplicaOfSentinel = { ip: string; port: string; flags: string } & Record<string, string>;

/** Replicas to take first, or a function that picks one. */
export type PreferredSlaves =
  | PreferredSlave
  | readonly PreferredSlave[]
  | ((replicas: ReplicaOfSentinel[]) => { ip: string; port: number | string } | null | undefined);

/**
 * Asked about each error reply: `true` or 1 replaces the connection, 2 sends the command again after that. Useful where a
 * failover leaves connections to what is a replica now, which answers READONLY.
 */
export type ReconnectOnError = (error: Error) => boolean | 0 | 1 | 2 | void;

/**
 * Options of `initialize()`. They stand above the environment, which stands above the `.env` file and the defaults.
 * What makes no sense is refused with INVALID_OPTION, and so is what is not listed here.
 *
 * Numbers are also taken as text, as environment variables have them.
 */
export interface InitializeOptions {
  /**
   * Address, credentials and database in one: `redis://`, `rediss://` or `unix://`. `rediss://` turns TLS on,
   * `redis://` turns it off. Environment: REDIS_URL.
   */
  url?: string | null | undefined;
  /** Host of the server; resolved anew at each attempt. Environment: REDIS_HOST. @default 'localhost' */
  host?: string | undefined;
  /** TCP port of the server. Environment: REDIS_PORT. @default 6379 */
  port?: number | string | undefined;
  /** Unix socket; takes the place of host and port. @default null */
  path?: string | null | undefined;
  /** Redis Cluster, in the place of an address. Environment: REDIS_CLUSTER_NODES (the nodes). @default null */
  cluster?: ClusterOptions | string | null | undefined;
  /** IP version: 4, 6, or 0 for either. @default 0 */
  family?: 0 | 4 | 6 | undefined;
  /** ACL user. Environment: REDIS_USERNAME. @default null */
  username?: string | null | undefined;
  /** Password; an empty one counts as none. Environment: REDIS_PASSWORD. @default null */
  password?: string | null | undefined;
  /**
   * Asked for user and password before a connection is made, in the place of `password`, and again before they end: then
   * the links are authenticated again without being dropped.
   */
  credentialsProvider?: CredentialsProvider | undefined;
  /** Database number. Environment: REDIS_DB. @default 0 */
  db?: number | string | undefined;
  /** TLS. Environment: REDIS_TLS. @default on, except for loopback hosts and unix sockets */
  tls?: boolean | TlsOptions | undefined;

  /**
   * Sentinels that know the server, in the place of host and port; also as text, `host:port,host:port`.
   * Environment: REDIS_SENTINELS. @default null
   */
  sentinels?: ReadonlyArray<SentinelAddress | string> | string | null | undefined;
  /** What the sentinels call the master and its replicas. Environment: REDIS_SENTINEL_NAME. */
  name?: string | null | undefined;
  /** Whether the links are to the master, or to replicas. Environment: REDIS_SENTINEL_ROLE. @default 'master' */
  role?: 'master' | 'slave' | undefined;
  /** ACL user of the sentinels. Environment: REDIS_SENTINEL_USERNAME. @default null */
  sentinelUsername?: string | null | undefined;
  /** Password of the sentinels; that of the servers is `password`. Environment: REDIS_SENTINEL_PASSWORD. @default null */
  sentinelPassword?: string | null | undefined;
  /**
   * TLS of the sentinels; an object takes the place of all that `tls` says. Environment: REDIS_SENTINEL_TLS.
   * @default that of the servers, `tls`, but for `servername`
   */
  sentinelTLS?: boolean | TlsOptions | undefined;
  /** How long one sentinel may take to answer, its connection included, ms. @default null (connectTimeout) */
  sentinelCommandTimeout?: number | string | null | undefined;
  /** Ask sentinels for the others. @default true */
  updateSentinels?: boolean | undefined;
  /**
   * Watch a sentinel for failovers, on one connection, so that links leave a master at once that is only cut off.
   * @default true
   */
  failoverDetector?: boolean | undefined;
  /** With `role: 'slave'`: replicas to take first. @default null (any) */
  preferredSlaves?: PreferredSlaves | null | undefined;
  /** Addresses that sentinels announce, and what they are from here. @default null */
  natMap?: NatMap | null | undefined;
  /** Only true: `tls` decides about the servers. */
  enableTLSForSentinelMode?: true | undefined;
  /** Without effect: one connection watches for failovers. */
  sentinelMaxConnections?: number | string | undefined;
  /** Only null: `retryStrategy` decides. */
  sentinelRetryStrategy?: null | undefined;
  /** Only null: where the sentinel that is watched is lost, the next one is watched. */
  sentinelReconnectStrategy?: null | undefined;

  /** Links are called `<connectionName>:<pid>:<purpose>` in CLIENT LIST. @default 'unified-redis' */
  connectionName?: string | undefined;
  /** Bound on one attempt, ms: resolution, connect, TLS and handshake together. @default 15000 */
  connectTimeout?: number | string | undefined;
  /** Deadline of a reply, ms; 0 = none. @default 10000 */
  commandTimeout?: number | string | undefined;
  /**
   * Further connections, shared by blocking commands and WATCH, each used by one caller at a time. With none, these
   * run on the connection of their purpose, as in ioredis. @default 0
   */
  blockingConnections?: number | string | undefined;
  /** Idle time before TCP keep-alive probes, ms; 0 = off. @default 30000 */
  keepAlive?: number | string | undefined;
  /** TCP_NODELAY. @default true */
  noDelay?: boolean | undefined;
  /** Whether commands given while a link is down wait for it. @default false */
  enableOfflineQueue?: boolean | undefined;
  /** Commands that may wait for a link that is down. @default 10000 */
  offlineQueueLimit?: number | string | undefined;
  /** Commands that may be in flight on one link; more are rejected with BACKPRESSURE. @default 1000000 */
  maxCommandsInFlight?: number | string | undefined;
  /** Bytes of commands that may be in flight on one link or wait for it; one that comes alone is always taken. @default 1073741824 */
  maxBytesInFlight?: number | string | undefined;
  /** Bytes that may wait for a blocked event loop before published messages are dropped, which `gap` tells of. @default 268435456 */
  maxQueuedMessageBytes?: number | string | undefined;
  /** How often a request is sent again after its link was lost; null = for ever. @default 3 */
  maxRetriesPerRequest?: number | string | null | undefined;
  /** Send again even what the server may have executed already. @default false */
  autoResendUnfulfilledCommands?: boolean | undefined;
  /** Subscribe again after a reconnect. @default true */
  autoResubscribe?: boolean | undefined;
  /** Wait while the server is loading its data set. @default true */
  enableReadyCheck?: boolean | undefined;
  /** How long to wait for a server that is loading, ms. @default 10000 */
  maxLoadingRetryTime?: number | string | undefined;
  /** @default min(times * 50, 2000) ms, with jitter */
  retryStrategy?: RetryStrategy | undefined;
  /**
   * `true` or 1 to replace the connection after such an error reply, 2 to send the command again as well.
   * @default null (never)
   */
  reconnectOnError?: ReconnectOnError | null | undefined;
  /** Silence after which a link is sent a PING, ms; 0 = never. @default 10000 */
  heartbeatInterval?: number | string | undefined;
  /** How long the server has to answer that PING, ms. @default 5000 */
  heartbeatTimeout?: number | string | undefined;
  /** How long `cleanup()` waits for what is in flight, ms. @default 5000 */
  shutdownTimeout?: number | string | undefined;

  /** Interval of the connection monitor, ms; 0 = off. @default 60000 */
  monitorInterval?: number | string | undefined;
  /** Connected clients of the server above which the monitor warns; 0 = never. @default 100 */
  monitorThreshold?: number | string | undefined;
  /**
   * Close the links on SIGINT, SIGTERM and SIGQUIT where the application has no handler of its own. @default true
   */
  gracefulShutdown?: boolean | undefined;
  /** Console-like object (pino fits); false = silent. @default console */
  logger?: Logger | false | undefined;
  /**
   * Least important level that is logged. Environment: REDIS_LOG_LEVEL. @default 'info'; a logger of yours: its own
   */
  logLevel?: LogLevel | undefined;
  /** File with REDIS_* variables, below the environment; false = none. @default '.env' */
  envFile?: string | false | undefined;
  /** Names of the connections, one link each; fixed while initialized. @default the five of DefaultPurpose */
  purposes?: readonly string[] | undefined;
  /**
   * Whether `assertNoLeaks()` knows the lines of commands and handles, at some cost for each command; for tests.
   * Environment: REDIS_TRACK_LEAKS. @default false
   */
  trackLeaks?: boolean | undefined;
  /** Only false: `initialize()` opens all links. */
  lazyConnect?: false | undefined;
  /** Without effect: commands of one tick always travel together. */
  enableAutoPipelining?: boolean | undefined;
}
