//! Leases: the use of one link by one caller alone, for a while.
//!
//! Two things need it. A blocking command would hold up everybody on a shared link, so it is sent on a *lane*, one of
//! the `blockingConnections` declared links that nobody else uses meanwhile. And WATCH belongs to a connection, not to
//! a caller: between WATCH and EXEC no other caller's EXEC or UNWATCH may run on that connection. That is done on a
//! lane too; where none is declared, on the purpose's own link, which then holds back other callers' transactions.
//!
//! Who comes first is served first. `inner` may be held while a link's `out` is taken, never the other way round.

use crate::config::Config;
use crate::io::{io_thread, Address, Link};
use crate::port::{lock, Port};
use crate::{Error, Kind};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// See the module.
#[derive(Default)]
pub(super) struct Leases {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// By link.
    holders: HashMap<usize, Arc<Port>>,
    waiting: VecDeque<Waiting>,
    next_id: u64,
}

struct Waiting {
    id: u64,
    wanted: Wanted,
    /// What it is to be connected to, where lanes are connected to one of several nodes.
    node: Option<Address>,
    /// Whether it has to stay there.
    pinned: bool,
    port: Arc<Port>,
    slot: i32,
}

/// What a lease is for, in a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Any node.
    Anywhere,
    /// The master of this hash slot.
    Slot(u16),
    /// This node, in whatever role.
    Node(Address),
}

/// Which link a lease is wanted of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Any lane.
    Lane,
    /// This link.
    Link(usize),
}

impl Leases {
    /// Answers `slot` with the link, as soon as it is free; with an error after `patience`.
    pub fn lease(
        self: &Arc<Self>,
        links: &Arc<super::Links>,
        port: &Arc<Port>,
        slot: i32,
        wanted: Wanted,
        (node, pinned): (Option<Address>, bool),
        patience: Option<Duration>,
    ) {
        let id = {
            let mut inner = lock(&self.inner);
            let id = inner.next_id;
            inner.next_id += 1;
            inner.waiting.push_back(Waiting { id, wanted, node, pinned, port: Arc::clone(port), slot });
            inner.grant(links);
            if inner.waiting.back().is_none_or(|last| last.id != id) {
                return;
            }
            id
        };
        let (Some(patience), Ok(io)) = (patience, io_thread()) else { return };
        let leases = Arc::clone(self);
        io.spawn(async move {
            tokio::time::sleep(patience).await;
            let mut inner = lock(&leases.inner);
            let Some(at) = inner.waiting.iter().position(|waiting| waiting.id == id) else { return };
            if let Some(waiting) = inner.waiting.remove(at) {
                waiting.port.fail(waiting.slot, &too_late(wanted, inner.holders.len(), patience));
            }
        });
    }

    /// Gives a link back. `dirty`: something may still be under way on it, so its connection is replaced.
    pub fn release(&self, links: &super::Links, port: &Arc<Port>, link: usize, dirty: bool) {
        let mut inner = lock(&self.inner);
        if inner.holders.get(&link).is_some_and(|holder| Arc::ptr_eq(holder, port)) {
            inner.release(links, link, dirty);
        }
    }

    /// A link that this port has leased.
    pub fn held(&self, links: &super::Links, port: &Arc<Port>, link: usize) -> Option<Arc<Link>> {
        let inner = lock(&self.inner);
        let is_held = inner.holders.get(&link).is_some_and(|holder| Arc::ptr_eq(holder, port));
        links.link(link).filter(|_| is_held)
    }

    /// The environment of a port has ended.
    pub fn forget(&self, links: &super::Links, port: &Arc<Port>) {
        let mut inner = lock(&self.inner);
        inner.waiting.retain(|waiting| !Arc::ptr_eq(&waiting.port, port));
        let held: Vec<_> =
            inner.holders.iter().filter(|(_, holder)| Arc::ptr_eq(holder, port)).map(|(link, _)| *link).collect();
        for link in held {
            inner.release(links, link, true);
        }
    }

    /// The links are closed.
    pub fn close(&self) {
        let mut inner = lock(&self.inner);
        inner.holders.clear();
        for waiting in inner.waiting.drain(..) {
            waiting.port.fail(waiting.slot, &crate::io::closed());
        }
    }

    /// How many lanes are leased, and how many callers wait for one.
    pub fn lanes(&self, from: usize, to: usize) -> (usize, usize) {
        let inner = lock(&self.inner);
        (
            inner.holders.keys().filter(|link| (from..to).contains(link)).count(),
            inner.waiting.iter().filter(|waiting| waiting.wanted == Wanted::Lane).count(),
        )
    }
}

impl Inner {
    /// Serves who waits, in order, as far as links are free.
    fn grant(&mut self, links: &super::Links) {
        let mut at = 0;
        while at < self.waiting.len() {
            let Waiting { wanted, node, .. } = &self.waiting[at];
            let target = links.cluster.as_ref().zip(node.as_ref()).map(|(cluster, node)| cluster.settings_for(node));
            let Some(link) = self.free(links, *wanted, target.as_deref()) else {
                at += 1;
                continue;
            };
            let Some(waiting) = self.waiting.remove(at) else { return };
            if let Some(target) = target {
                link.retarget(target);
            }
            link.lease(waiting.pinned);
            self.holders.insert(link.number, Arc::clone(&waiting.port));
            waiting.port.deliver_with(|inbox| inbox.reply_int(waiting.slot, link.number as i32));
        }
    }

    fn free(&self, links: &super::Links, wanted: Wanted, target: Option<&Config>) -> Option<Arc<Link>> {
        let is_free = |number: &usize| !self.holders.contains_key(number);
        match wanted {
            Wanted::Link(number) => links.link(number).filter(|_| is_free(&number)),
            Wanted::Lane => {
                let lanes = (links.first_lane()..links.config.link_count()).filter(is_free);
                let free: Vec<_> = lanes.filter_map(|number| links.link(number)).collect();
                let is_there = |link: &Arc<Link>| target.is_none_or(|target| link.target().is_same_server(target));
                let is_ready = |link: &Arc<Link>| link.state() == crate::io::State::Ready && is_there(link);
                let best = free.iter().find(|link| is_ready(link)).or_else(|| free.iter().find(|link| is_there(link)));
                best.or_else(|| free.first()).cloned()
            }
        }
    }

    fn release(&mut self, links: &super::Links, link: usize, dirty: bool) {
        self.holders.remove(&link);
        if let Some(link) = links.link(link) {
            let was_pinned = link.is_pinned();
            Link::release(&link, dirty);
            if let Some(cluster) = links.cluster.as_ref().filter(|_| was_pinned) {
                cluster.unpinned(&link);
            }
        }
        self.grant(links);
    }
}

fn too_late(wanted: Wanted, held: usize, patience: Duration) -> Error {
    let what = match wanted {
        Wanted::Lane => format!("all {held} blocking connections were in use (blockingConnections)"),
        Wanted::Link(_) => "another caller's WATCH held the link".to_owned(),
    };
    Error::new(Kind::CommandTimeout, format!("Command timed out: for {:.1} s {what}", patience.as_secs_f64()))
}
