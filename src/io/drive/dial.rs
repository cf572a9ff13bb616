//! A link's way back: wait, dial, until it is there or nobody wants it any more.

use super::Driver;
use crate::io::handshake::{connect, Connected};
use crate::io::link::State;
use crate::port::lock;
use crate::sentinel::pause;
use crate::Error;
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// How often deadlines of requests are looked at while there is no connection.
const WAITING_TICK: Duration = Duration::from_millis(50);

/// How long JavaScript has to say what its `retryStrategy` wants, before the default is taken.
const RETRY_ANSWER: Duration = Duration::from_secs(1);

impl Driver {
    /// Dials until it succeeds, or until there is no more reason to.
    pub(super) async fn dial_again(&self, at_once: bool) -> Option<Connected> {
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
        self.link.stats.set_state(State::End);
        self.refuse_all();
        self.event("end", json!({}));
    }
}

/// A number from 0 to 1, so that many processes do not dial at the same moment.
fn random_share() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) as f64 / u64::MAX as f64
}
