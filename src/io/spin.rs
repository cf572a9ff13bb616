//! Keeps the I/O thread awake for a moment when the next reply is about to come.
//!
//! A thread that sleeps in the kernel is woken late: on a virtual machine whose idle cores halt, each wake-up costs
//! some 40 µs, and a command at few callers needs two of them (server to I/O thread, I/O thread to JavaScript). So
//! after a read that came soon after the one before it, the thread polls for a while instead of sleeping, and yields
//! its core each time round to whoever else wants it. A link that is used now and then never spins.
//!
//! I/O thread only.

use std::cell::Cell;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Reads further apart than this are not worth waiting for.
const SOON: Duration = Duration::from_micros(200);

/// How long the thread stays awake for the next one.
const AWAKE: Duration = Duration::from_micros(60);

thread_local! {
    static AWAKE_UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

static BEGIN: Notify = Notify::const_new();

/// A read at `now` came `gap` after the one before it.
pub(super) fn read_after(gap: Duration, now: Instant) {
    if gap < SOON && AWAKE_UNTIL.replace(Some(now + AWAKE)).is_none() {
        BEGIN.notify_one();
    }
}

/// Spins when there is reason to. Runs for ever, as a task of the I/O thread.
pub(super) async fn spin() {
    loop {
        match AWAKE_UNTIL.get() {
            Some(until) if Instant::now() < until => {
                std::thread::yield_now();
                // Has the runtime look for events without sleeping.
                tokio::task::yield_now().await;
            }
            _ => {
                AWAKE_UNTIL.set(None);
                BEGIN.notified().await;
            }
        }
    }
}
