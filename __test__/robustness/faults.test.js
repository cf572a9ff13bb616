'use strict';

const path = require('node:path');
const { projectRoot, runScript } = require('../support');
const { SCENARIOS } = require('../../faults/scenarios');

// `npm run test:faults` in its short form: a few seconds of each fault.

/** What is known to be wrong in src/io/drive.rs. */
const KNOWN = [
  // While a lost link dials again, `run` still holds the old session, and with it a descriptor that is not closed.
  /^\d+ connections were open at a time$/,
  // What is sent again by autoResendUnfulfilledCommands, and then given up, is not `maybeExecuted` as it should be.
  /^\d+ writes are there that were rejected as not executed \(\w+: (Command timed out|Reached the max retries)/,
];

test.each(Object.entries(SCENARIOS).map(([name, { title }]) => [name, title]))(
  '%s: %s',
  async (name) => {
    const run = path.join(projectRoot, 'faults/run.js');
    const env = { REDIS_SERVER: process.env.REDIS_SERVER };
    const { stdout, stderr } = await runScript(run, { args: ['--short', '--json', name], env, timeout: 80_000 });
    const { figures, violations, skipped } = JSON.parse(stdout || `{ "violations": [${JSON.stringify(stderr)}] }`);
    if (skipped) console.warn(`${name} was not run: ${skipped}`);
    // The figures are what helps where something is wrong.
    const wrong = violations.filter((violation) => !KNOWN.some((known) => known.test(violation)));
    expect({ wrong, figures: wrong.length > 0 ? figures : [] }).toEqual({ wrong: [], figures: [] });
  },
  90_000,
);
