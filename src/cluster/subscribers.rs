//! Subscriptions in a cluster. Every node passes on what is published to channels, so those and the patterns are all on
//! one node's link, the home; shard channels are on the link of the master of their slot. When the home is lost, or a slot
//! moves, they are subscribed elsewhere.

use super::topology::hash_slot;
use super::Cluster;
use crate::config::Config;
use crate::io::{Address, Link, State, SubscriptionKind, SUBSCRIBER};
use crate::port::{lock, Port};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// See the module.
pub(super) struct Subscribers {
    /// The place of the purpose for subscriptions.
    pub index: usize,
    home: Mutex<Option<Home>>,
}

struct Home {
    address: Address,
    /// Since when it is not among the nodes.
    missing: Option<Instant>,
}

/// A master that is replaced in an orderly way is not among the nodes for a moment, before it is one of the replicas. To
/// move for that would cost messages, or bring some of them twice.
const COMES_BACK: Duration = Duration::from_secs(1);

impl Subscribers {
    pub fn of(config: &Config) -> Option<Self> {
        let index = config.purposes.iter().position(|purpose| purpose == SUBSCRIBER)?;
        Some(Self { index, home: Mutex::default() })
    }
}

impl Cluster {
    /// A port's thread: wants messages, or wants them no more. False when there is no purpose for subscriptions.
    pub(crate) fn subscribe(&self, port: &Arc<Port>, slot: i32, kind: SubscriptionKind, name: &[u8], on: bool) -> bool {
        let Some(subscribers) = &self.subscribers else { return false };
        let has = |(_, link): &(Address, Arc<Link>)| {
            link.subscriptions.as_ref().is_some_and(|subscriptions| subscriptions.has(kind, name))
        };
        let known = self.pools[subscribers.index].links().into_iter().find(has).map(|(_, link)| link);
        let link = known.or_else(|| self.place(subscribers, kind, name));
        let Some((link, subscriptions)) = link.as_ref().and_then(|link| Some((link, link.subscriptions.as_ref()?)))
        else {
            port.deliver_with(|inbox| inbox.reply_error(slot, b"CLUSTERDOWN Hash slot not served"));
            return true;
        };
        if on {
            subscriptions.subscribe(link, port, slot, kind, name);
        } else {
            subscriptions.unsubscribe(link, port, slot, kind, name);
        }
        true
    }

    /// The link that a subscription belongs on now.
    fn place(&self, subscribers: &Subscribers, kind: SubscriptionKind, name: &[u8]) -> Option<Arc<Link>> {
        let pool = &self.pools[subscribers.index];
        let address = match kind {
            SubscriptionKind::Shard => self.master_of(hash_slot(name))?,
            _ => self.home(subscribers)?,
        };
        Some(pool.link(self, &address))
    }

    /// The node for channels and patterns: another one when its link is down.
    fn home(&self, subscribers: &Subscribers) -> Option<Address> {
        let links = self.pools[subscribers.index].links();
        let state = |address: &Address| links.iter().find(|(other, _)| other == address).map(|(_, link)| link.state());
        let topology = self.topology();
        let mut home = lock(&subscribers.home);
        let is_good = |address: &&Address| matches!(state(address), None | Some(State::Ready | State::Connecting));
        if let Some(home) = home.as_mut() {
            let is_there = topology.index_of(&home.address).is_some();
            let missing = *home.missing.get_or_insert_with(Instant::now);
            home.missing = (!is_there).then_some(missing);
            let may_stay = is_there || (missing.elapsed() < COMES_BACK && state(&home.address) == Some(State::Ready));
            if may_stay && is_good(&&home.address) {
                return Some(home.address.clone());
            }
        }
        let ready = |address: &&Address| state(address) == Some(State::Ready);
        let current = home.as_ref().map(|home| &home.address).filter(|address| topology.index_of(address).is_some());
        let next = topology
            .masters()
            .find(ready)
            .or_else(|| topology.masters().find(is_good))
            .or(current)
            .or_else(|| topology.masters().next())
            .cloned();
        *home = next.clone().map(|address| Home { address, missing: None });
        next
    }

    /// Whether channels and patterns are on a node that is not among the nodes.
    pub(super) fn is_home_missing(&self) -> bool {
        let subscribers = self.subscribers.as_ref();
        subscribers
            .is_some_and(|subscribers| lock(&subscribers.home).as_ref().is_some_and(|home| home.missing.is_some()))
    }

    /// The node whose link for subscriptions stays in any case.
    pub(super) fn home_of(&self, purpose: usize) -> Option<Address> {
        self.home(self.subscribers.as_ref().filter(|subscribers| subscribers.index == purpose)?)
    }

    /// I/O thread: moves the subscriptions that are not where they belong.
    pub(super) fn place_subscriptions(&self) {
        let Some(subscribers) = &self.subscribers else { return };
        let home = self.home(subscribers);
        let topology = self.topology();
        for (address, link) in self.pools[subscribers.index].links() {
            let Some(subscriptions) = &link.subscriptions else { continue };
            let belongs = |kind: SubscriptionKind, name: &[u8], is_evicted: bool| match kind {
                SubscriptionKind::Shard => {
                    let master = topology.master(hash_slot(name));
                    !is_evicted && master.is_none_or(|master| *master == address)
                }
                _ => home.as_ref().is_none_or(|home| *home == address),
            };
            for moved in subscriptions.take(&link, belongs) {
                let next = self.place(subscribers, moved.kind, &moved.name).unwrap_or_else(|| Arc::clone(&link));
                if let Some(subscriptions) = &next.subscriptions {
                    subscriptions.adopt(&next, moved);
                }
            }
        }
    }
}
