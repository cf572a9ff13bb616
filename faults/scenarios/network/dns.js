'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { freePort } = require('../../../scripts/lib/redis-server.js');

const NAME = 'redis.faults.test';

/** A process whose /etc/hosts is a file of ours: in a mount namespace of its own, which takes root or user namespaces. */
const MOUNT = 'mount --bind "$0" /etc/hosts && exec "$@"';

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: 'The name of the server moves to another address, and the old server ends',
  promise: 'The name is resolved anew at each attempt: links follow it without a restart.',
  async run(trial) {
    const directory = trial.directory();
    const hosts = path.join(directory, 'hosts');
    /** In place: the namespace has this file, not this name. @param {string} address */
    const move = (address) => fs.writeFileSync(hosts, `127.0.0.1 localhost\n${address} ${NAME}\n`);
    move('127.0.0.2');
    const namespace = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-rm'];
    const wrapper = [...namespace, 'sh', '-c', MOUNT, hosts];
    try {
      const [file, ...args] = [...wrapper, 'grep', '-q', NAME, '/etc/hosts'];
      execFileSync(file, args, { stdio: 'pipe' });
    } catch (error) {
      return `a mount namespace is not to be had here (${/** @type {Error} */ (error).message.split('\n').at(-1)})`;
    }

    // The same port on two addresses.
    const port = await freePort();
    const config = ['bind 127.0.0.1 127.0.0.3'];
    const { application, server } = await trial.start({
      wrapper,
      server: { port, config: ['bind 127.0.0.1 127.0.0.2'] },
      options: { host: NAME, tls: false },
    });
    await trial.pauseLoad();
    await server.stop();
    const next = await trial.server({ port, config });
    await trial.prepareLoad('moved:');
    await trial.resumeLoad('moved:');
    move('127.0.0.3');
    await trial.recovered();
    const { links } = await application.tell('stats');
    trial.figure('addresses', [...new Set(links.map((/** @type {any} */ link) => link.address))].join(', '));
    trial.check(
      links.every((/** @type {any} */ link) => link.address.startsWith('127.0.0.3')),
      'a link is somewhere else',
    );
    trial.check(next.port === port, 'the port changed');
    await trial.finish({ expected: ['LINK_DOWN', 'CONNECTION_LOST', 'MAX_RETRIES_PER_REQUEST'], outage: true });
    return undefined;
  },
};
