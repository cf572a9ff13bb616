//! Replies on their way to JavaScript, flattened into integers and bytes, so that one call hands over a whole batch.
//!
//! # Layout
//!
//! `meta` holds records back to back. A record is a slot and one reply in prefix order, as tokens (see [`token`]).
//! A token that stands for a text or a Buffer takes the next entry of `spans`, whose bytes are the next ones of
//! `data`, or the next vector of `owned` when they were too many to copy. [`MESSAGE`], [`EVENT`], [`MONITORED`] and [`ORIGIN`]
//! stand where a slot would, for what nobody asked for.

mod writer;

pub use writer::ReplyWriter;

use std::collections::VecDeque;

/// What a record's integers mean. `lib/bridge/replies.js` reads them.
pub mod token {
    /// Null.
    pub const NIL: i32 = 0;
    /// The next integer.
    pub const INT: i32 = 1;
    /// The next two integers are the low and the high half.
    pub const INT64: i32 = 2;
    /// The next value.
    pub const STRING: i32 = 3;
    /// `+OK`, so common that no string is made for it.
    pub const OK: i32 = 4;
    /// A count, then as many replies.
    pub const ARRAY: i32 = 5;
    /// An error reply; the next value is its text.
    pub const ERROR: i32 = 6;
    /// An error of ours; the next value is its JSON.
    pub const FAILURE: i32 = 7;
    /// A count, then twice as many replies.
    pub const MAP: i32 = 8;
    /// A count, then as many replies.
    pub const SET: i32 = 9;
    /// The next value has the digits.
    pub const DOUBLE: i32 = 10;
    /// The next integer is 0 or 1.
    pub const BOOL: i32 = 11;
    /// The next value has the digits.
    pub const BIG_NUMBER: i32 = 12;
    /// `+QUEUED`.
    pub const QUEUED: i32 = 13;
}

/// In a slot's place: a published message. Then its kind (0 channel, 1 pattern, 2 shard channel); its values are
/// the pattern (kind 1 only), the channel and the payload.
pub const MESSAGE: i32 = -1;
/// In a slot's place: an event. Its value is the event's JSON.
pub const EVENT: i32 = -2;

/// In a slot's place: a line of MONITOR. Then the link that it came on; its value is the line.
pub const MONITORED: i32 = -3;

/// In a slot's place: where the reply of the next record comes from, which has an error. Then the slot of that one, the
/// link, and which of its connections it was; no values.
pub const ORIGIN: i32 = -4;

/// What the server says to the EXEC of a transaction that it does not execute.
const ABORTED: &[u8] = b"EXECABORT Transaction discarded because of previous errors.";

/// How the bytes of a value become a JavaScript value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A one-byte string: the bytes are ASCII.
    Ascii,
    /// A string; bytes that are not UTF-8 become U+FFFD, as `Buffer#toString` does it.
    Utf8,
    /// A Buffer.
    Buffer,
}

/// The bytes of one value.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// What they become.
    pub shape: Shape,
    /// How many they are; `None` when they are the next entry of `owned`.
    pub len: Option<u32>,
}

/// Replies of a port, or of a link on their way to one.
#[derive(Debug, Default)]
pub struct Inbox {
    pub(crate) meta: Vec<i32>,
    pub(crate) spans: VecDeque<Span>,
    pub(crate) data: Vec<u8>,
    pub(crate) owned: VecDeque<Vec<u8>>,
}

/// A place in an inbox to come back to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    meta: usize,
    spans: usize,
    data: usize,
    owned: usize,
}

/// Past this the vectors of an emptied inbox are given back.
const KEEP_BYTES: usize = 1 << 20;

impl Inbox {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.meta.is_empty()
    }

    /// Begins a record.
    pub fn begin(&mut self, slot: i32) {
        self.meta.push(slot);
    }

    /// Says that the record begun last is the array of the next `replies` replies.
    pub fn begin_group(&mut self, replies: u32) {
        self.meta.extend([token::ARRAY, replies as i32]);
    }

    /// A whole record that answers `slot` with an error of ours.
    pub fn failure(&mut self, slot: i32, error: &crate::Error) {
        self.meta.extend([slot, token::FAILURE]);
        self.text(error.to_json().to_string().as_bytes());
    }

    /// A whole record that answers `slot` with a text.
    pub fn reply_text(&mut self, slot: i32, text: &str) {
        self.meta.extend([slot, token::STRING]);
        self.text(text.as_bytes());
    }

    /// A whole record that answers `slot` with an error reply of the server.
    pub fn reply_error(&mut self, slot: i32, text: &[u8]) {
        self.meta.extend([slot, token::ERROR]);
        self.text(text);
    }

    /// A whole record that answers `slot` with the replies of a transaction that was not executed, for this reason.
    pub fn reply_aborted(&mut self, slot: i32, replies: u32, text: &[u8]) {
        self.begin(slot);
        self.begin_group(replies);
        for _ in 1..replies {
            self.meta.push(token::ERROR);
            self.text(text);
        }
        self.meta.push(token::ERROR);
        self.text(ABORTED);
    }

    /// A whole record that answers `slot` with OK.
    pub fn reply_ok(&mut self, slot: i32) {
        self.meta.extend([slot, token::OK]);
    }

    /// A whole record that answers `slot` with an integer.
    pub fn reply_int(&mut self, slot: i32, value: i32) {
        self.meta.extend([slot, token::INT, value]);
    }

    /// A whole record for an event.
    pub fn event(&mut self, json: &str) {
        self.meta.push(EVENT);
        self.text(json.as_bytes());
    }

    /// A whole record for a published message; `values` as [`MESSAGE`] says.
    pub fn message(&mut self, kind: i32, values: &[&[u8]], buffers: bool) {
        self.meta.extend([MESSAGE, kind]);
        for value in values {
            self.value(value, buffers);
        }
    }

    /// A whole record for a line of MONITOR.
    pub fn monitored(&mut self, link: i32, line: &[u8]) {
        self.meta.extend([MONITORED, link]);
        self.text(line);
    }

    /// The end of what is in it.
    pub fn mark(&self) -> Mark {
        Mark { meta: self.meta.len(), spans: self.spans.len(), data: self.data.len(), owned: self.owned.len() }
    }

    /// Forgets what came after the mark.
    pub fn truncate(&mut self, mark: Mark) {
        self.meta.truncate(mark.meta);
        self.spans.truncate(mark.spans);
        self.data.truncate(mark.data);
        self.owned.truncate(mark.owned);
    }

    /// Keeps what came before the mark, and returns the rest.
    pub fn split_off(&mut self, mark: Mark) -> Self {
        Self {
            meta: self.meta.split_off(mark.meta),
            spans: self.spans.split_off(mark.spans),
            data: self.data.split_off(mark.data),
            owned: self.owned.split_off(mark.owned),
        }
    }

    /// The text of the error that the record after `mark`, the last one, consists of; none when it is something else.
    pub(crate) fn error_after(&self, mark: Mark) -> Option<&[u8]> {
        (self.meta.get(mark.meta + 1) == Some(&token::ERROR)).then(|| self.text_at(mark))?
    }

    /// Says of the record after `mark`, the last one, where it comes from, if there is an error in it.
    pub(crate) fn tell_origin(&mut self, mark: Mark, link: usize, generation: u64) {
        let record = &self.meta[mark.meta..];
        if has_error(record) {
            let origin = [ORIGIN, record[0], link as i32, generation as i32];
            self.meta.splice(mark.meta..mark.meta, origin);
        }
    }

    /// The first error of the record after `mark`, the last one, if it has the replies of a transaction that was aborted
    /// before anything of it was executed.
    pub(crate) fn first_error_of_aborted(&self, mark: Mark) -> Option<&[u8]> {
        let last = self.spans.back()?.len? as usize;
        let is_aborted = self.meta.last() == Some(&token::ERROR)
            && self.data[self.data.len().checked_sub(last)?..].starts_with(b"EXECABORT");
        // Before the abort there are only texts of one token each: OK, QUEUED, or what was refused.
        let replies = is_aborted.then(|| self.meta.get(mark.meta + 3..))??;
        let is_plain = |reply: &i32| matches!(*reply, token::OK | token::QUEUED | token::STRING | token::ERROR);
        let first = replies.iter().position(|reply| *reply == token::ERROR).filter(|_| replies.iter().all(is_plain))?;
        let texts = replies[..first].iter().filter(|reply| **reply == token::STRING).count();
        let before: usize =
            self.spans.iter().skip(mark.spans).take(texts).map(|span| span.len.unwrap_or(0) as usize).sum();
        self.text_at(Mark { spans: mark.spans + texts, data: mark.data + before, ..mark })
    }

    /// The bytes of the value that begins at this mark.
    fn text_at(&self, mark: Mark) -> Option<&[u8]> {
        let len = self.spans.get(mark.spans)?.len? as usize;
        self.data.get(mark.data..mark.data + len)
    }

    /// Moves all of `other` to the end; `other` is empty afterwards and may have got this one's old vectors.
    pub fn append(&mut self, other: &mut Self) {
        if self.is_empty() {
            std::mem::swap(self, other);
            other.clear();
            return;
        }
        self.meta.append(&mut other.meta);
        self.spans.append(&mut other.spans);
        self.data.append(&mut other.data);
        self.owned.append(&mut other.owned);
    }

    /// Empties it. Usual capacities are kept, unusual ones given back.
    pub fn clear(&mut self) {
        self.meta.clear();
        self.spans.clear();
        self.data.clear();
        self.owned.clear();
        if self.data.capacity() > KEEP_BYTES {
            self.data = Vec::new();
        }
        if self.meta.capacity() * size_of::<i32>() > KEEP_BYTES {
            self.meta = Vec::new();
        }
        if self.spans.capacity() * size_of::<Span>() > KEEP_BYTES {
            self.spans = VecDeque::new();
        }
        if self.owned.capacity() > KEEP_BYTES / size_of::<Vec<u8>>() {
            self.owned = VecDeque::new();
        }
    }

    fn text(&mut self, bytes: &[u8]) {
        self.value(bytes, false);
    }

    fn value(&mut self, bytes: &[u8], buffers: bool) {
        let len = u32::try_from(bytes.len());
        let shape = Shape::of(bytes, buffers);
        match len {
            Ok(len) => {
                self.spans.push_back(Span { shape, len: Some(len) });
                self.data.extend_from_slice(bytes);
            }
            Err(_) => {
                self.spans.push_back(Span { shape, len: None });
                self.owned.push_back(bytes.to_vec());
            }
        }
    }
}

impl Shape {
    fn of(bytes: &[u8], buffers: bool) -> Self {
        if buffers {
            Self::Buffer
        } else if bytes.is_ascii() {
            Self::Ascii
        } else {
            Self::Utf8
        }
    }
}

/// Whether there is an error in the reply of this record.
fn has_error(record: &[i32]) -> bool {
    let mut at = 1;
    while at < record.len() {
        at += match record[at] {
            token::ERROR => return true,
            token::INT | token::BOOL | token::ARRAY | token::SET | token::MAP => 2,
            token::INT64 => 3,
            _ => 1,
        };
    }
    false
}

/// How many integers the record at the start of `meta` has.
///
/// # Panics
/// When `meta` does not start with a whole record, which would be a mistake of ours.
pub fn record_len(meta: &[i32]) -> usize {
    match meta[0] {
        MESSAGE | MONITORED => return 2,
        ORIGIN => return 4,
        EVENT => return 1,
        _ => {}
    }
    let mut at = 1;
    let mut open = 1usize;
    while open > 0 {
        open -= 1;
        let (ints, children) = match meta[at] {
            token::INT | token::BOOL => (2, 0),
            token::INT64 => (3, 0),
            token::ARRAY | token::SET => (2, meta[at + 1] as usize),
            token::MAP => (2, 2 * meta[at + 1] as usize),
            _ => (1, 0),
        };
        at += ints;
        open += children;
    }
    at
}
