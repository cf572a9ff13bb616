//! The class `Port`: what a JavaScript environment holds of the process' manager.

use super::values::{take_chunk, Taken};
use super::waker::Waker;
use crate::config::Config;
use crate::io::{Address, Batch, Owner, Request, SubscriptionKind};
use crate::manager::{Place, Wanted, MANAGER};
use crate::port::Port;
use crate::Kind;
use napi::bindgen_prelude::{Env, Error, FromNapiValue, Function, Int32ArraySlice, Result, Unknown};
use napi_derive::napi;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Integers of a request in the array that `submit` gets.
const REQUEST_INTS: usize = 5;

/// One copy of `lib/` in one JavaScript environment.
#[napi(js_name = "Port")]
pub struct JsPort {
    port: Arc<Port>,
    waker: Waker,
    taken: RefCell<Taken>,
    /// For the next batch: places of requests, and how often each may be sent again.
    max_retries: RefCell<Vec<i32>>,
}

#[napi]
impl JsPort {
    /// `on_wake` is called without arguments when there is something to take. It is held only while something can
    /// still arrive.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, on_wake: Function<'_, (), ()>, main_thread: bool) -> Result<Self> {
        let (port, waker) = Waker::install(env.raw(), &on_wake, main_thread)?;
        Ok(Self { port, waker, taken: RefCell::default(), max_retries: RefCell::default() })
    }

    /// Sends `count` requests on a link. `outbox` begins with their bytes; `requests` has five integers for each:
    /// slot, bytes, flags, replies, timeout in ms (-1: as configured, 0: none).
    #[napi(catch_unwind)]
    pub fn submit(&self, link: u32, outbox: &[u8], byte_length: u32, requests: &[i32], count: u32) -> Result<()> {
        let count = count as usize;
        let bytes = outbox.get(..byte_length as usize).ok_or_else(|| mistake("byteLength is beyond the outbox"))?;
        let requests = requests.get(..count * REQUEST_INTS).ok_or_else(|| mistake("count is beyond the requests"))?;
        self.port.opened(count);
        self.waker.hold();
        let links = MANAGER.links();
        let timeout = links.as_ref().map_or(Duration::ZERO, |links| links.config.command_timeout);
        let mut requests = read_requests(requests, timeout);
        for own in self.max_retries.take().chunks_exact(2) {
            if let Some(request) = requests.get_mut(own[0] as usize) {
                request.max_retries = Some(own[1] as u32);
            }
        }
        if requests.iter().map(|request| request.len as usize).sum::<usize>() != bytes.len() {
            self.port.settled(count);
            return Err(mistake("the lengths of the requests do not add up"));
        }
        let number = link as usize;
        let Some(links) = links else {
            Batch::new(Owner::Port(Arc::clone(&self.port)), bytes.into(), requests).fail_all(&crate::io::closed());
            return Ok(());
        };
        if let Some(cluster) = links.cluster.as_ref().filter(|_| number < links.first_lane()) {
            for (link, connection) in cluster.submit(number, &self.port, bytes, requests) {
                self.waker.read_inline(&link, connection);
            }
            return Ok(());
        }
        let mut batch = Batch::new(Owner::Port(Arc::clone(&self.port)), bytes.into(), requests);
        let of_node = links.only(number).is_none().then(|| links.link(number)).flatten();
        match links.only(number).or(of_node.as_ref()) {
            // The link for subscriptions takes nothing else: who asks for it has not heard yet that the links were replaced.
            Some(link) if link.subscriptions.is_none() => {
                if let Some(connection) = link.submit(batch) {
                    self.waker.read_inline(link, connection);
                }
            }
            _ => batch.fail_all(&crate::io::closed()),
        }
        Ok(())
    }

    /// Of the next batch that is submitted, some requests have a `maxRetriesPerRequest` of their own: the place of each in
    /// the batch, and the number.
    #[napi(catch_unwind)]
    pub fn max_retries(&self, own: &[i32]) {
        *self.max_retries.borrow_mut() = own.to_vec();
    }

    /// Takes what has arrived: whole records into `meta`, and the values they refer to as the result, an array whose
    /// last element says how many integers of `meta` were used: negative when that was all, positive when there is
    /// more to take now. When not even one record fits, the result is a number: the length that `meta` must have.
    #[napi(catch_unwind, ts_return_type = "any[] | number")]
    pub fn take(&self, env: Env, mut meta: Int32ArraySlice<'_>) -> Result<Unknown<'_>> {
        let mut taken = self.taken.borrow_mut();
        if taken.is_empty() {
            self.waker.read_ready();
            self.port.empty_into(taken.refill());
        }
        // SAFETY: this is the JavaScript thread, and no other view of the array is in use during the call.
        let meta = unsafe { meta.as_mut() };
        let (value, settled) = take_chunk(env.raw(), &mut taken, meta)?;
        if settled > 0 {
            self.port.settled(settled);
        }
        if taken.is_empty() {
            self.waker.release();
        }
        // SAFETY: the value was made a moment ago in this environment and handle scope.
        unsafe { Unknown::from_napi_value(env.raw(), value) }
    }

    /// Opens the links of the process, or joins who did. Replies OK when this call opened them, 1 when they were open
    /// or being opened, 2 when so with other options, or a failure.
    #[napi(catch_unwind)]
    pub fn initialize(&self, slot: i32, config: String) {
        self.expect_one();
        match serde_json::from_str::<Config>(&config) {
            Ok(config) => MANAGER.initialize(&self.port, slot, config),
            // serde's message may quote a value, which may be a secret; its place is enough.
            Err(error) => self.port.fail(
                slot,
                &crate::Error::new(
                    Kind::InvalidOption,
                    format!(
                        "the settings do not fit the native core (column {}): {:?}",
                        error.column(),
                        error.classify()
                    ),
                ),
            ),
        }
    }

    /// Closes the links of the process. Replies OK.
    #[napi(catch_unwind)]
    pub fn cleanup(&self, slot: i32) {
        self.expect_one();
        MANAGER.cleanup(&self.port, slot);
    }

    /// Asks every link for a sign of life. Replies JSON.
    #[napi(catch_unwind)]
    pub fn health(&self, slot: i32) {
        self.expect_one();
        MANAGER.health(&self.port, slot);
    }

    /// All figures, as JSON.
    #[napi(catch_unwind)]
    pub fn snapshot(&self) -> String {
        MANAGER.snapshot().to_string()
    }

    /// `described` of the configuration that the links of the process were opened with; empty where none are open.
    #[napi(catch_unwind)]
    pub fn described(&self) -> String {
        MANAGER.links().map_or_else(String::new, |links| links.config.described.0.clone())
    }

    /// Whether the links of the process are open.
    #[napi(catch_unwind)]
    pub fn is_initialized(&self) -> bool {
        MANAGER.links().is_some()
    }

    /// Wants messages of a channel (kind 0), pattern (1) or shard channel (2). Replies OK, or the server's error.
    #[napi(catch_unwind)]
    pub fn subscribe(&self, slot: i32, kind: u32, name: &[u8]) -> Result<()> {
        self.change_subscription(slot, kind, name, true)
    }

    /// Wants them no more. Replies OK.
    #[napi(catch_unwind)]
    pub fn unsubscribe(&self, slot: i32, kind: u32, name: &[u8]) -> Result<()> {
        self.change_subscription(slot, kind, name, false)
    }

    /// Whether messages come as Buffers.
    #[napi(catch_unwind)]
    pub fn want_buffers(&self, on: bool) {
        self.port.set_wants_buffers(on);
    }

    /// What a `retryStrategy` said about an attempt; a negative delay: no more attempts.
    #[napi(catch_unwind)]
    pub fn retry_delay(&self, link: u32, attempt: u32, delay_ms: f64) {
        let delay = (delay_ms >= 0.0).then(|| Duration::from_secs_f64((delay_ms / 1000.0).min(86_400.0)));
        if let Some(link) = link_of(link) {
            link.answer_retry(attempt, delay);
        }
    }

    /// Drops the socket of this connection of a link, and dials again; 0: dials where the link was given up. False where
    /// that is not the connection any more that the link has.
    #[napi(catch_unwind)]
    pub fn reconnect(&self, link: u32, generation: u32) -> bool {
        link_of(link).is_some_and(|link| link.reconnect_from(generation))
    }

    /// Asks the server for its clients every so often; 0: no more.
    #[napi(catch_unwind)]
    pub fn monitor(&self, interval_ms: f64) {
        MANAGER.monitor(Duration::from_millis(interval_ms.max(0.0) as u64));
    }

    /// Leases a link: this one, or any lane (-1); in a cluster one to the master of a hash slot (-1: of any), or to a node
    /// (`host:port`). Replies its number once nobody else uses it, or a failure after `patience_ms` (0: waits for ever).
    #[napi(catch_unwind)]
    pub fn lease(&self, slot: i32, link: i32, patience_ms: f64, hash_slot: i32, node: Option<String>) {
        self.expect_one();
        let wanted = usize::try_from(link).map_or(Wanted::Lane, Wanted::Link);
        let patience = (patience_ms > 0.0).then(|| Duration::from_millis(patience_ms as u64));
        let node = node.as_deref().and_then(Address::parse).map(Place::Node);
        let place = node.unwrap_or_else(|| u16::try_from(hash_slot).map_or(Place::Anywhere, Place::Slot));
        if let Err(error) = MANAGER.lease(&self.port, slot, wanted, &place, patience) {
            self.port.fail(slot, &error);
        }
    }

    /// The number of a purpose's link to a node of the cluster (`host:port`), which is opened if need be; -1 when there is
    /// no such node.
    #[napi(catch_unwind)]
    pub fn node_link(&self, purpose: u32, address: String) -> i32 {
        let links = MANAGER.links();
        let cluster = links.as_ref().and_then(|links| links.cluster.as_ref());
        let link = cluster
            .zip(Address::parse(&address))
            .and_then(|(cluster, address)| cluster.link_to(purpose as usize, &address));
        link.map_or(-1, |link| link.number as i32)
    }

    /// Gives a leased link back. `dirty`: something may still be under way on it, so its connection is replaced.
    #[napi(catch_unwind)]
    pub fn release(&self, link: u32, dirty: bool) {
        MANAGER.release(&self.port, link as usize, dirty);
        // No reply comes for it, with which the event loop would be let go.
        self.waker.release();
    }

    /// Puts a leased lane into monitor mode, for as long as it is leased. Replies OK, or the server's error.
    #[napi(catch_unwind)]
    pub fn begin_monitor(&self, slot: i32, link: u32) {
        self.expect_one();
        if let Err(error) = MANAGER.begin_monitor(&self.port, slot, link as usize) {
            self.port.fail(slot, &error);
        }
    }

    fn change_subscription(&self, slot: i32, kind: u32, name: &[u8], on: bool) -> Result<()> {
        let kind = *SubscriptionKind::ALL.get(kind as usize).ok_or_else(|| mistake("no such kind of subscription"))?;
        self.expect_one();
        if let Err(error) = MANAGER.subscribe(&self.port, slot, kind, name, on) {
            self.port.fail(slot, &error);
        }
        Ok(())
    }

    fn expect_one(&self) {
        self.port.opened(1);
        self.waker.hold();
    }
}

fn read_requests(ints: &[i32], usual: Duration) -> VecDeque<Request> {
    let now = Instant::now();
    ints.chunks_exact(REQUEST_INTS)
        .map(|request| {
            let timeout = match request[4] {
                0 => None,
                ms if ms > 0 => Some(Duration::from_millis(ms as u64)),
                _ => Some(usual).filter(|usual| !usual.is_zero()),
            };
            Request {
                slot: request[0],
                len: request[1] as u32,
                flags: request[2],
                replies: request[3].max(1) as u32,
                seen: 0,
                deadline: timeout.map(|timeout| now + timeout),
                timeout_ms: timeout.map_or(0, |timeout| timeout.as_millis() as u32),
                attempts: 0,
                max_retries: None,
                sent: false,
                refusals: 0,
                redirections: 0,
                skip: 0,
            }
        })
        .collect()
}

fn link_of(number: u32) -> Option<Arc<crate::io::Link>> {
    MANAGER.links()?.link(number as usize)
}

fn mistake(what: &str) -> Error {
    Error::from_reason(format!("a mistake of unified-redis: {what}"))
}
