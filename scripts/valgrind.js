'use strict';

/**
 * Runs a script that uses the addon under valgrind: `npm run test:valgrind`, with `--rounds` and `--workers` for more.
 * Whatever valgrind says of a place that the addon has any part in is a finding; what Node does by itself is counted and
 * left alone. JavaScript is interpreted (`--jitless`): valgrind takes code that is made at run time for errors.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { findProgram, projectRoot, runCommand } = require('./lib/run-command.js');
const { startRedisServer } = require('./lib/redis-server.js');

const SCRIPT = path.join(projectRoot, '__test__/safety/memory-script.js');
/** The garbage collector looks at the whole stack for what might be a pointer, initialized or not. */
const NODES_OWN = /at 0x\w+: heap::base::.*IteratePointersInStack/;
const ADDON = /unified-redis\.[\w-]+\.node/;

async function main() {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '2' }, workers: { type: 'string', default: '3' } },
  });
  const valgrind = findProgram('valgrind');
  if (valgrind === null) throw new Error('valgrind is not installed (Debian: apt-get install valgrind)');
  const server = await startRedisServer();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-valgrind-'));
  try {
    const log = path.join(directory, 'valgrind.log');
    const options = ['-v', '--error-limit=no', '--num-callers=50', '--leak-check=no', `--log-file=${log}`];
    const env = {
      ...process.env,
      OPTIONS: JSON.stringify({ host: server.host, port: server.port }),
      ROUNDS: values.rounds,
      WORKERS: values.workers,
    };
    const node = [process.execPath, '--jitless', '--expose-gc', SCRIPT];
    const { code, output } = await runCommand(valgrind, [...options, ...node], { env, output: 'capture' });
    if (code !== 0) throw new Error(`the script ended with code ${code} under valgrind:\n${output}`);
    report(fs.readFileSync(log, 'utf8'));
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
    await server.stop();
  }
}

/** @param {string} log */
function report(log) {
  const loaded = new RegExp(`Reading syms from .*${ADDON.source}`).test(log);
  if (!loaded) throw new Error('valgrind has not seen the addon');
  // Paragraphs; one that says what is wrong has the stack below it.
  const errors = log
    .split('HEAP SUMMARY')[0]
    .replace(/^==\d+== ?/gm, '')
    .split(/\n\s*\n/)
    .filter((text) =>
      /^(Invalid|Conditional jump|Use of uninit|Syscall param|Mismatched free|Source and dest)/m.test(text),
    );
  const ours = errors
    .filter((text) => /unified_redis::|napi_/.test(text) || ADDON.test(text))
    .filter((text) => !NODES_OWN.test(text));
  for (const text of ours) console.error(`${text}\n`);
  console.log(
    `valgrind: ${ours.length} findings in the addon (${errors.length - ours.length} in Node's garbage collector and the like)`,
  );
  if (ours.length > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
