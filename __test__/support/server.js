'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { findServer, serverVersion, startRedisServer } = require('../../scripts/lib/redis-server.js');
const { adminCommand, clientList, killClients } = require('../../scripts/lib/admin.js');
const { createCertificates } = require('./certificates.js');
const { onCleanup } = require('./cleanup.js');

/**
 * @typedef {object} ServerOptions
 * @property {string} [auth] password of the default user
 * @property {string[]} [users] ACL users as in redis.conf, for instance `app on >secret ~* &* +@all`
 * @property {boolean | 'server' | 'expired' | 'notYetValid' | 'wrongName' | 'untrusted' | 'selfSigned'} [tls] speak TLS
 *   only; a name chooses the certificate to serve (`true` is `server`, the good one)
 * @property {boolean} [mtls] speak TLS only, and demand a client certificate issued by `certificates.ca`
 * @property {boolean} [unixSocket] listen on `socketPath` as well
 * @property {boolean} [debug] allow DEBUG
 * @property {string[]} [config] more lines of redis.conf
 * @property {boolean} [sentinel] a sentinel
 * @property {number} [port] default: a free one
 * @property {string} [directory] default: a temporary one
 * @property {boolean} [waitReady] false returns while the server may still be loading
 */

/**
 * Starts a real server for this test file, stopped when the file is through.
 *
 * @param {ServerOptions} [options]
 */
async function startServer(options = {}) {
  const server = new TestServer(options);
  onCleanup(() => server.stop());
  await server.start();
  return server;
}

class TestServer {
  /** @type {ServerOptions} */
  #options;
  /** @type {import('../../scripts/lib/redis-server.js').RunningServer | null} */
  #running = null;
  /** @type {import('./certificates.js').Certificates | null} of a server with TLS */
  certificates = null;
  host = '127.0.0.1';
  port = 0;

  /** @param {ServerOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** Starts it, or starts it again on the same port after `stop()` or `kill()`. */
  async start() {
    if (this.#options.tls || this.#options.mtls) this.certificates ??= await createCertificates();
    this.#running = await startRedisServer({
      port: this.port || this.#options.port,
      directory: this.#options.directory,
      waitReady: this.#options.waitReady,
      sentinel: this.#options.sentinel,
      configure: (port, directory) => this.#configuration(port, directory),
    });
    this.port = this.#running.port;
  }

  /** What to give to `initialize()` to get in (as the default user). No option of ours that has a default is set. */
  get options() {
    const { auth } = this.#options;
    return {
      host: this.certificates ? 'localhost' : this.host,
      port: this.port,
      ...(auth === undefined ? {} : { password: auth }),
      ...(this.certificates ? { tls: this.tls } : {}),
    };
  }

  /** The `tls` part of `options`: trusts the CA, and has the client certificate that `mtls` demands. */
  get tls() {
    if (!this.certificates) return undefined;
    const { ca, client } = this.certificates;
    return { ca: ca.cert, ...(this.#options.mtls ? { cert: client.cert, key: client.key } : {}) };
  }

  get url() {
    const password = this.#options.auth === undefined ? '' : `:${encodeURIComponent(this.#options.auth)}@`;
    return `${this.certificates ? 'rediss' : 'redis'}://${password}${this.options.host}:${this.port}`;
  }

  get pid() {
    return this.#process().pid;
  }

  /** Where redis.conf, the certificates and the unix socket are. */
  get directory() {
    return this.#process().directory;
  }

  get socketPath() {
    return path.join(this.directory, 'redis.sock');
  }

  /** Everything that the server has logged since its last start. */
  output() {
    return this.#process().output();
  }

  /** Runs a command on a connection of its own, by a client that is not ours. @param {...(string | number | Buffer)} command */
  command(...command) {
    return adminCommand(this.#admin(), ...command);
  }

  /** Everybody's connections but the one that asks. */
  clientList() {
    return clientList(this.#admin());
  }

  /** Has the server close connections, all by default. @param {(client: import('../../scripts/lib/admin.js').ClientInfo) => boolean} [which] */
  killClients(which) {
    return killClients(this.#admin(), which);
  }

  /** Ends the process in an orderly way. Safe to call again. */
  async stop() {
    await this.#running?.stop();
    this.#running = null;
  }

  /** Ends the process on the spot, as a crash would. */
  async kill() {
    this.#process().signal('SIGKILL');
    await this.stop();
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  /** The process stands still: connections stay up, nothing is answered. */
  pause() {
    this.#process().signal('SIGSTOP');
  }

  resume() {
    this.#process().signal('SIGCONT');
  }

  #process() {
    if (!this.#running) throw new Error('the server is not running');
    return this.#running;
  }

  /** @returns {import('../../scripts/lib/admin.js').AdminTarget} */
  #admin() {
    const { certificates } = this;
    return {
      host: this.host,
      port: this.port,
      password: this.#options.auth,
      // The test's own view of a server whose certificate may be wrong on purpose.
      ...(certificates && {
        tls: { cert: certificates.client.cert, key: certificates.client.key, rejectUnauthorized: false },
      }),
    };
  }

  /** @param {number} port @param {string} directory */
  #configuration(port, directory) {
    const { unixSocket, config = [] } = this.#options;
    const lines = accessLines(this.#options);
    if (unixSocket) lines.push(`unixsocket ${path.join(directory, 'redis.sock')}`);
    if (this.certificates) lines.push(...tlsLines(this.#options, this.certificates, port, directory));
    return [...lines, ...config];
  }
}

/** Who may do what, as lines of redis.conf. @param {Pick<ServerOptions, 'auth' | 'users' | 'debug'>} options */
function accessLines({ auth, users = [], debug }) {
  const lines = users.map((user) => `user ${user}`);
  if (auth !== undefined) lines.push(`requirepass "${auth.replace(/["\\]/g, '\\$&')}"`);
  // Servers before 7 have no such setting and allow DEBUG anyway.
  if (debug && serverVersion(String(findServer()))[0] >= 7) lines.push('enable-debug-command local');
  return lines;
}

/**
 * TLS and nothing else on a port, as lines of redis.conf.
 *
 * @param {Pick<ServerOptions, 'tls' | 'mtls'>} options
 * @param {import('./certificates.js').Certificates} certificates
 * @param {number} port
 * @param {string} directory
 */
function tlsLines({ tls, mtls }, certificates, port, directory) {
  const { cert, key } = certificates[typeof tls === 'string' ? tls : 'server'];
  const { ca, client } = certificates;
  const files = {
    'tls-cert-file': cert,
    'tls-key-file': key,
    'tls-ca-cert-file': ca.cert,
    // What it shows to the other nodes of a cluster, which ask for one in any case.
    'tls-client-cert-file': client.cert,
    'tls-client-key-file': client.key,
  };
  const lines = Object.entries(files).map(([name, pem]) => {
    const file = path.join(directory, `${name}.pem`);
    fs.writeFileSync(file, pem, { mode: 0o600 });
    return `${name} ${file}`;
  });
  return ['port 0', `tls-port ${port}`, `tls-auth-clients ${mtls ? 'yes' : 'no'}`, ...lines];
}

module.exports = { startServer, TestServer, accessLines, tlsLines };
