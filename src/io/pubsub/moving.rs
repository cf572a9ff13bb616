//! Subscriptions that go from one link to another, as their node or their slot does.

use super::acknowledgement::{Acknowledgement, Wanted};
use super::table::{Entry, Outage};
use super::{SubscriptionKind, Subscriptions};
use crate::io::link::Link;
use crate::io::request::Owner;
use crate::port::lock;
use crate::wire::Value;
use std::time::Instant;

/// A subscription on its way from one link to another.
pub(crate) struct Moved {
    /// Its kind.
    pub kind: SubscriptionKind,
    /// Its channel, or its pattern.
    pub name: Vec<u8>,
    entry: Entry,
    /// Since when messages of it may have been missed.
    since: Instant,
}

impl Subscriptions {
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
    pub(in crate::io) fn is_eviction(reply: &Value, awaited: Option<&Owner>) -> bool {
        let Some(name) = evicted_name(reply) else { return false };
        let is_awaited = matches!(awaited, Some(Owner::Subscription(Acknowledgement {
            kind: SubscriptionKind::Shard, name: other, wanted: Wanted::Unsubscribed(_), ..
        })) if other == name);
        !is_awaited
    }

    /// I/O thread: the server has ended a shard subscription.
    pub(in crate::io) fn evicted(&self, reply: &Value) {
        let Some(name) = evicted_name(reply) else { return };
        if let Some(entry) = lock(&self.table).entries[SubscriptionKind::Shard as usize].get_mut(name) {
            entry.evict();
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
