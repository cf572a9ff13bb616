//! What becomes of requests that were in flight when the connection was lost, or that wait for the next one.

use super::{is_on_purpose, Driver};
use crate::io::link::State;
use crate::io::pubsub::waited_too_long;
use crate::io::refusal::Change;
use crate::io::request::{flag, Batch, Owner, Request};
use crate::port::lock;
use crate::{Error, Kind};
use serde_json::json;
use std::collections::VecDeque;
use std::time::Instant;

impl Driver {
    /// Decides what becomes of each request that was in flight.
    pub(super) fn lost(&self, flight: VecDeque<Batch>, error: &Error, last_sign: Instant) {
        let link = &self.link;
        link.stats.set_state(State::Reconnecting);
        if !is_on_purpose(error) {
            self.error(error);
        }
        if let Some(subscriptions) = &link.subscriptions {
            subscriptions.lost(last_sign, link.config.auto_resubscribe);
            // Also where the link comes and goes too fast for the clock of either state.
            subscriptions.expire(Instant::now(), &waited_too_long(&link.purpose));
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
    fn keep(&self, request: &mut Request, sent: bool, error: &Error) -> Result<(), Error> {
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

    fn check_attempts(&self, request: &Request, cause: &Error) -> Result<(), Error> {
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

    pub(super) fn expire_waiting(&self) {
        let link = &self.link;
        let now = Instant::now();
        let why = self.last_error();
        let describe = |request: &Request, _: &Owner| {
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
            subscriptions.expire(now, &waited_too_long(&link.purpose));
        }
    }

    pub(super) fn one_more_attempt(&self, cause: &Error) {
        let mut out = lock(&self.link.out);
        for batch in &mut out.waiting {
            batch.retain(|request, _, _| {
                request.attempts += 1;
                self.check_attempts(request, cause)
            });
        }
        out.waiting.retain(|batch| !batch.requests.is_empty());
    }
}
