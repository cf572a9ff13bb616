'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

/** @type {import('../index.js').Scenario} */
module.exports = {
  title: "The server's certificate is rotated; has expired; is of another name; is of an unknown authority",
  promise:
    'Links that stand go on. A reconnect takes a new certificate that is good, and refuses one that is not (`CERT_EXPIRED`, ' +
    '`CERT_WRONG_NAME`, `CERT_UNKNOWN_ISSUER`) until there is a good one.',
  async run(trial) {
    const { server, observer, application } = await trial.start({ server: { tls: true } });
    const certificates = /** @type {import('../../../__test__/support/certificates.js').Certificates} */ (
      server.certificates
    );
    /** @param {import('../../../__test__/support/certificates.js').Pair} pair */
    const serve = async ({ cert, key }) => {
      const files = { 'tls-cert-file': cert, 'tls-key-file': key };
      const settings = Object.entries(files).flatMap(([name, pem]) => {
        const file = path.join(server.directory, `next-${name}.pem`);
        fs.writeFileSync(file, pem, { mode: 0o600 });
        return [name, file];
      });
      await observer.command('CONFIG', 'SET', ...settings);
    };
    /** @type {[string, import('../../../__test__/support/certificates.js').Pair][]} */
    const bad = [
      ['CERT_EXPIRED', certificates.expired],
      ['CERT_WRONG_NAME', certificates.wrongName],
      ['CERT_UNKNOWN_ISSUER', certificates.untrusted],
    ];
    for (const [code, pair] of bad) {
      await serve(pair);
      await trial.works(Date.now());
      await observer.killClients();
      await sleep(trial.pick(400, 1000, 5000));
      const call = await trial.outcome('main', 'GET', 'value');
      trial.check(call === 'LINK_DOWN', `with ${code}, a call was answered with ${call}`);
      const { linkErrors } = await application.tell('stats');
      trial.check(linkErrors[code] > 0, `links failed with ${JSON.stringify(linkErrors)}`);
      await serve(await certificates.renew());
      await trial.recovered();
    }
    await trial.finish({ expected: ['CONNECTION_LOST', 'LINK_DOWN', 'MAX_RETRIES_PER_REQUEST'], outage: true });
  },
};
