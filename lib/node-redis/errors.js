'use strict';

const { ReplyError } = require('../errors');

/** What the package calls a failure of ours, by its code. */
const CLASSES = /** @type {Record<string, string>} */ ({
  CLOSED: 'ClientClosedError',
  NOT_INITIALIZED: 'ClientClosedError',
  LINK_DOWN: 'ClientOfflineError',
  CONNECTION_LOST: 'SocketClosedUnexpectedlyError',
  COMMAND_TIMEOUT: 'TimeoutError',
});

/**
 * An error as code knows it that was written against the package: of the package's classes, an error reply with the
 * server's message. What failed here keeps its code and what else is known of it; `cause` is the error as it was.
 *
 * @param {any} error
 * @param {import('./package').ClientPackage['errors']} classes
 * @returns {any}
 */
function asPackageError(error, classes) {
  if (error instanceof ReplyError) {
    const Reply = classes.SimpleError ?? classes.ErrorReply;
    return new Reply(error.message);
  }
  const Class = classes[CLASSES[error?.code]];
  if (Class === undefined) return error;
  const translated = new Class();
  // The package gives this one no text.
  if (translated.message === '') translated.message = error.message;
  const { code, retryable, maybeExecuted, purpose } = error;
  return Object.assign(translated, { code, retryable, maybeExecuted, ...(purpose && { purpose }), cause: error });
}

module.exports = { asPackageError };
