//! One connection in service: the part that the I/O thread and a JavaScript thread share.
//!
//! # Who reads
//!
//! Usually the I/O thread. But where few commands are in flight, the way through another thread costs more than the
//! command. So when one port alone uses a link, with few commands at a time, its JavaScript thread watches the socket in
//! its own event loop and reads replies itself: *inline*. When more is under way, or somebody else uses the link too,
//! reading goes back to the I/O thread. Measured in bench/RESULTS.md at 1 and 10 callers.
//!
//! 1. `inline` says who reads. A JavaScript thread sets it, in [`Connection::read_inline`]; any thread takes it back, in
//!    [`Connection::leave_inline`]. While it changes, both may watch, which costs a wake-up for nothing.
//! 2. Whoever reads holds `reader`. It is the first of all locks: nobody who holds another one waits for it.
//! 3. Deadlines are the I/O thread's in any case. When it looks at them it also reads what the JavaScript thread, busy
//!    with something else, has left in the socket.
//! 4. What a JavaScript thread finds wrong it leaves in `Reader::fault`, and wakes the I/O thread.

use super::link::Link;
use super::reader::Reader;
use super::transport::Transport;
use crate::port::lock;
use crate::{Error, Kind};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// See the module.
pub struct Connection {
    pub(super) transport: Arc<Transport>,
    pub(super) reader: Mutex<Reader>,
    inline: AtomicBool,
}

/// Above this many bytes at once, reading is work that the event loop should not do.
const MUCH: usize = 64 * 1024;

impl Connection {
    pub(super) fn new(link: &Arc<Link>, transport: Arc<Transport>) -> Arc<Self> {
        let reader = Mutex::new(Reader::new(Arc::clone(link), Arc::clone(&transport)));
        Arc::new(Self { transport, reader, inline: AtomicBool::new(false) })
    }

    /// What the event loop of a JavaScript thread watches; none where it cannot.
    pub fn descriptor(&self) -> Option<i32> {
        self.transport.descriptor()
    }

    pub(super) fn is_read_inline(&self) -> bool {
        self.inline.load(Ordering::Acquire)
    }

    /// A JavaScript thread, which watches the socket: it reads from now on.
    pub fn read_inline(&self, link: &Link) {
        self.inline.store(true, Ordering::Release);
        link.wake.notify_one();
    }

    /// Any thread: the I/O thread reads from now on.
    pub fn leave_inline(&self, link: &Link) {
        if self.inline.swap(false, Ordering::AcqRel) {
            link.wake.notify_one();
        }
    }

    /// The JavaScript thread: something may have come. False when it shall watch the socket no more.
    pub fn read(&self, link: &Link) -> bool {
        let mut reader = lock(&self.reader);
        if reader.ended || !self.is_read_inline() {
            return false;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| reader.read()));
        let fault = match outcome {
            Ok(Ok(progress)) => {
                if progress.bytes > MUCH || self.transport.has_pending() {
                    drop(reader);
                    link.busy();
                    self.leave_inline(link);
                    return false;
                }
                return true;
            }
            Ok(Err(error)) => error,
            Err(_) => Error::new(Kind::Internal, format!("reading the link {} panicked", link.purpose)),
        };
        reader.fault = Some(fault);
        drop(reader);
        self.inline.store(false, Ordering::Release);
        link.wake.notify_one();
        false
    }

    pub(super) fn take_fault(&self) -> Option<Error> {
        lock(&self.reader).fault.take()
    }
}

/// What a link is used like, which decides who reads it.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    /// The port that submitted last, by its address.
    port: usize,
    /// How many batches in a row it has submitted, since its way of being read was changed last.
    streak: u32,
    /// Requests in flight when a batch is submitted: an average over some 16 batches, in sixteenths.
    load: u32,
    /// The time between batches in µs, likewise.
    gap: u32,
    /// When the last batch was submitted.
    last: Option<Instant>,
}

/// Batches in a row after which a port counts as the only user.
const ALONE: u32 = 16;
/// Below the first, requests in flight are few, and above the second they are many: in sixteenths.
struct Few(u32, u32);
/// Where batches follow each other closely, the I/O thread stays awake for them (`spin.rs`): from some three requests
/// at a time it is the better reader then.
const WHERE_IT_SPINS: Few = Few(2 * 16, 3 * 16);
/// Where it does not, the way through it costs two wake-ups for each batch.
const WHERE_IT_SLEEPS: Few = Few(16 * 16, 32 * 16);
/// Below the first, batches follow each other closely, and above the second they do not: in µs, in sixteenths.
const CLOSELY: (u32, u32) = (150 * 16, 300 * 16);

impl Traffic {
    /// A port submits a batch, and `in_flight` requests are under way then.
    pub fn note(&mut self, port: usize, in_flight: usize, now: Instant) {
        self.streak = if self.port == port { self.streak.saturating_add(1) } else { 0 };
        self.port = port;
        let in_flight = u32::try_from(in_flight).unwrap_or(u32::MAX).min(10_000);
        self.load = self.load - self.load / 16 + in_flight;
        let gap = self.last.map_or(0, |last| now.saturating_duration_since(last).as_micros().min(10_000) as u32);
        self.gap = self.gap - self.gap / 16 + gap;
        self.last = Some(now);
    }

    /// Much has come at once.
    pub fn busy(&mut self) {
        self.load = self.load.max(2 * WHERE_IT_SLEEPS.1);
        self.streak = 1;
    }

    /// Whether the port that submitted last should read by itself.
    pub fn is_light(&self) -> bool {
        self.streak >= ALONE && self.load < self.few(self.gap < CLOSELY.1).0
    }

    /// Whether it should stop doing so.
    pub fn is_heavy(&self) -> bool {
        self.streak == 0 || self.load > self.few(self.gap < CLOSELY.0).1
    }

    fn few(&self, closely: bool) -> Few {
        if closely && super::spin::is_possible() {
            WHERE_IT_SPINS
        } else {
            WHERE_IT_SLEEPS
        }
    }
}
