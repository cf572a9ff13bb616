'use strict';

const vm = require('node:vm');

/**
 * That of the real process, and not of the copy that jest gives to tests: fake timers, which may be there before this
 * module is, would keep every command from being sent.
 *
 * @type {typeof process.nextTick}
 */
const nextTick = vm.runInThisContext('process').nextTick;

module.exports = { nextTick };
