'use strict';

/**
 * Which connection an error reply came on, for who may want that connection replaced. Told only of errors that their
 * callers decide about.
 */

const { Request } = require('./slots');

/** @typedef {{ link: number, generation: number }} Origin `generation`: which of the connections of the link */

/** @type {WeakMap<object, Origin>} by error */
const origins = new WeakMap();

/**
 * The reply to this slot, which is about to be settled, comes from there.
 *
 * @param {Array<Request | undefined>} requests by slot
 * @param {number} slot
 * @param {Origin} origin
 */
function tellOrigin(requests, slot, origin) {
  const request = requests[slot];
  if (request === undefined) return;
  const { command, args, flags, transform } = request;
  const resolve = (/** @type {any} */ reply) => {
    note(reply, origin);
    request.resolve(reply);
  };
  const reject = (/** @type {Error} */ error) => {
    note(error, origin);
    request.reject(error);
  };
  requests[slot] = new Request(resolve, reject, command, args, flags, transform);
}

/**
 * @param {unknown} reply
 * @param {Origin} origin
 */
function note(reply, origin) {
  if (reply instanceof Error) origins.set(reply, origin);
  else if (Array.isArray(reply)) for (const each of reply) note(each, origin);
}

/**
 * @param {unknown} error
 * @returns {Origin | undefined}
 */
function originOf(error) {
  return origins.get(/** @type {object} */ (error));
}

module.exports = { tellOrigin, originOf };
