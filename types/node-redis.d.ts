// The clients of the application's own `redis` package, or of `@redis/client` alone. Where it has neither, as those who
// have no use for this dialect, a client is `any`; that is what the comments for the compiler are for.

// @ts-ignore TS2307: the package may be missing
type Redis = typeof import('redis');
// @ts-ignore TS2307: the package may be missing
type RedisClient = typeof import('@redis/client');

// Without this, everything here would be exported.
export type { Functions as NodeRedisFunctions, Modules as NodeRedisModules, Scripts as NodeRedisScripts };

// In tuples: what depends on a type that is missing is missing too.
type IsAny<T> = [1] extends [0 & T] ? true : false;

// @ts-ignore TS2307: the package may be missing
type Modules = IsAny<Redis> extends false ? import('redis').RedisModules : import('@redis/client').RedisModules;
// @ts-ignore TS2307: the package may be missing
type Functions = IsAny<Redis> extends false ? import('redis').RedisFunctions : import('@redis/client').RedisFunctions;
// @ts-ignore TS2307: the package may be missing
type Scripts = IsAny<Redis> extends false ? import('redis').RedisScripts : import('@redis/client').RedisScripts;

// @ts-ignore TS2307: the package may be missing
type OfRedis<M extends Modules, F extends Functions, S extends Scripts> = import('redis').RedisClientType<import('redis').RedisDefaultModules & M, F, S>; // prettier-ignore
// @ts-ignore TS2307: the package may be missing
type OfRedisClient<M extends Modules, F extends Functions, S extends Scripts> = import('@redis/client').RedisClientType<M, F, S>; // prettier-ignore

/**
 * A handle for code written against the `redis` package: its `RedisClientType`, in the version that the application has;
 * `any` where it has none.
 */
export type NodeRedisClient<M extends Modules = {}, F extends Functions = {}, S extends Scripts = {}> =
  IsAny<Redis> extends false ? OfRedis<M, F, S> : IsAny<RedisClient> extends false ? OfRedisClient<M, F, S> : any;

// @ts-ignore TS2307, TS2694: the package may be missing
type ClusterOfRedis<M extends Modules, F extends Functions, S extends Scripts> = import('redis').RedisClusterType<import('redis').RedisDefaultModules & M, F, S>; // prettier-ignore
// @ts-ignore TS2307, TS2694: the package may be missing
type ClusterOfClient<M extends Modules, F extends Functions, S extends Scripts> = import('@redis/client').RedisClusterType<M, F, S>; // prettier-ignore
// @ts-ignore TS2307, TS2694: the package may be missing, or older than version 5
type SentinelOfRedis<M extends Modules, F extends Functions, S extends Scripts> = import('redis').RedisSentinelType<import('redis').RedisDefaultModules & M, F, S>; // prettier-ignore
// @ts-ignore TS2307, TS2694: the package may be missing, or older than version 5
type SentinelOfClient<M extends Modules, F extends Functions, S extends Scripts> = import('@redis/client').RedisSentinelType<M, F, S>; // prettier-ignore

/**
 * The same handle as code knows it that was written for `createCluster`. What there is of it beside commands is not there
 * while the links are not those of a cluster.
 */
export type NodeRedisCluster<M extends Modules = {}, F extends Functions = {}, S extends Scripts = {}> =
  IsAny<Redis> extends false
    ? ClusterOfRedis<M, F, S>
    : IsAny<RedisClient> extends false
      ? ClusterOfClient<M, F, S>
      : any;

/** The same handle as code knows it that was written for `createSentinel`. */
export type NodeRedisSentinel<M extends Modules = {}, F extends Functions = {}, S extends Scripts = {}> =
  IsAny<Redis> extends false
    ? SentinelOfRedis<M, F, S>
    : IsAny<RedisClient> extends false
      ? SentinelOfClient<M, F, S>
      : any;

/** Options of a handle in the dialect of the `redis` package: those of `createClient` that are not about the connection. */
export interface NodeRedisOptions<M extends Modules = {}, F extends Functions = {}, S extends Scripts = {}> {
  dialect: 'node-redis';
  /** The major version of the package that the code was written against, where the application has several. */
  version?: 4 | 5 | 6 | undefined;
  /** The protocol that the code believes in, which decides about the shape of replies: by default 3 from version 6 on. */
  RESP?: 2 | 3 | undefined;
  /** Modules of Redis, beside those that `redis` brings along. */
  modules?: M | undefined;
  /** Libraries of functions. */
  functions?: F | undefined;
  scripts?: S | undefined;
  /** For the keys of this handle; since version 6. */
  keyPrefix?: string | Buffer | undefined;
  /** What `clientGetName()` gives, on this handle. */
  name?: string | undefined;
  /** For all its commands; since version 5. */
  commandOptions?: Record<string, unknown> | undefined;
}

/** Options as of `createCluster`, for which a handle has its type. */
export interface NodeRedisClusterOptions<
  M extends Modules = {},
  F extends Functions = {},
  S extends Scripts = {},
> extends Omit<NodeRedisOptions<M, F, S>, 'dialect'> {
  /** Each has to be a node of the cluster that the links are to; an empty list asks for nothing but the type. */
  rootNodes: ReadonlyArray<{ url?: string; socket?: { host?: string; port?: number } }>;
  /** Nothing in it may ask for other connections. */
  defaults?: Record<string, unknown> | undefined;
  /** Only where `scaleReads` says so for all handles. */
  useReplicas?: boolean | undefined;
  /** No effect: nodes are connected to when they are needed. */
  minimizeConnections?: boolean | undefined;
  /** No effect: redirections are followed as `initialize()` says. */
  maxCommandRedirections?: number | undefined;
}

/** Options as of `createSentinel`, for which a handle has its type. */
export interface NodeRedisSentinelOptions<
  M extends Modules = {},
  F extends Functions = {},
  S extends Scripts = {},
> extends Omit<NodeRedisOptions<M, F, S>, 'dialect'> {
  /** Which server it is, is decided in `initialize()`. */
  sentinelRootNodes: readonly [];
}
