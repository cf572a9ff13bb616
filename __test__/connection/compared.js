'use strict';

/** What a call gave, with everything that application code can see of it. */
async function outcome(client, method, args) {
  try {
    return { value: await client[method](...args) };
  } catch (error) {
    return { error: { name: error.name, message: error.message, command: error.command } };
  }
}

/**
 * Tests that each call gives the same on both clients, as strings and as Buffers.
 *
 * @param {Array<[string, ...any[]]>} calls
 * @param {() => [any, any]} clients theirs and ours
 */
function compareEach(calls, clients) {
  const rows = calls.map(([method, ...args]) => /** @type {const} */ ([method, args]));
  const compare = async (method, args) => {
    const [expected, actual] = await Promise.all(clients().map((client) => outcome(client, method, args)));
    expect(actual).toEqual(expected);
  };
  test.each(rows)('%s %j', compare);
  test.each(rows)('%sBuffer %j', (method, args) => compare(`${method}Buffer`, args));
}

module.exports = { compareEach, outcome };
