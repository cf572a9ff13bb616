import type { ChainableCommander } from './redis';

/** A key. ioredis' own name for it, as are the other names here. */
export type RedisKey = string | Buffer;

/** What a command takes as a value. */
export type RedisValue = string | Buffer | number;

/** A Node callback; commands take one in place of the promise. */
export type Callback<T = any> = (err?: Error | null, result?: T) => void;

/** What a command returns: on a handle the promise of its reply, on a pipeline the pipeline. */
export interface ResultTypes<Result, Context> {
  default: Promise<Result>;
  pipeline: ChainableCommander;
}

/** Where a command is called: on a handle (`default`) or on a pipeline. */
export type ClientContext = { type: keyof ResultTypes<unknown, unknown> };

/**
 * What a command with a reply of type `T` returns. Of use to declare what `defineCommand` adds:
 *
 * ```ts
 * declare module 'unified-redis' {
 *   interface RedisCommander<Context> {
 *     double(key: string, callback?: Callback<number>): Result<number, Context>;
 *   }
 * }
 * ```
 */
export type Result<T, Context extends ClientContext> = ResultTypes<T, Context>[Context['type']];
