//! Opens all connections, or none.

use crate::cluster::{discover, first_purpose, zone_of, Cluster, Topology};
use crate::config::{Cluster as Settings, Config, ScaleReads};
use crate::io::{connect_first, query, Address, Connected, Driver, Link};
use crate::port::{self, Port};
use crate::{Error, Kind, Result};
use serde_json::json;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Weak};
use tokio::task::{JoinHandle, JoinSet};

type Tls = Option<Arc<rustls::ClientConfig>>;

/// Connections that no link has yet.
pub(super) struct Opened {
    tls: Tls,
    to: To,
}

/// Connections in service.
pub(super) struct InService {
    /// The links that have no node for good.
    pub links: Vec<Arc<Link>>,
    /// The others.
    pub cluster: Option<Arc<Cluster>>,
    /// The tasks of `links`.
    pub tasks: Vec<JoinHandle<()>>,
}

enum To {
    /// One connection for each purpose, then the lanes.
    Server(Vec<Connected>),
    Cluster {
        settings: Settings,
        topology: Topology,
        /// The purpose, or the lane behind them, and the node of each.
        connected: Vec<(usize, Address, Connected)>,
    },
}

/// Dials one server.
pub(super) async fn open_links(config: &Arc<Config>, tls: Tls) -> Result<Opened> {
    let attempts = (0..config.link_count()).map(|index| (index, dial(config, &tls, index)));
    let mut connected = HashMap::new();
    let mut failures = Vec::new();
    for (index, outcome) in all(attempts).await? {
        match outcome {
            Ok(connection) => drop(connected.insert(index, connection)),
            Err(error) => failures.push((index, error)),
        }
    }
    if failures.is_empty() {
        let connected = (0..config.link_count()).filter_map(|index| connected.remove(&index)).collect();
        return Ok(Opened { tls, to: To::Server(connected) });
    }
    for connection in connected.values() {
        connection.transport.shutdown();
    }
    failures.sort_unstable_by_key(|(index, _)| *index);
    let failures: Vec<_> = failures.into_iter().map(|(index, error)| (config.link_name(index), error)).collect();
    Err(initialize_failed(&failures))
}

/// Discovers a cluster, and dials all masters for the first purpose, and one for each of the others. Where zones count, all
/// nodes are dialled, as each knows its own alone.
pub(super) async fn open_cluster(config: &Arc<Config>, settings: &Settings, tls: Tls) -> Result<Opened> {
    let first = first_purpose(config);
    let discovered = discover(config, settings, tls.as_ref(), &config.link_name(first)).await.map_err(|error| {
        Error::new(Kind::InitializeFailed, format!("Redis manager could not connect. {error}")).caused_by(error)
    })?;
    let mut topology = discovered.topology;
    let (asked, connection) = discovered.asked;
    let masters: Vec<_> = topology.masters().cloned().collect();
    let wants_zones = settings.scale_reads == ScaleReads::Nearest;
    let of_first = topology.nodes.iter().filter(|node| node.is_master || wants_zones);
    let mut wanted: Vec<(usize, Address)> = of_first.map(|node| (first, node.address.clone())).collect();
    let others = (0..config.link_count()).filter(|index| *index != first);
    wanted.extend(others.map(|index| (index, masters[index % masters.len()].clone())));
    let mut connected = Vec::new();
    // What was asked is kept where it is one of them; a configuration endpoint is none.
    match wanted.iter().position(|(index, address)| *index == first && *address == asked) {
        Some(at) => {
            wanted.swap_remove(at);
            connected.push((first, asked, connection));
        }
        None => connection.transport.shutdown(),
    }
    let attempts = wanted.into_iter().map(|(index, address)| {
        let dialled = dial(&config.for_node(&address, false), &tls, index);
        ((index, address), dialled)
    });
    let mut failures = Vec::new();
    for ((index, address), outcome) in all(attempts).await? {
        match outcome {
            Ok(connection) => connected.push((index, address, connection)),
            Err(error) => failures.push((format!("{} ({address})", config.link_name(index)), error)),
        }
    }
    // A node that is down is what a cluster is made for; one that refuses us is a mistake.
    let serves = |index: usize| connected.iter().any(|(other, _, _)| *other == index);
    if failures.iter().any(|(_, error)| !error.kind().retryable()) || !serves(first) {
        for (_, _, connection) in connected {
            connection.transport.shutdown();
        }
        failures.sort_by(|(one, _), (other, _)| one.cmp(other));
        return Err(initialize_failed(&failures));
    }
    if wants_zones {
        for (_, address, connection) in connected.iter().filter(|(index, _, _)| *index == first) {
            let info = query(connection, &[b"INFO", b"server"], settings.slots_refresh_timeout).await;
            if let (Some(at), Ok(info)) = (topology.index_of(address), info) {
                topology.nodes[at].zone = zone_of(&info);
            }
        }
    }
    for (link, error) in failures {
        let message = format!("{link}: {error} [{}]", error.kind().code());
        port::broadcast(&json!({ "type": "warning", "code": "NODE_UNREACHABLE", "message": message }));
    }
    Ok(Opened { tls, to: To::Cluster { settings: settings.clone(), topology, connected } })
}

fn dial(config: &Arc<Config>, tls: &Tls, index: usize) -> impl Future<Output = Result<Connected>> + Send + 'static {
    let (config, tls) = (Arc::clone(config), tls.clone());
    async move { connect_first(&config, &config.link_name(index), tls.as_ref()).await }
}

/// The outcomes of attempts that run at the same time.
async fn all<K: Send + 'static>(
    attempts: impl Iterator<Item = (K, impl Future<Output = Result<Connected>> + Send + 'static)>,
) -> Result<Vec<(K, Result<Connected>)>> {
    let mut running = JoinSet::new();
    for (key, attempt) in attempts {
        running.spawn(async move { (key, attempt.await) });
    }
    let mut outcomes = Vec::new();
    while let Some(outcome) = running.join_next().await {
        outcomes.push(outcome.map_err(|error| Error::new(Kind::Internal, format!("a dial panicked: {error}")))?);
    }
    Ok(outcomes)
}

impl Opened {
    /// Nobody wants them any more.
    pub fn shutdown(self) {
        let connected: Vec<_> = match self.to {
            To::Server(connected) => connected,
            To::Cluster { connected, .. } => connected.into_iter().map(|(_, _, connected)| connected).collect(),
        };
        for connected in connected {
            connected.transport.shutdown();
        }
    }

    /// I/O thread: puts them into service.
    pub fn serve(self, config: &Arc<Config>, owner: &Weak<Port>) -> InService {
        let tls = self.tls;
        let mut tasks = Vec::new();
        let mut serve = |link: &Arc<Link>, connected: Option<Connected>| {
            let driver = Driver { link: Arc::clone(link), tls: tls.clone(), owner: owner.clone() };
            let session = connected.map(|connected| driver.open(connected));
            tasks.push(tokio::spawn(Arc::new(driver).supervise(session)));
        };
        match self.to {
            To::Server(connected) => {
                let links: Vec<_> = (0..connected.len()).map(|index| Link::new(Arc::clone(config), index)).collect();
                for (link, connected) in links.iter().zip(connected) {
                    serve(link, Some(connected));
                }
                InService { links, cluster: None, tasks }
            }
            To::Cluster { settings, topology, connected } => {
                let cluster = Cluster::new(config, &settings, tls.clone(), owner.clone(), topology);
                let first_lane = config.purposes.len();
                let (purposes, mut lanes): (Vec<_>, Vec<_>) =
                    connected.into_iter().partition(|(index, _, _)| *index < first_lane);
                for (index, address, connected) in purposes {
                    cluster.opened(index, &address, connected);
                }
                let topology = cluster.topology();
                let lanes = (first_lane..config.link_count()).map(|index| {
                    let at = lanes.iter().position(|(lane, _, _)| *lane == index);
                    let known = at.map(|at| lanes.swap_remove(at));
                    let fallback = topology.masters().next().cloned();
                    let (address, connected) = match known {
                        Some((_, address, connected)) => (Some(address), Some(connected)),
                        None => (fallback, None),
                    };
                    let address = address.unwrap_or_else(|| config.address());
                    let link = cluster.lane(index, &address);
                    serve(&link, connected);
                    link
                });
                let lanes = lanes.collect();
                cluster.start();
                InService { links: lanes, cluster: Some(cluster), tasks }
            }
        }
    }
}

fn initialize_failed(failures: &[(String, Error)]) -> Error {
    let same = failures.iter().all(|(_, error)| error.message() == failures[0].1.message());
    let causes = if same {
        let purposes: Vec<_> = failures.iter().map(|(purpose, _)| purpose.as_str()).collect();
        format!("{}: {} [{}]", purposes.join(", "), failures[0].1, failures[0].1.kind().code())
    } else {
        let causes: Vec<_> =
            failures.iter().map(|(purpose, error)| format!("{purpose}: {error} [{}]", error.kind().code())).collect();
        causes.join("; ")
    };
    Error::new(Kind::InitializeFailed, format!("Redis manager could not connect. {causes}"))
        .with_causes(failures.iter().map(|(purpose, error)| (purpose.as_str(), error)))
}
