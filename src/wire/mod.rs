//! RESP, the wire protocol of Redis: bytes in, events out. No I/O and no clock in this folder.
//!
//! Source: <https://redis.io/docs/latest/develop/reference/protocol-spec/>.

mod decode;
mod encode;
mod value;

pub use decode::{Decoder, Discard, Fed, Limits, ProtocolError};
pub use encode::command;
pub use value::{Value, ValueSink};

/// Receives a reply as the decoder reads it, in prefix order: an aggregate announces how many elements follow.
///
/// What is announced is the server's word and may be absurd: never allocate by it.
pub trait Sink {
    /// `$-1`, `*-1` or `_`.
    fn nil(&mut self);
    /// `:`
    fn int(&mut self, value: i64);
    /// `+`
    fn simple(&mut self, text: &[u8]);
    /// `-` or `!`, without the leading byte.
    fn error(&mut self, text: &[u8]);
    /// `$`, whole.
    fn bulk(&mut self, bytes: &[u8]);
    /// `$`, one that was too long to wait for in the read buffer.
    fn bulk_owned(&mut self, bytes: Vec<u8>);
    /// `*`: `len` elements follow.
    fn array(&mut self, len: usize);
    /// `%`: `pairs` keys and values follow, alternating.
    fn map(&mut self, pairs: usize);
    /// `~`: `len` elements follow.
    fn set(&mut self, len: usize);
    /// `>`: `len` elements follow.
    fn push(&mut self, len: usize);
    /// `,`: the digits as sent.
    fn double(&mut self, text: &[u8]);
    /// `#`
    fn boolean(&mut self, value: bool);
    /// `(`: the digits as sent.
    fn big_number(&mut self, text: &[u8]);
    /// `=`, without its three-letter format and colon.
    fn verbatim(&mut self, text: &[u8]);
}
