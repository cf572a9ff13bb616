// Generated from src/error.rs by `npm run types`. Do not edit.

/**
 * The `code` of a UnifiedRedisError.
 *
 * - `CONNECTION_LOST`: The link was lost with the command in flight; `maybeExecuted` says whether the server may have run it.
 * - `LINK_DOWN`: The link is not ready and `enableOfflineQueue` is off, so nothing was sent.
 * - `QUEUE_FULL`: The offline queue is full, so nothing was sent.
 * - `BACKPRESSURE`: More commands or bytes are in flight than maxCommandsInFlight or maxBytesInFlight allows; nothing was sent.
 * - `COMMAND_TIMEOUT`: No reply within the command's deadline; the message says who was at fault.
 * - `MAX_RETRIES_PER_REQUEST`: The link was lost more often than `maxRetriesPerRequest` while the command waited.
 * - `CLOSED`: The manager was cleaned up, or the handle was ended.
 * - `NOT_INITIALIZED`: `initialize()` has not been called, or has not succeeded.
 * - `INITIALIZE_FAILED`: `initialize()` failed; the message names each purpose and its cause, and no socket was left open.
 * - `INVALID_OPTION`: An option makes no sense; the message names it and what it takes.
 * - `INVALID_ARGUMENT`: An argument makes no sense; the message names it and what it takes. Nothing was sent.
 * - `INVALID_PURPOSE`: Not a declared purpose.
 * - `CROSSSLOT`: The keys of a request are in different slots of the cluster; the message names them. Nothing was sent.
 * - `UNSUPPORTED`: Not to be had on this handle; the message says what to do instead.
 * - `EXEC_ABORTED`: A transaction was aborted before EXEC.
 * - `ECONNREFUSED`: The server refused the TCP connection or nothing listens there.
 * - `ECONNRESET`: The server closed or reset the connection.
 * - `ETIMEDOUT`: No connection within `connectTimeout`.
 * - `EHOSTUNREACH`: No route to the server.
 * - `ENOTFOUND`: The host name does not resolve.
 * - `ENOENT`: No unix socket at that path.
 * - `EACCES`: The unix socket may not be opened by this user.
 * - `CONNECT_FAILED`: The connection failed in another way; the message has the system's words.
 * - `AUTH_FAILED`: User name or password were refused, or none was given where one is needed.
 * - `CREDENTIALS_FAILED`: `credentialsProvider` failed, gave no answer in time, or gave no credentials; it is asked again.
 * - `NOPERM`: The ACL user may not run a command that the connection needs; the message names it.
 * - `MAX_CLIENTS`: The server has reached its `maxclients`.
 * - `LOADING`: The server was still loading its data set when the time for it ran out.
 * - `INVALID_DB`: The database number was refused.
 * - `HANDSHAKE_FAILED`: The server refused the handshake for another reason.
 * - `SENTINELS_FAILED`: No sentinel told where the server is; the message says for each of them why.
 * - `WRONG_ROLE`: The server that the sentinels named is not the master, or no replica, as is wanted; they are asked again.
 * - `TLS_NOT_SPOKEN`: TLS is on, but what answers on that port does not speak TLS.
 * - `TLS_REQUIRED`: TLS is off, but what answers on that port wants it.
 * - `CERT_UNKNOWN_ISSUER`: The server's certificate was issued by nobody we trust.
 * - `CERT_SELF_SIGNED`: The server's certificate was issued by itself, and is not among those trusted.
 * - `CERT_EXPIRED`: The server's certificate has expired.
 * - `CERT_NOT_YET_VALID`: The server's certificate is not valid yet.
 * - `CERT_WRONG_NAME`: The server's certificate is for another name; the message lists the names it carries.
 * - `CERT_INVALID`: The server's certificate is bad in another way.
 * - `TLS_CLIENT_CERT_REFUSED`: The server refused our client certificate, or wants one and was given none.
 * - `TLS_FAILED`: TLS failed in another way.
 * - `PROTOCOL_ERROR`: The server sent something that is not RESP; the link was dropped.
 * - `SERVER_SILENT`: Nothing came from the server within the heartbeat's deadline; the link was dropped.
 * - `LEAKED`: `assertNoLeaks()` found what is still held; the message says from which lines.
 * - `REPLY_TOO_LARGE`: A reply is too long for a JavaScript string; the `...Buffer` command returns it.
 * - `INTERNAL`: A mistake of this package. Please report it.
 */
export type ErrorCode =
  | 'CONNECTION_LOST'
  | 'LINK_DOWN'
  | 'QUEUE_FULL'
  | 'BACKPRESSURE'
  | 'COMMAND_TIMEOUT'
  | 'MAX_RETRIES_PER_REQUEST'
  | 'CLOSED'
  | 'NOT_INITIALIZED'
  | 'INITIALIZE_FAILED'
  | 'INVALID_OPTION'
  | 'INVALID_ARGUMENT'
  | 'INVALID_PURPOSE'
  | 'CROSSSLOT'
  | 'UNSUPPORTED'
  | 'EXEC_ABORTED'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'ETIMEDOUT'
  | 'EHOSTUNREACH'
  | 'ENOTFOUND'
  | 'ENOENT'
  | 'EACCES'
  | 'CONNECT_FAILED'
  | 'AUTH_FAILED'
  | 'CREDENTIALS_FAILED'
  | 'NOPERM'
  | 'MAX_CLIENTS'
  | 'LOADING'
  | 'INVALID_DB'
  | 'HANDSHAKE_FAILED'
  | 'SENTINELS_FAILED'
  | 'WRONG_ROLE'
  | 'TLS_NOT_SPOKEN'
  | 'TLS_REQUIRED'
  | 'CERT_UNKNOWN_ISSUER'
  | 'CERT_SELF_SIGNED'
  | 'CERT_EXPIRED'
  | 'CERT_NOT_YET_VALID'
  | 'CERT_WRONG_NAME'
  | 'CERT_INVALID'
  | 'TLS_CLIENT_CERT_REFUSED'
  | 'TLS_FAILED'
  | 'PROTOCOL_ERROR'
  | 'SERVER_SILENT'
  | 'LEAKED'
  | 'REPLY_TOO_LARGE'
  | 'INTERNAL';
