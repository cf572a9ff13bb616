'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { projectRoot, runCommand } = require('./run-command.js');

const EXIT_DEADLINE_MS = 20_000;

/**
 * What a runner counted. `problem` says what went wrong beside failed tests: a build that broke, a runner that
 * crashed, a run without any test.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, problem: string | null }} Counts
 */

/**
 * `cargo test`, without Node.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Counts>}
 */
async function runCargoTests(env) {
  const { code, output } = await runCommand('cargo', ['test', '--no-fail-fast'], { env, output: 'both' });
  const results = [...output.matchAll(/^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored/gm)];
  /** @param {number} group */
  const sum = (group) => results.reduce((total, match) => total + Number(match[group]), 0);
  return judge({ passed: sum(1), failed: sum(2), skipped: sum(3) }, code, 'cargo test');
}

/**
 * The type tests: each file under __test__/types is one test, which passes when the compiler accepts it.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Counts>}
 */
async function runTypeTests(env) {
  const directory = path.join('__test__', 'types');
  const compiler = require.resolve('typescript/bin/tsc');
  const args = [compiler, '-p', path.join(directory, 'tsconfig.json'), '--pretty', 'false'];
  const { code, output } = await runCommand(process.execPath, args, { env, output: 'both' });
  const files = fs.readdirSync(path.join(projectRoot, directory)).filter((name) => /\.test-d\.m?ts$/.test(name));
  const broken = new Set([...output.matchAll(/^(.+?)\(\d+,\d+\): error /gm)].map((match) => path.basename(match[1])));
  const failed = files.filter((name) => broken.has(name));
  for (const name of files) console.log(`${broken.has(name) ? 'FAIL' : 'PASS'} ${path.join(directory, name)}`);
  return judge({ passed: files.length - failed.length, failed: failed.length, skipped: 0 }, code, 'tsc');
}

/**
 * jest over __test__. A test that leaves something open is a failure, whatever its assertions say.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args more arguments for jest
 * @returns {Promise<Counts>}
 */
async function runJest(env, args) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unified-redis-'));
  const report = path.join(directory, 'jest.json');
  const { signal, stop } = endAfterReport(report);
  try {
    const jest = [require.resolve('jest/bin/jest'), '--json', `--outputFile=${report}`, ...args];
    // jest prints its JSON on stdout as well; what people read comes on stderr.
    const { code, output } = await runCommand(process.execPath, jest, { env, output: 'stderr', signal });
    if (!fs.existsSync(report)) return judge({ passed: 0, failed: 0, skipped: 0 }, code || 1, 'jest');
    const result = JSON.parse(fs.readFileSync(report, 'utf8'));
    const counts = {
      passed: result.numPassedTests,
      failed: result.numFailedTests,
      skipped: result.numPendingTests + result.numTodoTests,
    };
    if (signal.aborted || /failed to exit gracefully|did not exit one second after/.test(output)) {
      return { ...counts, failed: counts.failed + 1, problem: 'a test left something open that kept jest from ending' };
    }
    // A file that could not be run at all has no failed test to count.
    const crashed = result.numRuntimeErrorTestSuites;
    return judge(counts, code, crashed ? `jest (${crashed} files could not be run)` : 'jest');
  } finally {
    stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * A signal that comes when the report has been there for a while, so that a jest that does not end is ended.
 *
 * @param {string} report
 */
function endAfterReport(report) {
  const controller = new AbortController();
  const timer = setInterval(() => {
    const status = fs.statSync(report, { throwIfNoEntry: false });
    if (status && Date.now() - status.mtimeMs > EXIT_DEADLINE_MS) controller.abort();
  }, 1000);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}

/**
 * Counts a run that failed without a failed test as one failure, and so a run that executed none.
 *
 * @param {{ passed: number, failed: number, skipped: number }} counts
 * @param {number} code
 * @param {string} runner
 * @returns {Counts}
 */
function judge(counts, code, runner) {
  if (code !== 0 && counts.failed === 0) return { ...counts, failed: 1, problem: `${runner} ended with code ${code}` };
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, problem: `${runner} executed no test` };
  return { ...counts, problem: null };
}

module.exports = { runCargoTests, runTypeTests, runJest };
