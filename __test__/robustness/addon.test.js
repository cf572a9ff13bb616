'use strict';

const { runScript } = require('../support');

test('where addons are not allowed, the package can be required, and says why nothing works', async () => {
  const script = `
    const manager = require('.');
    const calls = [() => manager.initialize(), () => manager.initialize(), async () => manager.getConnection()];
    (async () => {
      for (const call of calls) await call().catch(({ code, message }) => console.log(code, message));
    })();
  `;
  const { code, stdout } = await runScript(script, { execArgv: ['--no-addons'] });
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line).toMatch(/^INTERNAL .*could not be loaded: .*addons is disabled\. Reinstall/);
});
