//! A port: where replies and events of one JavaScript environment (a thread, or one copy of the module in it) arrive.
//!
//! # Who may touch what
//!
//! 1. `inbox` is filled by the I/O thread, and by a submitting thread that must refuse a request; it is emptied by
//!    the port's own JavaScript thread. Its lock is held for a copy of memory, never across a call.
//! 2. `woken` goes from false to true by whoever fills the inbox, who then must wake JavaScript; and back to false
//!    by the JavaScript thread BEFORE it empties the inbox. So what is put in afterwards wakes it again, and nothing
//!    stays behind.
//! 3. `closed` is set when the environment ends; from then on nothing is delivered.

use crate::inbox::Inbox;
use crate::Error;
use once_cell::sync::Lazy;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Calls into the JavaScript thread of a port. May be called from any thread, also after the end of the environment,
/// and must not block.
pub type Waker = Box<dyn Fn() + Send + Sync>;

/// See the module.
pub struct Port {
    inbox: Mutex<Inbox>,
    woken: AtomicBool,
    waker: Waker,
    closed: AtomicBool,
    /// Requests given to us and not yet taken back by JavaScript.
    open: AtomicUsize,
    /// Channels and patterns that this port wants, and its monitors.
    subscriptions: AtomicUsize,
    /// Whether it has initialized the manager or sent anything.
    in_use: AtomicBool,
    wants_buffers: AtomicBool,
    /// Messages that were dropped since JavaScript was told so last. Locked inside `inbox`.
    dropped: Mutex<Vec<Dropped>>,
    /// When the oldest wake-up that was not yet answered was asked for, in ms since [`START`], plus one; 0 is none.
    asked_at: AtomicU64,
    main_thread: bool,
}

/// Messages of one link that JavaScript did not get.
struct Dropped {
    link: usize,
    purpose: String,
    count: u64,
    since: Instant,
}

impl Dropped {
    fn to_json(&self) -> String {
        serde_json::json!({
            "type": "gap", "link": self.link, "purpose": self.purpose, "dropped": self.count,
            "durationMs": self.since.elapsed().as_millis() as u64,
        })
        .to_string()
    }
}

static PORTS: Mutex<Vec<Weak<Port>>> = Mutex::new(Vec::new());
static START: Lazy<Instant> = Lazy::new(Instant::now);

/// Locks, even after a panic elsewhere: all our critical sections leave their data usable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Port {
    /// A port that calls `waker` when its inbox goes from handled to filled.
    pub fn new(main_thread: bool, waker: Waker) -> Arc<Self> {
        let port = Arc::new(Self {
            inbox: Mutex::default(),
            woken: AtomicBool::new(false),
            waker,
            closed: AtomicBool::new(false),
            open: AtomicUsize::new(0),
            subscriptions: AtomicUsize::new(0),
            in_use: AtomicBool::new(false),
            wants_buffers: AtomicBool::new(false),
            dropped: Mutex::default(),
            asked_at: AtomicU64::new(0),
            main_thread,
        });
        let mut ports = lock(&PORTS);
        ports.retain(|other| other.strong_count() > 0);
        ports.push(Arc::downgrade(&port));
        port
    }

    /// Any thread: delivers what is in `replies`, which is empty afterwards.
    pub fn deliver(&self, replies: &mut Inbox) {
        if replies.is_empty() {
            return;
        }
        if self.is_closed() {
            replies.clear();
            return;
        }
        lock(&self.inbox).append(replies);
        self.wake();
    }

    /// Any thread: writes records straight into the inbox.
    pub fn deliver_with(&self, write: impl FnOnce(&mut Inbox)) {
        if self.is_closed() {
            return;
        }
        write(&mut lock(&self.inbox));
        self.wake();
    }

    /// I/O thread: delivers a published message, or a line of MONITOR, of `len` bytes. Where JavaScript does not take what
    /// it gets, so that more than `limit` bytes wait, it is dropped, and JavaScript is told how many were.
    pub fn publish(&self, len: usize, link: (usize, &str), limit: usize, write: impl FnOnce(&mut Inbox)) {
        self.deliver_with(|inbox| {
            let mut dropped = lock(&self.dropped);
            if !inbox.data.is_empty() && inbox.data.len() + len > limit {
                match dropped.iter_mut().find(|dropped| dropped.link == link.0) {
                    Some(dropped) => dropped.count += 1,
                    None => {
                        let since = Instant::now();
                        dropped.push(Dropped { link: link.0, purpose: link.1.to_owned(), count: 1, since });
                    }
                }
                return;
            }
            // In their place among the messages.
            for dropped in dropped.drain(..) {
                inbox.event(&dropped.to_json());
            }
            write(inbox);
        });
    }

    /// Any thread: answers a request with an error of ours.
    pub fn fail(&self, slot: i32, error: &Error) {
        self.deliver_with(|inbox| inbox.failure(slot, error));
    }

    /// JavaScript thread: it is about to read by itself, and to call [`Port::empty_into`] right after that.
    pub fn stay_awake(&self) {
        self.woken.store(true, Ordering::SeqCst);
    }

    /// JavaScript thread: swaps the filled inbox for an empty one.
    pub fn empty_into(&self, taken: &mut Inbox) {
        self.asked_at.store(0, Ordering::Relaxed);
        self.woken.store(false, Ordering::SeqCst);
        taken.clear();
        let mut inbox = lock(&self.inbox);
        std::mem::swap(&mut *inbox, taken);
        for dropped in lock(&self.dropped).drain(..) {
            taken.event(&dropped.to_json());
        }
    }

    /// JavaScript thread: `count` requests were submitted.
    pub fn opened(&self, count: usize) {
        self.in_use.store(true, Ordering::Relaxed);
        self.open.fetch_add(count, Ordering::Relaxed);
    }

    /// JavaScript thread: `count` requests were answered and taken.
    pub fn settled(&self, count: usize) {
        self.open.fetch_sub(count, Ordering::Relaxed);
    }

    /// Whether anything can still arrive that the process should stay alive for.
    pub fn expects(&self) -> bool {
        self.open.load(Ordering::Relaxed) > 0 || self.subscriptions.load(Ordering::Relaxed) > 0
    }

    /// One more (or one fewer) subscription of this port.
    pub(crate) fn count_subscription(&self, more: bool) {
        if more {
            self.subscriptions.fetch_add(1, Ordering::Relaxed);
        } else {
            self.subscriptions.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// How many channels and patterns it wants.
    pub fn subscriptions(&self) -> usize {
        self.subscriptions.load(Ordering::Relaxed)
    }

    /// Whether messages become Buffers.
    pub fn wants_buffers(&self) -> bool {
        self.wants_buffers.load(Ordering::Relaxed)
    }

    /// Sets whether messages become Buffers.
    pub fn set_wants_buffers(&self, on: bool) {
        self.wants_buffers.store(on, Ordering::Relaxed);
    }

    /// For how long its event loop has not answered a wake-up.
    pub fn blocked_for(&self) -> Duration {
        match self.asked_at.load(Ordering::Relaxed) {
            0 => Duration::ZERO,
            at => START.elapsed().saturating_sub(Duration::from_millis(at - 1)),
        }
    }

    /// The environment has ended: from here on nothing is delivered.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        lock(&self.inbox).clear();
    }

    /// Whether the environment has ended.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Whether it is a port of the process' main thread.
    pub fn is_main_thread(&self) -> bool {
        self.main_thread
    }

    /// Whether it has initialized the manager or sent anything.
    pub fn is_in_use(&self) -> bool {
        self.in_use.load(Ordering::Relaxed)
    }

    fn wake(&self) {
        if self.woken.swap(true, Ordering::SeqCst) {
            return;
        }
        self.asked_at.store(START.elapsed().as_millis() as u64 + 1, Ordering::Relaxed);
        (self.waker)();
    }
}

/// All ports whose environments live.
pub fn all() -> Vec<Arc<Port>> {
    lock(&PORTS).iter().filter_map(Weak::upgrade).filter(|port| !port.is_closed()).collect()
}

/// Tells every port.
pub fn broadcast(event: &Value) {
    let json = event.to_string();
    for port in all() {
        port.deliver_with(|inbox| inbox.event(&json));
    }
}
