//! The life of a link, on the I/O thread: serve, lose, dial again, until it is closed.

mod dial;
mod fate;

use super::handshake::Connected;
use super::link::{closed, Link, State};
use super::refusal::Change;
use super::request::{flag, Batch};
use super::session::{Ended, Session};
use crate::port::{self, lock, Port};
use crate::{Error, Kind};
use serde_json::json;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime};
use tokio::task::JoinSet;

/// What a link's task needs beside the link.
pub(crate) struct Driver {
    pub link: Arc<Link>,
    pub tls: Option<Arc<rustls::ClientConfig>>,
    /// The port whose `retryStrategy` is asked.
    pub owner: Weak<Port>,
}

/// How long the server has to answer QUIT.
const QUIT: Duration = Duration::from_millis(500);

impl Driver {
    /// Puts a connection into service: requests are accepted when this returns.
    pub fn open(&self, connected: Connected) -> Session {
        let (address, round_trip, warnings) =
            (connected.address.clone(), connected.round_trip, connected.warnings.clone());
        let link = &self.link;
        let session = Session::start(Arc::clone(link), connected);
        if link.stats.connections.fetch_add(1, Ordering::Relaxed) > 0 {
            link.stats.reconnects.fetch_add(1, Ordering::Relaxed);
        }
        link.stats.round_trip(round_trip);
        lock(&link.stats.status).address.clone_from(&address);
        link.stats.set_state(State::Ready);
        self.event("connect", json!({ "address": address }));
        for warning in &warnings {
            let message = format!("{}: {warning}", link.purpose);
            port::broadcast(&json!({ "type": "warning", "code": "HANDSHAKE", "message": message }));
        }
        self.event("ready", json!({}));
        self.changed(Change::Ready);
        session
    }

    fn changed(&self, change: Change<'_>) {
        if let Some(router) = self.link.router() {
            router.changed(&self.link, change);
        }
    }

    /// Runs the link until it is closed. A panic, which would be a mistake of ours, costs the connection and the
    /// requests in flight, not the link.
    ///
    /// Without a first connection it dials at once.
    pub async fn supervise(self: Arc<Self>, mut first: Option<Session>) {
        let mut is_new = first.is_none();
        loop {
            // A set, as dropping it ends the task: an abort of this one must not leave the other behind.
            let mut task = JoinSet::new();
            let driver = Arc::clone(&self);
            let session = first.take();
            let at_once = std::mem::take(&mut is_new);
            task.spawn(async move { driver.run(session, at_once).await });
            match task.join_next().await {
                Some(Err(error)) if error.is_panic() => self.recover(),
                _ => return,
            }
        }
    }

    /// After a panic.
    fn recover(&self) {
        let link = &self.link;
        let connection = {
            let mut out = lock(&link.out);
            out.queue.clear();
            out.connection.take()
        };
        if let Some(connection) = connection {
            connection.transport.shutdown();
        }
        // Dropped, and thereby answered.
        lock(&link.handed).clear();
        link.stats.in_flight.store(0, Ordering::Relaxed);
        let error = Error::new(Kind::Internal, format!("the task of the link {} panicked", link.purpose));
        self.lost(VecDeque::new(), &error, Instant::now());
    }

    /// Serves a connection, and those that come after it.
    async fn run(&self, first: Option<Session>, at_once: bool) {
        let mut next = match first {
            Some(first) => Some(first),
            None => self.dial_again(at_once).await.map(|connected| self.open(connected)),
        };
        while let Some(mut session) = next.take() {
            let ended = session.serve().await;
            if matches!(ended, Ended::Closed) {
                session.quit(QUIT).await;
            }
            session.shutdown();
            match ended {
                Ended::Lost(mut error) => {
                    if self.link.orders.reconnect.swap(false, Ordering::AcqRel) {
                        error = super::link::told_to_reconnect(&self.link);
                    }
                    let last_sign = session.last_sign(&error);
                    let flight = session.teardown();
                    // Whatever was ordered meanwhile was meant for this connection.
                    self.link.orders.reconnect.store(false, Ordering::Release);
                    self.lost(flight, &error, last_sign);
                    // The next socket must not be opened beside this one.
                    session.close().await;
                    let at_once = is_on_purpose(&error);
                    next = self.dial_again(at_once).await.map(|connected| self.open(connected));
                }
                Ended::Closed if self.link.orders.leave.load(Ordering::Acquire) => {
                    let link = &self.link;
                    let left = format!("{} has left the cluster", link.node());
                    self.lost(session.teardown(), &link.error(Kind::ConnectionLost, left), Instant::now());
                }
                Ended::Closed => self.abandon(session.teardown()),
            }
        }
        self.end();
    }

    fn abandon(&self, batches: VecDeque<Batch>) {
        let error = closed();
        for mut batch in batches {
            let may_have_run =
                batch.is_from_port() && batch.requests.iter().any(|request| !request.is(flag::READ_ONLY));
            if may_have_run {
                batch.fail_all(&error.clone().maybe_executed());
            } else {
                batch.fail_all(&error);
            }
        }
    }

    fn end(&self) {
        let link = &self.link;
        let was_open = link.state() != State::End;
        link.stats.set_state(State::End);
        self.refuse_all();
        if was_open {
            self.event("close", json!({}));
            self.event("end", json!({}));
        }
    }

    /// Nothing is taken any more, and what waits is given up.
    fn refuse_all(&self) {
        let link = &self.link;
        let waiting = {
            let mut out = lock(&link.out);
            out.closed = true;
            out.monitor = None;
            out.take_pending()
        };
        for batch in waiting {
            link.give_back(batch, &closed());
        }
        if let Some(subscriptions) = &link.subscriptions {
            subscriptions.close();
        }
    }

    fn last_error(&self) -> Error {
        // `down` takes the same lock, so the guard must be gone by then.
        let last = lock(&self.link.stats.status).last_error.as_ref().map(|(error, _)| error.clone());
        last.unwrap_or_else(|| self.link.down())
    }

    fn error(&self, error: &Error) {
        let link = &self.link;
        link.stats.error(error);
        if link.is_routed() {
            self.changed(Change::Failed(error));
            if !link.is_pinned() {
                return;
            }
        }
        port::broadcast(&json!({
            "type": "error", "link": link.index, "purpose": link.purpose,
            "code": error.kind().code(), "message": error.message(), "retryable": error.kind().retryable(),
        }));
    }

    fn event(&self, event: &str, mut details: serde_json::Value) {
        // What a node's link does is not what its purpose does. A lane that is leased for a node is somebody's own.
        if self.link.is_routed() && !self.link.is_pinned() {
            return;
        }
        details["type"] = json!("link");
        details["link"] = json!(self.link.index);
        details["purpose"] = json!(self.link.purpose);
        details["event"] = json!(event);
        details["at"] = json!(super::link::epoch_ms(SystemTime::now()));
        port::broadcast(&details);
    }
}

/// A connection that is replaced on purpose is no failure.
fn is_on_purpose(error: &Error) -> bool {
    error.kind() == Kind::ConnectionLost
}
