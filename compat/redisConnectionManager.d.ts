/// <reference types="node" />

import type { HealthResult, InitializeOptions, Redis, RedisOptions, Stats } from '..';

/** Connection objects by purpose and options. They connect by themselves when they are first used. */
declare const connectionManager: {
  /** The connection objects given out last. */
  readonly connections: Map<string, Redis>;
  /** Whether the links of the process are open. */
  readonly isInitialized: boolean;

  /**
   * A connection object on the link of a purpose: the same one for the same purpose and options, and never a socket.
   *
   * What the options ask for beyond `keyPrefix`, `commandTimeout`, `stringNumbers`, `showFriendlyErrorStack` and `scripts`
   * has no effect, which is a warning (CONNECTION_OPTION_IGNORED).
   *
   * @param purpose 'default', and what no link is declared for, is `main`; the latter is a warning (PURPOSE_NOT_DECLARED).
   * @throws {UnifiedRedisError} UNSUPPORTED where the options ask for another server or database than that of the links
   */
  getConnection(purpose?: string, options?: ConnectionOptions): Redis;
  /** The same, but another object at each call. */
  createConnection(purpose?: string, options?: ConnectionOptions): Redis;

  initialize(options?: InitializeOptions): Promise<void>;
  healthCheck(): Promise<HealthResult[]>;
  getStats(): Stats;
  /** Closes the links of the process. */
  cleanup(): Promise<void>;
};

/** Options of ioredis. */
type ConnectionOptions = Partial<RedisOptions> & Record<string, unknown>;

export = connectionManager;
