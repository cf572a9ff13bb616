'use strict';

const NODE_TIMEOUT_MS = 5000;

/**
 * For scenarios in which nothing is lost and no call may fail: a machine that halts for half a second is not taken for a
 * node that is gone.
 *
 * @type {import('../../lib/trial.js').ClusterPlan}
 */
const CALM = {
  cluster: { nodeTimeout: NODE_TIMEOUT_MS },
  options: { commandTimeout: 5000, heartbeatInterval: 2000, heartbeatTimeout: 2000 },
};

module.exports = { CALM, NODE_TIMEOUT_MS };
