import type { Redis } from './redis';

/** What the helper takes as a key. */
export type HelperKey = string | number | Buffer;

/**
 * Methods for common operations on `main`. Objects are stored as JSON, and parsed on the way back.
 *
 * Each rejects with a TypeError or RangeError (INVALID_ARGUMENT) that names the argument, before anything is sent, or
 * with the error of its command.
 */
export interface Helper {
  /**
   * SET, with an expiry and a condition where given: `set(k, v)`, `set(k, v, 'EX', 60)`, `set(k, v, null, 60)`,
   * `set(k, v, 'PX', 1500)`, `set(k, v, 'EX', 60, 'NX')`, `set(k, v, 'NX')`.
   *
   * @param value Objects (null too) are stored as JSON, everything else as its text.
   * @param option EX (the default): ttl in seconds; PX: in milliseconds.
   * @param ttl Positive; fractions are cut off.
   * @param condition NX: only if the key is not there yet; XX: only if it is.
   * @returns  False only where the condition did not hold.
   */
  set(
    key: HelperKey,
    value: StorableValue,
    option?: 'EX' | 'PX' | 'NX' | 'XX' | null,
    ttl?: number | string | null,
    condition?: 'NX' | 'XX' | null,
  ): Promise<boolean>;
  /** What was stored; null where nothing is, or an empty string. */
  get<Value = any>(key: HelperKey): Promise<Value | null>;
  /** How many of the keys there were. */
  del(key: HelperKey | readonly HelperKey[]): Promise<number>;
  exists(key: HelperKey): Promise<boolean>;
  /**
   * @param ttl Seconds, positive; fractions are cut off.
   * @returns  1, or 0 where there is no such key.
   */
  expire(key: HelperKey, ttl: number | string): Promise<number>;
  /** 1 where the field is new, otherwise 0. */
  hset(key: HelperKey, field: HelperKey, value: StorableValue): Promise<number>;
  /** What was stored in the field; null where nothing is, or an empty string. */
  hget<Value = any>(key: HelperKey, field: HelperKey): Promise<Value | null>;
  /** The fields as they are stored; {} where there is no such key. */
  hgetall(key: HelperKey): Promise<Record<string, string>>;
  /** The connection object of `main`. */
  getClient(): Redis;
}

/** What can be stored; undefined, functions and symbols cannot. */
export type StorableValue = string | number | bigint | boolean | object | null;
