'use strict';

/** What the options of Sentinel take. */

const { boolean, parser } = require('./parsers');

/** Where sentinels listen unless they are told otherwise. */
const SENTINEL_PORT = 26379;

/** @typedef {{ host: string, port: number }} Address */
/** @typedef {(key: string) => Address | null | undefined} NatFunction */
/** @typedef {(replicas: Array<Record<string, string>>) => { ip: string, port: string | number } | null | undefined} ReplicaFunction */

/** @returns {import('./parsers').Parser<readonly Address[] | null>} */
function addresses() {
  const accepts = `an array of { host, port } (default port: ${SENTINEL_PORT}), or host:port,host:port as text`;
  return parser(`${accepts}; null for none`, (value) => {
    if (value === null) return null;
    const items = typeof value === 'string' ? value.split(',') : value;
    if (!Array.isArray(items) || items.length === 0) return undefined;
    const list = items.map(addressOf);
    return list.includes(undefined) ? undefined : Object.freeze(/** @type {Address[]} */ (list));
  });
}

/**
 * Addresses that are others from here, as the native side has them.
 *
 * @returns {import('./parsers').Parser<NatFunction | Array<Address & { from: string }> | null>}
 */
function natMap() {
  return parser("an object { 'ip:port': { host, port } }, a function of 'ip:port', or null", (value) => {
    if (value === null || typeof value === 'function') return /** @type {NatFunction | null} */ (value);
    if (typeof value !== 'object' || Array.isArray(value)) return undefined;
    const entries = Object.entries(value).map(([from, to]) => {
      const address = typeof to === 'object' && to !== null && 'port' in to ? addressOf(to) : undefined;
      return address && { from, ...address };
    });
    return entries.every((entry) => entry !== undefined) ? entries : undefined;
  });
}

/**
 * Replicas that are taken first, as the native side has them.
 *
 * @returns {import('./parsers').Parser<ReplicaFunction | Address[] | null>}
 */
function preferredSlaves() {
  return parser('{ ip, port, prio? }, an array of these, a function that picks one, or null', (value) => {
    if (value === null || typeof value === 'function') return /** @type {ReplicaFunction | null} */ (value);
    const list = [value].flat().map((item) => {
      const { ip: host, port, prio = 1 } = Object(item);
      const address = addressOf({ host, port: Number(port) });
      return address && typeof prio === 'number' ? { ...address, prio } : undefined;
    });
    if (list.includes(undefined)) return undefined;
    const known = /** @type {Array<Address & { prio: number }>} */ (list);
    // The lowest first, and otherwise as they were given.
    return known.sort((one, other) => one.prio - other.prio).map(({ host, port }) => ({ host, port }));
  });
}

/** @returns {import('./parsers').Parser<boolean | Record<string, unknown>>} */
function sentinelTls() {
  return parser('true, false, or an object as `tls`', (value) => {
    const flag = boolean().convert(value, '');
    if (flag !== undefined) return flag;
    return typeof value === 'object' && value !== null && !(Symbol.iterator in value)
      ? /** @type {Record<string, unknown>} */ (value)
      : undefined;
  });
}

/**
 * What ioredis has and does otherwise.
 *
 * @param {string} instead
 * @returns {import('./parsers').Parser<null>}
 */
function notHere(instead) {
  return parser(`only null: ${instead}`, (value) => (value === null ? null : undefined));
}

/**
 * @param {unknown} item
 * @returns {Address | undefined}
 */
function addressOf(item) {
  if (typeof item === 'string') {
    const [, bracketed, bare, port] = /^\s*(?:\[([^\]]+)\]|([^:\s]+))(?::(\d+))?\s*$/.exec(item) ?? [];
    return addressOf({ host: bracketed ?? bare, port: port === undefined ? undefined : Number(port) });
  }
  if (typeof item !== 'object' || item === null) return undefined;
  const { host, port = SENTINEL_PORT, ...rest } = /** @type {Record<string, unknown>} */ (item);
  const number = typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port;
  const isPort = Number.isInteger(number) && Number(number) >= 1 && Number(number) <= 65535;
  const isHost = typeof host === 'string' && /^[^\s/@?#[\]]+$/.test(host);
  return isHost && isPort && Object.keys(rest).length === 0 ? { host, port: Number(number) } : undefined;
}

module.exports = { addresses, addressOf, natMap, notHere, preferredSlaves, sentinelTls };
