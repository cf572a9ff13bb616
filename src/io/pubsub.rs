//! Subscriptions: which port wants which channel, and what the server has acknowledged.
//!
//! One connection carries all of them, in RESP2's subscriber mode, which every server and proxy knows. A channel is
//! subscribed once, however many ports want it, and again after each reconnect.
//!
//! # Locks
//!
//! `order` is held by a port's thread for the whole of a subscribe or unsubscribe, so that commands reach the link in
//! the order in which the table changed. `table` is held for look-ups and changes alone; it may be taken inside a
//! link's `out`, never around it.

mod acknowledgement;
mod moving;
mod table;

pub use acknowledgement::Acknowledgement;

use acknowledgement::Wanted;
use table::{Entry, Outage, Table, Waiter};

use super::link::{closed, Link};
use super::request::{Batch, Owner};
use crate::port::{lock, Port};
use crate::wire::{command, Value};
use crate::{Error, Kind};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The three name spaces of subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionKind {
    /// SUBSCRIBE
    Channel,
    /// PSUBSCRIBE
    Pattern,
    /// SSUBSCRIBE
    Shard,
}

impl SubscriptionKind {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Channel, Self::Pattern, Self::Shard];

    fn subscribe(self) -> &'static [u8] {
        [b"SUBSCRIBE".as_slice(), b"PSUBSCRIBE", b"SSUBSCRIBE"][self as usize]
    }

    fn unsubscribe(self) -> &'static [u8] {
        [b"UNSUBSCRIBE".as_slice(), b"PUNSUBSCRIBE", b"SUNSUBSCRIBE"][self as usize]
    }
}

/// See the module.
#[derive(Default)]
pub struct Subscriptions {
    order: Mutex<()>,
    table: Arc<Mutex<Table>>,
}

impl Subscriptions {
    /// How many channels and patterns are subscribed, or about to be.
    pub fn len(&self) -> usize {
        lock(&self.table).entries.iter().map(HashMap::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The port's thread: `port` wants messages of `name`; `slot` is answered once the server has acknowledged.
    /// While the link is down this waits for it, within the command deadline.
    pub fn subscribe(&self, link: &Link, port: &Arc<Port>, slot: i32, kind: SubscriptionKind, name: &[u8]) {
        let _order = lock(&self.order);
        let waiter = Waiter { port: Arc::clone(port), slot, deadline: deadline(link) };
        let id = {
            let mut table = lock(&self.table);
            let next_id = table.next_id;
            match table.entries[kind as usize].get_mut(name) {
                Some(entry) => {
                    entry.add(port);
                    if entry.confirmed {
                        port.deliver_with(|inbox| inbox.reply_ok(slot));
                    } else {
                        entry.waiters.push(waiter);
                    }
                    return;
                }
                None => {
                    let mut entry = Entry {
                        id: next_id,
                        confirmed: false,
                        evicted: None,
                        ports: Vec::new(),
                        waiters: vec![waiter],
                    };
                    entry.add(port);
                    table.entries[kind as usize].insert(name.to_vec(), entry);
                    table.next_id += 1;
                }
            }
            next_id
        };
        link.submit(self.batch(kind, name, Wanted::Subscribed(id)));
    }

    /// The port's thread: `port` wants no more messages of `name`.
    pub fn unsubscribe(&self, link: &Link, port: &Arc<Port>, slot: i32, kind: SubscriptionKind, name: &[u8]) {
        let _order = lock(&self.order);
        if !lock(&self.table).remove(kind, name, port) {
            return port.deliver_with(|inbox| inbox.reply_ok(slot));
        }
        let mut batch = self.batch(kind, name, Wanted::Unsubscribed(Some((Arc::clone(port), slot))));
        batch.give_until(deadline(link));
        link.submit(batch);
    }

    /// Any thread: a port's environment has ended.
    pub fn forget(&self, link: &Link, port: &Arc<Port>) {
        let _order = lock(&self.order);
        for kind in SubscriptionKind::ALL {
            let names: Vec<_> = lock(&self.table).entries[kind as usize].keys().cloned().collect();
            for name in names {
                if lock(&self.table).remove(kind, &name, port) {
                    link.submit(self.batch(kind, &name, Wanted::Unsubscribed(None)));
                }
            }
        }
    }

    /// I/O thread: a subscription was acknowledged after all who wanted it had given up. If still nobody wants it, it ends.
    pub(super) fn end_unwanted(&self, link: &Link, kind: SubscriptionKind, name: &[u8]) {
        let _order = lock(&self.order);
        let is_unwanted = |entry: &Entry| entry.confirmed && entry.ports.is_empty();
        {
            let entries = &mut lock(&self.table).entries[kind as usize];
            if !entries.get(name).is_some_and(is_unwanted) {
                return;
            }
            entries.remove(name);
        }
        link.submit(self.batch(kind, name, Wanted::Unsubscribed(None)));
    }

    /// I/O thread: the connection is there (again): what is to be sent on it before anything else.
    pub(super) fn resume(&self) -> Vec<Batch> {
        let mut table = lock(&self.table);
        table.drop_unwanted();
        let mut batches = Vec::new();
        for kind in SubscriptionKind::ALL {
            for (name, entry) in &mut table.entries[kind as usize] {
                entry.confirmed = false;
                batches.push(self.batch(kind, name, Wanted::Subscribed(entry.id)));
            }
        }
        if let Some(outage) = &mut table.outage {
            outage.missing = Some(batches.len());
        }
        if batches.is_empty() {
            table.outage = None;
        }
        batches
    }

    /// I/O thread: the connection was lost. What is not to be subscribed again ends now: who asks for it from here on
    /// makes a new subscription.
    pub(super) fn lost(&self, since: Instant, resubscribe: bool) {
        let mut table = lock(&self.table);
        if resubscribe {
            table.outage.get_or_insert(Outage { since, missing: None }).missing = None;
        } else {
            table.drop_confirmed();
        }
    }

    /// I/O thread: for how long messages may have been missed, once, when the last subscription stands again.
    pub(super) fn gap(&self) -> Option<Duration> {
        let mut table = lock(&self.table);
        let over = matches!(table.outage, Some(Outage { missing: Some(0), .. }));
        over.then(|| table.outage.take().map(|outage| outage.since.elapsed())).flatten()
    }

    /// I/O thread: delivers a published message. False when the reply is not one.
    pub(super) fn publish(&self, link: &Link, reply: &Value) -> bool {
        let (Value::Array(parts) | Value::Push(parts)) = reply else { return false };
        let mut texts = [b"".as_slice(); 4];
        for (text, part) in texts.iter_mut().zip(parts) {
            *text = part.as_bytes().unwrap_or_default();
        }
        let (kind, key, values) = match (texts[0], parts.len()) {
            (b"message", 3) => (SubscriptionKind::Channel, texts[1], &texts[1..3]),
            (b"pmessage", 4) => (SubscriptionKind::Pattern, texts[1], &texts[1..4]),
            (b"smessage", 3) => (SubscriptionKind::Shard, texts[1], &texts[1..3]),
            _ => return false,
        };
        if let Some(entry) = lock(&self.table).entries[kind as usize].get(key) {
            let len = values.iter().map(|value| value.len()).sum();
            for port in &entry.ports {
                port.publish(len, (link.index, &link.purpose), link.config.max_queued_message_bytes, |inbox| {
                    inbox.message(kind as i32, values, port.wants_buffers());
                });
            }
        }
        true
    }

    /// I/O thread: gives up subscribers that waited too long for the link.
    pub(super) fn expire(&self, now: Instant, error: &Error) {
        let mut table = lock(&self.table);
        for kind in SubscriptionKind::ALL {
            let mut due = Vec::new();
            for (name, entry) in &mut table.entries[kind as usize] {
                entry.waiters.retain(|waiter| {
                    let late = waiter.deadline.is_some_and(|deadline| deadline <= now);
                    if late {
                        waiter.port.fail(waiter.slot, error);
                        due.push((name.clone(), Arc::clone(&waiter.port)));
                    }
                    !late
                });
            }
            for (name, port) in due {
                if let Some(entry) = table.entries[kind as usize].get_mut(&name) {
                    // The entry stays until the server has acknowledged what nobody wants any more.
                    entry.drop_port(&port);
                }
            }
        }
    }

    /// Any thread: the link is closed for good.
    pub(super) fn close(&self) {
        let mut table = lock(&self.table);
        for entries in &mut table.entries {
            for (_, entry) in entries.drain() {
                entry.end(&closed());
            }
        }
    }

    fn batch(&self, kind: SubscriptionKind, name: &[u8], wanted: Wanted) -> Batch {
        let mut bytes = Vec::new();
        let verb = match wanted {
            Wanted::Subscribed(_) => kind.subscribe(),
            Wanted::Unsubscribed(_) => kind.unsubscribe(),
        };
        command(&mut bytes, &[verb, name]);
        let acknowledgement = Acknowledgement { table: Arc::clone(&self.table), kind, name: name.to_vec(), wanted };
        Batch::internal(bytes, None, Owner::Subscription(acknowledgement))
    }
}

fn deadline(link: &Link) -> Option<Instant> {
    let timeout = link.config.command_timeout;
    (!timeout.is_zero()).then(|| Instant::now() + timeout)
}

/// What a subscriber is told whose link did not come back in time.
pub(super) fn waited_too_long(purpose: &str) -> Error {
    Error::new(
        Kind::CommandTimeout,
        format!("Command timed out: the link {purpose} did not acknowledge the subscription"),
    )
}
