//! Requests find their node, and go on to another when that refuses them or is lost.

use super::pool::{Pool, Routes};
use super::topology::reached_at;
use super::Cluster;
use crate::config::ScaleReads;
use crate::inbox::Inbox;
use crate::io::{
    flag, later, patience, surface, Address, Batch, Change, Connection, Link, Owner, Refusal, Request, Router,
};
use crate::port::{self, lock, Port};
use serde_json::json;
use std::collections::VecDeque;
use std::sync::Arc;

/// The reply to a request whose slot no node serves, in the server's words.
fn not_served(batch: &Batch) -> Inbox {
    const TEXT: &[u8] = b"CLUSTERDOWN Hash slot not served";
    let mut reply = Inbox::default();
    for request in &batch.requests {
        match request.replies {
            0 | 1 => reply.reply_error(request.slot, TEXT),
            replies => reply.reply_aborted(request.slot, replies, TEXT),
        }
    }
    reply
}

/// Requests for one node.
#[derive(Default)]
struct Share {
    bytes: Vec<u8>,
    requests: VecDeque<Request>,
}

impl Cluster {
    /// Any thread: sends requests of a purpose to the nodes of their slots. Returns the connections that the port would do
    /// better to read by itself, with their links.
    pub fn submit(
        &self,
        purpose: usize,
        port: &Arc<Port>,
        bytes: &[u8],
        mut requests: VecDeque<Request>,
    ) -> Vec<(Arc<Link>, Arc<Connection>)> {
        for request in &mut requests {
            request.flags |= flag::ROUTED;
        }
        self.share_out(purpose, port, bytes, requests)
    }

    fn share_out(
        &self,
        purpose: usize,
        port: &Arc<Port>,
        bytes: &[u8],
        requests: VecDeque<Request>,
    ) -> Vec<(Arc<Link>, Arc<Connection>)> {
        let pool = &self.pools[purpose];
        let routes = pool.routes();
        let mut shares: Vec<Share> = routes.topology.nodes.iter().map(|_| Share::default()).collect();
        let mut homeless = Share::default();
        let mut at = 0;
        for request in requests {
            let end = at + request.len as usize;
            let share = match self.node_for(pool, &routes, &request) {
                Some(node) => &mut shares[node],
                None => &mut homeless,
            };
            share.bytes.extend_from_slice(&bytes[at..end]);
            share.requests.push_back(request);
            at = end;
        }
        let mut readable = Vec::new();
        for (node, share) in shares.into_iter().enumerate() {
            if share.requests.is_empty() {
                continue;
            }
            let link = pool.link_at(self, &routes, node);
            let batch = Batch::new(Owner::Port(Arc::clone(port)), share.bytes.into(), share.requests);
            if let Some(connection) = link.submit(batch) {
                readable.push((link, connection));
            }
        }
        if !homeless.requests.is_empty() {
            self.stale.notify_one();
            let mut batch = Batch::new(Owner::Port(Arc::clone(port)), homeless.bytes.into(), homeless.requests);
            while let Some(mut one) = batch.take_first() {
                one.refused_once_more();
                let reply = not_served(&one);
                self.wait(purpose, one, reply);
            }
        }
        readable
    }

    /// The node that a request goes to; none while no node serves its slot.
    fn node_for(&self, pool: &Pool, routes: &Routes, request: &Request) -> Option<usize> {
        let topology = &routes.topology;
        let shard = match request.hash_slot() {
            Some(slot) => topology.shard(slot)?,
            None => {
                // The same one each time, so that what is published keeps its order.
                let count = topology.shards.len();
                let first = pool.index % count.max(1);
                let mut candidates = (0..count).map(|offset| &topology.shards[(first + offset) % count]);
                let promising = candidates.clone().find(|shard| pool.is_promising(routes, shard.master));
                return promising.or_else(|| candidates.next()).map(|shard| shard.master);
            }
        };
        let may_read = request.is(flag::READ_ONLY) && !request.is(flag::BLOCKING) && request.refusals == 0;
        let scale_reads = if may_read { self.settings.scale_reads } else { ScaleReads::Master };
        let replicas = shard.replicas.iter().copied();
        let of_zone = |node: &usize| {
            let zone = topology.nodes[*node].zone.as_ref();
            zone.is_some() && zone == self.settings.availability_zone.as_ref()
        };
        let candidates: Vec<usize> = match scale_reads {
            ScaleReads::Master => return Some(shard.master),
            ScaleReads::Slave => replicas.collect(),
            ScaleReads::All => replicas.chain([shard.master]).collect(),
            ScaleReads::Nearest => {
                let near: Vec<_> = replicas.clone().filter(of_zone).collect();
                match near.is_empty() {
                    true if of_zone(&shard.master) => return Some(shard.master),
                    true => replicas.chain([shard.master]).collect(),
                    false => near,
                }
            }
        };
        let first = pool.next_turn();
        let count = candidates.len();
        let mut in_turn = (0..count).map(|offset| candidates[(first + offset) % count]);
        in_turn.find(|node| pool.is_promising(routes, *node)).or(Some(shard.master))
    }

    /// Sends a batch again, to whoever serves its slots now.
    fn route(&self, purpose: usize, mut batch: Batch) {
        if self.is_closing() {
            return batch.fail_all(&crate::io::closed());
        }
        let Owner::Port(port) = &batch.owner else { return };
        let port = Arc::clone(port);
        let requests = std::mem::take(&mut batch.requests);
        self.share_out(purpose, &port, &batch.bytes[batch.offset..], requests);
    }

    /// Sends a refused request again after a while; `reply` is what its caller gets when there is no time for that.
    fn wait(&self, purpose: usize, batch: Batch, reply: Inbox) {
        match patience(&batch).filter(|_| !self.is_closing()) {
            None => surface(batch, reply),
            Some(wait) => {
                let this = self.this.clone();
                later(wait, move || match this.upgrade() {
                    Some(cluster) => cluster.route(purpose, batch),
                    None => {
                        let mut batch = batch;
                        batch.fail_all(&crate::io::closed());
                    }
                });
            }
        }
    }

    fn redirect(&self, link: &Arc<Link>, mut batch: Batch, to: Address, asks: bool, reply: Inbox) {
        let is_transaction = batch.requests.iter().any(|request| request.replies > 1);
        let redirections = batch.requests.iter().map(|request| request.redirections).max().unwrap_or(0);
        // A link that was opened now, nobody would close.
        if redirections >= self.settings.max_redirections || self.is_closing() {
            return surface(batch, reply);
        }
        for request in &mut batch.requests {
            request.redirections += 1;
        }
        // A transaction cannot ask; it has to wait until the slot has moved altogether.
        if asks && is_transaction {
            return self.wait(link.index, batch, reply);
        }
        let to = reached_at(to, &link.node(), &self.settings.nat_map);
        if asks {
            batch.put_asking();
        } else {
            *lock(&self.hint) = Some(to.clone());
            self.stale.notify_one();
        }
        let next = self.pools[link.index].link(self, &to);
        next.submit(batch);
    }
}

impl Router for Cluster {
    fn refused(&self, link: &Arc<Link>, batch: Batch, refusal: Refusal, reply: Inbox) {
        match refusal {
            Refusal::Moved(to) => self.redirect(link, batch, to, false, reply),
            Refusal::Ask(to) => self.redirect(link, batch, to, true, reply),
            Refusal::TryAgain | Refusal::Loading => self.wait(link.index, batch, reply),
            Refusal::ClusterDown | Refusal::MasterDown | Refusal::ReadOnly => {
                self.stale.notify_one();
                self.wait(link.index, batch, reply);
            }
        }
    }

    fn returned(&self, link: &Link, batch: Batch) {
        self.route(link.index, batch);
    }

    fn changed(&self, link: &Arc<Link>, change: Change<'_>) {
        let purpose = &link.purpose;
        match change {
            Change::Ready => {}
            Change::Silent => return self.stale.notify_one(),
            Change::Lost | Change::Evicted => self.stale.notify_one(),
            Change::Failed(error) => {
                self.stale.notify_one();
                let address = link.node().to_string();
                port::broadcast(&json!({
                    "type": "node", "event": "node error", "purpose": purpose, "address": address,
                    "code": error.kind().code(), "message": error.message(), "retryable": error.kind().retryable(),
                }));
            }
        }
        self.links_changed();
    }
}
