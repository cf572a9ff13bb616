'use strict';

const { default: Redis } = require('ioredis');

/**
 * How to reach a server as its administrator, by a client that is not ours.
 *
 * @typedef {{ host?: string, port?: number, password?: string, username?: string,
 *   tls?: import('node:tls').ConnectionOptions, url?: string }} AdminTarget
 */

/**
 * One connection of CLIENT LIST. All of the server's fields are there as text.
 *
 * @typedef {Record<string, string> & { id: string, name: string, addr: string, cmd: string }} ClientInfo
 */

/**
 * Runs commands, one after another, on a connection opened for them and closed afterwards, so that no observer's
 * connection is among what is observed.
 *
 * @template T
 * @param {AdminTarget} target
 * @param {(redis: import('ioredis').Redis) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withAdmin({ url, ...target }, work) {
  const options = {
    ...target,
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    disableClientInfo: true,
    connectTimeout: 5_000,
    // Also runs where the connection was refused, and keeps the process alive for as long.
    disconnectTimeout: 100,
  };
  const redis = url ? new Redis(url, options) : new Redis(options);
  // Failures come as rejections; an 'error' nobody listens to would be printed as well.
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/**
 * @param {AdminTarget} target
 * @param {...(string | number | Buffer)} command
 * @returns {Promise<any>} the server's reply
 */
function adminCommand(target, ...command) {
  const [name, ...args] = command;
  return withAdmin(target, (redis) => redis.call(String(name), ...args));
}

/**
 * The server's connections, the asking one excepted.
 *
 * @param {AdminTarget} target
 * @returns {Promise<ClientInfo[]>}
 */
function clientList(target) {
  return withAdmin(target, async (redis) => {
    const own = String(await redis.client('ID'));
    const list = /** @type {string} */ (await redis.client('LIST'));
    return list.trim().split('\n').map(parseClient).filter(({ id }) => id !== own); // prettier-ignore
  });
}

/**
 * Closes connections from the server's side, the asking one excepted.
 *
 * @param {AdminTarget} target
 * @param {(client: ClientInfo) => boolean} [which] default: all of them
 * @returns {Promise<number>} how many were closed
 */
async function killClients(target, which = () => true) {
  const clients = (await clientList(target)).filter(which);
  return withAdmin(target, async (redis) => {
    let killed = 0;
    for (const { id } of clients) killed += Number(await redis.client('KILL', 'ID', id));
    return killed;
  });
}

/** @param {string} line @returns {ClientInfo} */
function parseClient(line) {
  const fields = line.split(' ').map((field) => {
    const at = field.indexOf('=');
    return [field.slice(0, at), field.slice(at + 1)];
  });
  return Object.fromEntries(fields);
}

module.exports = { withAdmin, adminCommand, clientList, killClients };
