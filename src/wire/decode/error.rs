//! What can be wrong with what a server sends.

use std::fmt;

/// Why a stream is not RESP, or not RESP that we accept.
///
/// The message shows at most a few bytes of what was received: it reaches logs, and payloads may be secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolError {
    /// Where a reply should begin, a TLS record does: the port speaks TLS.
    Tls,
    /// Where a reply should begin, an HTTP response does.
    Http,
    /// Nothing begins with this byte.
    UnknownType(Excerpt),
    /// An integer or a length is none.
    NotANumber {
        /// The type byte.
        kind: u8,
        /// How the line begins.
        text: Excerpt,
    },
    /// An integer or a length does not fit in 64 bits.
    OutOfRange {
        /// The type byte.
        kind: u8,
    },
    /// A length is below zero (and does not stand for nil).
    NegativeLength {
        /// The type byte.
        kind: u8,
        /// The length, in bytes, elements or pairs.
        announced: i64,
    },
    /// A length is above the limit.
    TooLong {
        /// The type byte.
        kind: u8,
        /// The length, in bytes, elements or pairs.
        announced: i64,
        /// What is allowed.
        limit: i64,
    },
    /// Aggregates are nested deeper than the limit.
    TooDeep {
        /// What is allowed.
        limit: usize,
    },
    /// A line has a CR or a LF that does not end it, so that nobody can tell where it ends.
    BareLineBreak {
        /// The type byte.
        kind: u8,
    },
    /// A line does not end within the limit.
    LineTooLong {
        /// The type byte.
        kind: u8,
        /// What is allowed, in bytes.
        limit: usize,
    },
    /// A bulk is not followed by `\r\n`.
    Unterminated {
        /// The type byte.
        kind: u8,
    },
    /// A streamed string or aggregate (`$?`, `*?`), which no Redis sends.
    Streamed {
        /// The type byte.
        kind: u8,
    },
    /// A value is not what its type takes.
    Malformed {
        /// The type byte.
        kind: u8,
        /// How it begins.
        text: Excerpt,
    },
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Tls => formatter.write_str("a TLS record came where a reply was expected"),
            Self::Http => formatter.write_str("an HTTP response came where a reply was expected"),
            Self::UnknownType(byte) => write!(formatter, "no reply begins with {byte}"),
            Self::NotANumber { kind, text } => write!(formatter, "{} has no number but {text}", name(kind)),
            Self::OutOfRange { kind } => write!(formatter, "{} has a number beyond 64 bits", name(kind)),
            Self::NegativeLength { kind, announced } => {
                write!(formatter, "{} announces a length of {announced}", name(kind))
            }
            Self::TooLong { kind, announced, limit } => {
                write!(formatter, "{} announces a length of {announced}, above the limit of {limit}", name(kind))
            }
            Self::TooDeep { limit } => write!(formatter, "aggregates are nested deeper than {limit}"),
            Self::BareLineBreak { kind } => {
                write!(formatter, "{} has a CR or LF that does not end it", name(kind))
            }
            Self::LineTooLong { kind, limit } => {
                write!(formatter, "{} does not end within {limit} bytes", name(kind))
            }
            Self::Unterminated { kind } => write!(formatter, "{} is not followed by \\r\\n", name(kind)),
            Self::Streamed { kind } => write!(formatter, "{} is streamed, which is not supported", name(kind)),
            Self::Malformed { kind, text } => write!(formatter, "{} cannot be {text}", name(kind)),
        }
    }
}

impl std::error::Error for ProtocolError {}

fn name(kind: u8) -> &'static str {
    match kind {
        b'+' => "a simple string",
        b'-' => "an error",
        b':' => "an integer",
        b'$' => "a bulk string",
        b'*' => "an array",
        b'_' => "a null",
        b'#' => "a boolean",
        b',' => "a double",
        b'(' => "a big number",
        b'!' => "a bulk error",
        b'=' => "a verbatim string",
        b'%' => "a map",
        b'~' => "a set",
        b'>' => "a push",
        b'|' => "an attribute",
        _ => "a reply",
    }
}

/// The first few bytes of what was received.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Excerpt {
    bytes: [u8; Self::MOST],
    shown: u8,
    cut: bool,
}

impl Excerpt {
    /// Too few to give a secret away.
    const MOST: usize = 4;

    pub(super) fn of(received: &[u8]) -> Self {
        let mut bytes = [0; Self::MOST];
        let mut shown = 0;
        for (place, byte) in bytes.iter_mut().zip(received) {
            *place = *byte;
            shown += 1;
        }
        Self { bytes, shown, cut: received.len() > Self::MOST }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &self.bytes[..self.shown.into()];
        write!(formatter, "\"{}\"{}", shown.escape_ascii(), if self.cut { ".." } else { "" })
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
