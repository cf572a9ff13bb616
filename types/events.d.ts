import type { NodeErrorEvent, NodeEvent } from './cluster';
import type { ErrorCode, UnifiedRedisError } from './errors';

/** What the events of a link tell. */
export interface LinkEvent {
  purpose: string;
  /** Index of the link. */
  link: number;
  /** When it happened, ms since the epoch. */
  at: number;
  /** Address of the server, where it is known. */
  address?: string;
}

export interface ReconnectingEvent extends LinkEvent {
  /** Until the attempt, ms. */
  delay: number;
  /** 1 for the first attempt after the link was lost. */
  attempt: number;
}

/** What the monitor found at the server. */
export interface MonitorEvent {
  connectedClients: number;
  /** The server's bound; null where the user may not read it. */
  maxclients: number | null;
  /** Links of this process that are ready. */
  active: number;
  /** Links of this process. */
  links: number;
}

/** Another server is the master. */
export interface FailoverEvent {
  /** What the sentinels call the group. */
  name: string;
  /** Addresses as the sentinels announce them. */
  from: string;
  to: string;
  /** When it was heard of, ms since the epoch. */
  at: number;
}

/** The codes of warnings; the addon's own warnings carry codes of errors. */
export type WarningCode =
  | 'TLS_NOT_VERIFIED'
  | 'CA_FILE_UNREADABLE'
  | 'ENV_FILE_UNREADABLE'
  | 'OPTIONS_IGNORED'
  | 'RETRY_STRATEGY_FAILED'
  | 'CREDENTIALS_NOT_RENEWED'
  | 'FAILOVERS_NOT_WATCHED'
  | 'MANY_CLIENTS'
  | 'MONITOR_FAILED'
  | 'HANDSHAKE'
  | 'BLOCKING_ON_SHARED_LINK'
  | 'CONNECTION_OPTION_IGNORED'
  | 'PURPOSE_NOT_DECLARED'
  | 'SUBSCRIPTION_GAP';

/** What a warning tells; the figures are those of its code. */
export interface WarningEvent {
  code: WarningCode | ErrorCode;
  message: string;
  /** SUBSCRIPTION_GAP: whose subscriptions. */
  purpose?: string;
  /** SUBSCRIPTION_GAP: how long nothing could arrive. */
  durationMs?: number;
  /** SUBSCRIPTION_GAP: how many messages are lost, where that is known; else 0. */
  dropped?: number;
  /** MANY_CLIENTS */
  connectedClients?: number;
  /** MANY_CLIENTS */
  maxclients?: number | null;
  /** OPTIONS_IGNORED: which ones. */
  options?: string[];
}

/** The events of the manager, and what their listeners are given. */
export interface ManagerEvents {
  connecting: [event: LinkEvent];
  connect: [event: LinkEvent];
  ready: [event: LinkEvent];
  close: [event: LinkEvent];
  reconnecting: [event: ReconnectingEvent];
  end: [event: LinkEvent];
  /** Logged, and not thrown, where nobody listens. */
  error: [error: UnifiedRedisError];
  warning: [event: WarningEvent];
  monitor: [event: MonitorEvent];
  /** The cluster has a node more. */
  '+node': [event: NodeEvent];
  /** The cluster has a node less. */
  '-node': [event: NodeEvent];
  'node error': [event: NodeErrorEvent];
  /** The links were authenticated again, with what `credentialsProvider` gave: at this moment, ms since the epoch. */
  credentials: [event: { at: number }];
  /** A sentinel told of a failover: the links are on their way to the new master. */
  failover: [event: FailoverEvent];
}
