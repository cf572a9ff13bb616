//! A Redis Cluster: one connection for each purpose and node, and requests that find their way.
//!
//! | file | what |
//! | --- | --- |
//! | `topology.rs` | which node serves which slot |
//! | `pool.rs` | the links of one purpose, one for each node, opened when first needed |
//! | `route.rs` | requests: to the node of their slot, and on to another when that refuses them |
//! | `refresh.rs` | asks the nodes for the topology, and does what follows from a change |
//! | `subscribers.rs` | channels and patterns on one node, shard channels on that of their slot |
//!
//! # Who may touch what
//!
//! `topology` and a pool's routes are replaced, never changed, so who has one may keep it. The locks here are held for
//! look-ups alone, and nothing else is locked meanwhile but a link's `status`.

mod pool;
mod refresh;
mod route;
mod subscribers;
mod topology;

use crate::config::{Cluster as Settings, Config};
use crate::io::{io_thread, Address, Driver, Link, State};
use crate::port::{lock, Port};
use pool::Pool;
pub use refresh::{discover, first_purpose, Discovered};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use subscribers::Subscribers;
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinHandle};
pub use topology::{zone_of, Topology};

/// See the module.
pub struct Cluster {
    config: Arc<Config>,
    settings: Settings,
    tls: Option<Arc<rustls::ClientConfig>>,
    /// The port whose `retryStrategy` is asked.
    owner: Weak<Port>,
    topology: RwLock<Arc<Topology>>,
    /// One for each purpose, in order.
    pools: Vec<Pool>,
    subscribers: Option<Subscribers>,
    /// The links that have a node for good, by their numbers.
    numbered: RwLock<HashMap<usize, Arc<Link>>>,
    next_number: AtomicUsize,
    /// The lanes, which go to one node or another.
    lanes: Mutex<Vec<Arc<Link>>>,
    drivers: Mutex<Vec<JoinHandle<()>>>,
    refresher: Mutex<Option<AbortHandle>>,
    /// Something points to a change: the topology is asked for now.
    stale: Notify,
    /// The node that should know best.
    hint: Mutex<Option<Address>>,
    closing: AtomicBool,
    this: Weak<Cluster>,
}

impl Cluster {
    /// A cluster that was discovered. Its links are opened by those who need them.
    pub(crate) fn new(
        config: &Arc<Config>,
        settings: &Settings,
        tls: Option<Arc<rustls::ClientConfig>>,
        owner: Weak<Port>,
        topology: Topology,
    ) -> Arc<Self> {
        let topology = Arc::new(topology);
        Arc::new_cyclic(|this| Self {
            pools: config.purposes.iter().enumerate().map(|(index, _)| Pool::new(index, &topology)).collect(),
            subscribers: Subscribers::of(config),
            config: Arc::clone(config),
            settings: settings.clone(),
            tls,
            owner,
            topology: RwLock::new(topology),
            numbered: RwLock::default(),
            next_number: AtomicUsize::new(config.link_count()),
            lanes: Mutex::default(),
            drivers: Mutex::default(),
            refresher: Mutex::default(),
            stale: Notify::new(),
            hint: Mutex::default(),
            closing: AtomicBool::new(false),
            this: Weak::clone(this),
        })
    }

    /// The topology now.
    pub fn topology(&self) -> Arc<Topology> {
        Arc::clone(&self.topology.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The settings of a connection to a node.
    pub(crate) fn settings_for(&self, address: &Address) -> Arc<Config> {
        let topology = self.topology();
        let node = topology.index_of(address).map(|index| &topology.nodes[index]);
        self.config.for_node(address, node.is_some_and(|node| !node.is_master))
    }

    /// A lane, connected to a node.
    pub(crate) fn lane(&self, index: usize, address: &Address) -> Arc<Link> {
        let router: Weak<dyn crate::io::Router> = self.this.clone();
        let lane = Link::with_router(self.settings_for(address), index, index, Some(router));
        lock(&self.lanes).push(Arc::clone(&lane));
        lane
    }

    /// Every link to a node.
    pub(crate) fn links(&self) -> Vec<Arc<Link>> {
        let numbered = self.numbered.read().unwrap_or_else(PoisonError::into_inner);
        let mut links: Vec<_> = numbered.values().cloned().collect();
        links.sort_unstable_by_key(|link| link.number);
        links
    }

    /// The links of a purpose.
    pub(crate) fn links_of(&self, purpose: usize) -> Vec<Arc<Link>> {
        self.links().into_iter().filter(|link| link.index == purpose).collect()
    }

    /// The state of a purpose.
    pub(crate) fn state_of(&self, purpose: usize) -> State {
        self.pools[purpose].state()
    }

    /// The link of this number.
    pub(crate) fn link(&self, number: usize) -> Option<Arc<Link>> {
        self.numbered.read().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }

    /// The link of a purpose to a node of the cluster, opened if it is not there yet.
    pub(crate) fn link_to(&self, purpose: usize, address: &Address) -> Option<Arc<Link>> {
        self.topology().index_of(address)?;
        Some(self.pools.get(purpose)?.link(self, address))
    }

    /// A new link, which dials unless it is given a connection.
    fn open(&self, purpose: usize, address: &Address, connected: Option<crate::io::Connected>) -> Arc<Link> {
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        let router: Weak<dyn crate::io::Router> = self.this.clone();
        let link = Link::with_router(self.settings_for(address), purpose, number, Some(router));
        self.numbered.write().unwrap_or_else(PoisonError::into_inner).insert(number, Arc::clone(&link));
        let driver = Driver { link: Arc::clone(&link), tls: self.tls.clone(), owner: self.owner.clone() };
        let session = connected.map(|connected| driver.open(connected));
        if let Ok(io) = io_thread() {
            let mut drivers = lock(&self.drivers);
            drivers.retain(|driver| !driver.is_finished());
            drivers.push(io.spawn(Arc::new(driver).supervise(session)));
        }
        link
    }

    /// Puts a connection into service that was made before there was a link for it.
    pub(crate) fn opened(&self, purpose: usize, address: &Address, connected: crate::io::Connected) {
        let link = self.open(purpose, address, Some(connected));
        self.pools[purpose].insert(address, link);
        self.links_changed();
    }

    /// The state of a link has changed. A purpose serves while one of its links does, or another purpose shows that a node
    /// is up that it has no link to yet.
    fn links_changed(&self) {
        let pools: Vec<_> = self.pools.iter().map(Pool::links).collect();
        let is_up = |link: &Link| link.state() == State::Ready;
        let up: HashSet<&Address> =
            pools.iter().flatten().filter(|(_, link)| is_up(link)).map(|(address, _)| address).collect();
        for (pool, links) in self.pools.iter().zip(&pools) {
            let has = |address: &Address| links.iter().any(|(other, _)| other == address);
            let serves = links.iter().any(|(_, link)| is_up(link)) || up.iter().any(|address| !has(address));
            pool.set_serves(&self.config.link_name(pool.index), serves);
        }
    }

    /// Where a slot's master is; none while nobody serves it.
    pub(crate) fn master_of(&self, slot: u16) -> Option<Address> {
        self.topology().master(slot).cloned()
    }

    /// Begins to follow changes.
    pub(crate) fn start(&self) {
        if let Ok(io) = io_thread() {
            let task = io.spawn(refresh::follow(self.this.clone(), self.settings.slots_refresh_interval));
            *lock(&self.refresher) = Some(task.abort_handle());
        }
    }

    /// No request is routed any more. Returns the tasks of the links, which are to be closed.
    pub(crate) fn close(&self) -> Vec<JoinHandle<()>> {
        self.closing.store(true, Ordering::Release);
        if let Some(task) = lock(&self.refresher).take() {
            task.abort();
        }
        std::mem::take(&mut *lock(&self.drivers))
    }

    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// The most sockets that there can be at a time.
    fn bound(&self) -> usize {
        self.config.purposes.len() * self.topology().nodes.len() + self.config.blocking_connections
    }

    /// What `getStats()` shows of it.
    pub(crate) fn snapshot(&self, lanes: usize) -> serde_json::Value {
        let topology = self.topology();
        let nodes: Vec<_> = topology
            .nodes
            .iter()
            .enumerate()
            .map(|(index, node)| {
                let ranges = topology.shards.iter().find(|shard| shard.master == index).map(|shard| &shard.ranges);
                json!({
                    "address": node.address.to_string(),
                    "host": node.address.host,
                    "port": node.address.port,
                    "role": if node.is_master { "master" } else { "slave" },
                    "slots": ranges.map_or(&[][..], Vec::as_slice),
                    "availabilityZone": node.zone,
                })
            })
            .collect();
        let open = self.links().iter().filter(|link| link.state() == State::Ready).count() + lanes;
        json!({ "nodes": nodes, "sockets": { "bound": self.bound(), "open": open } })
    }

    /// The figures of a purpose: sums over its links, and each of them.
    pub(crate) fn figures_of(&self, purpose: usize) -> serde_json::Value {
        let snapshot = |link: &Arc<Link>| {
            let mut figures = link.snapshot();
            // As the cluster tells it, and not as it was resolved.
            figures["address"] = json!(link.node().to_string());
            figures
        };
        let links: Vec<_> = self.links_of(purpose).iter().map(snapshot).collect();
        let sum = |field: &str| links.iter().filter_map(|link| link[field].as_u64()).sum::<u64>();
        let newest = |field: &str, by: &str| {
            let dated = links.iter().filter(|link| !link[field].is_null());
            dated
                .max_by_key(|link| link.pointer(by).and_then(serde_json::Value::as_u64))
                .map(|link| link[field].clone())
        };
        let mut figures = json!({
            "purpose": self.config.link_name(purpose),
            "index": purpose,
            "state": self.pools[purpose].state().word(),
            "since": self.pools[purpose].since(),
            "address": links.iter().filter_map(|link| link["address"].as_str()).collect::<Vec<_>>().join(","),
            "inline": links.iter().any(|link| link["inline"] == true),
            "lastError": newest("lastError", "/lastError/at"),
            "lastRoundTripMs": newest("lastRoundTripMs", "/since"),
        });
        for field in
            ["reconnects", "inFlight", "bytesInFlight", "commands", "bytesIn", "bytesOut", "errors", "subscriptions"]
        {
            figures[field] = json!(sum(field));
        }
        figures["nodes"] = json!(links);
        figures
    }
}
