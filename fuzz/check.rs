//! What must hold for any bytes that a server may send. Used by the fuzzer, and by `tests/codec` with its corpus.

use unified_redis::inbox::{Inbox, ReplyWriter};
use unified_redis::wire::{Decoder, Discard, Fed, Limits, ProtocolError, Sink, Value, ValueSink};

/// The first bytes say how the rest arrives, and within which limits.
pub fn check(data: &[u8]) {
    let Some((&[inline_bulk, depth, text, first, second], stream)) = data.split_first_chunk() else { return };
    let limits = Limits {
        inline_bulk: inline_bulk.into(),
        max_depth: usize::from(depth) + 1,
        max_text: usize::from(text) + 16,
        max_line: usize::from(text) + 16,
        ..Limits::default()
    };
    let reads = [usize::from(first) + 1, usize::from(second) + 1];
    let whole = values(&limits, stream, &[stream.len()]);
    let cut = values(&limits, stream, &reads);
    assert_eq!(whole.0, cut.0, "what it means depends on how it arrives");
    assert_eq!(kind(&whole.1), kind(&cut.1), "whether it is refused depends on how it arrives");
    for read in &whole.0 {
        assert!(depth_of(read) <= limits.max_depth + 1, "deeper than allowed");
    }
    let expected = (whole.0.len(), kind(&whole.1));
    let mut inbox = Inbox::default();
    assert_eq!(count(&limits, stream, &reads, &mut Discard), expected, "dropping a reply reads another one");
    for buffers in [false, true] {
        let counted = count(&limits, stream, &reads, &mut ReplyWriter::new(&mut inbox, buffers));
        assert_eq!(counted, expected, "JavaScript would read something else");
        inbox.clear();
    }
}

fn values(limits: &Limits, stream: &[u8], reads: &[usize]) -> (Vec<Value>, Option<ProtocolError>) {
    let mut values = Vec::new();
    let error = feed(limits, stream, reads, &mut ValueSink::new(), |sink| values.extend(sink.take()));
    (values, error)
}

fn count<S: Sink>(limits: &Limits, stream: &[u8], reads: &[usize], sink: &mut S) -> (usize, Kind) {
    let mut replies = 0;
    let error = feed(limits, stream, reads, sink, |_| replies += 1);
    (replies, kind(&error))
}

/// Feeds a stream in reads of these lengths, over and over.
fn feed<S: Sink>(
    limits: &Limits,
    stream: &[u8],
    reads: &[usize],
    sink: &mut S,
    mut replied: impl FnMut(&mut S),
) -> Option<ProtocolError> {
    let mut decoder = Decoder::new(limits.clone());
    let mut buffer = Vec::new();
    let mut rest = stream;
    for read in reads.iter().cycle() {
        let (arrived, later) = rest.split_at(rest.len().min((*read).max(1)));
        rest = later;
        buffer.extend_from_slice(arrived);
        loop {
            match decoder.feed(&buffer, sink) {
                Ok(fed) => {
                    assert!(fed.consumed <= buffer.len(), "consumed more than was given");
                    buffer.drain(..fed.consumed);
                    if !fed.complete {
                        break;
                    }
                    replied(sink);
                }
                Err(error) => {
                    let _ = error.to_string();
                    return Some(error);
                }
            }
        }
        let again = decoder.feed(&buffer, sink);
        assert_eq!(again, Ok(Fed { consumed: 0, complete: false }), "progress without input");
        if rest.is_empty() {
            break;
        }
    }
    None
}

type Kind = Option<std::mem::Discriminant<ProtocolError>>;

fn kind(error: &Option<ProtocolError>) -> Kind {
    error.as_ref().map(std::mem::discriminant)
}

fn depth_of(value: &Value) -> usize {
    match value {
        Value::Array(items) | Value::Set(items) | Value::Push(items) => {
            1 + items.iter().map(depth_of).max().unwrap_or_default()
        }
        Value::Map(pairs) => {
            1 + pairs.iter().map(|(key, value)| depth_of(key).max(depth_of(value))).max().unwrap_or_default()
        }
        _ => 1,
    }
}
