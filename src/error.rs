//! The one error of the crate: a kind with a stable code, and a message that names what was wrong.
//!
//! The list of kinds is the product's list of codes: JavaScript and the documentation read it from [`Kind::ALL`].

use serde_json::json;
use std::fmt;

/// A failure of ours (an error reply of the server is not one: it travels as a reply).
#[derive(Debug, Clone)]
pub struct Error {
    kind: Kind,
    message: String,
    maybe_executed: bool,
    purpose: Option<String>,
    causes: Vec<serde_json::Value>,
}

/// What the result of an operation is, throughout the crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of this kind. The message must hold no secret: it reaches logs.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), maybe_executed: false, purpose: None, causes: Vec::new() }
    }

    /// The same error, for a request that the server may have executed.
    #[must_use]
    pub fn maybe_executed(mut self) -> Self {
        self.maybe_executed = true;
        self
    }

    /// The same error, of the link of this purpose.
    #[must_use]
    pub fn of(mut self, purpose: &str) -> Self {
        self.purpose = Some(purpose.to_owned());
        self
    }

    /// The same error, with what led to it: a purpose and its error each.
    #[must_use]
    pub fn with_causes<'a>(mut self, causes: impl Iterator<Item = (&'a str, &'a Error)>) -> Self {
        self.causes = causes.map(|(purpose, error)| error.clone().of(purpose).to_json()).collect();
        self
    }

    /// The same error, with the causes of another one.
    #[must_use]
    pub fn caused_by(mut self, other: Self) -> Self {
        self.causes = other.causes;
        self
    }

    /// The kind, for decisions.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The message, for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How the error crosses into JavaScript, where it becomes an `Error` in one place.
    pub fn to_json(&self) -> serde_json::Value {
        let mut json = json!({
            "code": self.kind.code(),
            "message": self.message,
            "retryable": self.kind.retryable(),
            "maybeExecuted": self.maybe_executed,
        });
        if let Some(purpose) = &self.purpose {
            json["purpose"] = json!(purpose);
        }
        if !self.causes.is_empty() {
            json["causes"] = json!(self.causes);
        }
        json
    }

    /// The error of a failed system call, with the code that Node gives the same failure.
    pub fn io(context: &str, error: &std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::ConnectionRefused => Kind::ConnectionRefused,
            std::io::ErrorKind::ConnectionReset
            | std::io::ErrorKind::BrokenPipe
            | std::io::ErrorKind::UnexpectedEof
            | std::io::ErrorKind::ConnectionAborted => Kind::ConnectionReset,
            std::io::ErrorKind::TimedOut => Kind::TimedOut,
            std::io::ErrorKind::HostUnreachable | std::io::ErrorKind::NetworkUnreachable => Kind::HostUnreachable,
            std::io::ErrorKind::NotFound => Kind::SocketNotFound,
            std::io::ErrorKind::PermissionDenied => Kind::PermissionDenied,
            _ => Kind::ConnectFailed,
        };
        Self::new(kind, format!("{context}: {error}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident => $code:literal, $retryable:literal;)+) => {
        /// Every way in which the product itself fails.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[doc = $doc])+ $name,)+ }

        impl Kind {
            /// All kinds, in the order of the documentation.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)+];

            /// The stable `code` of the JavaScript error.
            pub fn code(self) -> &'static str {
                match self { $(Kind::$name => $code,)+ }
            }

            /// Whether the same call may succeed later without anything being changed.
            pub fn retryable(self) -> bool {
                match self { $(Kind::$name => $retryable,)+ }
            }

            /// What the code means, for the documentation.
            pub fn meaning(self) -> &'static str {
                match self { $(Kind::$name => concat!($($doc,)+).trim_ascii(),)+ }
            }
        }
    };
}

kinds! {
    /// The link was lost with the command in flight; `maybeExecuted` says whether the server may have run it.
    ConnectionLost => "CONNECTION_LOST", true;
    /// The link is not ready and `enableOfflineQueue` is off, so nothing was sent.
    LinkDown => "LINK_DOWN", true;
    /// The offline queue is full, so nothing was sent.
    QueueFull => "QUEUE_FULL", true;
    /// More commands or bytes are in flight than maxCommandsInFlight or maxBytesInFlight allows; nothing was sent.
    Backpressure => "BACKPRESSURE", true;
    /// No reply within the command's deadline; the message says who was at fault.
    CommandTimeout => "COMMAND_TIMEOUT", true;
    /// The link was lost more often than `maxRetriesPerRequest` while the command waited.
    MaxRetries => "MAX_RETRIES_PER_REQUEST", true;
    /// The manager was cleaned up, or the handle was ended.
    Closed => "CLOSED", false;
    /// `initialize()` has not been called, or has not succeeded.
    NotInitialized => "NOT_INITIALIZED", false;
    /// `initialize()` failed; the message names each purpose and its cause, and no socket was left open.
    InitializeFailed => "INITIALIZE_FAILED", true;
    /// An option makes no sense; the message names it and what it takes.
    InvalidOption => "INVALID_OPTION", false;
    /// An argument makes no sense; the message names it and what it takes. Nothing was sent.
    InvalidArgument => "INVALID_ARGUMENT", false;
    /// Not a declared purpose.
    InvalidPurpose => "INVALID_PURPOSE", false;
    /// The keys of a request are in different slots of the cluster; the message names them. Nothing was sent.
    CrossSlot => "CROSSSLOT", false;
    /// Not to be had on this handle; the message says what to do instead.
    Unsupported => "UNSUPPORTED", false;
    /// A transaction was aborted before EXEC.
    ExecAborted => "EXEC_ABORTED", false;
    /// The server refused the TCP connection or nothing listens there.
    ConnectionRefused => "ECONNREFUSED", true;
    /// The server closed or reset the connection.
    ConnectionReset => "ECONNRESET", true;
    /// No connection within `connectTimeout`.
    TimedOut => "ETIMEDOUT", true;
    /// No route to the server.
    HostUnreachable => "EHOSTUNREACH", true;
    /// The host name does not resolve.
    HostNotFound => "ENOTFOUND", true;
    /// No unix socket at that path.
    SocketNotFound => "ENOENT", true;
    /// The unix socket may not be opened by this user.
    PermissionDenied => "EACCES", false;
    /// The connection failed in another way; the message has the system's words.
    ConnectFailed => "CONNECT_FAILED", true;
    /// User name or password were refused, or none was given where one is needed.
    AuthFailed => "AUTH_FAILED", false;
    /// `credentialsProvider` failed, gave no answer in time, or gave no credentials; it is asked again.
    CredentialsFailed => "CREDENTIALS_FAILED", true;
    /// The ACL user may not run a command that the connection needs; the message names it.
    PermissionMissing => "NOPERM", false;
    /// The server has reached its `maxclients`.
    MaxClients => "MAX_CLIENTS", true;
    /// The server was still loading its data set when the time for it ran out.
    Loading => "LOADING", true;
    /// The database number was refused.
    InvalidDatabase => "INVALID_DB", false;
    /// The server refused the handshake for another reason.
    HandshakeFailed => "HANDSHAKE_FAILED", true;
    /// No sentinel told where the server is; the message says for each of them why.
    SentinelsFailed => "SENTINELS_FAILED", true;
    /// The server that the sentinels named is not the master, or no replica, as is wanted; they are asked again.
    WrongRole => "WRONG_ROLE", true;
    /// TLS is on, but what answers on that port does not speak TLS.
    NotTls => "TLS_NOT_SPOKEN", false;
    /// TLS is off, but what answers on that port wants it.
    TlsRequired => "TLS_REQUIRED", false;
    /// The server's certificate was issued by nobody we trust.
    CertificateUnknownIssuer => "CERT_UNKNOWN_ISSUER", false;
    /// The server's certificate was issued by itself, and is not among those trusted.
    CertificateSelfSigned => "CERT_SELF_SIGNED", false;
    /// The server's certificate has expired.
    CertificateExpired => "CERT_EXPIRED", false;
    /// The server's certificate is not valid yet.
    CertificateNotYetValid => "CERT_NOT_YET_VALID", false;
    /// The server's certificate is for another name; the message lists the names it carries.
    CertificateWrongName => "CERT_WRONG_NAME", false;
    /// The server's certificate is bad in another way.
    CertificateInvalid => "CERT_INVALID", false;
    /// The server refused our client certificate, or wants one and was given none.
    ClientCertificateRefused => "TLS_CLIENT_CERT_REFUSED", false;
    /// TLS failed in another way.
    TlsFailed => "TLS_FAILED", true;
    /// The server sent something that is not RESP; the link was dropped.
    Protocol => "PROTOCOL_ERROR", true;
    /// Nothing came from the server within the heartbeat's deadline; the link was dropped.
    ServerSilent => "SERVER_SILENT", true;
    /// `assertNoLeaks()` found what is still held; the message says from which lines.
    Leaked => "LEAKED", false;
    /// A reply is too long for a JavaScript string; the `...Buffer` command returns it.
    ReplyTooLarge => "REPLY_TOO_LARGE", false;
    /// A mistake of this package. Please report it.
    Internal => "INTERNAL", false;
}
