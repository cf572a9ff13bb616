'use strict';

/**
 * What the addon tells about the links. Each copy of the module in the process is told.
 *
 * @typedef {object} LinkEvent
 * @property {'link'} type
 * @property {'connecting' | 'connect' | 'ready' | 'close' | 'reconnecting' | 'end'} event
 * @property {number} link
 * @property {string} purpose
 * @property {number} at ms since the epoch
 * @property {string | null} [address] of the server, with `connect`
 * @property {number} [delay] ms, with `reconnecting`
 * @property {number} [attempt] with `reconnecting` and `connecting`
 */

/** @typedef {{ type: 'error', link: number, purpose: string, code: string, message: string, retryable: boolean }} ErrorEvent */
/** @typedef {{ type: 'retry', link: number, purpose: string, attempt: number, code: string, message: string }} RetryEvent */
/** @typedef {{ type: 'gap', link: number, purpose: string, durationMs: number, dropped: number }} GapEvent */
/** @typedef {{ type: 'warning', code: string, message: string }} WarningEvent */
/** @typedef {{ type: 'credentials-wanted', id: number }} CredentialsWantedEvent */
/** @typedef {{ type: 'credentials' }} CredentialsEvent the links were authenticated again */
/** @typedef {{ type: 'sentinel-question', id: number, about: 'natMap' | 'preferredSlaves', items: any[] }} SentinelQuestion */
/** @typedef {{ type: 'failover', name: string, from: string, to: string }} FailoverEvent */
/** @typedef {{ type: 'initialized' | 'closed' | 'topology' }} StateEvent `topology`: nodes or slots of the cluster changed */

/**
 * What happened to a node of the cluster.
 *
 * @typedef {object} NodeEvent
 * @property {'node'} type
 * @property {'+node' | '-node' | 'node error'} event
 * @property {string} address
 * @property {string} [host] with `+node` and `-node`, as is the role
 * @property {number} [port]
 * @property {'master' | 'slave'} [role]
 * @property {string} [purpose] with `node error`, whose connection it was
 * @property {string} [code]
 * @property {string} [message]
 */

/**
 * @typedef {object} MonitorEvent
 * @property {'monitor'} type
 * @property {{ code: string, message: string }} [error] then there are no figures
 * @property {number} connectedClients
 * @property {number | null} maxclients
 * @property {number} active links that are ready
 * @property {number} links
 */

/**
 * @typedef {LinkEvent | ErrorEvent | RetryEvent | GapEvent | WarningEvent | CredentialsWantedEvent | CredentialsEvent |
 *   SentinelQuestion | FailoverEvent | StateEvent | NodeEvent | MonitorEvent} Event
 */

/**
 * Calls the handler of the event's type.
 *
 * @param {Event} event
 * @param {import('./reporter').Reporter} reporter
 * @param {{ retry: (event: RetryEvent) => void, credentials: (event: CredentialsWantedEvent) => void,
 *   sentinel: (event: SentinelQuestion) => void, closed: () => void }} manager
 */
function dispatch(event, reporter, manager) {
  switch (event.type) {
    case 'link':
      return reporter.link(event);
    case 'error':
      return reporter.error(event);
    case 'monitor':
      return reporter.monitor(event);
    case 'gap':
      return reporter.gap(event);
    case 'warning':
      return reporter.warn(event.code, event.message);
    case 'retry':
      return manager.retry(event);
    case 'credentials-wanted':
      return manager.credentials(event);
    case 'sentinel-question':
      return manager.sentinel(event);
    case 'failover':
      return reporter.failover(event);
    case 'credentials':
      return reporter.credentials();
    case 'closed':
      return manager.closed();
    case 'node':
      return reporter.node(event);
    case 'initialized':
    case 'topology':
      return undefined;
  }
}

module.exports = { dispatch };
