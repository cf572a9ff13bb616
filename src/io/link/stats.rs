//! A link's figures, for people.

use super::Link;
use crate::io::pubsub::Subscriptions;
use crate::port::lock;
use crate::Error;
use serde_json::{json, Value};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where a link is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A first attempt, or a further one, is under way.
    Connecting,
    /// Requests are served.
    Ready,
    /// Waiting before the next attempt.
    Reconnecting,
    /// Requests in flight are finished, new ones refused.
    Closing,
    /// Closed for good.
    End,
}

impl State {
    /// The word that JavaScript sees.
    pub fn word(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Ready => "ready",
            Self::Reconnecting => "reconnecting",
            Self::Closing => "closing",
            Self::End => "end",
        }
    }
}

/// Figures of a link since it was made. Counters are relaxed: they order nothing.
#[derive(Default)]
pub struct Stats {
    pub(in crate::io) reconnects: AtomicU64,
    pub(in crate::io) in_flight: AtomicUsize,
    /// Bytes of the requests in flight, and of those that wait.
    pub(in crate::io) held: Arc<AtomicUsize>,
    pub(in crate::io) commands: AtomicU64,
    pub(in crate::io) bytes_in: AtomicU64,
    pub(in crate::io) bytes_out: AtomicU64,
    pub(in crate::io) round_trip_ns: AtomicU64,
    pub(in crate::io) errors: AtomicU64,
    pub(in crate::io) connections: AtomicU64,
    pub(in crate::io) status: Mutex<Status>,
}

pub(in crate::io) struct Status {
    pub state: State,
    pub since: SystemTime,
    pub address: String,
    pub last_error: Option<(Error, SystemTime)>,
}

impl Default for Status {
    fn default() -> Self {
        Self { state: State::Connecting, since: SystemTime::now(), address: String::new(), last_error: None }
    }
}

impl Link {
    /// Its state now.
    pub fn state(&self) -> State {
        lock(&self.stats.status).state
    }

    /// The address of its server, as it was resolved.
    pub fn address(&self) -> String {
        lock(&self.stats.status).address.clone()
    }

    /// How many requests wait for their replies.
    pub fn in_flight(&self) -> usize {
        self.stats.in_flight.load(Ordering::Relaxed)
    }

    /// How often it failed.
    pub fn errors(&self) -> u64 {
        self.stats.errors.load(Ordering::Relaxed)
    }

    /// Its figures, as `getStats()` shows them.
    pub fn snapshot(&self) -> Value {
        let stats = &self.stats;
        let inline = lock(&self.out).connection.as_ref().is_some_and(|connection| connection.is_read_inline());
        let status = lock(&stats.status);
        json!({
            "purpose": self.purpose,
            "index": self.number,
            "state": status.state.word(),
            "inline": inline,
            "since": epoch_ms(status.since),
            "address": status.address,
            "reconnects": stats.reconnects.load(Ordering::Relaxed),
            "inFlight": stats.in_flight.load(Ordering::Relaxed),
            "bytesInFlight": stats.held.load(Ordering::Relaxed),
            "commands": stats.commands.load(Ordering::Relaxed),
            "bytesIn": stats.bytes_in.load(Ordering::Relaxed),
            "bytesOut": stats.bytes_out.load(Ordering::Relaxed),
            "errors": stats.errors.load(Ordering::Relaxed),
            "lastError": status.last_error.as_ref().map(|(error, at)| json!({
                "code": error.kind().code(),
                "message": error.message(),
                "at": epoch_ms(*at),
            })),
            "lastRoundTripMs": match stats.round_trip_ns.load(Ordering::Relaxed) {
                0 => Value::Null,
                ns => json!(ns as f64 / 1e6),
            },
            "subscriptions": self.subscriptions.as_ref().map_or(0, Subscriptions::len),
        })
    }
}

impl Stats {
    pub(in crate::io) fn set_state(&self, state: State) {
        let mut status = lock(&self.status);
        if status.state != state {
            status.state = state;
            status.since = SystemTime::now();
        }
    }

    pub(in crate::io) fn error(&self, error: &Error) {
        self.errors.fetch_add(1, Ordering::Relaxed);
        lock(&self.status).last_error = Some((error.clone(), SystemTime::now()));
    }

    pub(in crate::io) fn round_trip(&self, time: Duration) {
        self.round_trip_ns.store(time.as_nanos().max(1) as u64, Ordering::Relaxed);
    }
}

/// A moment for JavaScript.
pub(crate) fn epoch_ms(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |age| age.as_millis() as u64)
}
