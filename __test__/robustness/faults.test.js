'use strict';

const path = require('node:path');
const { projectRoot, runScript } = require('../support');
const { SCENARIOS } = require('../../faults/scenarios');

// `npm run test:faults` in its short form: a few seconds of each fault.

test.each(Object.entries(SCENARIOS).map(([name, { title }]) => [name, title]))(
  '%s: %s',
  async (name) => {
    const run = path.join(projectRoot, 'faults/run.js');
    const env = { REDIS_SERVER: process.env.REDIS_SERVER };
    const { stdout, stderr } = await runScript(run, { args: ['--short', '--json', name], env, timeout: 80_000 });
    const { figures, violations, skipped } = JSON.parse(stdout || `{ "violations": [${JSON.stringify(stderr)}] }`);
    if (skipped) console.warn(`${name} was not run: ${skipped}`);
    // The figures are what helps where something is wrong.
    const wrong = violations.length > 0;
    expect({ violations, figures: wrong ? figures : [] }).toEqual({ violations: [], figures: [] });
  },
  90_000,
);
