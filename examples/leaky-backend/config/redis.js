'use strict';

// Stands for the file itself: `before` and `after` are the two versions of this folder.
/** @type {typeof import('../before/redis.js')} */
module.exports = require(`../${process.env.CONFIG ?? 'before'}/redis.js`);
