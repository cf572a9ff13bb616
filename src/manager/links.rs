//! The open links together: their health, and what the server says of its clients.

use super::leases::Leases;
use super::renewal::Renewal;
use crate::config::Config;
use crate::io::{self, ask, Link};
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
    /// One for each purpose, in order, then the lanes.
    pub links: Vec<Arc<Link>>,
    pub(super) leases: Arc<Leases>,
    #[expect(dead_code, reason = "held for its end")]
    pub(super) renewal: Renewal,
}

/// How long a health check waits for one link when commands have no deadline.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(10);

impl Links {
    /// The links that have a purpose.
    pub fn purposes(&self) -> &[Arc<Link>] {
        &self.links[..self.first_lane()]
    }

    /// Where the lanes begin.
    pub fn first_lane(&self) -> usize {
        self.config.purposes.len()
    }

    /// The figures of all links, as `getStats()` shows them.
    pub(super) fn figures(&self) -> serde_json::Value {
        let lanes = &self.links[self.first_lane()..];
        let (in_use, waiting) = self.leases.lanes(self.first_lane());
        let snapshots = |links: &[Arc<Link>]| links.iter().map(|link| link.snapshot()).collect::<Vec<_>>();
        json!({
            "totals": {
                "declared": self.links.len(),
                "created": self.links.len(),
                "active": self.links.iter().filter(|link| link.state() == io::State::Ready).count(),
                "errors": self.links.iter().map(|link| link.errors()).sum::<u64>(),
            },
            "purposes": snapshots(self.purposes()),
            "lanes": { "declared": lanes.len(), "inUse": in_use, "waiting": waiting, "links": snapshots(lanes) },
        })
    }

    /// The figures when there are no links.
    pub(super) fn no_figures() -> serde_json::Value {
        json!({
            "totals": { "declared": 0, "created": 0, "active": 0, "errors": 0 },
            "purposes": [],
            "lanes": { "declared": 0, "inUse": 0, "waiting": 0, "links": [] },
        })
    }

    pub(super) fn subscriber(&self) -> Option<(&Link, &io::Subscriptions)> {
        self.links.iter().find_map(|link| Some((&**link, link.subscriptions.as_ref()?)))
    }

    pub(super) async fn health(&self) -> serde_json::Value {
        let mut checks = Vec::new();
        for link in self.purposes() {
            let asked = self.ask(link, &[b"PING"]);
            let link = Arc::clone(link);
            checks.push(async move {
                let outcome = asked.await.and_then(|(reply, latency)| match reply {
                    Value::Error(text) => Err(Error::new(Kind::HandshakeFailed, String::from_utf8_lossy(&text))),
                    _ => Ok(latency),
                });
                let mut health = json!({ "purpose": link.purpose, "state": link.state().word() });
                match outcome {
                    Ok(latency) => {
                        health["status"] = json!("healthy");
                        health["latencyMs"] = json!(latency.as_secs_f64() * 1e3);
                    }
                    Err(error) => {
                        health["status"] = json!("unhealthy");
                        health["code"] = json!(error.kind().code());
                        health["error"] = json!(error.message());
                    }
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
        let link = self.links.iter().find(|link| link.subscriptions.is_none());
        let Some(link) = link else {
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
                    "active": self.links.iter().filter(|link| link.state() == io::State::Ready).count(),
                    "links": self.links.len(),
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
