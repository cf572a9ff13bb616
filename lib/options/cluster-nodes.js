'use strict';

/**
 * The addresses of nodes, in all the forms that ioredis takes.
 */

const { invalidOption } = require('../errors');
const { parser } = require('./parsers');

/** @typedef {{ host: string, port: number }} Node */
/** @typedef {{ username?: string, password?: string, tls?: boolean }} Access what URLs say beside the address */

const ACCEPTS = "'host:port', a port, { host, port } or a redis:// or rediss:// URL";
const DEFAULT = Object.freeze({ host: '127.0.0.1', port: 6379 });

/** @returns {import('./parsers').Parser<Node[]>} */
function parseNodes() {
  return parser(`an array of at least one of ${ACCEPTS}`, (value, name) => {
    const nodes = listOf(value);
    if (nodes === undefined || nodes.length === 0) return undefined;
    return nodes.map((node, index) => parseNode(node, `${name}[${index}]`));
  });
}

/**
 * @param {unknown} value
 * @param {string} name of the option, for the error
 * @returns {Node}
 */
function parseNode(value, name) {
  const parts = partsOf(value);
  const port = Number(parts?.port ?? DEFAULT.port);
  const host = parts?.host ?? DEFAULT.host;
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65535;
  if (parts === undefined || !isPort || typeof host !== 'string' || !/^[^\s/@?#[\]]+$/.test(host)) {
    throw invalidOption(name, value, ACCEPTS);
  }
  return { host, port };
}

/**
 * User, password and TLS as URLs among the nodes have them. They are for all nodes, so URLs must not differ.
 *
 * @param {unknown} value of `nodes`
 * @param {string} name
 * @returns {Access}
 */
function accessOf(value, name) {
  /** @type {Record<string, any>} */
  const access = {};
  for (const [index, node] of (listOf(value) ?? []).entries()) {
    const url = typeof node === 'string' ? urlOf(node) : undefined;
    if (url === undefined) continue;
    const said = {
      tls: url.protocol === 'rediss:',
      ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
      ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    };
    for (const [part, given] of Object.entries(said)) {
      if (part in access && access[part] !== given) {
        throw invalidOption(
          `${name}[${index}]`,
          node,
          `the same ${part} as in the URLs before, since it is for all nodes`,
        );
      }
      access[part] = given;
    }
  }
  return access;
}

/** @param {unknown} value */
function listOf(value) {
  if (typeof value === 'string') return value.split(',').map((node) => node.trim());
  return Array.isArray(value) ? /** @type {unknown[]} */ (value) : undefined;
}

/**
 * @param {any} value
 * @returns {{ host?: any, port?: any } | undefined}
 */
function partsOf(value) {
  if (typeof value === 'number') return { port: value };
  if (typeof value === 'string') return partsOfText(value);
  if (typeof value !== 'object' || value === null || Symbol.iterator in value) return undefined;
  // Anything else about a node would be for this one only, until the cluster tells of the same one.
  return Object.keys(value).every((name) => name === 'host' || name === 'port') ? value : undefined;
}

/** @param {string} text */
function partsOfText(text) {
  const url = urlOf(text);
  if (url !== undefined) {
    return { host: url.hostname.replace(/^\[|\]$/g, '') || undefined, port: url.port || undefined };
  }
  if (/^\d+$/.test(text)) return { port: text };
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? undefined : { host, port };
}

/** @param {string} text */
function urlOf(text) {
  if (!/^rediss?:\/\//i.test(text)) return undefined;
  try {
    const url = new URL(text);
    decodeURIComponent(url.username + url.password);
    return url;
  } catch {
    return undefined;
  }
}

module.exports = { parseNodes, parseNode, accessOf };
