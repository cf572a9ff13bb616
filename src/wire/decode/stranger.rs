//! What answers where a Redis should, and is none.

use super::error::Excerpt;
use super::{ProtocolError, Token};

const HTTP: &[u8] = b"HTTP/";

/// What to make of input that stands where a top-level reply should and begins like none.
#[cold]
pub(super) fn stranger(input: &[u8]) -> Result<Token, ProtocolError> {
    match input {
        // A TLS record: its type (alert or handshake), then the major version.
        [0x15 | 0x16, 0x03, ..] => Err(ProtocolError::Tls),
        _ if input.starts_with(HTTP) => Err(ProtocolError::Http),
        // Too little to tell yet.
        [0x15 | 0x16] => Ok(Token::Partial(0)),
        _ if HTTP.starts_with(input) => Ok(Token::Partial(0)),
        _ => Err(ProtocolError::UnknownType(Excerpt::of(&input[..input.len().min(1)]))),
    }
}
