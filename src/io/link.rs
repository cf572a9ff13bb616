//! A link: the part of one connection to Redis that all threads share. The I/O thread's part is `drive.rs`.
//!
//! # Who may touch what
//!
//! 1. `out` says whether and where bytes may be written. Whoever holds its lock may write to the socket: a JavaScript
//!    thread in [`Link::submit`], or the I/O thread when it flushes what was left.
//! 2. `handed` takes batches to the I/O thread, in the order in which their bytes are written. It is locked inside
//!    `out` by writers, BEFORE they write, so that a reply always finds its request; and alone by the I/O thread,
//!    which never waits for a write system call that way.
//! 3. Requests in flight belong to whoever reads the connection: `connection.rs`.

mod elsewhere;
mod lending;
mod orders;
mod outgoing;
mod stats;

use super::connection::Connection;
use super::pubsub::Subscriptions;
use super::refusal::{Address, Router};
use super::request::{flag, Batch, Owner, Weight};
use super::transport::Transport;
use crate::config::Config;
use crate::port::lock;
use crate::{Error, Kind};
use orders::Orders;
use outgoing::Outgoing;
pub(super) use outgoing::{write, WRITE_AT_ONCE};
pub(crate) use stats::epoch_ms;
pub use stats::{State, Stats};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Instant;
use tokio::sync::Notify;

/// See the module.
pub struct Link {
    /// Its purpose.
    pub purpose: String,
    /// The place of its purpose among the purposes, or of the lane behind them.
    pub index: usize,
    /// Its number for JavaScript: `index`, unless it is one of several links of its purpose.
    pub number: usize,
    /// The settings of all links, with the host and the port of this one.
    pub config: Arc<Config>,
    /// Where it connects to, for a link that may go to several nodes.
    target: Mutex<Option<Arc<Config>>>,
    /// Who knows where its requests may go otherwise, in a cluster.
    router: Option<Weak<dyn Router>>,
    /// What it is subscribed to; only the link of the purpose [`SUBSCRIBER`] has it.
    pub subscriptions: Option<Subscriptions>,
    pub(super) out: Mutex<Outgoing>,
    pub(super) handed: Mutex<Vec<Batch>>,
    /// Wakes the link's task: something is to be written, or to be closed.
    pub(super) wake: Arc<Notify>,
    /// Whether something is left to write. Set under `out`; read by the I/O thread without it, as a thread that is
    /// writing holds that lock.
    pub(super) unwritten: AtomicBool,
    /// Whether the task looks at deadlines from time to time. It stops when the link is idle.
    pub(super) ticking: AtomicBool,
    /// What is wanted of the task.
    pub(super) orders: Orders,
    /// Figures for people.
    pub stats: Stats,
}

/// The purpose whose link carries the subscriptions.
pub const SUBSCRIBER: &str = "subscriber";

/// Above this many bytes a batch for a TLS link is encrypted by the I/O thread, so that the event loop is not held up.
const SEAL_IN_PLACE: usize = 16 * 1024;

impl Link {
    pub(crate) fn new(config: Arc<Config>, index: usize) -> Arc<Self> {
        Self::with_router(config, index, index, None)
    }

    /// A link of a cluster.
    pub(crate) fn with_router(
        config: Arc<Config>,
        index: usize,
        number: usize,
        router: Option<Weak<dyn Router>>,
    ) -> Arc<Self> {
        let purpose = config.link_name(index);
        Arc::new(Self {
            subscriptions: (purpose == SUBSCRIBER).then(Subscriptions::default),
            purpose,
            index,
            number,
            config,
            target: Mutex::new(None),
            router,
            out: Mutex::default(),
            handed: Mutex::default(),
            wake: Arc::default(),
            unwritten: AtomicBool::new(false),
            ticking: AtomicBool::new(false),
            orders: Orders::default(),
            stats: Stats::default(),
        })
    }

    /// Any thread: accepts a batch. Its requests are written at once where the socket takes them, and always answered.
    ///
    /// Returns the connection when the batch's port would do better to read it by itself ([`Connection::read_inline`]).
    pub fn submit(&self, mut batch: Batch) -> Option<Arc<Connection>> {
        let mut out = lock(&self.out);
        if out.closed {
            drop(out);
            self.give_back(batch, &closed());
            return None;
        }
        if let Some(mut excess) = self.take_excess(&mut batch) {
            self.refuse_excess(&mut excess, &batch);
            if batch.requests.is_empty() {
                return None;
            }
        }
        batch.weight.get_or_insert_with(|| Weight::new(batch.bytes.len(), &self.stats.held));
        batch.lease = out.lease;
        if out.leased.is_some() {
            let stale = out.park(&mut batch);
            if !stale.is_empty() || batch.requests.is_empty() {
                drop(out);
                self.refuse_stale(stale);
                // Deadlines of what was parked are to be watched.
                self.wake.notify_one();
                return if batch.requests.is_empty() { None } else { self.submit(batch) };
            }
        }
        let count = batch.requests.len();
        self.stats.commands.fetch_add(count as u64, Ordering::Relaxed);
        let Some(connection) = out.connection.clone().filter(|_| !out.renewing) else {
            self.submit_down(out, batch);
            return None;
        };
        let transport = &connection.transport;
        let in_flight = self.stats.in_flight.fetch_add(count, Ordering::Relaxed) + count;
        let bytes = out.accept(&mut batch);
        let port = match &batch.owner {
            Owner::Port(port) => Some(Arc::as_ptr(port) as usize),
            _ => None,
        };
        lock(&self.handed).push(batch);
        self.stats.bytes_out.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let inline = connection.is_read_inline();
        let in_place = !transport.is_tls() || bytes.len() <= SEAL_IN_PLACE;
        let mut written = 0;
        let mut handed_over = false;
        if out.is_idle() && in_place {
            // A thread that is awake anyway writes for less than it costs to wake the server from here.
            handed_over = !inline && super::spin::is_awake();
            if !handed_over {
                let outcome = write(transport, &bytes[..bytes.len().min(WRITE_AT_ONCE)]);
                out.wrote(&outcome);
                written = outcome.bytes;
            }
        }
        if written < bytes.len() {
            out.queue.push_back((bytes, written));
        }
        let wake = !out.is_idle();
        if wake {
            self.unwritten.store(true, Ordering::Relaxed);
        }
        let mut light = false;
        if let Some(port) = port {
            out.traffic.note(port, in_flight, Instant::now());
            if (wake && !handed_over) || out.traffic.is_heavy() {
                connection.leave_inline(self);
            } else {
                light = out.traffic.is_light() && !inline;
            }
        }
        drop(out);
        if handed_over && super::spin::hand_over(&self.wake) {
            self.ticking.store(true, Ordering::Relaxed);
        } else if wake || !self.ticking.swap(true, Ordering::Relaxed) {
            self.wake.notify_one();
        }
        (light && self.subscriptions.is_none()).then_some(connection)
    }

    /// Any thread: so much comes that its reader should be the I/O thread.
    pub(super) fn busy(&self) {
        lock(&self.out).traffic.busy();
    }

    /// Takes off what is more than JavaScript may have under way. A batch that comes alone may have any size.
    fn take_excess(&self, batch: &mut Batch) -> Option<Batch> {
        // A batch that was parked has been counted already.
        if !batch.is_from_port() || batch.weight.is_some() {
            return None;
        }
        let held = self.stats.held.load(Ordering::Relaxed);
        let room = match held > 0 && held + batch.bytes.len() > self.config.max_bytes_in_flight {
            true => 0,
            false => self.config.max_commands_in_flight.saturating_sub(self.in_flight()),
        };
        (room < batch.requests.len()).then(|| batch.split_off(room))
    }

    fn refuse_excess(&self, excess: &mut Batch, taken: &Batch) {
        let commands = self.in_flight() + taken.requests.len();
        let bytes = self.stats.held.load(Ordering::Relaxed) + taken.bytes.len();
        let (max_commands, max_bytes) = (self.config.max_commands_in_flight, self.config.max_bytes_in_flight);
        let message = format!(
            "too much at once on the link {}: {commands} commands are in flight (maxCommandsInFlight: {max_commands}), \
             with {bytes} bytes (maxBytesInFlight: {max_bytes}); the command was not sent",
            self.purpose
        );
        excess.fail_all(&self.error(Kind::Backpressure, message));
    }

    fn submit_down(&self, mut out: std::sync::MutexGuard<'_, Outgoing>, mut batch: Batch) {
        if let Owner::Subscription(_) = batch.owner {
            drop(out);
            if let Owner::Subscription(acknowledgement) = batch.disown() {
                acknowledgement.lost();
            }
            return;
        }
        // In a cluster it is the cluster that is to be up, not each of its nodes.
        let may_wait = self.config.enable_offline_queue
            || self.is_lane()
            || self.router.is_some()
            || out.renewing
            || batch.is_again();
        if !batch.is_from_port() || !may_wait {
            // Of requests that come together, some may be of handles that say so for themselves.
            let patient = batch.extract(|request| request.is(flag::MAY_WAIT));
            let is_awaited = !patient.is_empty();
            let too_many: Vec<_> = patient.into_iter().filter_map(|batch| self.wait_in(&mut out, batch)).collect();
            drop(out);
            if is_awaited {
                self.wake.notify_one();
            }
            batch.fail_all(&self.down());
            return too_many.into_iter().for_each(|batch| self.refuse_full(batch));
        }
        let too_many = self.wait_in(&mut out, batch);
        drop(out);
        self.wake.notify_one();
        if let Some(too_many) = too_many {
            self.refuse_full(too_many);
        }
    }

    /// Has a batch wait for a connection. Returns what of it is too much.
    fn wait_in(&self, out: &mut Outgoing, mut batch: Batch) -> Option<Batch> {
        let waiting: usize = out.waiting.iter().map(|batch| batch.requests.len()).sum();
        let too_many = batch.split_off(self.config.offline_queue_limit.saturating_sub(waiting));
        if !batch.requests.is_empty() {
            batch.weight.get_or_insert_with(|| Weight::new(batch.bytes.len(), &self.stats.held));
            batch.lease = out.lease;
            out.waiting.push_back(batch);
        }
        Some(too_many).filter(|batch| !batch.requests.is_empty())
    }

    fn refuse_full(&self, mut batch: Batch) {
        let limit = self.config.offline_queue_limit;
        let full = format!("the offline queue of {} is full (offlineQueueLimit: {limit})", self.purpose);
        batch.fail_all(&self.error(Kind::QueueFull, full));
    }

    /// The node that it was made for.
    pub(crate) fn node(&self) -> Address {
        self.config.address()
    }

    /// An error that names this link's purpose.
    pub(super) fn error(&self, kind: Kind, message: impl Into<String>) -> Error {
        Error::new(kind, message).of(&self.purpose)
    }

    /// The error of a failed read or write on this link.
    pub(super) fn failed(&self, transport: &Transport, error: &std::io::Error) -> Error {
        transport.explain(error, &format!("the link {}", self.purpose))
    }

    /// The link is lost or not there yet: what a request is told that may not wait.
    pub fn down(&self) -> Error {
        let status = lock(&self.stats.status);
        let why = match &status.last_error {
            Some((error, _)) => format!(" ({error})"),
            None => String::new(),
        };
        self.error(
            Kind::LinkDown,
            format!(
                "Stream isn't writeable and enableOfflineQueue options is false: the link {} is {}{why}",
                self.purpose,
                status.state.word()
            ),
        )
    }

    /// Whether it is a lane: used by one caller at a time, who would rather wait for it than be refused.
    pub fn is_lane(&self) -> bool {
        self.index >= self.config.purposes.len()
    }
}

/// Why a connection is replaced on purpose.
pub(super) fn told_to_reconnect(link: &Link) -> Error {
    link.error(Kind::ConnectionLost, format!("the link {} was told to reconnect", link.purpose))
}

/// What a request is told after the manager was cleaned up.
pub fn closed() -> Error {
    Error::new(Kind::Closed, "Connection is closed.")
}

/// Whether requests of this batch may hold up others on purpose.
pub(super) fn is_blocking(batch: &Batch) -> bool {
    batch.requests.iter().any(|request| request.is(flag::BLOCKING))
}
