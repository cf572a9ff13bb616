//! The life of a link, on the I/O thread: serve, lose, dial again, until it is closed.

use super::handshake::{connect, Connected};
use super::link::{closed, Link, State};
use super::refusal::Change;
use super::request::{flag, Batch, Owner};
use super::session::{Ended, Session};
use crate::port::{self, lock, Port};
use crate::sentinel::pause;
use crate::{Error, Kind};
use serde_json::json;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// What a link's task needs beside the link.
pub(crate) struct Driver {
    pub link: Arc<Link>,
    pub tls: Option<Arc<rustls::ClientConfig>>,
    /// The port whose `retryStrategy` is asked.
    pub owner: Weak<Port>,
}

/// How often deadlines of requests are looked at while there is no connection.
const WAITING_TICK: Duration = Duration::from_millis(50);

/// How long JavaScript has to say what its `retryStrategy` wants, before the default is taken.
const RETRY_ANSWER: Duration = Duration::from_secs(1);

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

    /// Decides what becomes of each request that was in flight.
    fn lost(&self, flight: VecDeque<Batch>, error: &Error, last_sign: Instant) {
        let link = &self.link;
        link.stats.set_state(State::Reconnecting);
        if !is_on_purpose(error) {
            self.error(error);
        }
        if let Some(subscriptions) = &link.subscriptions {
            subscriptions.lost(last_sign, link.config.auto_resubscribe);
            // Also where the link comes and goes too fast for the clock of either state.
            subscriptions.expire(Instant::now(), &super::pubsub::waited_too_long(&link.purpose));
        }
        let (written, lease) = {
            let mut out = lock(&link.out);
            if let Some(monitor) = &mut out.monitor {
                monitor.lost.get_or_insert(last_sign);
            }
            (out.written, out.lease)
        };
        let mut kept = VecDeque::new();
        for mut batch in flight {
            match batch.owner {
                // What was given under a lease that is over, nobody waits for.
                Owner::Port(_) | Owner::Monitor(_) if link.is_lane() && batch.lease != lease => batch.fail_all(error),
                Owner::Port(_) | Owner::Monitor(_) => {
                    batch.retain(|request, _, end| self.keep(request, end <= written, error));
                    if !batch.requests.is_empty() {
                        kept.push_back(batch);
                    }
                }
                Owner::Internal(_) => batch.fail_all(error),
                Owner::Subscription(_) => {
                    if let Owner::Subscription(acknowledgement) = batch.disown() {
                        acknowledgement.lost();
                    }
                }
            }
        }
        let mut out = lock(&link.out);
        kept.append(&mut out.waiting);
        out.waiting = kept;
        drop(out);
        self.event("close", json!({}));
        self.changed(Change::Lost);
    }

    /// Whether a request that was in flight is sent again: only what the server has not executed, or may execute twice.
    fn keep(&self, request: &mut super::request::Request, sent: bool, error: &Error) -> Result<(), Error> {
        if request.is(flag::LEASED) && !request.is(flag::BLOCKING) {
            let error = self
                .link
                .error(Kind::ConnectionLost, format!("the link {} was lost after WATCH ({error})", self.link.purpose));
            return Err(if sent { error.maybe_executed() } else { error });
        }
        if sent && !request.may_run_twice(self.link.config.auto_resend_unfulfilled_commands) {
            return Err(self
                .link
                .error(
                    Kind::ConnectionLost,
                    format!(
                    "the link {} was lost before the reply came ({error}); the server may have executed the command",
                    self.link.purpose
                ),
                )
                .maybe_executed());
        }
        request.sent |= sent;
        request.attempts += 1;
        self.check_attempts(request, error)
    }

    fn check_attempts(&self, request: &super::request::Request, cause: &Error) -> Result<(), Error> {
        match request.max_retries.or(self.link.config.max_retries_per_request) {
            // In a cluster another node may serve it soon, so its deadline decides.
            _ if request.is(flag::ROUTED) && request.deadline.is_some() => Ok(()),
            Some(max) if request.attempts > max => Err(request.fate(self.link.error(
                Kind::MaxRetries,
                format!(
                    "Reached the max retries per request limit (which is {max}). Refer to \"maxRetriesPerRequest\" option for details. The link {} is down ({cause}).",
                    self.link.purpose
                ),
            ))),
            _ => Ok(()),
        }
    }

    /// Dials until it succeeds, or until there is no more reason to.
    async fn dial_again(&self, at_once: bool) -> Option<Connected> {
        let link = &self.link;
        let mut attempt = 1;
        let mut cause = self.last_error();
        loop {
            let delay = match at_once && attempt == 1 {
                true => Some(Duration::ZERO),
                false => self.retry_delay(attempt, &cause).await,
            };
            match delay {
                Some(delay) => {
                    self.event("reconnecting", json!({ "attempt": attempt, "delay": delay.as_millis() as u64 }));
                    self.while_waiting(async {
                        tokio::select! { () = pause(&link.config, delay) => {}, () = self.hurried() => {} }
                    })
                    .await?;
                }
                None => {
                    self.given_up();
                    self.while_waiting(self.hurried()).await;
                    if lock(&link.orders.close_by).is_some() {
                        return None;
                    }
                    lock(&link.out).closed = false;
                    attempt = 0;
                }
            }
            link.stats.set_state(State::Connecting);
            self.event("connecting", json!({ "attempt": attempt }));
            if link.is_routed() {
                // What was asked for is done hereby.
                link.orders.reconnect.store(false, Ordering::Release);
            }
            let target = link.target();
            let dial = async {
                tokio::select! {
                    dialled = connect(&target, &link.purpose, self.tls.as_ref()) => Some(dialled),
                    () = self.hurried() => None,
                }
            };
            match self.while_waiting(dial).await? {
                Some(Ok(connected)) => return Some(connected),
                // It is to go elsewhere.
                None => continue,
                Some(Err(error)) => {
                    lock(&link.out).renewing = false;
                    link.stats.set_state(State::Reconnecting);
                    self.error(&error);
                    self.one_more_attempt(&error);
                    cause = error;
                }
            }
            attempt += 1;
        }
    }

    /// Returns when the link is to connect to another node, at once.
    async fn hurried(&self) {
        const SOON: Duration = Duration::from_millis(20);
        if !self.link.is_routed() {
            return std::future::pending().await;
        }
        while !self.link.orders.hurry.swap(false, Ordering::AcqRel) {
            sleep(SOON).await;
        }
    }

    /// Waits for `what`, while deadlines of requests that wait are kept. None when the link is to be closed; an order
    /// to reconnect ends a pending wait early by coming back here.
    async fn while_waiting<F: std::future::Future>(&self, what: F) -> Option<F::Output> {
        let link = &self.link;
        let mut what = std::pin::pin!(what);
        // One for all turns: whoever submits wakes this task, more often than that.
        let mut tick = std::pin::pin!(sleep(WAITING_TICK));
        loop {
            if lock(&link.orders.close_by).is_some() {
                return None;
            }
            tokio::select! {
                done = &mut what => return Some(done),
                () = &mut tick => {
                    self.expire_waiting();
                    tick.as_mut().reset((Instant::now() + WAITING_TICK).into());
                }
                () = link.wake.notified() => {}
            }
            if lock(&link.out).closed && link.orders.reconnect.swap(false, Ordering::AcqRel) {
                return None;
            }
        }
    }

    fn expire_waiting(&self) {
        let link = &self.link;
        let now = Instant::now();
        let why = self.last_error();
        let describe = |request: &super::request::Request, _: &Owner| {
            let seconds = f64::from(request.timeout_ms) / 1000.0;
            let down = if request.attempts > 0 {
                "was lost and did not come back within"
            } else {
                "was down for the whole of"
            };
            let text = format!("Command timed out: the link {} {down} {seconds:.1} s ({why})", link.purpose);
            request.fate(link.error(Kind::CommandTimeout, text))
        };
        let mut out = lock(&link.out);
        out.waiting.retain_mut(|batch| {
            if batch.expire(now, describe) > 0 {
                batch.retain(|_, _, _| Ok(()));
            }
            !batch.requests.is_empty()
        });
        drop(out);
        if let Some(subscriptions) = &link.subscriptions {
            subscriptions.expire(now, &super::pubsub::waited_too_long(&link.purpose));
        }
    }

    fn one_more_attempt(&self, cause: &Error) {
        let mut out = lock(&self.link.out);
        for batch in &mut out.waiting {
            batch.retain(|request, _, _| {
                request.attempts += 1;
                self.check_attempts(request, cause)
            });
        }
        out.waiting.retain(|batch| !batch.requests.is_empty());
    }

    /// The delay before an attempt; none when the `retryStrategy` wants no more.
    async fn retry_delay(&self, attempt: u32, cause: &Error) -> Option<Duration> {
        let link = &self.link;
        let retry = &link.config.retry;
        let usual = (retry.step * attempt).min(retry.max);
        let usual = usual.mul_f64(1.0 - retry.jitter * random_share());
        let Some(owner) = self.owner.upgrade().filter(|_| retry.custom) else { return Some(usual) };
        *lock(&link.orders.retry_answer) = None;
        let question = json!({
            "type": "retry", "link": link.number, "purpose": link.purpose, "attempt": attempt,
            "code": cause.kind().code(), "message": cause.message(),
        });
        owner.deliver_with(|inbox| inbox.event(&question.to_string()));
        let answer = async {
            loop {
                if let Some((_, delay)) = lock(&link.orders.retry_answer).take_if(|(of, _)| *of == attempt) {
                    return delay;
                }
                if lock(&link.orders.close_by).is_some() {
                    return Some(Duration::ZERO);
                }
                link.wake.notified().await;
            }
        };
        timeout(RETRY_ANSWER, answer).await.unwrap_or(Some(usual))
    }

    /// The `retryStrategy` wants no more attempts.
    fn given_up(&self) {
        let link = &self.link;
        link.stats.set_state(State::End);
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
        self.event("end", json!({}));
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
        if was_open {
            self.event("close", json!({}));
            self.event("end", json!({}));
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

/// A number from 0 to 1, so that many processes do not dial at the same moment.
fn random_share() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) as f64 / u64::MAX as f64
}
