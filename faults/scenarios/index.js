'use strict';

const { killed, killedOverTls, killedWithWait } = require('./cluster/killed.js');
const { nodes, slots } = require('./cluster/resharding.js');
const { delay, trickle } = require('./network/slow.js');
const { resend, standard } = require('./network/ledger.js');
const { withHeartbeat, withoutHeartbeat } = require('./server/frozen.js');

/**
 * One kind of fault.
 *
 * @typedef {object} Scenario
 * @property {string} title
 * @property {string} promise what a user may rely on: it stands in docs/faults.md
 * @property {(trial: import('../lib/trial.js').Trial) => Promise<string | void>} run a text is the reason why it cannot
 *   be run here
 */

/** @type {Record<string, Scenario>} in the order of the page */
const SCENARIOS = {
  'server-killed': require('./server/killed.js'),
  'connections-killed': require('./server/connections-killed.js'),
  'server-frozen': withHeartbeat,
  'server-frozen-no-heartbeat': withoutHeartbeat,
  loading: require('./server/loading.js'),
  'out-of-memory': require('./server/out-of-memory.js'),
  busy: require('./server/busy.js'),
  maxclients: require('./server/maxclients.js'),
  demoted: require('./server/demoted.js'),
  promotion: require('./server/promotion.js'),
  resync: require('./server/resync.js'),
  reconnects: require('./server/reconnects.js'),
  'half-open': require('./network/half-open.js'),
  'black-hole': require('./network/black-hole.js'),
  cut: require('./network/cut.js'),
  delay,
  trickle,
  garbage: require('./network/garbage.js'),
  dns: require('./network/dns.js'),
  ledger: standard,
  'ledger-resend': resend,
  'cluster-killed': killed,
  'cluster-killed-wait': killedWithWait,
  'cluster-killed-tls': killedOverTls,
  'cluster-failover': require('./cluster/failover.js'),
  'cluster-slots': slots,
  'cluster-nodes': nodes,
  'cluster-frozen': require('./cluster/frozen.js'),
  password: require('./access/password.js'),
  certificates: require('./access/certificates.js'),
  blocked: require('./process/blocked.js'),
  threads: require('./process/threads.js'),
  endings: require('./process/endings.js'),
};

module.exports = { SCENARIOS };
