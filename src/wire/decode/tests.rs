//! What only the decoder's own fields show: what it allocates, and for how long.

use super::super::ValueSink;
use super::{Decoder, Fed, Limits};

#[test]
fn nothing_is_allocated_by_announcement() {
    let mut decoder = Decoder::new(Limits::default());
    let mut sink = ValueSink::new();
    feed(&mut decoder, b"*2147483647\r\n$2000000000\r\n", &mut sink);
    assert_eq!(decoder.long.as_ref().map(|long| long.bytes.capacity()), Some(0));

    let mut arrived = 0;
    while arrived < 1_000_000 {
        feed(&mut decoder, &[b'x'; 1000], &mut sink);
        arrived += 1000;
        let capacity = decoder.long.as_ref().map_or(0, |long| long.bytes.capacity());
        assert!((arrived..=2 * arrived).contains(&capacity), "{capacity} bytes for {arrived}");
    }
}

#[test]
fn a_long_bulk_ends_in_exactly_its_length() {
    let mut decoder = Decoder::new(Limits::default());
    let mut sink = ValueSink::new();
    feed(&mut decoder, b"$100000\r\n", &mut sink);
    for _ in 0..100 {
        feed(&mut decoder, &[b'x'; 1000], &mut sink);
    }
    assert_eq!(decoder.long.as_ref().map(|long| long.bytes.capacity()), Some(100_000));
    assert_eq!(decoder.feed(b"\r", &mut sink), Ok(Fed { consumed: 0, complete: false }));
    assert_eq!(decoder.feed(b"\r\n", &mut sink), Ok(Fed { consumed: 2, complete: true }));
    assert!(decoder.long.is_none());
}

#[test]
fn short_bulks_and_small_replies_allocate_nothing() {
    let mut decoder = Decoder::new(Limits::default());
    let mut sink = ValueSink::new();
    let head = b"$16384\r\n";
    let cut = [head.as_slice(), &[b'x'; 16_000]].concat();
    assert_eq!(decoder.feed(&cut, &mut sink), Ok(Fed { consumed: 0, complete: false }));
    for reply in [b"+OK\r\n".as_slice(), b":1\r\n", b"$-1\r\n", b"$2\r\nab\r\n", b"*0\r\n", b"|0\r\n_\r\n"] {
        assert_eq!(decoder.feed(reply, &mut sink), Ok(Fed { consumed: reply.len(), complete: true }));
    }
    assert!(decoder.long.is_none());
    assert_eq!(decoder.open.capacity(), 0);
}

#[test]
fn one_call_decodes_one_reply() {
    let mut decoder = Decoder::new(Limits::default());
    let fed = decoder.feed(b"+OK\r\n:1\r\n", &mut ValueSink::new());
    assert_eq!(fed, Ok(Fed { consumed: 5, complete: true }));
}

/// The search for a line's end goes on where it stopped, and only for that line.
#[test]
fn the_search_of_one_line_is_not_that_of_the_next() {
    let mut decoder = Decoder::new(Limits::default());
    let mut sink = ValueSink::new();
    let long = [b"+".as_slice(), &[b'x'; 5000]].concat();
    feed(&mut decoder, b"+O", &mut sink);
    assert_eq!(decoder.searched, 0);
    decoder.feed(&long, &mut sink).expect("valid RESP");
    assert_eq!(decoder.searched, 5000);
    let whole = [long.as_slice(), b"\r\n"].concat();
    assert_eq!(decoder.feed(&whole, &mut sink), Ok(Fed { consumed: whole.len(), complete: true }));
    assert_eq!(decoder.searched, 0);
}

/// Feeds what is to be consumed whole, or not at all, without completing a reply.
fn feed(decoder: &mut Decoder, input: &[u8], sink: &mut ValueSink) {
    let fed = decoder.feed(input, sink).expect("valid RESP");
    assert!(!fed.complete);
}
