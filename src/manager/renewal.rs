//! Authenticates the links again before their credentials end, without dropping them.
//!
//! AUTH is a command as any other on a link that serves commands, lanes among them: it waits its turn behind a command
//! that blocks. In RESP2's subscriber mode it is not allowed, so that link is connected anew; its subscriptions are made
//! again at once, and their gap is told as after any outage.

use super::Links;
use crate::credentials::{Credentials, Login};
use crate::io::{ask, Link, State};
use crate::port;
use crate::wire::Value;
use crate::{Error, Kind};
use serde_json::json;
use std::future::pending;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tokio::task::AbortHandle;
use tokio::time::{sleep, sleep_until};

/// The task that does it; ends with this.
pub(super) struct Renewal(Option<AbortHandle>);

/// The wait before another attempt is this much longer than the one before it, up to the longest.
const STEP: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// How many attempts in a row have failed.
#[derive(Default)]
struct Failures(AtomicU32);

impl Renewal {
    /// On the I/O thread.
    pub(super) fn start(links: Weak<Links>, credentials: &Arc<Credentials>, wanted: bool) -> Self {
        let credentials = Arc::clone(credentials);
        Self(wanted.then(|| tokio::spawn(renew(links, credentials)).abort_handle()))
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

async fn renew(links: Weak<Links>, credentials: Arc<Credentials>) {
    let failures = Arc::<Failures>::default();
    loop {
        tokio::select! {
            () = due(&credentials) => {}
            () = credentials.changed.notified() => continue,
        }
        let Some(patience) = links.upgrade().map(|links| links.config.connect_timeout) else { return };
        credentials.renewing();
        match credentials.fresh(patience).await {
            Ok(login) => {
                let Some(links) = links.upgrade() else { return };
                authenticate(&links, &credentials, login, &failures);
            }
            Err(error) => {
                let delay = failures.one_more();
                warn(&error, delay);
                sleep(delay).await;
                credentials.renew_by(Instant::now());
            }
        }
    }
}

async fn due(credentials: &Credentials) {
    match credentials.renewal_due() {
        Some(at) => sleep_until(at.into()).await,
        None => pending().await,
    }
}

/// Sends AUTH on every link that is up; one that is not will be authenticated when it is.
fn authenticate(links: &Links, credentials: &Arc<Credentials>, login: Login, failures: &Arc<Failures>) {
    let login = Arc::new(login);
    let up: Vec<_> = links.all().into_iter().filter(|link| link.state() == State::Ready).collect();
    let missing = Arc::new(AtomicUsize::new(up.len()));
    for link in &up {
        if link.subscriptions.as_ref().is_some_and(|subscriptions| !subscriptions.is_empty()) {
            link.reconnect();
            one_less(&missing, failures);
            continue;
        }
        let (login, credentials) = (Arc::clone(&login), Arc::clone(credentials));
        let (missing, failures) = (Arc::clone(&missing), Arc::clone(failures));
        let asked = Arc::clone(link);
        let command = Arc::clone(&login);
        // Without a deadline: a command before it may block for as long as it likes.
        ask(link, &command.command(), None, move |reply| match reply {
            Ok(Value::Error(text)) if text.starts_with(b"ERR Can't execute") => {
                // Somebody has subscribed meanwhile.
                asked.reconnect();
                one_less(&missing, &failures);
            }
            Ok(Value::Error(_)) => refused(&asked, &credentials, &login, &failures),
            Ok(_) => one_less(&missing, &failures),
            // The link was lost; the next connection is authenticated anyway.
            Err(_) => one_less(&missing, &failures),
        });
    }
}

fn one_less(missing: &AtomicUsize, failures: &Failures) {
    if missing.fetch_sub(1, Ordering::AcqRel) == 1 {
        failures.0.store(0, Ordering::Relaxed);
        port::broadcast(&json!({ "type": "credentials" }));
    }
}

/// The connection goes on as it was authenticated before, for as long as the server lets it.
fn refused(link: &Link, credentials: &Credentials, login: &Login, failures: &Failures) {
    credentials.refused(login);
    let delay = failures.one_more();
    let message =
        format!("the server refused what credentialsProvider gave to authenticate the link {} again", link.purpose);
    warn(&Error::new(Kind::AuthFailed, message), delay);
    credentials.renew_by(Instant::now() + delay);
}

fn warn(error: &Error, delay: Duration) {
    let message = format!(
        "the links could not be authenticated again, next attempt in {:.1} s: {error} [{}]",
        delay.as_secs_f64(),
        error.kind().code()
    );
    port::broadcast(&json!({ "type": "warning", "code": "CREDENTIALS_NOT_RENEWED", "message": message }));
}

impl Failures {
    fn one_more(&self) -> Duration {
        let failures = self.0.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        STEP.saturating_mul(failures).min(LONGEST)
    }
}
