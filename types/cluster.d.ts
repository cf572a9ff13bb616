import type { ErrorCode } from './errors';
import type { InitializeOptions, RetryStrategy } from './options';
import type { LinkState, LinkStats } from './manager';
import type { Redis } from './redis';

export type NodeRole = 'master' | 'slave';

/** The address of a node: `host:port`, a port, or a `redis://` or `rediss://` URL, whose user, password and TLS count for all. */
export type ClusterNodeAddress = string | number | { host?: string | undefined; port?: number | string | undefined };

/**
 * Chooses where a command goes that only reads: one of the nodes of its slot (the master, and its replicas), or several,
 * of which one is taken at random. What is none of them stands for the master.
 */
export type ChooseNode = (
  nodes: Redis[],
  command: { name: string; args: unknown[] },
) => Redis | Redis[] | null | undefined;

/** Redis Cluster: ioredis' options beside the start nodes. What has no effect here is refused by name. */
export interface ClusterOptions {
  /** Where to ask for the others: one is enough, such as a configuration endpoint. */
  nodes: string | readonly ClusterNodeAddress[];
  /** Where commands go that only read; `nearest` is a node of `availabilityZone`. @default 'master' */
  scaleReads?: 'master' | 'slave' | 'all' | 'nearest' | ChooseNode | undefined;
  /** That of this process, for `nearest`. @default null */
  availabilityZone?: string | null | undefined;
  /** Addresses that the cluster tells (`10.0.0.1:6379`), and those to connect to. */
  natMap?: Record<string, ClusterNodeAddress> | null | undefined;
  /** How often the nodes are asked who has which slot, ms; 0 = only when something points to a change. @default 5000 */
  slotsRefreshInterval?: number | string | undefined;
  /** How long a node has to answer that, ms. @default 1000 */
  slotsRefreshTimeout?: number | string | undefined;
  /** How often a command follows MOVED and ASK. @default 16 */
  maxRedirections?: number | string | undefined;
  /** Options of `initialize()`, for all nodes. */
  redisOptions?: Omit<InitializeOptions, 'cluster' | 'url' | 'host' | 'port' | 'path'> | undefined;
  /** `retryStrategy` of `initialize()`. */
  clusterRetryStrategy?: RetryStrategy | null | undefined;
  /** As of `initialize()`. */
  enableOfflineQueue?: boolean | undefined;
  /** As of `initialize()`. */
  enableReadyCheck?: boolean | undefined;
  /** Without effect. */
  enableAutoPipelining?: boolean | undefined;
  /** Without effect. */
  autoPipeliningIgnoredCommands?: string[] | undefined;
  /** Without effect: shard channels are followed from node to node anyway. */
  shardedSubscribers?: boolean | undefined;
  /** Only `(name, done) => done(null, name)`: names are kept, and looked up by the system. */
  dnsLookup?: ((name: string, done: (error: any, address: any, family?: any) => void) => void) | undefined;
  lazyConnect?: false | undefined;
}

/** The connection object where `initialize()` was given a cluster. */
export interface Cluster extends Redis {
  readonly isCluster: true;
  /** Connection objects of single nodes: masters in the order of their slots, each followed by its replicas. */
  nodes(role?: NodeRole | 'all'): Redis[];
  /** The addresses of the nodes of each slot, the master first. */
  readonly slots: string[][];
}

/** A node, as the cluster tells of it. */
export interface ClusterNode {
  /** `host:port` */
  address: string;
  host: string;
  port: number;
  role: NodeRole;
  /** First and last slot of each range; empty for a replica. */
  slots: Array<[from: number, to: number]>;
  /** Where servers tell it. */
  availabilityZone: string | null;
}

/** The cluster in `getStats()`. */
export interface ClusterStats {
  /** Masters in the order of their slots, each followed by its replicas. */
  nodes: ClusterNode[];
  /** How many there can be of this process, and how many are open: purposes times nodes, and the lanes. */
  sockets: { bound: number; open: number };
}

/** Figures of the connection of a purpose to one node. */
export interface NodeLinkStats extends Omit<LinkStats, 'nodes'> {
  state: LinkState;
}

/** A node came or went. */
export interface NodeEvent {
  address: string;
  host: string;
  port: number;
  role: NodeRole;
}

/** The connection of a purpose to one node failed. */
export interface NodeErrorEvent {
  address: string;
  purpose: string;
  code: ErrorCode;
  message: string;
}
