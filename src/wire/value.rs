//! A reply as a tree, for the replies that the I/O thread reads itself. Those of callers never become one.

use super::Sink;
use std::borrow::Cow;

/// A whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing: `$-1`, `*-1` or `_`.
    Nil,
    /// `:`
    Int(i64),
    /// `+`
    Simple(Vec<u8>),
    /// `-` or `!`
    Error(Vec<u8>),
    /// `$`
    Bulk(Vec<u8>),
    /// `*`
    Array(Vec<Value>),
    /// `%`, in the order of the wire. A key may come twice.
    Map(Vec<(Value, Value)>),
    /// `~`, in the order of the wire.
    Set(Vec<Value>),
    /// `>`
    Push(Vec<Value>),
    /// `,`: the digits as sent, so that two of them are equal when they were sent alike.
    Double(Vec<u8>),
    /// `#`
    Boolean(bool),
    /// `(`: the digits as sent.
    BigNumber(Vec<u8>),
    /// `=`, without its format.
    Verbatim(Vec<u8>),
}

impl Value {
    /// The bytes of a string of whichever type.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Simple(bytes) | Self::Bulk(bytes) | Self::Verbatim(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text of a string of whichever type. What is not UTF-8 in it is replaced.
    pub fn as_text(&self) -> Option<Cow<'_, str>> {
        self.as_bytes().map(String::from_utf8_lossy)
    }

    /// The server's message, if the reply is an error.
    pub fn as_error(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Error(message) => Some(String::from_utf8_lossy(message)),
            _ => None,
        }
    }

    /// The integer, if the reply is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The elements of an array, a set or a push.
    pub fn as_elements(&self) -> Option<&[Value]> {
        match self {
            Self::Array(elements) | Self::Set(elements) | Self::Push(elements) => Some(elements),
            _ => None,
        }
    }
}

/// Builds a [`Value`] of what the decoder reads.
#[derive(Debug, Default)]
pub struct ValueSink {
    /// The aggregates that lack elements, outermost first.
    open: Vec<Open>,
    whole: Option<Value>,
}

impl ValueSink {
    /// A sink that has received nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The reply, once it is whole, and once only.
    pub fn take(&mut self) -> Option<Value> {
        self.whole.take()
    }

    fn value(&mut self, mut value: Value) {
        while let Some(open) = self.open.last_mut() {
            open.elements.push(value);
            if open.elements.len() < open.wanted {
                return;
            }
            let wrap = open.wrap;
            let elements = std::mem::take(&mut open.elements);
            self.open.pop();
            value = wrap(elements);
        }
        self.whole = Some(value);
    }

    fn aggregate(&mut self, wanted: usize, wrap: fn(Vec<Value>) -> Value) {
        if wanted == 0 {
            self.value(wrap(Vec::new()));
        } else {
            self.open.push(Open { wanted, elements: Vec::new(), wrap });
        }
    }
}

#[derive(Debug)]
struct Open {
    wanted: usize,
    elements: Vec<Value>,
    /// Makes the aggregate of its elements.
    wrap: fn(Vec<Value>) -> Value,
}

fn pairs(elements: Vec<Value>) -> Value {
    let mut elements = elements.into_iter();
    Value::Map(std::iter::from_fn(|| elements.next().zip(elements.next())).collect())
}

impl Sink for ValueSink {
    fn nil(&mut self) {
        self.value(Value::Nil);
    }

    fn int(&mut self, value: i64) {
        self.value(Value::Int(value));
    }

    fn simple(&mut self, text: &[u8]) {
        self.value(Value::Simple(text.to_vec()));
    }

    fn error(&mut self, text: &[u8]) {
        self.value(Value::Error(text.to_vec()));
    }

    fn bulk(&mut self, bytes: &[u8]) {
        self.value(Value::Bulk(bytes.to_vec()));
    }

    fn bulk_owned(&mut self, bytes: Vec<u8>) {
        self.value(Value::Bulk(bytes));
    }

    fn array(&mut self, len: usize) {
        self.aggregate(len, Value::Array);
    }

    fn map(&mut self, pairs_to_come: usize) {
        self.aggregate(pairs_to_come.saturating_mul(2), pairs);
    }

    fn set(&mut self, len: usize) {
        self.aggregate(len, Value::Set);
    }

    fn push(&mut self, len: usize) {
        self.aggregate(len, Value::Push);
    }

    fn double(&mut self, text: &[u8]) {
        self.value(Value::Double(text.to_vec()));
    }

    fn boolean(&mut self, value: bool) {
        self.value(Value::Boolean(value));
    }

    fn big_number(&mut self, text: &[u8]) {
        self.value(Value::BigNumber(text.to_vec()));
    }

    fn verbatim(&mut self, text: &[u8]) {
        self.value(Value::Verbatim(text.to_vec()));
    }
}
