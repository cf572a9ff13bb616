'use strict';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/__test__/support/environment.js',
  testMatch: ['<rootDir>/__test__/**/*.test.js'],
  // Tests wait for processes, certificates and timeouts of the real thing.
  testTimeout: 30_000,
  maxWorkers: 2,
  // Other packages' manifests and the compiler's output are none of jest's business.
  modulePathIgnorePatterns: ['<rootDir>/target/', '<rootDir>/npm/', '<rootDir>/fuzz/'],
  // A test that leaves a handle open has found a bug; do not end it by force.
  forceExit: false,
};
