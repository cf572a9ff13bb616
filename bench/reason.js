'use strict';

const path = require('node:path');

/**
 * Why something failed, in one line and without the machine's paths: it may end on the page of results.
 * @param {unknown} error
 */
function reasonOf(error) {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0].replaceAll(path.join(__dirname, '..'), '.');
}

module.exports = { reasonOf };
