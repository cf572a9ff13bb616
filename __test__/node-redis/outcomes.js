'use strict';

// What a call of the package and one of ours gave, in a form that can be compared.

/** Not for transactions: they wait, or mean something else there. */
const ALONE = /^(bl|br|bz|xRead|wait|select|watch|unwatch|quit|sendCommand|clientSetName|clientGetName|clusterInfo)/i;

/** Texts within these, which the package's decoder can tell apart. Ours come alike. */
const HAS_STATUSES_WITHIN = /^(command|aclGetUser|functionList)/i;

/** What a call gave, with everything that application code can see of it. */
async function outcome(client, method, args) {
  try {
    const value = await client[method](...args);
    return { value: value === client ? 'itself' : value };
  } catch (error) {
    return { error: shown(error) };
  }
}

function shown(error) {
  const { name, message, constructor, replies, errorIndexes } = error;
  return {
    name,
    class: constructor.name,
    message,
    replies: replies?.map((each) => (each instanceof Error ? shown(each) : each)),
    errorIndexes,
  };
}

async function transaction(client, rows, execute, routing) {
  try {
    const multi = client.multi(routing);
    for (const [method, args] of rows) multi[method](...args);
    return { results: await multi[execute]() };
  } catch (error) {
    return { error: shown(error) };
  }
}

function mappings(types) {
  return (
    types && {
      blobs: { [types.BLOB_STRING]: Buffer },
      'simple strings': { [types.SIMPLE_STRING]: Buffer },
      'all texts': { [types.BLOB_STRING]: Buffer, [types.SIMPLE_STRING]: Buffer, [types.VERBATIM_STRING]: Buffer },
      numbers: { [types.NUMBER]: String, [types.DOUBLE]: String },
      aggregates: { [types.MAP]: Map, [types.SET]: Set },
      arrays: { [types.MAP]: Array },
    }
  );
}

function mapped([label, mapping]) {
  const view = (client, method, args) => outcome(client.withTypeMapping(mapping), method, args);
  return Object.assign(view, { label, isMixed: label === 'blobs' || label === 'simple strings' });
}

function asBuffers(commandOptions) {
  return Object.assign(
    (client, method, args) =>
      method === 'sendCommand'
        ? outcome(client, method, [...args, { returnBuffers: true }])
        : outcome(client, method, [commandOptions({ returnBuffers: true }), ...args]),
    { label: 'buffers' },
  );
}

module.exports = { ALONE, HAS_STATUSES_WITHIN, asBuffers, mapped, mappings, outcome, transaction };
