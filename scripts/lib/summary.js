'use strict';

/**
 * The tests start their servers themselves: what REDIS_* says about somebody's real server is kept from them.
 *
 * @param {string} program of the server to start
 */
function testEnvironment(program) {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('REDIS_'));
  return { ...Object.fromEntries(entries), REDIS_SERVER: program };
}

/**
 * Prints what each runner counted, and `N passed, N failed` as the last line; sets the exit code.
 *
 * @param {Promise<({ name: string } & import('./test-runners.js').Counts)[]>} running
 */
async function summarize(running) {
  try {
    const rows = await running;
    console.log('');
    const width = Math.max(8, ...rows.map(({ name }) => name.length));
    for (const { name, passed, failed, skipped, problem } of rows) {
      const notes = [skipped ? `${skipped} skipped` : '', problem ?? ''].filter(Boolean).join(', ');
      console.log(`${name.padEnd(width)} ${passed} passed, ${failed} failed${notes ? ` (${notes})` : ''}`);
    }
    const passed = rows.reduce((sum, row) => sum + row.passed, 0);
    const failed = rows.reduce((sum, row) => sum + row.failed, 0);
    console.log(`\n${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  }
}

module.exports = { summarize, testEnvironment };
