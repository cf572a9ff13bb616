'use strict';

// Everything that tests share. Whatever is started here is stopped when the test file is through.

module.exports = {
  ...require('./certificates.js'),
  ...require('./cleanup.js'),
  ...require('./cluster.js'),
  ...require('./run-script.js'),
  ...require('./scripted-server.js'),
  ...require('./sentinel.js'),
  ...require('./server.js'),
  ...require('./wait-for.js'),
  ...require('../../scripts/lib/redis-server.js'),
};
