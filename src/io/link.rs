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

use super::connection::{Connection, Traffic};
use super::pubsub::Subscriptions;
use super::refusal::Router;
use super::request::{flag, Batch, Owner, Weight};
use super::transport::Transport;
use crate::config::Config;
use crate::inbox::Inbox;
use crate::port::lock;
use crate::{Error, Kind};
use serde_json::{json, Value};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
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

/// What one thread writes at the most while it holds the lock: a long value must hold up neither the event loop nor
/// other threads that submit.
pub(super) const WRITE_AT_ONCE: usize = 256 * 1024;

/// Where bytes go.
#[derive(Default)]
pub(super) struct Outgoing {
    /// None unless the link is ready.
    pub connection: Option<Arc<Connection>>,
    /// What the link is used like.
    pub traffic: Traffic,
    /// What was accepted and not yet written: the bytes of a batch, and how many of them are written.
    pub queue: VecDeque<(Arc<[u8]>, usize)>,
    /// Whether the transport holds ciphertext that the socket did not take.
    pub unflushed: bool,
    /// Whether the I/O thread is writing, for which it does not hold the lock.
    pub writing: bool,
    /// Bytes accepted for this connection.
    pub submitted: u64,
    /// Bytes that have gone, as far as we can tell.
    pub written: u64,
    /// Batches that wait for a connection.
    pub waiting: VecDeque<Batch>,
    /// How many connections the link has had.
    pub generation: u64,
    /// Which of them is leased.
    pub leased: Option<u64>,
    /// Counts the beginnings and the ends of leases.
    pub lease: u64,
    /// Batches that wait for the end of the lease.
    pub parked: VecDeque<Batch>,
    /// The connection is about to be replaced: what is submitted waits for the next one, whatever the options say.
    pub renewing: bool,
    /// When it was replaced last since the server had become a replica.
    pub renewed: Option<Instant>,
    /// The socket takes nothing any more. It counts as writable for ever, so nobody must wait for that: its reader is
    /// about to find out what happened.
    pub failed: bool,
    /// No more requests are accepted.
    pub closed: bool,
}

/// What is wanted of a link's task.
#[derive(Default)]
pub(super) struct Orders {
    /// Whether `close_by` is set.
    pub close: AtomicBool,
    /// Whether others take over what it leaves undone.
    pub leave: AtomicBool,
    /// When it shall have ended by.
    pub close_by: Mutex<Option<Instant>>,
    /// Drop the socket and dial again.
    pub reconnect: AtomicBool,
    /// The same, as soon as nothing is in flight, or this moment has come.
    pub renew_by: Mutex<Option<Instant>>,
    /// It connects to another node from now on: no waiting for the one before.
    pub hurry: AtomicBool,
    /// The answer of a `retryStrategy`: the attempt, and the delay (none: stop).
    pub retry_answer: Mutex<Option<(u32, Option<Duration>)>>,
}

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
    pub(super) reconnects: AtomicU64,
    pub(super) in_flight: AtomicUsize,
    /// Bytes of the requests in flight, and of those that wait.
    pub(super) held: Arc<AtomicUsize>,
    pub(super) commands: AtomicU64,
    pub(super) bytes_in: AtomicU64,
    pub(super) bytes_out: AtomicU64,
    pub(super) round_trip_ns: AtomicU64,
    pub(super) errors: AtomicU64,
    pub(super) connections: AtomicU64,
    pub(super) status: Mutex<Status>,
}

pub(super) struct Status {
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

    /// Any thread: accepts a batch again that the server has refused.
    pub(super) fn submit_again(&self, mut batch: Batch) {
        // It was accepted before, so nothing can be too much about it.
        batch.weight.get_or_insert_with(|| Weight::new(batch.bytes.len(), &self.stats.held));
        self.submit(batch);
    }

    /// Any thread: the server refused a batch since it is a replica. The connection is replaced, once the replies to what
    /// is in flight have come, and the batch is sent on the next one; unless that was tried a moment ago.
    pub(super) fn renew_for(&self, mut batch: Batch, reply: Inbox) {
        const LET_FINISH: Duration = Duration::from_millis(500);
        const AT_MOST_EVERY: Duration = Duration::from_secs(1);
        let now = Instant::now();
        let mut out = lock(&self.out);
        let is_first = batch.requests.iter().all(|request| request.refusals == 1);
        let is_recent = out.renewed.is_some_and(|at| now - at < AT_MOST_EVERY);
        if out.closed || !is_first || (is_recent && !out.renewing) {
            drop(out);
            return super::refusal::surface(batch, reply);
        }
        batch.weight.get_or_insert_with(|| Weight::new(batch.bytes.len(), &self.stats.held));
        out.waiting.push_back(batch);
        if !out.renewing && out.connection.is_some() {
            out.renewing = true;
            out.renewed = Some(now);
            *lock(&self.orders.renew_by) = Some(now + LET_FINISH);
        }
        drop(out);
        self.wake.notify_one();
    }

    /// Any thread: it cannot serve a batch that it has not sent. In a cluster another link may.
    pub(super) fn give_back(&self, mut batch: Batch, error: &Error) {
        match self.router().filter(|_| batch.is_routed()) {
            Some(router) => router.returned(self, batch),
            None => batch.fail_all(error),
        }
    }

    /// Any thread: the routed requests that wait for a connection.
    pub(crate) fn take_routed(&self) -> Vec<Batch> {
        let mut out = lock(&self.out);
        let (routed, rest) = std::mem::take(&mut out.waiting).into_iter().partition(Batch::is_routed);
        out.waiting = rest;
        Vec::from_iter::<VecDeque<Batch>>(routed)
    }

    /// Any thread: fails what waits for a connection, as lost before it was sent.
    pub(crate) fn refuse_waiting(&self, why: &str) {
        let waiting = std::mem::take(&mut lock(&self.out).waiting);
        for mut batch in waiting {
            batch.fail_all(&self.error(Kind::ConnectionLost, why));
        }
    }

    /// Who knows where its requests may go otherwise.
    pub(super) fn router(&self) -> Option<Arc<dyn Router>> {
        self.router.as_ref()?.upgrade()
    }

    /// Whether it is one of several links of its purpose.
    pub(super) fn is_routed(&self) -> bool {
        self.router.is_some()
    }

    /// What it connects to.
    pub(crate) fn target(&self) -> Arc<Config> {
        lock(&self.target).clone().unwrap_or_else(|| Arc::clone(&self.config))
    }

    /// Any thread: it connects to this node from now on; nobody is using it.
    pub(crate) fn retarget(&self, target: Arc<Config>) {
        {
            let mut current = lock(&self.target);
            if current.as_ref().unwrap_or(&self.config).is_same_server(&target) {
                return;
            }
            *current = Some(target);
        }
        // At once, on this thread: what the caller sends next must not go to the node before.
        if let Some(connection) = lock(&self.out).connection.take() {
            connection.transport.shutdown();
            self.reconnect();
        } else {
            self.orders.hurry.store(true, Ordering::Release);
        }
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
            drop(out);
            return batch.fail_all(&self.down());
        }
        let limit = self.config.offline_queue_limit;
        let waiting: usize = out.waiting.iter().map(|batch| batch.requests.len()).sum();
        let mut too_many = batch.split_off(limit.saturating_sub(waiting));
        if !batch.requests.is_empty() {
            out.waiting.push_back(batch);
        }
        drop(out);
        self.wake.notify_one();
        if !too_many.requests.is_empty() {
            let full = format!("the offline queue of {} is full (offlineQueueLimit: {limit})", self.purpose);
            too_many.fail_all(&self.error(Kind::QueueFull, full));
        }
    }

    /// Any thread: from now on the link is leased, on the connection that it has now.
    pub(crate) fn lease(&self) {
        let mut out = lock(&self.out);
        out.leased = Some(out.generation);
        out.lease += 1;
    }

    /// Any thread: the lease is over. `dirty`: something of it may still be there. A lane then gets a new connection; a
    /// link that others share only forgets what was watched.
    pub(crate) fn release(&self, dirty: bool) {
        let (parked, same, abandoned) = {
            let mut out = lock(&self.out);
            let same = out.connection.is_some() && out.leased == Some(out.generation);
            out.leased = None;
            out.lease += 1;
            let mut abandoned = VecDeque::new();
            if dirty && self.is_lane() {
                // At once, on this thread: what the caller sends next, on another link, must find the server without
                // his old command waiting there, and nothing of his may be done on the next connection.
                abandoned = std::mem::take(&mut out.waiting);
                if let Some(connection) = out.connection.take() {
                    self.orders.reconnect.store(true, Ordering::Release);
                    connection.transport.shutdown();
                }
            }
            (std::mem::take(&mut out.parked), same, abandoned)
        };
        for mut batch in abandoned {
            batch.fail_all(&closed());
        }
        if dirty && self.is_lane() {
            self.wake.notify_one();
        } else if dirty && same {
            super::ask(self, &[b"UNWATCH"], None, drop);
        }
        for batch in parked {
            self.submit(batch);
        }
    }

    fn refuse_stale(&self, batches: Vec<Batch>) {
        let stale = format!(
            "the link {} was lost after WATCH, so nothing watches the keys any more; nothing was sent",
            self.purpose
        );
        for mut batch in batches {
            batch.fail_all(&self.error(Kind::ConnectionLost, stale.as_str()));
        }
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

    /// Any thread: drops the socket and dials again.
    pub fn reconnect(&self) {
        self.orders.reconnect.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Any thread: what a `retryStrategy` said about this attempt.
    pub fn answer_retry(&self, attempt: u32, delay: Option<Duration>) {
        *lock(&self.orders.retry_answer) = Some((attempt, delay));
        self.wake.notify_one();
    }

    /// Any thread: from now on no request is accepted; what is in flight has until `by`.
    pub fn close(&self, by: Instant) {
        *lock(&self.orders.close_by) = Some(by);
        self.orders.close.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Any thread: the same, as its node is no part of the cluster any more: what is in flight then is treated as after a
    /// loss, and what can be sent again goes to other links.
    pub(crate) fn leave(&self, by: Instant) {
        self.orders.leave.store(true, Ordering::Release);
        self.close(by);
    }

    /// Its state now.
    pub fn state(&self) -> State {
        lock(&self.stats.status).state
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

/// Why a connection is replaced on purpose.
pub(super) fn told_to_reconnect(link: &Link) -> Error {
    link.error(Kind::ConnectionLost, format!("the link {} was told to reconnect", link.purpose))
}

impl Outgoing {
    /// All that was accepted and is not in flight.
    pub fn take_pending(&mut self) -> VecDeque<Batch> {
        let mut pending = std::mem::take(&mut self.waiting);
        pending.append(&mut self.parked);
        pending
    }

    /// Whether a new batch may be written at once.
    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && !self.unflushed && !self.writing
    }

    /// The link is leased: parks what has to wait for the end of the lease, and returns what the lease can no longer
    /// carry, because its connection is gone. The rest stays in the batch.
    pub fn park(&mut self, batch: &mut Batch) -> Vec<Batch> {
        let current = self.connection.is_some() && self.leased == Some(self.generation);
        let parked = batch.extract(|request| request.is(flag::ENDS_WATCH) && !request.is(flag::LEASED));
        self.parked.extend(parked);
        if current {
            return Vec::new();
        }
        batch.extract(|request| request.is(flag::LEASED) && !request.is(flag::BLOCKING))
    }

    /// Gives the batch its place in the stream.
    pub fn accept(&mut self, batch: &mut Batch) -> Arc<[u8]> {
        batch.start = self.submitted;
        self.submitted += batch.bytes.len() as u64;
        Arc::clone(&batch.bytes)
    }

    /// Something was written.
    pub fn wrote(&mut self, written: &Written) {
        self.written += written.bytes as u64;
        self.unflushed = written.unflushed;
        self.failed |= written.failed;
    }
}

/// What [`write`] did.
pub(super) struct Written {
    pub bytes: usize,
    failed: bool,
    unflushed: bool,
}

/// Writes what the socket takes. A socket that fails takes nothing: its reader finds out, and decides what becomes of
/// the requests.
pub(super) fn write(transport: &Transport, bytes: &[u8]) -> Written {
    let mut written = Written { bytes: 0, failed: false, unflushed: false };
    while written.bytes < bytes.len() {
        match transport.try_write(&bytes[written.bytes..]) {
            Ok(n) if n > 0 => written.bytes += n,
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => {
                written.failed = true;
                break;
            }
            _ => break,
        }
    }
    if transport.is_tls() {
        written.unflushed = !transport.try_flush().unwrap_or(true);
    }
    written
}

impl Stats {
    pub(super) fn set_state(&self, state: State) {
        let mut status = lock(&self.status);
        if status.state != state {
            status.state = state;
            status.since = SystemTime::now();
        }
    }

    pub(super) fn error(&self, error: &Error) {
        self.errors.fetch_add(1, Ordering::Relaxed);
        lock(&self.status).last_error = Some((error.clone(), SystemTime::now()));
    }

    pub(super) fn round_trip(&self, time: Duration) {
        self.round_trip_ns.store(time.as_nanos().max(1) as u64, Ordering::Relaxed);
    }
}

/// What a request is told after the manager was cleaned up.
pub fn closed() -> Error {
    Error::new(Kind::Closed, "Connection is closed.")
}

/// Whether requests of this batch may hold up others on purpose.
pub(super) fn is_blocking(batch: &Batch) -> bool {
    batch.requests.iter().any(|request| request.is(flag::BLOCKING))
}

pub(super) fn epoch_ms(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |age| age.as_millis() as u64)
}
