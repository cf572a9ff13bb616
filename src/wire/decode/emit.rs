//! From what a token holds to what the sink is told.

use super::error::Excerpt;
use super::{number, ProtocolError, Sink};

/// Hands a whole line to the sink.
#[inline]
pub(super) fn emit_line<S: Sink>(kind: u8, text: &[u8], sink: &mut S) -> Result<(), ProtocolError> {
    match (kind, text) {
        (b'+', _) => sink.simple(text),
        (b'-', _) => sink.error(text),
        (b'_', b"") => sink.nil(),
        (b'#', b"t") => sink.boolean(true),
        (b'#', b"f") => sink.boolean(false),
        (b',', _) if number::is_double(text) => sink.double(text),
        (b'(', _) if number::is_big_number(text) => sink.big_number(text),
        _ => return Err(malformed(kind, text)),
    }
    Ok(())
}

/// Hands a whole payload to the sink.
#[inline]
pub(super) fn emit_bulk<S: Sink>(kind: u8, payload: &[u8], sink: &mut S) -> Result<(), ProtocolError> {
    match (kind, payload) {
        (b'$', _) => sink.bulk(payload),
        (b'!', _) => sink.error(payload),
        (b'=', [_, _, _, b':', text @ ..]) => sink.verbatim(text),
        _ => return Err(malformed(kind, payload)),
    }
    Ok(())
}

fn malformed(kind: u8, text: &[u8]) -> ProtocolError {
    ProtocolError::Malformed { kind, text: Excerpt::of(text) }
}
