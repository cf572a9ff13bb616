//! The decoder: one reply at a time, out of whatever has arrived so far.
//!
//! A reply is a tree, and it may arrive in any number of reads. The decoder hands each token of it to the sink as soon as
//! the token is whole, and keeps only how many elements the open aggregates still lack. No token is decoded twice, so
//! a reply costs time in proportion to its length however it is cut up.

mod discard;
mod emit;
mod error;
mod limits;
mod long;
mod number;
mod stranger;
#[cfg(test)]
mod tests;

pub use discard::Discard;
pub use error::ProtocolError;
pub use limits::Limits;

use super::Sink;
use emit::{emit_bulk, emit_line};
use error::Excerpt;
use long::LongBulk;
use number::{length_within, number};
use stranger::stranger;

/// A line that is incomplete after this many bytes is not searched again from its start when more of it arrives.
const LONG_LINE: usize = 1024;

/// Decodes the replies of one connection.
///
/// After an error it is of no further use: where the next reply begins is not known.
#[derive(Debug)]
pub struct Decoder {
    limits: Limits,
    /// The aggregates that still lack elements, outermost first.
    open: Vec<Open>,
    /// How many of them are attributes. What an attribute holds is parsed and reaches no sink.
    attributes: usize,
    /// A bulk that is arriving and is too long to wait for in the read buffer.
    long: Option<LongBulk>,
    /// How far the line that the input begins with has been searched for its end, if it is a long one.
    searched: usize,
}

/// What one call of [`Decoder::feed`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fed {
    /// How many bytes of the input are done with. The next call's input begins after them.
    pub consumed: usize,
    /// Whether a top-level reply ended there. If not, the decoder waits for more input.
    pub complete: bool,
}

impl Decoder {
    /// A decoder at the beginning of a stream.
    pub fn new(limits: Limits) -> Self {
        Self { limits, open: Vec::new(), attributes: 0, long: None, searched: 0 }
    }

    /// Decodes at most one top-level reply from the start of `input` into `sink`.
    ///
    /// Bytes that are not consumed must be given again, followed by what arrived since.
    #[inline]
    pub fn feed<S: Sink>(&mut self, input: &[u8], sink: &mut S) -> Result<Fed, ProtocolError> {
        let mut consumed = 0;
        loop {
            let rest = &input[consumed..];
            let (used, progress) =
                if self.attributes == 0 { self.run(rest, sink)? } else { self.run(rest, &mut Discard)? };
            consumed += used;
            if progress != Progress::Turned {
                return Ok(Fed { consumed, complete: progress == Progress::Complete });
            }
        }
    }

    /// Decodes until a top-level reply is complete, the input is used up, or another sink is due.
    #[inline]
    fn run<S: Sink>(&mut self, input: &[u8], sink: &mut S) -> Result<(usize, Progress), ProtocolError> {
        let mut at = 0;
        if self.long.is_some() {
            let (used, whole) = self.resume_long(input, sink)?;
            at = used;
            match if whole { self.settle() } else { Progress::Incomplete } {
                Progress::More => {}
                progress => return Ok((at, progress)),
            }
        }
        loop {
            let (used, progress) = match self.token(&input[at..], sink)? {
                Token::Value(used) => (used, self.settle()),
                Token::Opened(used) => (used, Progress::More),
                Token::AttributeOpened(used) => (used, Progress::Turned),
                Token::Partial(used) => (used, Progress::Incomplete),
            };
            at += used;
            if progress != Progress::More {
                return Ok((at, progress));
            }
        }
    }

    /// Decodes the token that `rest` begins with.
    #[inline]
    fn token<S: Sink>(&mut self, rest: &[u8], sink: &mut S) -> Result<Token, ProtocolError> {
        let Some((&kind, body)) = rest.split_first() else {
            return Ok(Token::Partial(0));
        };
        match kind {
            b'$' => self.bulk(b'$', body, sink),
            // By far the most frequent line, and too short for a search to pay.
            b'+' if body.starts_with(b"OK\r\n") => {
                sink.simple(b"OK");
                Ok(Token::Value(5))
            }
            b':' => Ok(match number(kind, body)? {
                None => Token::Partial(0),
                Some((value, used)) => {
                    sink.int(value);
                    Token::Value(1 + used)
                }
            }),
            b'*' | b'%' | b'~' | b'>' | b'|' => self.aggregate(kind, body, sink),
            b'+' | b'-' => self.line(kind, body, self.limits.max_text, sink),
            b'_' | b'#' | b',' | b'(' => self.line(kind, body, self.limits.max_line, sink),
            b'=' | b'!' => self.bulk(kind, body, sink),
            _ if self.open.is_empty() => stranger(rest),
            _ => Err(ProtocolError::UnknownType(Excerpt::of(&[kind]))),
        }
    }

    /// A token that is one line.
    fn line<S: Sink>(&mut self, kind: u8, body: &[u8], limit: usize, sink: &mut S) -> Result<Token, ProtocolError> {
        let mut at = std::mem::take(&mut self.searched).min(body.len());
        at += memchr::memchr2(b'\r', b'\n', &body[at..]).unwrap_or(body.len() - at);
        if at > limit {
            return Err(ProtocolError::LineTooLong { kind, limit });
        }
        let whole = match (body.get(at), body.get(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => true,
            (None, _) | (Some(b'\r'), None) => false,
            // Nobody could tell where the line ends, and with it which reply is whose.
            _ => return Err(ProtocolError::BareLineBreak { kind }),
        };
        if whole {
            emit_line(kind, &body[..at], sink)?;
            return Ok(Token::Value(1 + at + 2));
        }
        // Only for long lines: a short one may next time take a path that does not look here.
        if at > LONG_LINE {
            self.searched = at;
        }
        Ok(Token::Partial(0))
    }

    /// A token of announced length: `$`, `=` or `!`.
    #[inline]
    fn bulk<S: Sink>(&mut self, kind: u8, body: &[u8], sink: &mut S) -> Result<Token, ProtocolError> {
        let Some((announced, header)) = number(kind, body)? else {
            return Ok(Token::Partial(0));
        };
        if announced == -1 && kind == b'$' {
            sink.nil();
            return Ok(Token::Value(1 + header));
        }
        let length = length_within(kind, announced, self.limits.max_bulk)?;
        let rest = &body[header..];
        if let Some((payload, [b'\r', b'\n', ..])) = rest.split_at_checked(length) {
            emit_bulk(kind, payload, sink)?;
            return Ok(Token::Value(1 + header + length + 2));
        }
        if rest.len() >= length.saturating_add(2) {
            return Err(ProtocolError::Unterminated { kind });
        }
        if length <= self.limits.inline_bulk {
            return Ok(Token::Partial(0));
        }
        let mut long = LongBulk { kind, length, bytes: Vec::new() };
        let taken = long.take_from(rest);
        self.long = Some(long);
        Ok(Token::Partial(1 + header + taken))
    }

    /// Goes on with the long bulk. Returns how much of `input` it took, and whether it is whole now.
    #[cold]
    fn resume_long<S: Sink>(&mut self, input: &[u8], sink: &mut S) -> Result<(usize, bool), ProtocolError> {
        let Some(long) = &mut self.long else {
            return Ok((0, false));
        };
        let taken = long.take_from(input);
        let end = &input[taken..];
        if long.bytes.len() < long.length || end.len() < 2 {
            return Ok((taken, false));
        }
        let kind = long.kind;
        if !end.starts_with(b"\r\n") {
            return Err(ProtocolError::Unterminated { kind });
        }
        let bytes = std::mem::take(&mut long.bytes);
        self.long = None;
        if kind == b'$' {
            sink.bulk_owned(bytes);
        } else {
            emit_bulk(kind, &bytes, sink)?;
        }
        Ok((taken + 2, true))
    }

    /// The head of an aggregate.
    fn aggregate<S: Sink>(&mut self, kind: u8, body: &[u8], sink: &mut S) -> Result<Token, ProtocolError> {
        let Some((announced, header)) = number(kind, body)? else {
            return Ok(Token::Partial(0));
        };
        let used = 1 + header;
        if announced == -1 && kind == b'*' {
            sink.nil();
            return Ok(Token::Value(used));
        }
        let length = length_within(kind, announced, self.limits.max_elements)?;
        let attribute = kind == b'|';
        let elements = if attribute || kind == b'%' { length.saturating_mul(2) } else { length };
        if elements > 0 && self.open.len() >= self.limits.max_depth {
            return Err(ProtocolError::TooDeep { limit: self.limits.max_depth });
        }
        match kind {
            b'*' => sink.array(length),
            b'%' => sink.map(length),
            b'~' => sink.set(length),
            b'>' => sink.push(length),
            _ => {}
        }
        if elements > 0 {
            self.open.push(Open { lacking: elements, attribute });
            self.attributes += usize::from(attribute);
        }
        Ok(match (attribute, elements) {
            (true, 0) => Token::Opened(used),
            (true, _) => Token::AttributeOpened(used),
            (false, 0) => Token::Value(used),
            (false, _) => Token::Opened(used),
        })
    }

    /// Counts a value that is whole, and closes the aggregates that it was the last element of.
    #[inline]
    fn settle(&mut self) -> Progress {
        while let Some(open) = self.open.last_mut() {
            open.lacking -= 1;
            if open.lacking > 0 {
                return Progress::More;
            }
            let attribute = open.attribute;
            self.open.pop();
            if attribute {
                // It is no element of what it stands in: the value that it is about follows.
                self.attributes -= 1;
                return Progress::Turned;
            }
        }
        Progress::Complete
    }
}

/// What became of one token. Each holds how many bytes are done with.
enum Token {
    /// A whole value.
    Value(usize),
    /// The head of an aggregate whose elements follow (or of an attribute without any).
    Opened(usize),
    /// The head of an attribute: what follows is not for the sink.
    AttributeOpened(usize),
    /// The token goes on beyond the input.
    Partial(usize),
}

/// How things stand after a token.
#[derive(PartialEq, Eq)]
enum Progress {
    /// The reply goes on.
    More,
    /// The reply goes on, and an attribute began or ended: another sink is due.
    Turned,
    /// The reply goes on beyond the input.
    Incomplete,
    /// The reply is whole.
    Complete,
}

/// An aggregate that lacks elements (at least one).
#[derive(Debug)]
struct Open {
    lacking: usize,
    attribute: bool,
}
