import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import type { ClusterNodeAddress, ClusterOptions, NodeRole } from './cluster';
import type { Callback } from './commander';
import type { ReconnectOnError } from './options';
import type { RedisCommander } from '..';

export type RedisStatus = 'wait' | 'reconnecting' | 'connecting' | 'connect' | 'ready' | 'close' | 'end' | 'monitoring';

/** A Lua script that becomes a command. */
export interface ScriptDefinition {
  lua: string;
  /** How many of the arguments are keys; where it is left out, the first argument says. */
  numberOfKeys?: number;
  /** Whether the script only reads, so that it may be sent again. */
  readOnly?: boolean;
}

export interface ScanStreamOptions {
  /** Pattern of the names. */
  match?: string;
  /** Only keys of this type. */
  type?: string;
  /** How much the server is to look at in one step. */
  count?: number;
  /** HSCAN without the values. */
  noValues?: boolean;
}

/** Gives what it found array by array. */
export interface ScanStream<Element = string> extends Readable {
  /** Ends the scan. */
  close(): void;
  on(event: 'data', listener: (elements: Element[]) => void): this;
  on(event: 'close' | 'end' | 'pause' | 'readable' | 'resume', listener: () => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: string | symbol, listener: (...args: any[]) => void): this;
}

/**
 * Options of a connection object, by ioredis' names. What decides about the connection itself is the same for all
 * objects of a link, and set by `initialize()`: `duplicate()` refuses a value that would be another connection.
 */
export interface RedisOptions {
  host?: string;
  port?: number;
  path?: string | null;
  /** IP version: 4, 6, or 0 for either. */
  family?: number;
  db?: number;
  username?: string | null;
  /** Never shown. */
  password?: string | null;
  /** An empty object where the link speaks TLS. */
  tls?: object;
  connectionName?: string | null;
  connectTimeout?: number;
  keepAlive?: number;
  noDelay?: boolean;
  enableOfflineQueue?: boolean;
  enableReadyCheck?: boolean;
  enableAutoPipelining?: boolean;
  /** The object connects when its first command is sent. */
  lazyConnect?: boolean;
  /** null: what the link has given up is sent again when it is back. */
  maxRetriesPerRequest?: number | null;
  maxLoadingRetryTime?: number | null;
  autoResubscribe?: boolean;
  autoResendUnfulfilledCommands?: boolean;
  /** What is no number ends the object when the connection is lost; the delay is that of the link. */
  retryStrategy?: ((times: number) => number | void | null) | null;

  /** What is put before every key. */
  keyPrefix?: string | Buffer;
  /** Deadline of a reply, ms; 0 = none. */
  commandTimeout?: number;
  /** A blocking call gives null after its own timeout and the grace, or after this where it waits for ever, ms. */
  blockingTimeout?: number;
  /** @default 100 */
  blockingTimeoutGrace?: number;
  /** Numbers in replies come as strings. */
  stringNumbers?: boolean;
  /** Whether errors of commands show where the command was called. */
  showFriendlyErrorStack?: boolean;
  /** As that of `initialize()`, for the errors of this object; the connection is that of the link. */
  reconnectOnError?: ReconnectOnError | null;
  /** Commands made of Lua scripts. */
  scripts?: Record<string, ScriptDefinition>;
  /** Without effect, as replies have the same shapes. */
  protocol?: 2 | 3;
  /** Without effect. */
  autoPipeliningIgnoredCommands?: string[];
  readOnly?: boolean;
}

/** Commands that are sent together, by `exec()`. */
export interface ChainableCommander extends RedisCommander<{ type: 'pipeline' }> {
  /** How many commands there are. */
  length: number;
  /** Adds commands given as arrays, as `pipeline(commands)` does. */
  addBatch(commands: unknown[][]): this;
  /** Begins a transaction within the pipeline: the next `exec()` ends it, the one after that sends the pipeline. */
  multi(): this;
}

/**
 * The connection object, in ioredis' dialect. It has no socket of its own: any number of them share the link of their
 * purpose. Subscriptions, scripts, prefix, and the state of WATCH and MULTI are its own.
 */
export interface Redis extends RedisCommander<{ type: 'default' }>, EventEmitter {
  /** The purpose of the link. */
  readonly purpose: string;
  readonly options: RedisOptions;
  readonly status: RedisStatus;
  /** Whether it stands for all nodes of a cluster; then it is a {@link Cluster}. */
  readonly isCluster: boolean;
  /** Connection objects of the single nodes of a cluster. Not there without one. */
  readonly nodes?: ((role?: NodeRole | 'all') => Redis[]) | undefined;
  /** `monitor` of what `monitor()` gives. Subscriptions ride a link of their own, so all others take commands at any time. */
  readonly mode: 'normal' | 'monitor';
  readonly autoPipelineQueueSize: number;
  /** Whether this object was ended, by `quit()` or `disconnect()`. */
  readonly isEnded: boolean;

  /** Resolves when the link is ready. */
  connect(callback?: Callback<void>): Promise<void>;
  /** Ends this object, not its link. */
  disconnect(reconnect?: boolean): void;
  /** The same as `disconnect()`. */
  end(): void;
  /** Another object on the same link. */
  duplicate(override?: Partial<RedisOptions>): Redis;
  /** The same in the form of ioredis' cluster: no other start nodes, and options with `redisOptions` among them. */
  duplicate(
    nodes: readonly ClusterNodeAddress[] | undefined,
    override?: Omit<Partial<ClusterOptions>, 'redisOptions'> & { redisOptions?: Partial<RedisOptions> },
  ): Redis;
  /**
   * An object whose `monitor` event tells of every command that the server executes. It has one of the
   * `blockingConnections` for itself until it is ended, and takes no commands. UNSUPPORTED where none is declared, and on
   * a handle of a whole cluster: that of a node has it, `nodes()[0].monitor()`.
   */
  monitor(callback?: Callback<Redis>): Promise<Redis>;

  /** Gathers commands, to send them together; each has a result of its own. */
  pipeline(commands?: unknown[][]): ChainableCommander;
  /**
   * Gathers the commands of a transaction. With `pipeline: false` they are given to this object instead, up to
   * `exec()`.
   */
  multi(options: { pipeline: false }): Promise<'OK'>;
  multi(options: { pipeline: true }): ChainableCommander;
  multi(commands?: unknown[][]): ChainableCommander;

  /** Makes a command of a Lua script. Its type is declared as {@link Result} shows. */
  defineCommand(name: string, definition: ScriptDefinition): void;
  getBuiltinCommands(): string[];
  createBuiltinCommand(commandName: string): { string: any; buffer: any };
  addBuiltinCommand(commandName: string): void;

  scanStream(options?: ScanStreamOptions): ScanStream;
  scanBufferStream(options?: ScanStreamOptions): ScanStream<Buffer>;
  sscanStream(key: string, options?: ScanStreamOptions): ScanStream;
  sscanBufferStream(key: string, options?: ScanStreamOptions): ScanStream<Buffer>;
  hscanStream(key: string, options?: ScanStreamOptions): ScanStream;
  hscanBufferStream(key: string, options?: ScanStreamOptions): ScanStream<Buffer>;
  zscanStream(key: string, options?: ScanStreamOptions): ScanStream;
  zscanBufferStream(key: string, options?: ScanStreamOptions): ScanStream<Buffer>;

  on<Event extends keyof RedisEvents>(event: Event, listener: (...args: RedisEvents[Event]) => void): this;
  on(event: string | symbol, listener: (...args: any[]) => void): this;
  once<Event extends keyof RedisEvents>(event: Event, listener: (...args: RedisEvents[Event]) => void): this;
  once(event: string | symbol, listener: (...args: any[]) => void): this;
  addListener<Event extends keyof RedisEvents>(event: Event, listener: (...args: RedisEvents[Event]) => void): this;
  addListener(event: string | symbol, listener: (...args: any[]) => void): this;
}

/** The events of a connection object, and what their listeners are given. */
export interface RedisEvents {
  wait: [];
  connecting: [];
  connect: [];
  ready: [];
  close: [];
  reconnecting: [delay: number];
  end: [];
  error: [error: Error];
  /** Nodes or slots of the cluster changed. */
  refresh: [];
  '+node': [node: Redis];
  '-node': [node: Redis];
  'node error': [error: Error, address: string];
  message: [channel: string, message: string];
  messageBuffer: [channel: Buffer, message: Buffer];
  /** Messages may have been lost: for how long nothing could arrive, and how many are lost where that is known (else 0). */
  gap: [gap: { durationMs: number; dropped: number }];
  pmessage: [pattern: string, channel: string, message: string];
  pmessageBuffer: [pattern: string, channel: Buffer, message: Buffer];
  smessage: [channel: string, message: string];
  smessageBuffer: [channel: Buffer, message: Buffer];
  /** Only on what `monitor()` gives: the server tells of its commands, for the first time or again. */
  monitoring: [];
  /** Only on what `monitor()` gives. `time` is in seconds; `source` is `ip:port`, `unix:path` or `lua`. */
  monitor: [time: string, args: string[], source: string, database: string];
}
