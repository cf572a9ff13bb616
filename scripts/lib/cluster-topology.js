'use strict';

/**
 * A node as the cluster itself tells of it.
 *
 * @typedef {object} NodeInfo
 * @property {string} id
 * @property {number} port
 * @property {'master' | 'slave'} role
 * @property {string | null} masterId of a replica
 * @property {[from: number, to: number][]} slots
 * @property {boolean} isFailed somebody believes that it is gone
 */

/** What all nodes have to agree upon. @param {NodeInfo} info */
function identity({ id, role, masterId, slots, isFailed }) {
  return `${id} ${role} ${masterId} ${slots} ${isFailed}`;
}

/** @param {string} text the reply to CLUSTER NODES @returns {NodeInfo[]} those that have shaken hands */
function parseNodes(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , flags]) => !/handshake|noaddr/.test(flags))
    .map(([id, address, flags, masterId, , , , , ...slots]) => ({
      id,
      port: Number(/:(\d+)/.exec(address)?.[1]),
      role: flags.includes('master') ? 'master' : 'slave',
      masterId: masterId === '-' ? null : masterId,
      slots: slots.filter((range) => !range.startsWith('[')).map(parseRange),
      isFailed: flags.includes('fail'),
    }));
}

/** @param {string} range @returns {[from: number, to: number]} */
function parseRange(range) {
  const [from, to = from] = range.split('-').map(Number);
  return [from, to];
}

module.exports = { identity, parseNodes };
