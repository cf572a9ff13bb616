'use strict';

/**
 * Makes the errors of a call show where the call was made (`showFriendlyErrorStack`). The stack of an error that comes
 * from the server begins in the code that reads replies, which tells nobody anything.
 *
 * @param {Promise<any>} outcome
 * @param {Error} site made during the call
 */
function withCallSite(outcome, site) {
  return outcome.catch((error) => {
    const frames = String(site.stack)
      .split('\n')
      .slice(1)
      .filter((frame) => !frame.includes(__dirname));
    if (error instanceof Error) error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
    throw error;
  });
}

module.exports = { withCallSite };
