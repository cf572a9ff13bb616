//! The open links together: their health, and what the server says of its clients.

use super::failovers::Failovers;
use super::leases::{Leases, Place, Wanted};
use super::renewal::Renewal;
use crate::cluster::Cluster;
use crate::config::Config;
use crate::io::{self, ask, Address, Link, SubscriptionKind};
use crate::port::Port;
use crate::wire::Value;
use crate::{Error, Kind, Result};
use serde_json::json;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The open links.
pub struct Links {
    /// What they were opened with.
    pub config: Arc<Config>,
    /// One for each purpose, in order, then the lanes. In a cluster, the lanes alone.
    pub(super) links: Vec<Arc<Link>>,
    /// The links to its nodes, and who finds the right one.
    pub cluster: Option<Arc<Cluster>>,
    pub(super) leases: Arc<Leases>,
    pub(super) failovers: Failovers,
    #[expect(dead_code, reason = "held for its end")]
    pub(super) renewal: Renewal,
}

/// How long a health check waits for one link when commands have no deadline.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(10);

impl Links {
    /// The link of this number.
    pub fn link(&self, number: usize) -> Option<Arc<Link>> {
        match &self.cluster {
            None => self.links.get(number).cloned(),
            Some(_) if (self.first_lane()..self.config.link_count()).contains(&number) => {
                self.links.get(number - self.first_lane()).cloned()
            }
            Some(cluster) => cluster.link(number),
        }
    }

    /// The link of a purpose, or of a lane, where there is only one of each.
    pub fn only(&self, number: usize) -> Option<&Arc<Link>> {
        match &self.cluster {
            None => self.links.get(number),
            Some(_) => self.links.get(number.checked_sub(self.first_lane())?),
        }
    }

    /// Which link, and to which node, serves a lease for a place in the cluster.
    pub(super) fn placed(&self, wanted: Wanted, place: &Place) -> Result<(Wanted, Option<Address>)> {
        let Some(cluster) = &self.cluster else { return Ok((wanted, None)) };
        let topology = cluster.topology();
        let node = match place {
            Place::Anywhere => topology.masters().next(),
            Place::Slot(slot) => topology.master(*slot),
            Place::Node(address) => Some(address).filter(|address| topology.index_of(address).is_some()),
        };
        let node = node.ok_or_else(|| {
            let what = match place {
                Place::Node(address) => format!("{address} is no node of the cluster (any more)"),
                _ => "no node of the cluster serves the hash slot".to_owned(),
            };
            Error::new(Kind::LinkDown, format!("{what}; nothing was sent"))
        })?;
        match wanted {
            Wanted::Lane => Ok((wanted, Some(node.clone()))),
            Wanted::Link(purpose) => {
                let link = cluster.link_to(purpose, node).ok_or_else(super::not_initialized)?;
                Ok((Wanted::Link(link.number), None))
            }
        }
    }

    /// Every link.
    pub fn all(&self) -> Vec<Arc<Link>> {
        let nodes = self.cluster.as_ref().map(|cluster| cluster.links());
        self.links.iter().cloned().chain(nodes.into_iter().flatten()).collect()
    }

    /// The links of a purpose: one, or one for each node that it was needed for.
    fn of(&self, purpose: usize) -> Vec<Arc<Link>> {
        match &self.cluster {
            None => self.links.get(purpose).cloned().into_iter().collect(),
            Some(cluster) => cluster.links_of(purpose),
        }
    }

    fn lanes(&self) -> &[Arc<Link>] {
        match &self.cluster {
            None => &self.links[self.first_lane()..],
            Some(_) => &self.links,
        }
    }

    /// Where the lanes begin.
    pub fn first_lane(&self) -> usize {
        self.config.purposes.len()
    }

    /// The figures of all links, as `getStats()` shows them.
    pub(super) fn figures(&self) -> serde_json::Value {
        let lanes = self.lanes();
        let all = self.all();
        let (in_use, waiting) = self.leases.lanes(self.first_lane(), self.config.link_count());
        let snapshots = |links: &[Arc<Link>]| links.iter().map(|link| link.snapshot()).collect::<Vec<_>>();
        let is_ready = |link: &&Arc<Link>| link.state() == io::State::Ready;
        let ready_lanes = lanes.iter().filter(is_ready).count();
        let cluster = self.cluster.as_ref().map(|cluster| cluster.snapshot(ready_lanes));
        let declared = cluster.as_ref().and_then(|cluster| cluster.pointer("/sockets/bound")?.as_u64());
        json!({
            "totals": {
                "declared": declared.unwrap_or(all.len() as u64),
                "created": all.len(),
                "active": all.iter().filter(is_ready).count(),
                "errors": all.iter().map(|link| link.errors()).sum::<u64>(),
            },
            "purposes": match &self.cluster {
                None => snapshots(&self.links[..self.first_lane()]),
                Some(cluster) => (0..self.first_lane()).map(|purpose| cluster.figures_of(purpose)).collect(),
            },
            "lanes": { "declared": lanes.len(), "inUse": in_use, "waiting": waiting, "links": snapshots(lanes) },
            "cluster": cluster,
            "sentinel": self.config.sentinel.as_ref().map(|sentinel| sentinel.discovery.figures(sentinel)),
        })
    }

    /// The figures when there are no links.
    pub(super) fn no_figures() -> serde_json::Value {
        json!({
            "totals": { "declared": 0, "created": 0, "active": 0, "errors": 0 },
            "purposes": [],
            "lanes": { "declared": 0, "inUse": 0, "waiting": 0, "links": [] },
            "cluster": null,
            "sentinel": null,
        })
    }

    /// A subscription of this port, or its end. False when no purpose is there for subscriptions.
    pub(super) fn subscribe(&self, port: &Arc<Port>, slot: i32, kind: SubscriptionKind, name: &[u8], on: bool) -> bool {
        if let Some(cluster) = &self.cluster {
            return cluster.subscribe(port, slot, kind, name, on);
        }
        let subscriber = self.links.iter().find_map(|link| Some((link, link.subscriptions.as_ref()?)));
        match subscriber {
            Some((link, subscriptions)) if on => subscriptions.subscribe(link, port, slot, kind, name),
            Some((link, subscriptions)) => subscriptions.unsubscribe(link, port, slot, kind, name),
            None => return false,
        }
        true
    }

    /// The environment of a port has ended.
    pub(super) fn forget(self: &Arc<Self>, port: &Arc<Port>) {
        for link in self.all() {
            if let Some(subscriptions) = &link.subscriptions {
                subscriptions.forget(&link, port);
            }
        }
        self.leases.forget(self, port);
    }

    pub(super) async fn health(&self) -> serde_json::Value {
        let mut checks = Vec::new();
        for purpose in 0..self.first_lane() {
            let asked: Vec<_> = self.of(purpose).into_iter().map(|link| (self.ask(&link, &[b"PING"]), link)).collect();
            let state = match &self.cluster {
                Some(cluster) => cluster.state_of(purpose),
                None => asked.first().map_or(io::State::End, |(_, link)| link.state()),
            };
            let is_cluster = self.cluster.is_some();
            let mut health = json!({ "purpose": self.config.link_name(purpose), "state": state.word() });
            checks.push(async move {
                health["status"] = json!("healthy");
                let mut slowest = Duration::ZERO;
                for (asked, link) in asked {
                    let outcome = asked.await.and_then(|(reply, latency)| match reply {
                        Value::Error(text) => Err(Error::new(Kind::HandshakeFailed, String::from_utf8_lossy(&text))),
                        _ => Ok(latency),
                    });
                    match outcome {
                        Ok(latency) => slowest = slowest.max(latency),
                        Err(error) => {
                            let node = match is_cluster {
                                true => format!("{}: ", link.node()),
                                false => String::new(),
                            };
                            health["status"] = json!("unhealthy");
                            health["code"] = json!(error.kind().code());
                            health["error"] = json!(format!("{node}{}", error.message()));
                        }
                    }
                }
                if health["status"] == "healthy" {
                    health["latencyMs"] = json!(slowest.as_secs_f64() * 1e3);
                }
                health
            });
        }
        // All were asked before the first is awaited.
        let mut all = Vec::new();
        for check in checks {
            all.push(check.await);
        }
        all.into()
    }

    pub(super) async fn monitor(&self) -> serde_json::Value {
        let all = self.all();
        let takes_commands = |link: &&Arc<Link>| link.subscriptions.is_none();
        let ready = all.iter().filter(takes_commands).find(|link| link.state() == io::State::Ready);
        let Some(link) = ready.or_else(|| all.iter().find(takes_commands)) else {
            return json!({ "type": "monitor", "error": { "code": Kind::Unsupported.code(), "message": "no link to ask on" } });
        };
        let info = match self.ask(link, &[b"INFO", b"clients"]).await {
            Ok((Value::Error(text), _)) => Err(Error::new(Kind::PermissionMissing, String::from_utf8_lossy(&text))),
            other => other.map(|(reply, _)| reply),
        };
        match info {
            Err(error) => {
                json!({ "type": "monitor", "error": { "code": error.kind().code(), "message": error.message() } })
            }
            Ok(info) => {
                let info = info.as_text().unwrap_or_default().into_owned();
                let figure = |name: &str| {
                    info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.trim().parse::<u64>().ok())
                };
                json!({
                    "type": "monitor",
                    "connectedClients": figure("connected_clients"),
                    "maxclients": figure("maxclients"),
                    "active": all.iter().filter(|link| link.state() == io::State::Ready).count(),
                    "links": all.len(),
                })
            }
        }
    }

    fn ask(&self, link: &Link, parts: &[&[u8]]) -> impl Future<Output = Result<(Value, Duration)>> {
        let timeout = match self.config.command_timeout {
            Duration::ZERO => HEALTH_TIMEOUT,
            timeout => timeout,
        };
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let start = Instant::now();
        ask(link, parts, Some(start + timeout), move |reply| {
            // Nobody waits any more when the check itself was dropped.
            let _ = sender.send(reply.map(|reply| (reply, start.elapsed())));
        });
        async move { receiver.await.unwrap_or_else(|_| Err(io::closed())) }
    }
}
