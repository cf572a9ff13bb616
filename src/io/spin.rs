//! Keeps the I/O thread awake for a moment when the next reply is about to come.
//!
//! A thread that sleeps in the kernel is woken late: on a virtual machine whose idle cores halt, each wake-up costs
//! some 40 µs, and a command at few callers needs two of them (server to I/O thread, I/O thread to JavaScript). So
//! after a read that came soon after the one before it, the thread polls for a while instead of sleeping, and yields
//! its core each time round to whoever else wants it. A link that is used now and then never spins.
//!
//! While it is awake, other threads hand it what is to be written, through memory: that costs them neither a system call
//! nor the waking of the server, which is most of what a small batch costs.

use crate::port::lock;
use once_cell::sync::Lazy;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Reads further apart than this are not worth waiting for.
const SOON: Duration = Duration::from_micros(200);

/// How long the thread stays awake for the next one.
const AWAKE: Duration = Duration::from_micros(150);

thread_local! {
    static AWAKE_UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

static BEGIN: Notify = Notify::const_new();

/// Whether the thread looks at `HANDED` all the time. It looks once more after this was set to false.
static IS_AWAKE: AtomicBool = AtomicBool::new(false);
/// Whether there is something in `HANDED`.
static IS_HANDED: AtomicBool = AtomicBool::new(false);
/// The tasks that have something to write.
static HANDED: Mutex<Vec<Arc<Notify>>> = Mutex::new(Vec::new());

/// Whether there is a core to stay awake on beside the one that JavaScript runs on.
pub(super) fn is_possible() -> bool {
    static CORES: Lazy<usize> = Lazy::new(|| std::thread::available_parallelism().map_or(1, usize::from));
    *CORES > 1
}

/// Any thread: whether [`hand_over`] is worth trying.
pub(super) fn is_awake() -> bool {
    IS_AWAKE.load(Ordering::Relaxed)
}

/// Any thread: wakes a link's task for less than it usually costs. False when that cannot be.
pub(super) fn hand_over(task: &Arc<Notify>) -> bool {
    lock(&HANDED).push(Arc::clone(task));
    IS_HANDED.store(true, Ordering::SeqCst);
    // If it has just fallen asleep it may have looked too early; being woken twice does no harm.
    IS_AWAKE.load(Ordering::SeqCst)
}

/// I/O thread: a read at `now` came `gap` after the one before it.
pub(super) fn read_after(gap: Duration, now: Instant) {
    if gap < SOON && is_possible() && AWAKE_UNTIL.replace(Some(now + AWAKE)).is_none() {
        BEGIN.notify_one();
    }
}

/// Spins when there is reason to. Runs for ever, as a task of the I/O thread.
pub(super) async fn spin() {
    loop {
        match AWAKE_UNTIL.get() {
            Some(until) if Instant::now() < until => {
                IS_AWAKE.store(true, Ordering::Relaxed);
                if !wake_handed() {
                    std::thread::yield_now();
                }
                // Has the runtime look for events without sleeping.
                tokio::task::yield_now().await;
            }
            _ => {
                AWAKE_UNTIL.set(None);
                IS_AWAKE.store(false, Ordering::SeqCst);
                wake_handed();
                BEGIN.notified().await;
            }
        }
    }
}

fn wake_handed() -> bool {
    if !IS_HANDED.load(Ordering::SeqCst) {
        return false;
    }
    IS_HANDED.store(false, Ordering::SeqCst);
    for task in lock(&HANDED).drain(..) {
        task.notify_one();
    }
    true
}
