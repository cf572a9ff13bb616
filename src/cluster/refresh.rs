//! The topology: asked for at the start, when something points to a change, and from time to time.

use super::topology::{zone_of, Topology};
use super::Cluster;
use crate::config::{Cluster as Settings, Config, ScaleReads};
use crate::io::{ask, connect, query, Address, Connected, Link, State, SUBSCRIBER};
use crate::port::{self, lock};
use crate::wire::Value;
use crate::{Error, Kind, Result};
use serde_json::json;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// The topology is not asked for more often than this.
const AT_MOST_EVERY: Duration = Duration::from_millis(50);
/// While a node is down that is still to serve slots, it is asked for as often as this.
const WHILE_DOWN: Duration = Duration::from_millis(250);
/// How many nodes are asked at a time.
const NODES_ASKED: usize = 5;
/// How long a link to a node that has left may take to finish what is in flight.
const LET_FINISH: Duration = Duration::from_millis(250);

/// What the first node said that answered.
pub struct Discovered {
    /// What it said.
    pub topology: Topology,
    /// The connection on which it did, and where that leads.
    pub asked: (Address, Connected),
}

/// Asks the configured nodes, one after another, until one answers.
///
/// # Errors
/// When none does: names each, and why.
pub async fn discover(
    config: &Arc<Config>,
    settings: &Settings,
    tls: Option<&Arc<rustls::ClientConfig>>,
    purpose: &str,
) -> Result<Discovered> {
    let mut failures = Vec::new();
    for node in &settings.nodes {
        let address = Address { host: node.host.clone(), port: node.port };
        match discover_at(config, settings, tls, purpose, &address).await {
            Ok(discovered) => return Ok(discovered),
            Err(error) => failures.push((address.to_string(), error)),
        }
    }
    let causes: Vec<_> =
        failures.iter().map(|(node, error)| format!("{node}: {error} [{}]", error.kind().code())).collect();
    let kind = failures.first().map_or(Kind::InvalidOption, |(_, error)| error.kind());
    Err(Error::new(kind, format!("no node of the cluster told its slots. {}", causes.join("; ")))
        .with_causes(failures.iter().map(|(node, error)| (node.as_str(), error))))
}

async fn discover_at(
    config: &Arc<Config>,
    settings: &Settings,
    tls: Option<&Arc<rustls::ClientConfig>>,
    purpose: &str,
    address: &Address,
) -> Result<Discovered> {
    let connected = connect(&config.for_node(address, false), purpose, tls).await?;
    let asked = async {
        let slots = query(&connected, &[b"CLUSTER", b"SLOTS"], settings.slots_refresh_timeout).await?;
        read(&slots, address, settings)
    };
    match asked.await {
        Ok(topology) => Ok(Discovered { topology, asked: (address.clone(), connected) }),
        Err(error) => {
            connected.transport.shutdown();
            Err(error)
        }
    }
}

fn read(slots: &Value, asked: &Address, settings: &Settings) -> Result<Topology> {
    Topology::parse(slots, asked, &settings.nat_map).map_err(|why| explain(&why, asked))
}

fn explain(why: &str, asked: &Address) -> Error {
    if why.starts_with("NOPERM") {
        let advice = "the ACL user needs +cluster|slots";
        return Error::new(Kind::PermissionMissing, format!("{asked} refused CLUSTER SLOTS: {why}; {advice}"));
    }
    if why.contains("cluster support disabled") {
        let advice = "it is a single server: use host and port rather than cluster";
        return Error::new(Kind::InvalidOption, format!("{asked} is no node of a cluster: {why} ({advice})"));
    }
    Error::new(Kind::HandshakeFailed, format!("{asked} did not tell its slots: {why}"))
}

/// The purpose that has a connection to every node from the beginning.
pub fn first_purpose(config: &Config) -> usize {
    config.purposes.iter().position(|purpose| purpose != SUBSCRIBER).unwrap_or(0)
}

/// Follows changes until the cluster is closed.
pub(super) async fn follow(cluster: Weak<Cluster>, interval: Duration) {
    let mut next = interval;
    loop {
        let Some(this) = cluster.upgrade() else { return };
        tokio::select! {
            () = this.stale.notified() => {}
            () = pause(next) => {}
        }
        if this.is_closing() {
            return;
        }
        if let Some(mut topology) = this.ask_for_topology().await {
            this.learn_zones(&mut topology).await;
            this.follow(topology);
        }
        this.place_subscriptions();
        this.close_gone();
        next = match this.is_missing_a_master() || this.is_home_missing() {
            true => WHILE_DOWN,
            false => interval,
        };
        drop(this);
        sleep(AT_MOST_EVERY).await;
    }
}

async fn pause(time: Duration) {
    match time {
        Duration::ZERO => std::future::pending().await,
        time => sleep(time).await,
    }
}

impl Cluster {
    /// Whether a link that is needed is down.
    fn is_missing_a_master(&self) -> bool {
        let topology = self.topology();
        let is_master = |address: &Address| topology.masters().any(|master| master == address);
        let is_down = |(address, link): (Address, Arc<Link>)| link.state() != State::Ready && is_master(&address);
        topology
            .shards
            .iter()
            .flat_map(|shard| &shard.ranges)
            .map(|(from, to)| usize::from(to - from) + 1)
            .sum::<usize>()
            < super::topology::SLOTS
            || self.pools.iter().any(|pool| pool.links().into_iter().any(is_down))
    }

    /// Asks some nodes whose links are up, or else the configured ones, and takes what most of them say.
    async fn ask_for_topology(&self) -> Option<Topology> {
        let hint = lock(&self.hint).take();
        let mut up: Vec<_> = self
            .pools
            .iter()
            .filter(|pool| self.subscribers.as_ref().is_none_or(|subscribers| subscribers.index != pool.index))
            .flat_map(super::pool::Pool::links)
            .filter(|(_, link)| link.state() == State::Ready)
            .collect();
        up.sort_by(|(one, _), (other, _)| one.cmp(other));
        up.dedup_by(|(one, _), (other, _)| one == other);
        // Who said that a slot has moved knows where it is; others may hear of it later.
        let hinted: Vec<_> = up.iter().filter(|(address, _)| Some(address) == hint.as_ref()).cloned().collect();
        let asked = if hinted.is_empty() { up } else { hinted };
        let mut questions = JoinSet::new();
        for (address, link) in asked.into_iter().take(NODES_ASKED) {
            questions.spawn(self.question(address, &link));
        }
        let majority = questions.len() / 2 + 1;
        let mut votes: HashMap<String, (usize, Topology)> = HashMap::new();
        while let Some(answer) = questions.join_next().await {
            let Ok(Some(topology)) = answer else { continue };
            let vote = votes.entry(topology.signature()).or_insert((0, topology));
            vote.0 += 1;
            if vote.0 >= majority {
                break;
            }
        }
        if let Some((_, topology)) = votes.into_values().max_by_key(|(votes, _)| *votes) {
            return Some(topology);
        }
        let purpose = self.config.link_name(first_purpose(&self.config));
        let discovered = discover(&self.config, &self.settings, self.tls.as_ref(), &purpose).await.ok()?;
        discovered.asked.1.transport.shutdown();
        Some(discovered.topology)
    }

    fn question(&self, address: Address, link: &Link) -> impl Future<Output = Option<Topology>> {
        let slots = self.asked(link, &[b"CLUSTER", b"SLOTS"]);
        let settings = self.settings.clone();
        async move { read(&slots.await?, &address, &settings).ok() }
    }

    fn asked(&self, link: &Link, parts: &[&[u8]]) -> impl Future<Output = Option<Value>> {
        let deadline = Some(Instant::now() + self.settings.slots_refresh_timeout);
        let (sender, receiver) = tokio::sync::oneshot::channel();
        // Nobody waits any more when the cluster is closed.
        ask(link, parts, deadline, move |reply| drop(sender.send(reply.ok())));
        async move { receiver.await.ok().flatten() }
    }

    /// Asks nodes for their availability zones that are not known yet.
    async fn learn_zones(&self, topology: &mut Topology) {
        if self.settings.scale_reads != ScaleReads::Nearest {
            return;
        }
        let known = self.topology();
        let pool = &self.pools[first_purpose(&self.config)];
        let mut questions = JoinSet::new();
        for (index, node) in topology.nodes.iter_mut().enumerate() {
            node.zone = known.index_of(&node.address).and_then(|known_at| known.nodes[known_at].zone.clone());
            if node.zone.is_none() {
                let link = pool.link(self, &node.address);
                if link.state() == State::Ready {
                    let info = self.asked(&link, &[b"INFO", b"server"]);
                    questions.spawn(async move { (index, info.await) });
                }
            }
        }
        while let Some(answer) = questions.join_next().await {
            if let Ok((index, Some(info))) = answer {
                topology.nodes[index].zone = zone_of(&info);
            }
        }
    }

    /// From now on requests go by this topology.
    fn follow(&self, topology: Topology) {
        let before = self.topology();
        if *before == topology {
            return;
        }
        let topology = Arc::new(topology);
        *self.topology.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&topology);
        for pool in &self.pools {
            pool.follow(&topology);
        }
        // What waits for a node may have a better one now.
        for pool in &self.pools {
            for (_, link) in pool.links() {
                for batch in if link.state() == State::Ready { Vec::new() } else { link.take_routed() } {
                    crate::io::Router::returned(self, &link, batch);
                }
            }
        }
        self.move_lanes(&topology);
        tell(&before, &topology);
    }

    /// Closes the links to nodes that are not among the nodes any more.
    fn close_gone(&self) {
        let topology = self.topology();
        let by = Instant::now() + LET_FINISH;
        let mut is_changed = false;
        for pool in &self.pools {
            for link in pool.take_gone(&topology, self.home_of(pool.index).as_ref()) {
                self.numbered.write().unwrap_or_else(PoisonError::into_inner).remove(&link.number);
                link.leave(by);
                is_changed = true;
            }
        }
        if is_changed {
            self.links_changed();
        }
    }

    /// A lane to what is no master any more goes to another, and what waits for it has to ask for a lane again.
    fn move_lanes(&self, topology: &Topology) {
        for lane in lock(&self.lanes).iter().filter(|lane| !lane.is_pinned()) {
            self.move_lane(lane, topology);
        }
    }

    /// A lane that was leased for a node is for all again.
    pub(crate) fn unpinned(&self, lane: &Link) {
        self.move_lane(lane, &self.topology());
    }

    fn move_lane(&self, lane: &Link, topology: &Topology) {
        let masters: Vec<_> = topology.masters().collect();
        let target = lane.target().address();
        let is_there = masters.contains(&&target);
        if let Some(next) = masters.get(lane.index % masters.len().max(1)).filter(|_| !is_there) {
            lane.refuse_waiting(&format!(
                "{target} is no master any more, so the lane goes to another; nothing was sent"
            ));
            lane.retarget(self.settings_for(next));
        }
    }
}

/// Tells applications what has changed.
fn tell(before: &Topology, after: &Topology) {
    let event = |event: &str, node: &super::topology::Node| {
        port::broadcast(&json!({
            "type": "node", "event": event, "address": node.address.to_string(), "host": node.address.host,
            "port": node.address.port, "role": if node.is_master { "master" } else { "slave" },
        }));
    };
    for node in before.nodes.iter().filter(|node| after.index_of(&node.address).is_none()) {
        event("-node", node);
    }
    for node in after.nodes.iter().filter(|node| before.index_of(&node.address).is_none()) {
        event("+node", node);
    }
    port::broadcast(&json!({ "type": "topology" }));
}
