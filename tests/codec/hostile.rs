//! Servers that lie, and what is no server of ours at all.

use super::oracle::reads;
use super::{decode, ALPHABET};
use proptest::prelude::*;
use std::mem::discriminant;
use unified_redis::wire::{Decoder, Fed, Limits, ProtocolError, ValueSink};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Garbage never panics, and how it is cut up does not change what is made of it.
    #[test]
    fn garbage_is_refused_alike_however_it_arrives(garbage in garbage(), reads in reads(), inline_bulk in 0..20usize) {
        let limits = Limits { inline_bulk, max_depth: 6, max_text: 30, max_line: 20, ..Limits::default() };
        let whole = decode(&limits, &garbage, &[garbage.len()]);
        let cut = decode(&limits, &garbage, &reads);
        prop_assert_eq!(whole.values, cut.values);
        prop_assert_eq!(whole.error.map(|error| discriminant(&error)), cut.error.map(|error| discriminant(&error)));
    }
}

fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let meaningful = prop::sample::select(ALPHABET);
    let line_end = Just(b"\r\n".to_vec());
    let word = prop_oneof![prop::collection::vec(meaningful, 1..4), line_end];
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..60),
        prop::collection::vec(word, 0..60).prop_map(|words| words.concat()),
    ]
}

#[test]
fn absurd_lengths_fail() {
    for absurd in [
        "$9223372036854775807\r\n",
        "$2147483649\r\n",
        "*9223372036854775807\r\n",
        "*2147483648\r\n",
        "%9223372036854775807\r\n",
        "|2147483648\r\n",
    ] {
        assert!(matches!(error(absurd.as_bytes()), ProtocolError::TooLong { .. }), "{absurd:?}");
    }
    for absurd in ["$9223372036854775808\r\n", "*99999999999999999999999", ":-9223372036854775809\r\n"] {
        assert!(matches!(error(absurd.as_bytes()), ProtocolError::OutOfRange { .. }), "{absurd:?}");
    }
    for absurd in ["$-2\r\n", "*-2\r\n", "%-1\r\n", "~-1\r\n", ">-1\r\n", "=-1\r\n", "!-1\r\n", "|-1\r\n"] {
        assert!(matches!(error(absurd.as_bytes()), ProtocolError::NegativeLength { .. }), "{absurd:?}");
    }
}

#[test]
fn long_announcements_are_waited_for() {
    for announcement in ["*2147483647\r\n", "%2147483647\r\n", "$2147483648\r\n", "*2147483647\r\n*2147483647\r\n"] {
        let outcome = decode(&Limits::default(), announcement.as_bytes(), &[announcement.len()]);
        assert!(outcome.error.is_none() && outcome.values.is_empty(), "{announcement:?}");
    }
}

#[test]
fn depth_is_bounded() {
    for head in ["*1\r\n", "%1\r\n:1\r\n", "~1\r\n", ">1\r\n", "|1\r\n"] {
        assert_eq!(error(head.repeat(1_000_000).as_bytes()), ProtocolError::TooDeep { limit: 512 }, "{head:?}");
    }
    let deepest = "*1\r\n".repeat(512) + ":1\r\n";
    assert_eq!(decode(&Limits::default(), deepest.as_bytes(), &[7]).values.len(), 1);
}

#[test]
fn lines_are_bounded() {
    for (kind, limit) in [('+', 1024 * 1024), ('-', 1024 * 1024), (',', 64 * 1024), ('(', 64 * 1024)] {
        let digits = "1".repeat(limit);
        let longest = format!("{kind}{digits}\r\n");
        assert_eq!(decode(&Limits::default(), longest.as_bytes(), &[longest.len()]).values.len(), 1);
        let expected = ProtocolError::LineTooLong { kind: kind as u8, limit };
        assert_eq!(error(format!("{kind}{digits}1\r\n").as_bytes()), expected);
        assert_eq!(error(format!("{kind}{digits}1").as_bytes()), expected);
    }
}

#[test]
fn strangers_are_told_apart() {
    assert_eq!(error(b"\x15\x03\x03\x00\x02\x02\x46"), ProtocolError::Tls);
    assert_eq!(error(b"\x16\x03\x01"), ProtocolError::Tls);
    assert_eq!(error(b"HTTP/1.1 400 Bad Request\r\n"), ProtocolError::Http);
    for start in [b"\x15".as_slice(), b"\x16", b"H", b"HTTP"] {
        let fed = Decoder::new(Limits::default()).feed(start, &mut ValueSink::new());
        assert_eq!(fed, Ok(Fed { consumed: 0, complete: false }), "{start:?}");
    }
    for other in [b"\x15\x04".as_slice(), b"HTML", b"SSH-2.0", b"\r\n", b"\0", b"*1\r\nHTTP/", b"*1\r\n\x15\x03"] {
        assert!(matches!(error(other), ProtocolError::UnknownType(_)), "{other:?}");
    }
}

#[test]
fn messages_give_no_payload_away() {
    for (stream, message) in [
        (b":hunter2-is-secret\r\n".as_slice(), "an integer has no number but \"hunt\".."),
        (b"$\xff\"\n\r\n", "a bulk string has no number but \"\\xff\\\"\\n\\r\".."),
        (b"hunter2", "no reply begins with \"h\""),
        (b"$3\r\nhunter2\r\n", "a bulk string is not followed by \\r\\n"),
        (b"+a\rb\r\n", "a simple string has a CR or LF that does not end it"),
        (b"-ERR a\nb\r\n", "an error has a CR or LF that does not end it"),
        (b"#true\r\n", "a boolean cannot be \"true\""),
        (b"=7\r\nhunter2\r\n", "a verbatim string cannot be \"hunt\".."),
        (b"*-7\r\n", "an array announces a length of -7"),
        (b"$9999999999\r\n", "a bulk string announces a length of 9999999999, above the limit of 2147483648"),
        (b"$?\r\n", "a bulk string is streamed, which is not supported"),
        (b"\x16\x03", "a TLS record came where a reply was expected"),
    ] {
        assert_eq!(error(stream).to_string(), message);
        assert!(!format!("{:?}", error(stream)).contains("hunter2"));
    }
}

fn error(stream: &[u8]) -> ProtocolError {
    decode(&Limits::default(), stream, &[stream.len()]).error.expect("a protocol error")
}
