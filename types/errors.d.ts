import type { ErrorCode } from './error-codes';

export type { ErrorCode };

/** What an error tells about its command. Secrets are removed. */
export interface CommandInfo {
  name: string;
  args: unknown[];
}

export interface UnifiedRedisErrorDetails {
  retryable?: boolean;
  maybeExecuted?: boolean;
  purpose?: string;
  cause?: unknown;
}

/** A failure of this package or of the connection. An error reply of the server is a {@link ReplyError} instead. */
export declare class UnifiedRedisError extends Error {
  constructor(code: ErrorCode, message: string, details?: UnifiedRedisErrorDetails, command?: CommandInfo);
  readonly name: 'UnifiedRedisError';
  /** Stable, for decisions. */
  readonly code: ErrorCode;
  /** Whether the same call may succeed later without anything being changed. */
  readonly retryable: boolean;
  /** Whether the server may have run the command. */
  readonly maybeExecuted: boolean;
  /** Whose link failed, where that is known. */
  readonly purpose?: string;
  /** The command that failed, where there is one. */
  readonly command?: CommandInfo;
  /** What led to it, where that is several failures: of `INITIALIZE_FAILED`, one for each purpose. */
  readonly errors?: readonly UnifiedRedisError[];
}

/** An error reply of the server. The message is the server's own. */
export declare class ReplyError extends Error {
  constructor(message: string, command?: CommandInfo);
  readonly name: 'ReplyError';
  /** The first word of the message: `ERR`, `WRONGTYPE`, `NOSCRIPT`, ... */
  readonly code: string;
  /** The command that failed, where it is known. */
  readonly command?: CommandInfo;
  /** Whether the same command may succeed later without anything being changed: LOADING, READONLY, TRYAGAIN, ... */
  get retryable(): boolean;
  /** Never: a server that refuses a command has not run it. */
  get maybeExecuted(): false;
}

/**
 * What is thrown for an option or an argument that makes no sense: a RangeError for a number, otherwise a TypeError.
 */
export type InvalidInputError = (TypeError | RangeError) & {
  readonly code: 'INVALID_OPTION' | 'INVALID_ARGUMENT';
  readonly retryable: false;
  readonly maybeExecuted: false;
};

/** Something that is still held. */
export interface Leak {
  kind: 'handle' | 'subscription' | 'command' | 'watch' | 'monitor';
  /** In words, without any value. */
  what: string;
  /** The purpose of the handle. */
  purpose: string;
  /** Where it comes from: `file:line:column`. */
  at: string | undefined;
}

/** What `assertNoLeaks()` throws. */
export interface LeakedError extends UnifiedRedisError {
  code: 'LEAKED';
  leaks: Leak[];
}
