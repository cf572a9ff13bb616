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

use super::link::{closed, Link};
use super::refusal::Refusal;
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

#[derive(Default)]
struct Table {
    entries: [HashMap<Vec<u8>, Entry>; 3],
    next_id: u64,
    outage: Option<Outage>,
}

struct Entry {
    /// Tells this subscription from an earlier one of the same name, whose acknowledgement may still be on its way.
    id: u64,
    confirmed: bool,
    /// Since when the server does not serve it any more, as its slot is another node's.
    evicted: Option<Instant>,
    ports: Vec<Arc<Port>>,
    waiters: Vec<Waiter>,
}

/// A subscription on its way from one link to another.
pub struct Moved {
    /// Its kind.
    pub kind: SubscriptionKind,
    /// Its channel, or its pattern.
    pub name: Vec<u8>,
    entry: Entry,
    /// Since when messages of it may have been missed.
    since: Instant,
}

struct Waiter {
    port: Arc<Port>,
    slot: i32,
    deadline: Option<Instant>,
}

/// Between the loss of the connection and the moment when all subscriptions stand again.
struct Outage {
    since: Instant,
    /// Acknowledgements still to come; none while there is no connection.
    missing: Option<usize>,
}

/// What the reply to a command of the subscriber link is for.
pub struct Acknowledgement {
    table: Arc<Mutex<Table>>,
    kind: SubscriptionKind,
    name: Vec<u8>,
    wanted: Wanted,
}

enum Wanted {
    /// A subscription, with its id.
    Subscribed(u64),
    /// Its end, with who waits for it.
    Unsubscribed(Option<(Arc<Port>, i32)>),
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

    /// Whether there is such a subscription.
    pub(crate) fn has(&self, kind: SubscriptionKind, name: &[u8]) -> bool {
        lock(&self.table).entries[kind as usize].contains_key(name)
    }

    /// I/O thread: takes out the subscriptions that belong on another link, and ends them here. `belongs` is given the
    /// kind, the name, and whether the server has ended it.
    pub(crate) fn take(&self, link: &Link, belongs: impl Fn(SubscriptionKind, &[u8], bool) -> bool) -> Vec<Moved> {
        let _order = lock(&self.order);
        let mut all = Vec::new();
        {
            let mut table = lock(&self.table);
            let now = Instant::now();
            let since = table.outage.as_ref().map_or(now, |outage| outage.since);
            for kind in SubscriptionKind::ALL {
                let entries = &mut table.entries[kind as usize];
                let is_elsewhere = |(name, entry): &(&Vec<u8>, &Entry)| !belongs(kind, name, entry.evicted.is_some());
                let names: Vec<_> = entries.iter().filter(is_elsewhere).map(|(name, _)| name.clone()).collect();
                for name in names {
                    if let Some(entry) = entries.remove(&name) {
                        let since = since.min(entry.evicted.unwrap_or(now));
                        all.push(Moved { kind, name, entry, since });
                    }
                }
            }
        }
        for moved in all.iter().filter(|moved| moved.entry.evicted.is_none()) {
            link.submit(self.batch(moved.kind, &moved.name, Wanted::Unsubscribed(None)));
        }
        all.retain(|moved| !moved.entry.ports.is_empty());
        all
    }

    /// I/O thread: takes over a subscription of another link.
    pub(crate) fn adopt(&self, link: &Link, Moved { kind, name, mut entry, since }: Moved) {
        let _order = lock(&self.order);
        let id = {
            let mut table = lock(&self.table);
            if let Some(known) = table.entries[kind as usize].get_mut(&name) {
                return known.merge(entry);
            }
            let id = table.next_id;
            table.next_id += 1;
            entry.id = id;
            entry.confirmed = false;
            entry.evicted = None;
            table.entries[kind as usize].insert(name.clone(), entry);
            let outage = table.outage.get_or_insert(Outage { since, missing: Some(0) });
            outage.since = outage.since.min(since);
            if let Some(missing) = &mut outage.missing {
                *missing += 1;
            }
            id
        };
        link.submit(self.batch(kind, &name, Wanted::Subscribed(id)));
    }

    /// Whether a reply is the end of a shard subscription that nobody asked for: its slot is another node's now. `awaited`
    /// is whose reply comes next.
    pub(super) fn is_eviction(reply: &Value, awaited: Option<&Owner>) -> bool {
        let Some(name) = evicted_name(reply) else { return false };
        let is_awaited = matches!(awaited, Some(Owner::Subscription(Acknowledgement {
            kind: SubscriptionKind::Shard, name: other, wanted: Wanted::Unsubscribed(_), ..
        })) if other == name);
        !is_awaited
    }

    /// I/O thread: the server has ended a shard subscription.
    pub(super) fn evicted(&self, reply: &Value) {
        let Some(name) = evicted_name(reply) else { return };
        if let Some(entry) = lock(&self.table).entries[SubscriptionKind::Shard as usize].get_mut(name) {
            entry.evict();
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

impl Table {
    /// Takes a port off a subscription; true when it was the last one, and the server is to be told.
    fn remove(&mut self, kind: SubscriptionKind, name: &[u8], port: &Arc<Port>) -> bool {
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

    fn drop_unwanted(&mut self) {
        for entries in &mut self.entries {
            entries.retain(|_, entry| !entry.ports.is_empty());
        }
    }

    fn drop_confirmed(&mut self) {
        for entries in &mut self.entries {
            entries.retain(|_, entry| {
                if entry.confirmed {
                    entry.release();
                }
                !entry.confirmed
            });
        }
    }

    fn acknowledged(&mut self) {
        if let Some(Outage { missing: Some(missing), .. }) = &mut self.outage {
            *missing = missing.saturating_sub(1);
        }
    }
}

impl Entry {
    fn add(&mut self, port: &Arc<Port>) {
        if !self.ports.iter().any(|other| Arc::ptr_eq(other, port)) {
            self.ports.push(Arc::clone(port));
            port.count_subscription(true);
        }
    }

    fn evict(&mut self) {
        self.confirmed = false;
        self.evicted.get_or_insert_with(Instant::now);
    }

    /// Takes over what another entry of the same name has.
    fn merge(&mut self, mut other: Self) {
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
    fn drop_port(&mut self, port: &Arc<Port>) -> bool {
        let Some(at) = self.ports.iter().position(|other| Arc::ptr_eq(other, port)) else { return false };
        self.ports.swap_remove(at);
        port.count_subscription(false);
        true
    }

    fn release(&mut self) {
        for port in self.ports.drain(..) {
            port.count_subscription(false);
        }
    }

    fn end(mut self, error: &Error) {
        self.release();
        for waiter in self.waiters {
            waiter.port.fail(waiter.slot, error);
        }
    }
}

impl Acknowledgement {
    /// Whether the reply says that another node serves the channel: the subscription stays, and is to be moved there.
    pub(super) fn is_misplaced(&self, reply: &Value) -> bool {
        let (Wanted::Subscribed(id), Value::Error(text)) = (&self.wanted, reply) else { return false };
        if Refusal::of(text).is_none() {
            return false;
        }
        let mut table = lock(&self.table);
        if let Some(entry) = table.entries[self.kind as usize].get_mut(&self.name).filter(|entry| entry.id == *id) {
            entry.evict();
        }
        table.acknowledged();
        true
    }

    /// The server has replied. Returns a subscription that nobody wants any more.
    pub(super) fn done(self, reply: &Value) -> Option<(SubscriptionKind, Vec<u8>)> {
        let mut table = lock(&self.table);
        let mut unwanted = None;
        match (self.wanted, reply) {
            (Wanted::Subscribed(id), Value::Error(text)) => {
                let entries = &mut table.entries[self.kind as usize];
                if entries.get(&self.name).is_some_and(|entry| entry.id == id) {
                    if let Some(mut entry) = entries.remove(&self.name) {
                        entry.release();
                        for waiter in entry.waiters {
                            waiter.port.deliver_with(|inbox| inbox.reply_error(waiter.slot, text));
                        }
                    }
                }
                table.acknowledged();
            }
            (Wanted::Subscribed(id), _) => {
                if let Some(entry) = table.entries[self.kind as usize].get_mut(&self.name) {
                    if entry.id == id {
                        entry.confirmed = true;
                        entry.evicted = None;
                        for waiter in entry.waiters.drain(..) {
                            waiter.port.deliver_with(|inbox| inbox.reply_ok(waiter.slot));
                        }
                        unwanted = entry.ports.is_empty().then_some((self.kind, self.name));
                    }
                }
                table.acknowledged();
            }
            (Wanted::Unsubscribed(waiter), _) => answer(waiter),
        }
        unwanted
    }

    /// The link was lost, or is not there: a subscription is made again when it comes, its end has come by itself.
    pub(super) fn lost(self) {
        if let Wanted::Unsubscribed(waiter) = self.wanted {
            answer(waiter);
        }
    }

    /// The link is closed for good.
    pub(super) fn fail(&mut self, error: &Error) {
        match &mut self.wanted {
            Wanted::Subscribed(id) => {
                let entries = &mut lock(&self.table).entries[self.kind as usize];
                if entries.get(&self.name).is_some_and(|entry| entry.id == *id) {
                    if let Some(entry) = entries.remove(&self.name) {
                        entry.end(error);
                    }
                }
            }
            Wanted::Unsubscribed(waiter) => answer(waiter.take()),
        }
    }
}

/// The channel of a `sunsubscribe`.
fn evicted_name(reply: &Value) -> Option<&[u8]> {
    let (Value::Array(parts) | Value::Push(parts)) = reply else { return None };
    match parts.as_slice() {
        [verb, name, _] if verb.as_bytes() == Some(b"sunsubscribe") => name.as_bytes(),
        _ => None,
    }
}

fn deadline(link: &Link) -> Option<Instant> {
    let timeout = link.config.command_timeout;
    (!timeout.is_zero()).then(|| Instant::now() + timeout)
}

fn answer(waiter: Option<(Arc<Port>, i32)>) {
    if let Some((port, slot)) = waiter {
        port.deliver_with(|inbox| inbox.reply_ok(slot));
    }
}

/// What a subscriber is told whose link did not come back in time.
pub(super) fn waited_too_long(purpose: &str) -> Error {
    Error::new(
        Kind::CommandTimeout,
        format!("Command timed out: the link {purpose} did not acknowledge the subscription"),
    )
}
