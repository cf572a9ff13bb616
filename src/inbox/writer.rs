//! A decoder's replies, as tokens.

use super::{token, Inbox, Shape, Span};
use crate::wire::Sink;

/// Writes a reply's tokens into an inbox.
pub struct ReplyWriter<'a> {
    inbox: &'a mut Inbox,
    buffers: bool,
}

impl<'a> ReplyWriter<'a> {
    /// `buffers`: texts become Buffers.
    pub fn new(inbox: &'a mut Inbox, buffers: bool) -> Self {
        Self { inbox, buffers }
    }

    fn aggregate(&mut self, kind: i32, len: usize) {
        // The decoder refuses counts beyond i32.
        self.inbox.meta.extend([kind, len as i32]);
    }
}

impl Sink for ReplyWriter<'_> {
    fn nil(&mut self) {
        self.inbox.meta.push(token::NIL);
    }

    fn int(&mut self, value: i64) {
        match i32::try_from(value) {
            Ok(value) => self.inbox.meta.extend([token::INT, value]),
            Err(_) => self.inbox.meta.extend([token::INT64, value as i32, (value >> 32) as i32]),
        }
    }

    fn simple(&mut self, text: &[u8]) {
        match text {
            b"OK" if !self.buffers => self.inbox.meta.push(token::OK),
            b"QUEUED" if !self.buffers => self.inbox.meta.push(token::QUEUED),
            _ => self.bulk(text),
        }
    }

    fn error(&mut self, text: &[u8]) {
        self.inbox.meta.push(token::ERROR);
        self.inbox.text(text);
    }

    fn bulk(&mut self, bytes: &[u8]) {
        self.inbox.meta.push(token::STRING);
        self.inbox.value(bytes, self.buffers);
    }

    fn bulk_owned(&mut self, bytes: Vec<u8>) {
        self.inbox.meta.push(token::STRING);
        self.inbox.spans.push_back(Span { shape: Shape::of(&bytes, self.buffers), len: None });
        self.inbox.owned.push_back(bytes);
    }

    fn array(&mut self, len: usize) {
        self.aggregate(token::ARRAY, len);
    }

    fn map(&mut self, pairs: usize) {
        self.aggregate(token::MAP, pairs);
    }

    fn set(&mut self, len: usize) {
        self.aggregate(token::SET, len);
    }

    fn push(&mut self, len: usize) {
        self.aggregate(token::ARRAY, len);
    }

    fn double(&mut self, text: &[u8]) {
        self.inbox.meta.push(token::DOUBLE);
        self.inbox.text(text);
    }

    fn boolean(&mut self, value: bool) {
        self.inbox.meta.extend([token::BOOL, i32::from(value)]);
    }

    fn big_number(&mut self, text: &[u8]) {
        self.inbox.meta.push(token::BIG_NUMBER);
        self.inbox.text(text);
    }

    fn verbatim(&mut self, text: &[u8]) {
        self.bulk(text);
    }
}
