'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

const CONFIG = ['repl-diskless-sync-delay 0'];

/** Longer than a failover takes. */
const PAUSE_MS = 10_000;

/** @type {import('../index.js').Scenario} */
module.exports = {
  title:
    'A failover behind one address: it leads to the new primary, the connections are still to the old one (READONLY)',
  promise:
    'The connection that answers READONLY is replaced (once in a second at most), without a word to the callers, and what was refused is sent ' +
    'on the new one. Every write is there exactly once.',
  async run(trial) {
    const { server, proxy } = await trial.start({ server: { config: CONFIG }, proxied: true });
    const replica = await trial.server({ config: CONFIG });
    // The connection on which numbers are published stands still while writes do.
    let [primary, other] = [server, replica].map((each) => ({ server: each, admin: trial.observe(each) }));
    await other.admin.command('REPLICAOF', server.host, server.port);
    for (let round = 0; round < trial.pick(2, 4, 20); round++) {
      const hasAll = async () => {
        const [own, its] = await Promise.all([offset(primary.admin), offset(other.admin)]);
        return own !== null && own === its;
      };
      await trial.eventually(async () => (await offset(other.admin)) !== null, 'the replica is in sync');
      // A connection is replaced for this once in a second.
      await sleep(1200);
      // As FAILOVER does it, which takes the better part of a second, since replicas say once in a second what they have.
      await primary.admin.command('CLIENT', 'PAUSE', PAUSE_MS, 'WRITE');
      await trial.eventually(hasAll, 'the replica has everything');
      await other.admin.command('REPLICAOF', 'NO', 'ONE');
      proxy.retarget(other.server);
      await primary.admin.command('REPLICAOF', other.server.host, other.server.port);
      await primary.admin.command('CLIENT', 'UNPAUSE');
      await trial.recovered();
      trial.check((await trial.outcome('main', 'SET', 'key', round)) === 'ok', 'a write was refused afterwards');
      const value = await other.admin.command('GET', 'key');
      trial.check(value === String(round), 'a write is not on the new primary');
      [primary, other] = [other, primary];
    }
    await trial.finish({ expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'] });
  },
};

/**
 * How far a server is in the stream of its replication; null for a replica that is not in sync.
 *
 * @param {import('../../lib/observer.js').Observer} admin
 * @returns {Promise<string | null>}
 */
async function offset(admin) {
  const info = String(await admin.command('INFO', 'replication'));
  if (info.includes('master_link_status:down')) return null;
  return /master_repl_offset:(\d+)/.exec(info)?.[1] ?? null;
}
