//! What the sentinels of one set of links have told: who they are, who the master is, and when that changes. Asking them
//! is `io/sentinel.rs`, and watching them `manager/failovers.rs`.

use crate::config::{Config, Sentinel};
use crate::io::Address;
use crate::port::lock;
use crate::questions::Asker;
use crate::{Error, Result};
use once_cell::sync::OnceCell;
use serde_json::{json, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{watch, Mutex as AsyncMutex};
use tokio::time::sleep;

/// See the module.
#[derive(Default)]
pub struct Discovery {
    state: Mutex<State>,
    /// The last answer. Locked by whoever asks, so that all who want to know at the same time share one.
    pub(crate) last: AsyncMutex<Option<Answer>>,
    /// Counts failovers.
    switches: watch::Sender<u64>,
    /// Asks `natMap` and `preferredSlaves`, where these are functions.
    pub asker: Asker,
    pub(crate) tls: OnceCell<Arc<rustls::ClientConfig>>,
    sockets: Arc<AtomicUsize>,
}

#[derive(Default)]
struct State {
    /// In the order in which they are asked; those that were given come first, until they fail.
    sentinels: Vec<Known>,
    master: Option<Address>,
    /// The master of the last failover that was told.
    switched_to: Option<Address>,
    /// By the address of a connection's other end: what the sentinels call it.
    reached: HashMap<String, Address>,
    watched: Option<Address>,
}

struct Known {
    address: Address,
    /// Given by the application: never forgotten.
    given: bool,
    /// What became of the last question; none before the first.
    last: Option<std::result::Result<(), Error>>,
}

/// Servers of the role that is wanted, and who named them.
#[derive(Debug, Clone)]
pub(crate) struct Located {
    pub by: Address,
    /// At least one; to be tried in this order.
    pub servers: Vec<Server>,
}

/// A server, as the sentinels call it and as it is reached from here.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub announced: Address,
    pub address: Address,
}

pub(crate) struct Answer {
    pub at: Instant,
    pub outcome: Result<Located>,
}

/// A connection to a sentinel, for the figures.
pub(crate) struct Socket(Arc<AtomicUsize>);

/// More addresses than a group of servers can have had for good reasons.
const MANY: usize = 256;

impl Discovery {
    /// The sentinels, in the order in which to ask them.
    pub(crate) fn sentinels(&self, settings: &Sentinel) -> Vec<Address> {
        let mut state = lock(&self.state);
        if state.sentinels.is_empty() {
            state.sentinels = settings.sentinels.iter().map(|address| Known::new(address, true)).collect();
        }
        state.sentinels.iter().map(|known| known.address.clone()).collect()
    }

    /// A sentinel has answered.
    pub(crate) fn answered(&self, by: &Address) {
        if let Some(known) = lock(&self.state).known(by) {
            known.last = Some(Ok(()));
        }
    }

    /// A sentinel has not: the others are asked before it.
    pub(crate) fn failed(&self, address: &Address, error: &Error) {
        let mut state = lock(&self.state);
        if let Some(known) = state.known(address) {
            known.last = Some(Err(error.clone()));
        }
        state.ask_last(address);
    }

    /// What a sentinel said proved wrong: the others are asked before it.
    pub(crate) fn doubt(&self, by: &Address) {
        lock(&self.state).ask_last(by);
    }

    /// These are the other sentinels, says one of them.
    pub(crate) fn learn(&self, by: &Address, others: &[Address]) {
        let mut state = lock(&self.state);
        state.sentinels.retain(|known| known.given || known.address == *by || others.contains(&known.address));
        for other in others {
            if state.sentinels.len() < MANY && state.known(other).is_none() {
                state.sentinels.push(Known::new(other, false));
            }
        }
    }

    /// Says when there is a failover.
    pub(crate) fn switches(&self) -> watch::Receiver<u64> {
        self.switches.subscribe()
    }

    /// There is another master, says this sentinel, which is asked before the others from now on: they may not know yet.
    /// False where that has been told before.
    pub(crate) fn switch(&self, by: &Address, to: &Address) -> bool {
        {
            let mut state = lock(&self.state);
            if let Some(at) = state.sentinels.iter().position(|known| known.address == *by) {
                let known = state.sentinels.remove(at);
                state.sentinels.insert(0, known);
            }
            state.master = Some(to.clone());
            if state.switched_to.as_ref() == Some(to) {
                return false;
            }
            state.switched_to = Some(to.clone());
        }
        self.switches.send_modify(|count| *count += 1);
        true
    }

    /// Waits before another attempt, but not past a failover.
    pub(crate) async fn pause(&self, delay: Duration) {
        let mut switches = self.switches();
        tokio::select! {
            () = sleep(delay) => {}
            _ = switches.changed() => {}
        }
    }

    /// This is the master, says a sentinel.
    pub(crate) fn note_master(&self, master: &Address) {
        lock(&self.state).master = Some(master.clone());
    }

    /// A connection to this server was made, with `peer` at its other end.
    pub(crate) fn reached(&self, peer: &str, announced: &Address) {
        let mut state = lock(&self.state);
        if state.reached.len() >= MANY {
            state.reached.clear();
        }
        state.reached.insert(peer.to_owned(), announced.clone());
    }

    /// What the sentinels call the server at the other end of a connection.
    pub(crate) fn announced(&self, peer: &str) -> Option<Address> {
        lock(&self.state).reached.get(peer).cloned()
    }

    /// This sentinel tells of failovers; none does.
    pub(crate) fn watches(&self, sentinel: Option<&Address>) {
        lock(&self.state).watched = sentinel.cloned();
    }

    pub(crate) fn socket(&self) -> Socket {
        self.sockets.fetch_add(1, Ordering::Relaxed);
        Socket(Arc::clone(&self.sockets))
    }

    /// The figures, as `getStats()` shows them.
    pub(crate) fn figures(&self, settings: &Sentinel) -> Value {
        self.sentinels(settings);
        let state = lock(&self.state);
        let sentinels: Vec<_> = state.sentinels.iter().map(Known::figures).collect();
        json!({
            "name": settings.name,
            "role": settings.role.word(),
            "master": state.master.as_ref().map(Address::to_string),
            "watched": state.watched.as_ref().map(Address::to_string),
            "sockets": {
                // One at a time for the links, and one more for each that keeps silent; one watches.
                "bound": sentinels.len() + usize::from(settings.failover_detector),
                "open": self.sockets.load(Ordering::Relaxed),
            },
            "sentinels": sentinels,
        })
    }
}

impl State {
    fn known(&mut self, address: &Address) -> Option<&mut Known> {
        self.sentinels.iter_mut().find(|known| known.address == *address)
    }

    fn ask_last(&mut self, address: &Address) {
        if let Some(at) = self.sentinels.iter().position(|known| known.address == *address) {
            let known = self.sentinels.remove(at);
            self.sentinels.push(known);
        }
    }
}

impl Known {
    fn new(address: &Address, given: bool) -> Self {
        Self { address: address.clone(), given, last: None }
    }

    fn figures(&self) -> Value {
        let (state, error) = match &self.last {
            None => ("unknown", None),
            Some(Ok(())) => ("ok", None),
            Some(Err(error)) => ("failed", Some(error)),
        };
        json!({
            "address": self.address.to_string(),
            "state": state,
            "lastError": error.map(|error| json!({ "code": error.kind().code(), "message": error.message() })),
        })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits before another attempt with these settings, but not past a failover.
pub(crate) async fn pause(config: &Config, delay: Duration) {
    match &config.sentinel {
        Some(sentinel) => sentinel.discovery.pause(delay).await,
        None => sleep(delay).await,
    }
}

impl fmt::Debug for Discovery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<discovery>")
    }
}

/// Where settings are compared: what was found out is no setting.
impl PartialEq for Discovery {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Discovery, Known};
    use crate::port::lock;
    use crate::{Error, Kind};

    fn address(port: u16) -> Address {
        Address { host: "sentinel".to_owned(), port }
    }

    fn known(discovery: &Discovery) -> Vec<u16> {
        lock(&discovery.state).sentinels.iter().map(|known| known.address.port).collect()
    }

    #[test]
    fn sentinels_are_learned_and_forgotten_but_those_that_were_given_stay() {
        let discovery = Discovery::default();
        lock(&discovery.state).sentinels = vec![Known::new(&address(1), true), Known::new(&address(2), true)];
        discovery.learn(&address(1), &[address(2), address(3), address(4)]);
        assert_eq!(known(&discovery), [1, 2, 3, 4]);
        discovery.learn(&address(3), &[address(1), address(5)]);
        assert_eq!(known(&discovery), [1, 2, 3, 5]);
    }

    #[test]
    fn who_failed_is_asked_last() {
        let discovery = Discovery::default();
        lock(&discovery.state).sentinels = (1..=3).map(|port| Known::new(&address(port), true)).collect();
        discovery.failed(&address(1), &Error::new(Kind::ConnectionRefused, "refused"));
        discovery.doubt(&address(2));
        assert_eq!(known(&discovery), [3, 1, 2]);
    }
}
