//! The one set of links of the process, whoever asks for it: any thread, any copy of the module.

mod failovers;
mod leases;
mod links;
mod opening;
mod renewal;

use crate::config::{Config, Tls};
use crate::io::{client_config, io_thread, SubscriptionKind, SUBSCRIBER};
use crate::port::{self, lock, Port};
use crate::{Error, Kind, Result};
use failovers::Failovers;
pub use leases::{Place, Wanted};
pub use links::Links;
use once_cell::sync::Lazy;
use opening::{InService, Opened};
use renewal::Renewal;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tokio::time::timeout_at;

/// See the module.
pub struct Manager {
    state: Mutex<State>,
    /// The links, for the data path; the same as in `state`.
    links: RwLock<Option<Arc<Links>>>,
    /// Raised by each `monitor()`, so that the task of an earlier one ends.
    monitor: AtomicU64,
    tls: Mutex<Option<(Tls, Arc<rustls::ClientConfig>)>>,
}

enum State {
    Idle,
    Opening {
        config: Arc<Config>,
        waiters: Vec<Waiter>,
        task: tokio::task::AbortHandle,
    },
    Open(Arc<Links>, Vec<JoinHandle<()>>),
    Closing {
        waiters: Vec<Waiter>,
        /// Who called `initialize` meanwhile: his turn comes afterwards.
        next: Vec<Waiter>,
    },
}

/// Who waits for the outcome of an `initialize` or a `cleanup`.
struct Waiter {
    port: Arc<Port>,
    slot: i32,
    /// What its `initialize` gave, if it joined one under way.
    config: Option<Arc<Config>>,
}

/// What `initialize` replies.
mod outcome {
    /// The manager was open, or opening, with the same options.
    pub const JOINED: i32 = 1;
    /// The manager was open, or opening, with other options, which stay.
    pub const OTHER_OPTIONS: i32 = 2;
}

/// What closing a link may take beyond the time for requests in flight.
const CLOSE_GRACE: Duration = Duration::from_secs(1);

/// The manager of the process.
pub static MANAGER: Lazy<Manager> = Lazy::new(|| Manager {
    state: Mutex::new(State::Idle),
    links: RwLock::new(None),
    monitor: AtomicU64::new(0),
    tls: Mutex::new(None),
});

impl Manager {
    /// Opens all links, or joins who is doing so. `slot` is answered with OK when this call opened them, else with an
    /// [`outcome`], or with the failure.
    pub fn initialize(&'static self, port: &Arc<Port>, slot: i32, config: Config) {
        self.open_or_join(port, slot, Arc::new(config));
    }

    fn open_or_join(&'static self, port: &Arc<Port>, slot: i32, config: Arc<Config>) {
        let mut state = lock(&self.state);
        match &mut *state {
            State::Open(links, _) => {
                let reply = if *links.config == *config { outcome::JOINED } else { outcome::OTHER_OPTIONS };
                port.deliver_with(|inbox| inbox.reply_int(slot, reply));
            }
            State::Opening { waiters, .. } => {
                waiters.push(Waiter { port: Arc::clone(port), slot, config: Some(config) });
            }
            State::Closing { next, .. } => {
                next.push(Waiter { port: Arc::clone(port), slot, config: Some(config) });
            }
            State::Idle => {
                let waiter = Waiter { port: Arc::clone(port), slot, config: None };
                let io = match io_thread() {
                    Ok(io) => io,
                    Err(error) => {
                        return port.fail(slot, &Error::new(Kind::Internal, format!("no I/O thread: {error}")));
                    }
                };
                let owner = Arc::downgrade(port);
                config.credentials.ask_at(port);
                if let Some(sentinel) = &config.sentinel {
                    sentinel.discovery.asker.ask_at(port);
                }
                let task = {
                    let config = Arc::clone(&config);
                    io.spawn(async move {
                        let opened = self.open(&config).await;
                        self.opened(&config, opened, owner);
                    })
                };
                *state = State::Opening { config, waiters: vec![waiter], task: task.abort_handle() };
            }
        }
    }

    /// Closes all links: what is in flight is finished first, within the shutdown timeout. `slot` is answered with OK.
    ///
    /// From a thread that is not the main one this does nothing while another environment uses the links.
    pub fn cleanup(&'static self, port: &Arc<Port>, slot: i32) {
        let waiter = Waiter { port: Arc::clone(port), slot, config: None };
        let mut state = lock(&self.state);
        if !port.is_main_thread() && port::all().iter().any(|other| !Arc::ptr_eq(other, port) && other.is_in_use()) {
            return waiter.answer(Ok(None));
        }
        match std::mem::replace(&mut *state, State::Idle) {
            State::Idle => waiter.answer(Ok(None)),
            State::Opening { waiters, task, .. } => {
                task.abort();
                let error = Error::new(Kind::Closed, "initialize() was given up: cleanup() was called meanwhile");
                for waiting in waiters {
                    waiting.answer(Err(&error));
                }
                waiter.answer(Ok(None));
            }
            State::Closing { mut waiters, next } => {
                waiters.push(waiter);
                let error = Error::new(Kind::Closed, "initialize() was given up: cleanup() was called meanwhile");
                for waiting in next {
                    waiting.answer(Err(&error));
                }
                *state = State::Closing { waiters, next: Vec::new() };
            }
            State::Open(links, tasks) => {
                *state = State::Closing { waiters: vec![waiter], next: Vec::new() };
                drop(state);
                self.set_links(None);
                self.monitor.fetch_add(1, Ordering::Relaxed);
                if let Ok(io) = io_thread() {
                    io.spawn(self.close(links, tasks));
                }
            }
        }
    }

    /// The open links.
    pub fn links(&self) -> Option<Arc<Links>> {
        self.links.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Answers `slot` with the health of every link, as JSON.
    pub fn health(&'static self, port: &Arc<Port>, slot: i32) {
        let port = Arc::clone(port);
        let Some(links) = self.links() else {
            return port.deliver_with(|inbox| inbox.reply_text(slot, "[]"));
        };
        if let Ok(io) = io_thread() {
            io.spawn(async move {
                let health = links.health().await;
                port.deliver_with(|inbox| inbox.reply_text(slot, &health.to_string()));
            });
        }
    }

    /// All figures, as `getStats()` shows them.
    pub fn snapshot(&self) -> serde_json::Value {
        let (initialized, initializing) = {
            let state = lock(&self.state);
            (matches!(*state, State::Open(..)), matches!(*state, State::Opening { .. }))
        };
        let figures = self.links().map_or_else(Links::no_figures, |links| links.figures());
        let mut snapshot = json!({
            "initialized": initialized,
            "initializing": initializing,
            "pid": std::process::id(),
        });
        if let (Some(snapshot), serde_json::Value::Object(figures)) = (snapshot.as_object_mut(), figures) {
            snapshot.extend(figures);
        }
        snapshot
    }

    /// Asks the server for its clients every `interval`, on the I/O thread, and tells all ports. Zero: no more.
    pub fn monitor(&'static self, interval: Duration) {
        let turn = self.monitor.fetch_add(1, Ordering::Relaxed) + 1;
        if interval.is_zero() {
            return;
        }
        let Ok(io) = io_thread() else { return };
        io.spawn(async move {
            loop {
                tokio::time::sleep(interval).await;
                let Some(links) = self.links().filter(|_| self.monitor.load(Ordering::Relaxed) == turn) else { return };
                port::broadcast(&links.monitor().await);
            }
        });
    }

    /// A subscription of this port, or its end.
    ///
    /// # Errors
    /// When the manager is not open, or has no link for subscriptions.
    pub fn subscribe(&self, port: &Arc<Port>, slot: i32, kind: SubscriptionKind, name: &[u8], on: bool) -> Result<()> {
        let links = self.links().ok_or_else(not_initialized)?;
        match links.subscribe(port, slot, kind, name, on) {
            true => Ok(()),
            false => Err(Error::new(
                Kind::Unsupported,
                format!("subscriptions need a link of their own: add '{SUBSCRIBER}' to the option purposes"),
            )),
        }
    }

    /// The environment of a port has ended.
    pub fn forget(&self, port: &Arc<Port>) {
        port.close();
        if let Some(links) = self.links() {
            links.forget(port);
        }
    }

    /// Answers `slot` with a link that its caller may use alone, as soon as there is one; see [`Wanted`].
    ///
    /// # Errors
    /// When the manager is not open, a lane is wanted and none is declared, or nobody serves the place.
    pub fn lease(
        &self,
        port: &Arc<Port>,
        slot: i32,
        wanted: Wanted,
        place: &Place,
        patience: Option<Duration>,
    ) -> Result<()> {
        let links = self.links().ok_or_else(not_initialized)?;
        if wanted == Wanted::Lane && links.config.blocking_connections == 0 {
            return Err(Error::new(Kind::Unsupported, "no lane is declared: set the option blockingConnections"));
        }
        let (wanted, node) = links.placed(wanted, place)?;
        let pinned = matches!(place, Place::Node(_));
        links.leases.lease(&links, port, slot, wanted, (node, pinned), patience);
        Ok(())
    }

    /// Gives back what [`Manager::lease`] gave. `dirty`: something may still be under way on it.
    pub fn release(&self, port: &Arc<Port>, link: usize, dirty: bool) {
        if let Some(links) = self.links() {
            links.leases.release(&links, port, link, dirty);
        }
    }

    /// Puts a lane that this port has leased into monitor mode. Answers `slot` with OK, or with the server's error.
    ///
    /// # Errors
    /// When the lease is over.
    pub fn begin_monitor(&self, port: &Arc<Port>, slot: i32, link: usize) -> Result<()> {
        let links = self.links().ok_or_else(not_initialized)?;
        let lane = links.leases.held(&links, port, link).ok_or_else(crate::io::closed)?;
        lane.begin_monitor(port, slot);
        Ok(())
    }

    async fn open(&self, config: &Arc<Config>) -> Result<Opened> {
        let tls = config.tls.as_ref().map(|tls| self.client_config(tls)).transpose()?;
        match &config.cluster {
            None => opening::open_links(config, tls).await,
            Some(settings) => opening::open_cluster(config, settings, tls).await,
        }
    }

    fn opened(&'static self, attempt: &Arc<Config>, opened: Result<Opened>, owner: std::sync::Weak<Port>) {
        let mut state = lock(&self.state);
        // An attempt that was given up may end after the next one has begun: it must not take that one's place.
        if !matches!(&*state, State::Opening { config, .. } if Arc::ptr_eq(config, attempt)) {
            drop(state);
            if let Ok(opened) = opened {
                opened.shutdown();
            }
            return;
        }
        let State::Opening { config, waiters, .. } = std::mem::replace(&mut *state, State::Idle) else { return };
        match opened {
            Err(error) => {
                drop(state);
                for waiter in waiters {
                    waiter.answer(Err(&error));
                }
            }
            Ok(opened) => {
                let InService { links, cluster, tasks } = opened.serve(&config, &owner);
                let links = Arc::new_cyclic(|this| Links {
                    failovers: Failovers::start(this.clone(), &config),
                    renewal: Renewal::start(this.clone(), &config.credentials, config.credentials_provider),
                    config: Arc::clone(&config),
                    leases: Arc::default(),
                    links,
                    cluster,
                });
                self.set_links(Some(Arc::clone(&links)));
                *state = State::Open(links, tasks);
                drop(state);
                port::broadcast(&json!({ "type": "initialized" }));
                for waiter in waiters {
                    let outcome = waiter.config.as_ref().map(|other| match *other == config {
                        true => outcome::JOINED,
                        false => outcome::OTHER_OPTIONS,
                    });
                    waiter.answer(Ok(outcome));
                }
            }
        }
    }

    async fn close(&'static self, links: Arc<Links>, tasks: Vec<JoinHandle<()>>) {
        let by = Instant::now() + links.config.shutdown_timeout;
        links.failovers.stop();
        links.leases.close();
        let of_nodes = links.cluster.as_ref().map(|cluster| cluster.close());
        for link in links.all() {
            link.close(by);
        }
        for task in tasks.into_iter().chain(of_nodes.into_iter().flatten()) {
            let abort = task.abort_handle();
            if timeout_at((by + CLOSE_GRACE).into(), task).await.is_err() {
                abort.abort();
            }
        }
        port::broadcast(&json!({ "type": "closed" }));
        let closed = std::mem::replace(&mut *lock(&self.state), State::Idle);
        let State::Closing { waiters, next } = closed else { return };
        for waiter in waiters {
            waiter.answer(Ok(None));
        }
        for Waiter { port, slot, config } in next {
            if let Some(config) = config {
                self.open_or_join(&port, slot, config);
            }
        }
    }

    /// The process' one TLS configuration, made anew only for other settings: reading the roots is most of the cost
    /// of a connection.
    fn client_config(&self, tls: &Tls) -> Result<Arc<rustls::ClientConfig>> {
        let mut cached = lock(&self.tls);
        if let Some((settings, config)) = &*cached {
            if settings == tls {
                return Ok(Arc::clone(config));
            }
        }
        let config = client_config(tls)?;
        *cached = Some((tls.clone(), Arc::clone(&config)));
        Ok(config)
    }

    fn set_links(&self, links: Option<Arc<Links>>) {
        *self.links.write().unwrap_or_else(std::sync::PoisonError::into_inner) = links;
    }
}

impl Waiter {
    fn answer(self, outcome: std::result::Result<Option<i32>, &Error>) {
        self.port.deliver_with(|inbox| match outcome {
            Ok(None) => inbox.reply_ok(self.slot),
            Ok(Some(outcome)) => inbox.reply_int(self.slot, outcome),
            Err(error) => inbox.failure(self.slot, error),
        });
    }
}

/// What is asked of a manager that is not open.
pub fn not_initialized() -> Error {
    Error::new(Kind::NotInitialized, "Redis manager not initialized. Call initialize() first.")
}
