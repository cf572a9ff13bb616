//! What a server may ask of the decoder's memory.

/// Bounds on what is accepted. Whatever exceeds one is a [`ProtocolError`](super::ProtocolError).
///
/// They are there to find a stream that is not RESP, or has lost its beat, before it is believed: memory is used only for
/// what has arrived, whatever was announced.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How deep aggregates may be nested.
    pub max_depth: usize,
    /// The longest bulk string, in bytes. A server's own bound is `proto-max-bulk-len` (512 MiB unless it was raised).
    pub max_bulk: i64,
    /// The most elements (pairs, in a map) of one aggregate.
    pub max_elements: i64,
    /// The longest line that holds a double, a big number and the like, in bytes.
    pub max_line: usize,
    /// The longest simple string or error line, in bytes.
    pub max_text: usize,
    /// A bulk string up to this length, in bytes, is waited for in the caller's buffer, and so never copied. A longer one
    /// that is incomplete is collected by the decoder.
    pub inline_bulk: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_depth: 512,
            max_bulk: 4 * 512 * 1024 * 1024,
            max_elements: i32::MAX.into(),
            max_line: 64 * 1024,
            max_text: 1024 * 1024,
            inline_bulk: 16 * 1024,
        }
    }
}
