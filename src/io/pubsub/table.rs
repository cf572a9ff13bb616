//! The subscriptions of a link: who wants each, who still waits for it, and whether they all stand.

use super::SubscriptionKind;
use crate::port::Port;
use crate::Error;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

#[derive(Default)]
pub(super) struct Table {
    pub(super) entries: [HashMap<Vec<u8>, Entry>; 3],
    pub(super) next_id: u64,
    pub(super) outage: Option<Outage>,
}

pub(super) struct Entry {
    /// Tells this subscription from an earlier one of the same name, whose acknowledgement may still be on its way.
    pub(super) id: u64,
    pub(super) confirmed: bool,
    /// Since when the server does not serve it any more, as its slot is another node's.
    pub(super) evicted: Option<Instant>,
    pub(super) ports: Vec<Arc<Port>>,
    pub(super) waiters: Vec<Waiter>,
}

pub(super) struct Waiter {
    pub(super) port: Arc<Port>,
    pub(super) slot: i32,
    pub(super) deadline: Option<Instant>,
}

/// Between the loss of the connection and the moment when all subscriptions stand again.
pub(super) struct Outage {
    pub(super) since: Instant,
    /// Acknowledgements still to come; none while there is no connection.
    pub(super) missing: Option<usize>,
}

impl Table {
    /// Takes a port off a subscription; true when it was the last one, and the server is to be told.
    pub(super) fn remove(&mut self, kind: SubscriptionKind, name: &[u8], port: &Arc<Port>) -> bool {
        let entries = &mut self.entries[kind as usize];
        let Some(entry) = entries.get_mut(name) else { return false };
        if !entry.drop_port(port) {
            return false;
        }
        entry.waiters.retain(|waiter| {
            let same = Arc::ptr_eq(&waiter.port, port);
            if same {
                waiter.port.deliver_with(|inbox| inbox.reply_ok(waiter.slot));
            }
            !same
        });
        if !entry.ports.is_empty() {
            return false;
        }
        entries.remove(name);
        true
    }

    pub(super) fn drop_unwanted(&mut self) {
        for entries in &mut self.entries {
            entries.retain(|_, entry| !entry.ports.is_empty());
        }
    }

    pub(super) fn drop_confirmed(&mut self) {
        for entries in &mut self.entries {
            entries.retain(|_, entry| {
                if entry.confirmed {
                    entry.release();
                }
                !entry.confirmed
            });
        }
    }

    pub(super) fn acknowledged(&mut self) {
        if let Some(Outage { missing: Some(missing), .. }) = &mut self.outage {
            *missing = missing.saturating_sub(1);
        }
    }
}

impl Entry {
    pub(super) fn add(&mut self, port: &Arc<Port>) {
        if !self.ports.iter().any(|other| Arc::ptr_eq(other, port)) {
            self.ports.push(Arc::clone(port));
            port.count_subscription(true);
        }
    }

    pub(super) fn evict(&mut self) {
        self.confirmed = false;
        self.evicted.get_or_insert_with(Instant::now);
    }

    /// Takes over what another entry of the same name has.
    pub(super) fn merge(&mut self, mut other: Self) {
        for port in other.ports.drain(..) {
            if self.ports.iter().any(|known| Arc::ptr_eq(known, &port)) {
                port.count_subscription(false);
            } else {
                self.ports.push(port);
            }
        }
        if self.confirmed {
            for waiter in other.waiters {
                waiter.port.deliver_with(|inbox| inbox.reply_ok(waiter.slot));
            }
        } else {
            self.waiters.append(&mut other.waiters);
        }
    }

    /// Whether the port wanted it.
    pub(super) fn drop_port(&mut self, port: &Arc<Port>) -> bool {
        let Some(at) = self.ports.iter().position(|other| Arc::ptr_eq(other, port)) else { return false };
        self.ports.swap_remove(at);
        port.count_subscription(false);
        true
    }

    pub(super) fn release(&mut self) {
        for port in self.ports.drain(..) {
            port.count_subscription(false);
        }
    }

    pub(super) fn end(mut self, error: &Error) {
        self.release();
        for waiter in self.waiters {
            waiter.port.fail(waiter.slot, error);
        }
    }
}
