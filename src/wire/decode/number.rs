//! Numbers, as they stand in lines.

use super::error::Excerpt;
use super::ProtocolError;

/// A sign and the digits of an `i64`. No server sends more, so what is longer need not be waited for.
const LONGEST: usize = 20;

/// The integer that `body` begins with and how long its line is with its end, or `None` if the line is incomplete.
///
/// This is done once per reply at least: a line is short, so that a loop over it beats a search for its end.
#[inline]
pub(super) fn number(kind: u8, body: &[u8]) -> Result<Option<(i64, usize)>, ProtocolError> {
    let mut value: i64 = 0;
    for (at, &byte) in body.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return if byte == b'\r' && at > 0 { end(kind, body, at, value) } else { signed(kind, body) };
        }
        // Eighteen digits cannot overflow.
        if at == 18 {
            return signed(kind, body);
        }
        value = value * 10 + i64::from(digit);
    }
    Ok(None)
}

/// The rest of [`number`]: what has a sign, is very long, or is no number.
#[cold]
fn signed(kind: u8, body: &[u8]) -> Result<Option<(i64, usize)>, ProtocolError> {
    let (negative, sign) = match body.first() {
        Some(b'-') => (true, 1),
        Some(b'+') => (false, 1),
        _ => (false, 0),
    };
    // Summed up below zero, where one more value has a place.
    let mut value: i64 = 0;
    for (at, &byte) in body.iter().enumerate().skip(sign) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            if byte != b'\r' || at == sign {
                break;
            }
            let value = if negative { Some(value) } else { value.checked_neg() };
            return end(kind, body, at, value.ok_or(ProtocolError::OutOfRange { kind })?);
        }
        let next = value.checked_mul(10).and_then(|value| value.checked_sub(digit.into()));
        value = next.filter(|_| at < LONGEST).ok_or(ProtocolError::OutOfRange { kind })?;
    }
    // Either all of it were digits, or the loop ended at what is none.
    match body[sign..].iter().all(u8::is_ascii_digit) {
        true => Ok(None),
        false if body.starts_with(b"?") && kind != b':' => Err(ProtocolError::Streamed { kind }),
        false => Err(ProtocolError::NotANumber { kind, text: Excerpt::of(body) }),
    }
}

/// The line's end, at the `\r` that stands at `at`.
#[inline]
fn end(kind: u8, body: &[u8], at: usize, value: i64) -> Result<Option<(i64, usize)>, ProtocolError> {
    match body.get(at + 1) {
        Some(b'\n') => Ok(Some((value, at + 2))),
        Some(_) => Err(ProtocolError::NotANumber { kind, text: Excerpt::of(body) }),
        None => Ok(None),
    }
}

/// The announced length, if it is one and is allowed.
#[inline]
pub(super) fn length_within(kind: u8, announced: i64, limit: i64) -> Result<usize, ProtocolError> {
    if announced < 0 {
        return Err(ProtocolError::NegativeLength { kind, announced });
    }
    match usize::try_from(announced) {
        Ok(length) if announced <= limit => Ok(length),
        _ => Err(ProtocolError::TooLong { kind, announced, limit }),
    }
}

/// Whether a `,` line may be a double. It is handed on as text, so this only keeps out what is certainly none.
pub(super) fn is_double(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    unsigned.eq_ignore_ascii_case(b"inf")
        || unsigned.eq_ignore_ascii_case(b"nan")
        || (unsigned.iter().any(u8::is_ascii_digit)
            && unsigned.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'-' | b'+')))
}

/// Whether a `(` line is an integer of any length.
pub(super) fn is_big_number(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}
