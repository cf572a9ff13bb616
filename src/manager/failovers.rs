//! Watches a sentinel for failovers, so that links leave a master at once that is only cut off from the sentinels: it
//! would go on answering, and what it is given would be lost. One connection for the process.

use super::Links;
use crate::config::{Config, Role, Sentinel};
use crate::io::sentinel::{converse, locate, switched, Conversation, CHANNELS};
use crate::io::{Address, State};
use crate::port;
use crate::{Error, Kind, Result};
use serde_json::json;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::time::{sleep, Instant};

/// The task that watches; ends with this.
pub(super) struct Failovers(Option<AbortHandle>);

/// The wait before another sentinel is watched is this much longer after each that fails, up to the longest.
const STEP: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);

/// How long a sentinel may be silent before it is asked for a sign of life, where links have no heartbeat.
const SILENCE: Duration = Duration::from_secs(10);

impl Failovers {
    /// On the I/O thread.
    pub(super) fn start(links: Weak<Links>, config: &Arc<Config>) -> Self {
        let wanted = config.sentinel.as_ref().is_some_and(|sentinel| sentinel.failover_detector);
        let config = Arc::clone(config);
        Self(wanted.then(|| tokio::spawn(watch(links, config)).abort_handle()))
    }

    /// No more watching.
    pub(super) fn stop(&self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

impl Drop for Failovers {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn watch(links: Weak<Links>, config: Arc<Config>) {
    let Some(sentinel) = &config.sentinel else { return };
    let mut failures = 0;
    loop {
        let all = sentinel.discovery.sentinels(sentinel);
        let Some(address) = all.first() else { return };
        let watcher = Watcher { links: &links, config: &config, sentinel, address };
        let error = match watcher.begin().await {
            Ok(mut conversation) => {
                failures = 0;
                sentinel.discovery.watches(Some(address));
                watcher.check().await;
                let error = watcher.listen(&mut conversation).await;
                sentinel.discovery.watches(None);
                error
            }
            Err(error) => error,
        };
        sentinel.discovery.doubt(address);
        failures += 1;
        if failures as usize == all.len() {
            let message = format!("no sentinel can be watched for failovers; the last, {address}: {error}");
            port::broadcast(&json!({ "type": "warning", "code": "FAILOVERS_NOT_WATCHED", "message": message }));
        }
        sleep(STEP.saturating_mul(failures).min(LONGEST)).await;
    }
}

struct Watcher<'a> {
    links: &'a Weak<Links>,
    config: &'a Config,
    sentinel: &'a Sentinel,
    address: &'a Address,
}

impl Watcher<'_> {
    async fn begin(&self) -> Result<Conversation> {
        let deadline = Instant::now() + self.config.connect_timeout;
        let mut conversation = converse(self.config, self.sentinel, self.address, "failovers", deadline).await?;
        for channel in CHANNELS {
            conversation.send(&[b"SUBSCRIBE", channel.as_bytes()], deadline).await;
            let reply = conversation.receive(deadline).await?;
            // The second one is only sooner.
            if let Some(message) = reply.as_error().filter(|_| channel == CHANNELS[0]) {
                let message = format!("it refused SUBSCRIBE {channel}: {message}");
                return Err(Error::new(Kind::PermissionMissing, message));
            }
        }
        Ok(conversation)
    }

    /// What happened before the watching began is not told.
    async fn check(&self) {
        if self.sentinel.role != Role::Master {
            return;
        }
        let deadline = Instant::now() + self.config.connect_timeout;
        if let Ok(located) = locate(self.config, self.sentinel, deadline).await {
            self.leave(|at| *at != located.servers[0].announced);
        }
    }

    /// Follows the failovers until the connection ends.
    async fn listen(&self, conversation: &mut Conversation) -> Error {
        let silence = Some(self.config.heartbeat_interval).filter(|interval| !interval.is_zero()).unwrap_or(SILENCE);
        loop {
            let mut message = conversation.receive(Instant::now() + silence).await;
            if matches!(&message, Err(error) if error.kind() == Kind::TimedOut) {
                let deadline = Instant::now() + self.config.heartbeat_timeout;
                conversation.send(&[b"PING"], deadline).await;
                message = conversation.receive(deadline).await;
            }
            match message {
                Ok(message) => {
                    if let Some((from, to)) = switched(&message, &self.sentinel.name) {
                        self.switched(&from, &to);
                    }
                }
                Err(error) => return error,
            }
        }
    }

    fn switched(&self, from: &Address, to: &Address) {
        let name = &self.sentinel.name;
        if self.sentinel.discovery.switch(self.address, to) {
            let (from, to) = (from.to_string(), to.to_string());
            port::broadcast(&json!({ "type": "failover", "name": name, "from": from, "to": to }));
        }
        match self.sentinel.role {
            Role::Master => self.leave(|at| at != to),
            Role::Slave => self.leave(|at| at == to),
        }
    }

    /// Links that are at such a server are dialled again.
    fn leave(&self, is_wrong: impl Fn(&Address) -> bool) {
        let Some(links) = self.links.upgrade() else { return };
        for link in links.all().iter().filter(|link| link.state() == State::Ready) {
            let at = self.sentinel.discovery.announced(&link.address());
            if at.is_some_and(|at| is_wrong(&at)) {
                link.reconnect();
            }
        }
    }
}
