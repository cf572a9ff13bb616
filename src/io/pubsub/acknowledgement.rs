//! What the reply to SUBSCRIBE, UNSUBSCRIBE and the like changes.

use super::table::Table;
use super::SubscriptionKind;
use crate::io::refusal::Refusal;
use crate::port::{lock, Port};
use crate::wire::Value;
use crate::Error;
use std::sync::{Arc, Mutex};

/// What the reply to a command of the subscriber link is for.
pub struct Acknowledgement {
    pub(super) table: Arc<Mutex<Table>>,
    pub(super) kind: SubscriptionKind,
    pub(super) name: Vec<u8>,
    pub(super) wanted: Wanted,
}

pub(super) enum Wanted {
    /// A subscription, with its id.
    Subscribed(u64),
    /// Its end, with who waits for it.
    Unsubscribed(Option<(Arc<Port>, i32)>),
}

impl Acknowledgement {
    /// Whether the reply says that another node serves the channel: the subscription stays, and is to be moved there.
    pub(in crate::io) fn is_misplaced(&self, reply: &Value) -> bool {
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
    pub(in crate::io) fn done(self, reply: &Value) -> Option<(SubscriptionKind, Vec<u8>)> {
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
    pub(in crate::io) fn lost(self) {
        if let Wanted::Unsubscribed(waiter) = self.wanted {
            answer(waiter);
        }
    }

    /// The link is closed for good.
    pub(in crate::io) fn fail(&mut self, error: &Error) {
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

fn answer(waiter: Option<(Arc<Port>, i32)>) {
    if let Some((port, slot)) = waiter {
        port.deliver_with(|inbox| inbox.reply_ok(slot));
    }
}
