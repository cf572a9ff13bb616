'use strict';

/**
 * The codes of `warning` events that come from JavaScript, and what they mean. (The addon has warnings of its own; theirs
 * are the codes of errors.)
 */
const WARNINGS = Object.freeze({
  TLS_NOT_VERIFIED: 'tls.rejectUnauthorized is false.',
  CA_FILE_UNREADABLE: 'The file that NODE_EXTRA_CA_CERTS names cannot be read; it is left out.',
  ENV_FILE_UNREADABLE: 'The .env file cannot be read; it is left out.',
  OPTIONS_IGNORED: 'initialize() was called again with other options; the links keep those they have.',
  RETRY_STRATEGY_FAILED: 'retryStrategy threw or returned no usable delay; the default delay is taken.',
  CREDENTIALS_NOT_RENEWED:
    'The links could not be authenticated again before their credentials end; it is tried again.',
  FAILOVERS_NOT_WATCHED: 'No sentinel can be watched for failovers; it is tried again. Links find the master anyway.',
  MANY_CLIENTS: 'The server has more connected clients than monitorThreshold.',
  MONITOR_FAILED: 'The monitor could not ask the server.',
  HANDSHAKE: 'The server refused something in the handshake that a link can do without.',
  BLOCKING_ON_SHARED_LINK:
    'A blocking command holds up everybody on its connection; blockingConnections gives it its own.',
  CONNECTION_OPTION_IGNORED: 'An option of compat/redisConnectionManager has no effect on a shared connection.',
  PURPOSE_NOT_DECLARED: 'compat/redisConnectionManager was asked for a purpose without a link, and gave that of main.',
  SUBSCRIPTION_GAP:
    'Messages are lost: subscriptions were resumed after an outage, or the event loop was blocked too long.',
});

/** @typedef {keyof typeof WARNINGS} WarningCode */

module.exports = { WARNINGS };
