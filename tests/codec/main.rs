//! The codec against the parser of the `redis` crate, against servers that lie, and against every way to cut up a stream.

mod corpus;
mod hostile;
mod oracle;
mod reply;
mod resumption;

use unified_redis::wire::{Decoder, Fed, Limits, ProtocolError, Value, ValueSink};

/// The bytes that mean something to a decoder: garbage made of them gets far.
const ALPHABET: &[u8] = b"$*:+-%~|_#,(=!>0123456789\r\ntfx?";

/// What came of a stream.
struct Outcome {
    values: Vec<Value>,
    error: Option<ProtocolError>,
    /// Bytes that were still waited with.
    unconsumed: usize,
}

/// Decodes a stream that arrives in reads of these lengths (over and over), as a link does.
fn decode(limits: &Limits, stream: &[u8], reads: &[usize]) -> Outcome {
    let mut decoder = Decoder::new(limits.clone());
    let mut sink = ValueSink::new();
    let mut outcome = Outcome { values: Vec::new(), error: None, unconsumed: 0 };
    let mut buffer = Vec::new();
    let mut arrived = 0;
    for read in reads.iter().cycle() {
        let end = stream.len().min(arrived + read.max(&1));
        buffer.extend_from_slice(&stream[arrived..end]);
        arrived = end;
        loop {
            match decoder.feed(&buffer, &mut sink) {
                Ok(fed) => {
                    assert!(fed.consumed <= buffer.len(), "consumed more than was given");
                    buffer.drain(..fed.consumed);
                    let value = sink.take();
                    assert_eq!(value.is_some(), fed.complete, "the sink and the decoder disagree");
                    outcome.values.extend(value);
                    if !fed.complete {
                        break;
                    }
                }
                Err(error) => {
                    outcome.error = Some(error);
                    return outcome;
                }
            }
        }
        let again = decoder.feed(&buffer, &mut sink);
        assert_eq!(again, Ok(Fed { consumed: 0, complete: false }), "progress without input");
        if arrived == stream.len() {
            break;
        }
    }
    outcome.unconsumed = buffer.len();
    outcome
}
