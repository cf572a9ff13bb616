//! The links of one purpose, one for each node.

use super::topology::Topology;
use super::Cluster;
use crate::io::{epoch_ms, Address, Link, State};
use crate::port::{self, lock};
use serde_json::json;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::SystemTime;

/// See the module.
pub(super) struct Pool {
    /// The place of its purpose.
    pub index: usize,
    /// All its links, by node.
    links: Mutex<HashMap<Address, Arc<Link>>>,
    /// The same, for the data path.
    routes: RwLock<Arc<Routes>>,
    /// Counts what is shared out among replicas.
    turn: AtomicUsize,
    /// Whether applications were told that it serves, and since when that is so, in ms since the epoch.
    serves: Mutex<(Option<bool>, u64)>,
}

/// The links to the nodes of one topology, in its order.
pub(super) struct Routes {
    pub topology: Arc<Topology>,
    links: Vec<OnceLock<Arc<Link>>>,
}

impl Routes {
    fn new(topology: &Arc<Topology>, known: &HashMap<Address, Arc<Link>>) -> Arc<Self> {
        let link =
            |node: &super::topology::Node| known.get(&node.address).cloned().map_or_else(OnceLock::new, OnceLock::from);
        Arc::new(Self { topology: Arc::clone(topology), links: topology.nodes.iter().map(link).collect() })
    }
}

impl Pool {
    pub fn new(index: usize, topology: &Arc<Topology>) -> Self {
        Self {
            index,
            links: Mutex::default(),
            routes: RwLock::new(Routes::new(topology, &HashMap::new())),
            turn: AtomicUsize::new(0),
            serves: Mutex::new((None, now())),
        }
    }

    pub fn routes(&self) -> Arc<Routes> {
        Arc::clone(&self.routes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The link to a node of these routes, opened if it is not there yet.
    pub fn link_at(&self, cluster: &Cluster, routes: &Routes, node: usize) -> Arc<Link> {
        Arc::clone(routes.links[node].get_or_init(|| self.link(cluster, &routes.topology.nodes[node].address)))
    }

    /// Whether a node is worth being asked, as far as is known: its link is up, or was not needed yet.
    pub fn is_promising(&self, routes: &Routes, node: usize) -> bool {
        routes.links[node].get().is_none_or(|link| link.state() == State::Ready)
    }

    /// The link to a node, opened if it is not there yet.
    pub fn link(&self, cluster: &Cluster, address: &Address) -> Arc<Link> {
        let mut links = lock(&self.links);
        if let Some(link) = links.get(address) {
            return Arc::clone(link);
        }
        let link = cluster.open(self.index, address, None);
        links.insert(address.clone(), Arc::clone(&link));
        link
    }

    pub fn insert(&self, address: &Address, link: Arc<Link>) {
        lock(&self.links).insert(address.clone(), link);
        let routes = self.routes();
        self.follow(&routes.topology);
    }

    /// The links, by node.
    pub fn links(&self) -> Vec<(Address, Arc<Link>)> {
        lock(&self.links).iter().map(|(address, link)| (address.clone(), Arc::clone(link))).collect()
    }

    /// Routes by another topology from now on.
    pub fn follow(&self, topology: &Arc<Topology>) {
        let routes = Routes::new(topology, &lock(&self.links));
        *self.routes.write().unwrap_or_else(PoisonError::into_inner) = routes;
    }

    /// Takes out the links to nodes that are not in the topology any more, but for one.
    pub fn take_gone(&self, topology: &Topology, stays: Option<&Address>) -> Vec<Arc<Link>> {
        let mut gone = Vec::new();
        lock(&self.links).retain(|address, link| {
            let is_there = topology.index_of(address).is_some() || stays == Some(address);
            if !is_there {
                gone.push(Arc::clone(link));
            }
            is_there
        });
        gone
    }

    /// A number that is another at each call.
    pub fn next_turn(&self) -> usize {
        self.turn.fetch_add(1, Ordering::Relaxed)
    }

    /// What applications see of it.
    pub fn state(&self) -> State {
        match lock(&self.serves).0 {
            None => State::Connecting,
            Some(true) => State::Ready,
            Some(false) => State::Reconnecting,
        }
    }

    /// Since when, in ms since the epoch.
    pub fn since(&self) -> u64 {
        lock(&self.serves).1
    }

    /// Whether it serves may have changed: tells applications where it has.
    pub fn set_serves(&self, purpose: &str, serves: bool) {
        let events: &[&str] = {
            let mut known = lock(&self.serves);
            if known.0 == Some(serves) || (known.0.is_none() && !serves) {
                return;
            }
            *known = (Some(serves), now());
            match serves {
                true => &["connect", "ready"],
                false => &["close", "reconnecting"],
            }
        };
        for event in events {
            port::broadcast(&json!({
                "type": "link", "link": self.index, "purpose": purpose, "event": event, "at": now(),
                "attempt": 1, "delay": 0,
            }));
        }
    }
}

fn now() -> u64 {
    epoch_ms(SystemTime::now())
}
