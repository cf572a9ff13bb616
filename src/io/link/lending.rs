//! A link in the hands of one caller; who gets it is decided in `manager/leases.rs`.

use super::{closed, Link};
use crate::io::ask;
use crate::io::request::Batch;
use crate::port::lock;
use crate::Kind;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;

impl Link {
    /// Any thread: from now on the link is leased, on the connection that it has now, or is about to have. `pinned`: to the
    /// node that it goes to.
    pub(crate) fn lease(&self, pinned: bool) {
        let mut out = lock(&self.out);
        out.pinned = pinned;
        out.leased = Some(out.generation + u64::from(out.connection.is_none()));
        out.lease += 1;
    }

    /// Any thread: the lease is over. `dirty`: something of it may still be there. A lane then gets a new connection; a
    /// link that others share only forgets what was watched.
    pub(crate) fn release(&self, dirty: bool) {
        let (parked, same, abandoned) = {
            let mut out = lock(&self.out);
            let same = out.connection.is_some() && out.leased == Some(out.generation);
            out.leased = None;
            out.lease += 1;
            out.pinned = false;
            out.monitor = None;
            let mut abandoned = VecDeque::new();
            if dirty && self.is_lane() {
                // At once, on this thread: what the caller sends next, on another link, must find the server without
                // his old command waiting there, and nothing of his may be done on the next connection.
                abandoned = std::mem::take(&mut out.waiting);
                if let Some(connection) = out.connection.take() {
                    self.orders.reconnect.store(true, Ordering::Release);
                    connection.transport.shutdown();
                }
            }
            (std::mem::take(&mut out.parked), same, abandoned)
        };
        for mut batch in abandoned {
            batch.fail_all(&closed());
        }
        if dirty && self.is_lane() {
            self.wake.notify_one();
        } else if dirty && same {
            ask(self, &[b"UNWATCH"], None, drop);
        }
        for batch in parked {
            self.submit(batch);
        }
    }

    /// Whether it is leased for the node that it goes to.
    pub(crate) fn is_pinned(&self) -> bool {
        lock(&self.out).pinned
    }

    pub(super) fn refuse_stale(&self, batches: Vec<Batch>) {
        let stale = format!(
            "the link {} was lost after WATCH, so nothing watches the keys any more; nothing was sent",
            self.purpose
        );
        for mut batch in batches {
            batch.fail_all(&self.error(Kind::ConnectionLost, stale.as_str()));
        }
    }
}
