//! A reply costs time and memory in proportion to its length, however it is cut up.

use super::decode;
use unified_redis::wire::{command, Decoder, Limits, Sink, Value, ValueSink};

#[test]
fn a_stream_may_trickle_in_byte_by_byte() {
    let stream = b"*4\r\n+OK\r\n$5\r\nhello\r\n%1\r\n:-1\r\n,1.5\r\n|1\r\n+ttl\r\n:5\r\n*2\r\n_\r\n#t\r\n=7\r\ntxt:a\r\n\r\n-ERR no\r\n";
    let values = decode(&Limits::default(), stream, &[1]).values;
    let expected = [
        Value::Array(vec![
            Value::Simple(b"OK".to_vec()),
            Value::Bulk(b"hello".to_vec()),
            Value::Map(vec![(Value::Int(-1), Value::Double(b"1.5".to_vec()))]),
            Value::Array(vec![Value::Nil, Value::Boolean(true)]),
        ]),
        Value::Verbatim(b"a\r\n".to_vec()),
        Value::Error(b"ERR no".to_vec()),
    ];
    assert_eq!(values, expected);
}

#[test]
fn a_long_bulk_is_collected_and_handed_over() {
    let payload: Vec<u8> = (0..3_000_000u32).map(|index| index as u8).collect();
    let mut stream = Vec::new();
    command(&mut stream, &[b"before", &payload, b"after"]);
    for read in [777, 16 * 1024, 64 * 1024, 1_000_000, stream.len()] {
        let outcome = decode(&Limits::default(), &stream, &[read]);
        let expected = [b"before".to_vec(), payload.clone(), b"after".to_vec()].map(Value::Bulk);
        assert!(outcome.values == [Value::Array(expected.into())], "in reads of {read}");
        assert_eq!(outcome.unconsumed, 0);
    }
    let text = vec![b'x'; 100_000];
    for (head, expected) in
        [("=100004\r\ntxt:", Value::Verbatim(text.clone())), ("!100000\r\n", Value::Error(text.clone()))]
    {
        let stream = [head.as_bytes(), &text, b"\r\n"].concat();
        assert!(decode(&Limits::default(), &stream, &[5000]).values == [expected], "{head:?}");
    }
}

#[test]
fn a_long_bulk_in_an_attribute_is_dropped() {
    let stream = [b"|1\r\n+key\r\n$100000\r\n".as_slice(), &vec![b'x'; 100_000], b"\r\n:1\r\n"].concat();
    assert_eq!(decode(&Limits::default(), &stream, &[5000]).values, [Value::Int(1)]);
}

/// However many elements went before, a read leaves less than one token behind, and no element is seen twice.
#[test]
fn a_million_elements_are_decoded_once_each() {
    const ELEMENTS: usize = 1_000_000;
    let stream = [format!("*{ELEMENTS}\r\n").as_bytes(), &b"$5\r\nhello\r\n".repeat(ELEMENTS)].concat();
    let mut decoder = Decoder::new(Limits::default());
    let mut sink = Count(0);
    let (mut consumed, mut complete) = (0, false);
    for arrived in (0..stream.len()).step_by(1000).skip(1).chain([stream.len()]) {
        assert!(!complete);
        let fed = decoder.feed(&stream[consumed..arrived], &mut sink).expect("valid RESP");
        consumed += fed.consumed;
        complete = fed.complete;
        assert!(arrived - consumed < b"$5\r\nhello\r\n".len());
    }
    assert!(complete);
    assert_eq!(sink.0, 1 + ELEMENTS);
}

/// Were each byte to search the line from its start again, this would take minutes.
#[test]
fn a_long_line_is_searched_once() {
    let line = [b"+".as_slice(), &vec![b'x'; 1024 * 1024], b"\r\n"].concat();
    let mut decoder = Decoder::new(Limits::default());
    let mut sink = ValueSink::new();
    for arrived in 0..line.len() {
        let fed = decoder.feed(&line[..arrived], &mut sink).expect("valid RESP");
        assert_eq!((fed.consumed, fed.complete), (0, false));
    }
    assert!(decoder.feed(&line, &mut sink).expect("valid RESP").complete);
    assert!(sink.take() == Some(Value::Simple(line[1..line.len() - 2].to_vec())));
}

/// Counts what it is told.
struct Count(usize);

macro_rules! count {
    ($($name:ident($($kind:ty)?);)+) => {
        impl Sink for Count {
            $(fn $name(&mut self $(, _: $kind)?) { self.0 += 1; })+
        }
    };
}

count! {
    nil();
    int(i64);
    simple(&[u8]);
    error(&[u8]);
    bulk(&[u8]);
    bulk_owned(Vec<u8>);
    array(usize);
    map(usize);
    set(usize);
    push(usize);
    double(&[u8]);
    boolean(bool);
    big_number(&[u8]);
    verbatim(&[u8]);
}
