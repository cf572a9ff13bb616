//! What other threads want of a link's task.

use super::Link;
use crate::port::lock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What is wanted of a link's task.
#[derive(Default)]
pub(in crate::io) struct Orders {
    /// Whether `close_by` is set.
    pub close: AtomicBool,
    /// Whether others take over what it leaves undone.
    pub leave: AtomicBool,
    /// When it shall have ended by.
    pub close_by: Mutex<Option<Instant>>,
    /// Drop the socket and dial again.
    pub reconnect: AtomicBool,
    /// The same, as soon as nothing is in flight, or this moment has come.
    pub renew: AtomicBool,
    /// See `renew`.
    pub renew_by: Mutex<Option<Instant>>,
    /// It connects to another node from now on: no waiting for the one before.
    pub hurry: AtomicBool,
    /// The answer of a `retryStrategy`: the attempt, and the delay (none: stop).
    pub retry_answer: Mutex<Option<(u32, Option<Duration>)>>,
}

impl Link {
    /// Any thread: drops the socket and dials again.
    pub fn reconnect(&self) {
        self.orders.reconnect.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Any thread: drops the socket of this connection, and dials again; 0: dials where the link was given up. False where it
    /// has another connection by now, or none: then there is nothing to be done any more.
    pub fn reconnect_from(&self, generation: u32) -> bool {
        {
            let out = lock(&self.out);
            let is_meant = match generation {
                0 => out.closed,
                _ => out.connection.is_some() && out.generation as u32 == generation,
            };
            if !is_meant {
                return false;
            }
            // Under the lock, so that it cannot be meant for the next one.
            self.orders.reconnect.store(true, Ordering::Release);
        }
        self.wake.notify_one();
        true
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
}
