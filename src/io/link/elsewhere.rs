//! What becomes of requests that a link cannot serve, or not on the connection that it has.

use super::Link;
use crate::config::Config;
use crate::inbox::Inbox;
use crate::io::refusal::{surface, Router};
use crate::io::request::{Batch, Weight};
use crate::port::lock;
use crate::{Error, Kind};
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::time::{Duration, Instant};

impl Link {
    /// Any thread: accepts a batch again that the server has refused.
    pub(in crate::io) fn submit_again(&self, mut batch: Batch) {
        // It was accepted before, so nothing can be too much about it.
        batch.weight.get_or_insert_with(|| Weight::new(batch.bytes.len(), &self.stats.held));
        self.submit(batch);
    }

    /// Any thread: the server refused a batch since it is a replica. The connection is replaced, once the replies to what
    /// is in flight have come, and the batch is sent on the next one; unless that was tried a moment ago.
    pub(in crate::io) fn renew_for(&self, mut batch: Batch, reply: Inbox) {
        const LET_FINISH: Duration = Duration::from_millis(500);
        const AT_MOST_EVERY: Duration = Duration::from_secs(1);
        let now = Instant::now();
        let mut out = lock(&self.out);
        let is_first = batch.requests.iter().all(|request| request.refusals == 1);
        let is_recent = out.renewed.is_some_and(|at| now - at < AT_MOST_EVERY);
        if out.closed || !is_first || (is_recent && !out.renewing) {
            drop(out);
            return surface(batch, reply);
        }
        batch.weight.get_or_insert_with(|| Weight::new(batch.bytes.len(), &self.stats.held));
        out.waiting.push_back(batch);
        if !out.renewing && out.connection.is_some() {
            out.renewing = true;
            out.renewed = Some(now);
            *lock(&self.orders.renew_by) = Some(now + LET_FINISH);
            self.orders.renew.store(true, Ordering::Release);
        }
        drop(out);
        self.wake.notify_one();
    }

    /// Any thread: it cannot serve a batch that it has not sent. In a cluster another link may.
    pub(in crate::io) fn give_back(&self, mut batch: Batch, error: &Error) {
        match self.router().filter(|_| batch.is_routed()) {
            Some(router) => router.returned(self, batch),
            None => batch.fail_all(error),
        }
    }

    /// Any thread: the routed requests that wait for a connection.
    pub(crate) fn take_routed(&self) -> Vec<Batch> {
        let mut out = lock(&self.out);
        let (routed, rest) = std::mem::take(&mut out.waiting).into_iter().partition(Batch::is_routed);
        out.waiting = rest;
        Vec::from_iter::<VecDeque<Batch>>(routed)
    }

    /// Any thread: fails what waits for a connection, as lost before it was sent.
    pub(crate) fn refuse_waiting(&self, why: &str) {
        let waiting = std::mem::take(&mut lock(&self.out).waiting);
        for mut batch in waiting {
            batch.fail_all(&self.error(Kind::ConnectionLost, why));
        }
    }

    /// Who knows where its requests may go otherwise.
    pub(in crate::io) fn router(&self) -> Option<Arc<dyn Router>> {
        self.router.as_ref()?.upgrade()
    }

    /// Whether it is one of several links of its purpose.
    pub(in crate::io) fn is_routed(&self) -> bool {
        self.router.is_some()
    }

    /// What it connects to.
    pub(crate) fn target(&self) -> Arc<Config> {
        lock(&self.target).clone().unwrap_or_else(|| Arc::clone(&self.config))
    }

    /// Any thread: it connects to this node from now on; nobody is using it.
    pub(crate) fn retarget(&self, target: Arc<Config>) {
        {
            let mut current = lock(&self.target);
            if current.as_ref().unwrap_or(&self.config).is_same_server(&target) {
                return;
            }
            *current = Some(target);
        }
        // At once, on this thread: what the caller sends next must not go to the node before.
        let connection = {
            let mut out = lock(&self.out);
            // A lane that was given up is dialled again; one that is closed for good is not.
            out.closed &= out.connection.is_some() || self.orders.close.load(Ordering::Acquire);
            out.connection.take()
        };
        if let Some(connection) = connection {
            // First, or its end would be taken for a failure.
            self.orders.reconnect.store(true, Ordering::Release);
            connection.transport.shutdown();
            self.wake.notify_one();
        } else {
            self.orders.hurry.store(true, Ordering::Release);
        }
    }
}
