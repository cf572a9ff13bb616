//! Arbitrary replies, as a server might write them.

use proptest::prelude::*;

/// A reply as it is written. Texts are UTF-8 where the oracle cannot read anything else.
#[derive(Debug, Clone)]
pub enum Reply {
    Nil(&'static str),
    Int(i64),
    Simple(String),
    Error(String),
    BulkError(String),
    Bulk(Vec<u8>),
    Double(String),
    Boolean(bool),
    BigNumber(String),
    Verbatim(String, String),
    Array(Vec<Reply>),
    Set(Vec<Reply>),
    Map(Vec<(Reply, Reply)>),
    Push(String, Vec<Reply>),
    Attribute(Vec<(Reply, Reply)>, Box<Reply>),
}

impl Reply {
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Nil(nil) => line(out, "", nil),
            Self::Int(value) => line(out, ":", value),
            Self::Simple(text) => line(out, "+", text),
            Self::Error(text) => line(out, "-", text),
            Self::BulkError(text) => bulk(out, "!", text.as_bytes()),
            Self::Bulk(bytes) => bulk(out, "$", bytes),
            Self::Double(text) => line(out, ",", text),
            Self::Boolean(value) => line(out, "#", if *value { "t" } else { "f" }),
            Self::BigNumber(digits) => line(out, "(", digits),
            Self::Verbatim(format, text) => bulk(out, "=", format!("{format}:{text}").as_bytes()),
            Self::Array(elements) => all(out, "*", elements),
            Self::Set(elements) => all(out, "~", elements),
            Self::Map(pairs) => all_pairs(out, "%", pairs),
            Self::Push(kind, rest) => {
                line(out, ">", 1 + rest.len());
                bulk(out, "$", kind.as_bytes());
                rest.iter().for_each(|element| element.encode(out));
            }
            Self::Attribute(pairs, value) => {
                all_pairs(out, "|", pairs);
                value.encode(out);
            }
        }
    }
}

fn line(out: &mut Vec<u8>, kind: &str, text: impl std::fmt::Display) {
    out.extend_from_slice(format!("{kind}{text}\r\n").as_bytes());
}

fn bulk(out: &mut Vec<u8>, kind: &str, payload: &[u8]) {
    line(out, kind, payload.len());
    out.extend_from_slice(payload);
    out.extend_from_slice(b"\r\n");
}

fn all(out: &mut Vec<u8>, kind: &str, elements: &[Reply]) {
    line(out, kind, elements.len());
    elements.iter().for_each(|element| element.encode(out));
}

fn all_pairs(out: &mut Vec<u8>, kind: &str, pairs: &[(Reply, Reply)]) {
    line(out, kind, pairs.len());
    for (key, value) in pairs {
        key.encode(out);
        value.encode(out);
    }
}

/// What RESP2 has.
pub fn resp2() -> impl Strategy<Value = Reply> {
    resp2_scalar().prop_recursive(5, 64, 8, |inner| prop::collection::vec(inner, 0..8).prop_map(Reply::Array))
}

/// What RESP3 adds to it, too.
pub fn resp3() -> impl Strategy<Value = Reply> {
    prop_oneof![resp2_scalar(), resp3_scalar()].prop_recursive(5, 64, 8, |inner| {
        let elements = prop::collection::vec(inner.clone(), 0..8);
        let pairs = prop::collection::vec((inner.clone(), inner.clone()), 0..4);
        prop_oneof![
            elements.clone().prop_map(Reply::Array),
            elements.clone().prop_map(Reply::Set),
            pairs.clone().prop_map(Reply::Map),
            (push_kind(), elements).prop_map(|(kind, rest)| Reply::Push(kind, rest)),
            (pairs, inner).prop_map(|(pairs, value)| Reply::Attribute(pairs, Box::new(value))),
        ]
    })
}

/// A few replies, one after the other.
pub fn stream(reply: impl Strategy<Value = Reply>) -> impl Strategy<Value = Vec<Vec<u8>>> {
    let encoded = reply.prop_map(|reply| {
        let mut out = Vec::new();
        reply.encode(&mut out);
        out
    });
    prop::collection::vec(encoded, 1..5)
}

fn resp2_scalar() -> impl Strategy<Value = Reply> {
    prop_oneof![
        prop_oneof![Just("$-1"), Just("*-1")].prop_map(Reply::Nil),
        prop_oneof![any::<i64>(), -20..20i64, Just(i64::MIN), Just(i64::MAX)].prop_map(Reply::Int),
        text().prop_map(Reply::Simple),
        error().prop_map(Reply::Error),
        prop::collection::vec(any::<u8>(), 0..120).prop_map(Reply::Bulk),
        "[\r\n$*:+-]{0,12}".prop_map(|text| Reply::Bulk(text.into_bytes())),
    ]
}

fn resp3_scalar() -> impl Strategy<Value = Reply> {
    prop_oneof![
        Just(Reply::Nil("_")),
        any::<bool>().prop_map(Reply::Boolean),
        any::<f64>().prop_map(|value| Reply::Double(format!("{value:?}").to_lowercase())),
        "-?[0-9]{1,17}(\\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?|[+-]?inf|-?nan".prop_map(Reply::Double),
        "-?[0-9]{1,80}".prop_map(Reply::BigNumber),
        error().prop_map(Reply::BulkError),
        ("txt|mkd|[a-z]{3}", any::<String>()).prop_map(|(format, text)| Reply::Verbatim(format, text)),
    ]
}

/// What may stand in a line: anything but its end.
fn text() -> impl Strategy<Value = String> {
    let any_text = prop_oneof![Just("OK".to_string()), any::<String>(), "[a-zA-Z \r\n]{0,40}"];
    any_text.prop_filter("a line's end", |text| !text.contains(['\r', '\n']))
}

fn error() -> impl Strategy<Value = String> {
    let code = prop_oneof![Just("ERR"), Just("WRONGTYPE"), Just("MOVED"), Just("NOAUTH")];
    prop_oneof![text(), (code, text()).prop_map(|(code, text)| format!("{code} {text}"))]
}

fn push_kind() -> impl Strategy<Value = String> {
    prop_oneof![Just("message".to_string()), Just("invalidate".to_string()), "[a-z]{0,9}"]
}
