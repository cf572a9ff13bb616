//! The parser of the `redis` crate is the judge of what a stream means.

use super::reply::{resp2, resp3, stream};
use super::{decode, Outcome, ALPHABET};
use proptest::prelude::*;
use unified_redis::wire::{Limits, Value};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn resp2_means_what_the_redis_crate_reads(
        replies in stream(resp2()), reads in reads(), inline_bulk in 0..64usize
    ) {
        agree(&replies, &reads, inline_bulk)?;
    }

    #[test]
    fn resp3_means_what_the_redis_crate_reads(
        replies in stream(resp3()), reads in reads(), inline_bulk in 0..64usize
    ) {
        agree(&replies, &reads, inline_bulk)?;
    }

    /// Where a damaged reply is still one to both, it is the same one.
    #[test]
    fn damaged_replies_are_read_alike_or_refused(
        replies in stream(resp3()), at in any::<prop::sample::Index>(), byte in prop::sample::select(ALPHABET)
    ) {
        let mut damaged = replies[0].clone();
        let at = at.index(damaged.len());
        damaged[at] = byte;
        let ours = decode(&Limits::default(), &damaged, &[damaged.len()]);
        // What we refuse for its length the oracle might allocate.
        if let Some(ours) = ours.values.first() {
            if let Ok(theirs) = redis::parse_redis_value(&damaged) {
                prop_assert!(means(ours, &theirs), "{ours:?}\n{theirs:?}");
            }
        }
    }
}

/// How long the reads are in which a stream arrives.
pub fn reads() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        Just(vec![1]),
        Just(vec![usize::MAX / 2]),
        prop::collection::vec(1..9usize, 1..9),
        prop::collection::vec(1..200usize, 1..9)
    ]
}

fn agree(replies: &[Vec<u8>], reads: &[usize], inline_bulk: usize) -> Result<(), TestCaseError> {
    let limits = Limits { inline_bulk, ..Limits::default() };
    let Outcome { values, error, unconsumed } = decode(&limits, &replies.concat(), reads);
    prop_assert_eq!(error, None);
    prop_assert_eq!(unconsumed, 0);
    prop_assert_eq!(values.len(), replies.len());
    for (ours, reply) in values.iter().zip(replies) {
        let theirs = redis::parse_redis_value(reply).expect("the oracle reads it");
        prop_assert!(means(ours, &theirs), "{ours:?}\n{theirs:?}");
    }
    Ok(())
}

/// Whether our value is theirs.
fn means(ours: &Value, theirs: &redis::Value) -> bool {
    use redis::Value as Theirs;
    match (ours, theirs) {
        (_, Theirs::Attribute { data, .. }) => means(ours, data),
        (Value::Nil, Theirs::Nil) => true,
        (Value::Int(ours), Theirs::Int(theirs)) => ours == theirs,
        (Value::Simple(ours), Theirs::Okay) => ours == b"OK",
        (Value::Simple(ours), Theirs::SimpleString(theirs)) => ours == theirs.as_bytes(),
        (Value::Error(ours), Theirs::ServerError(theirs)) => {
            let details = theirs.details().map(|details| format!(" {details}")).unwrap_or_default();
            String::from_utf8_lossy(ours) == format!("{}{details}", theirs.code())
        }
        (Value::Bulk(ours), Theirs::BulkString(theirs)) => ours == theirs,
        (Value::Double(ours), Theirs::Double(theirs)) => {
            let ours: f64 = String::from_utf8_lossy(ours).trim().parse().expect("the oracle could read it");
            ours == *theirs || (ours.is_nan() && theirs.is_nan())
        }
        (Value::Boolean(ours), Theirs::Boolean(theirs)) => ours == theirs,
        (Value::BigNumber(ours), Theirs::BigNumber(theirs)) => ours == theirs,
        // The oracle takes a format of any length, so that a damaged text may look like one to it.
        (Value::Verbatim(ours), Theirs::VerbatimString { format, text }) => {
            format.to_string().len() != 3 || String::from_utf8_lossy(ours) == *text
        }
        (Value::Array(ours), Theirs::Array(theirs)) | (Value::Set(ours), Theirs::Set(theirs)) => all_mean(ours, theirs),
        (Value::Push(ours), Theirs::Push { kind, data }) => match ours.split_first() {
            Some((first, rest)) => first.as_text() == Some(kind.to_string().into()) && all_mean(rest, data),
            None => data.is_empty(),
        },
        (Value::Map(ours), Theirs::Map(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|(ours, theirs)| means(&ours.0, &theirs.0) && means(&ours.1, &theirs.1))
        }
        _ => false,
    }
}

fn all_mean(ours: &[Value], theirs: &[redis::Value]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| means(ours, theirs))
}
