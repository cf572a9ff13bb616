'use strict';

// Stands for the file itself: `before` and `after` are the two versions of this folder.
/** @type {typeof import('../before/redisConfig.js')} */
module.exports = require(`../${process.env.CONFIG ?? 'before'}/redisConfig.js`);
