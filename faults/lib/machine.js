'use strict';

const { execFileSync } = require('node:child_process');
const os = require('node:os');

/**
 * What figures depend on, in a line.
 *
 * @param {string} program of the server
 */
function machine(program) {
  const version = execFileSync(program, ['--version'], { encoding: 'latin1' });
  const [, product = 'server', number = '?'] = /(\w+) server v=(\S+)/i.exec(version) ?? [];
  const cpus = os.cpus();
  const processor = `${cpus[0]?.model.trim() ?? 'unknown'}, ${cpus.length} cores`;
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const system = `${os.type()} ${os.release()} ${os.arch()}`;
  const date = new Date().toISOString().slice(0, 10);
  return `${date}: ${processor}, ${memory}, ${system}, Node.js ${process.version}, ${product} ${number}`;
}

module.exports = { machine };
