//! Replies: read, decoded, and matched with the requests they answer.

mod buffer;

use super::link::Link;
use super::pubsub::Subscriptions;
use super::refusal::{self, refusal_in, Change, Refusal};
use super::request::{flag, Batch, Owner, ABANDONED};
use super::transport::Transport;
use crate::inbox::{Inbox, Mark, ReplyWriter};
use crate::port::{lock, Port};
use crate::wire::{Decoder, Discard, Fed, Limits, ProtocolError, Value, ValueSink};
use crate::{Error, Kind, Result};
use buffer::ReadBuffer;
use serde_json::json;
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The requests in flight on one connection, and how far the reply to the first of them has been read.
pub(super) struct Reader {
    link: Arc<Link>,
    transport: Arc<Transport>,
    decoder: Decoder,
    buffer: ReadBuffer,
    pub flight: VecDeque<Batch>,
    /// Replies on their way to `addressee`.
    staging: Inbox,
    /// Which connection of the link it is.
    generation: u64,
    /// How far `staging` holds whole records.
    whole: Mark,
    addressee: Option<Arc<Port>>,
    /// Whether replies do not simply answer requests: subscriptions, or a monitor.
    unasked: bool,
    /// The lease whose monitor this connection serves.
    monitor: Option<u64>,
    /// The reply being read, where this crate is the reader.
    value: ValueSink,
    /// When something came last.
    pub last_read: Instant,
    /// When the last reply or message had come whole.
    pub last_whole: Instant,
    /// Why the connection cannot go on: found by a JavaScript thread, for the I/O thread to deal with.
    pub fault: Option<Error>,
    /// Nothing is read any more.
    pub ended: bool,
}

/// What [`Reader::read`] did.
pub(super) struct Progress {
    /// How many bytes came.
    pub bytes: usize,
    /// When the last bytes of all came.
    pub at: Instant,
    /// How long before it the last bytes had come.
    pub gap: Duration,
}

/// Reads in a row before others get their turn.
const READS: usize = 16;

impl Reader {
    pub fn new(link: Arc<Link>, transport: Arc<Transport>) -> Self {
        let generation = lock(&link.out).generation + 1;
        Self {
            generation,
            unasked: link.subscriptions.is_some(),
            monitor: None,
            link,
            transport,
            decoder: Decoder::new(Limits::default()),
            buffer: ReadBuffer::default(),
            flight: VecDeque::new(),
            staging: Inbox::default(),
            whole: Mark::default(),
            addressee: None,
            value: ValueSink::default(),
            last_read: Instant::now(),
            last_whole: Instant::now(),
            fault: None,
            ended: false,
        }
    }

    /// Reads what has come, and delivers the replies that are whole.
    pub fn read(&mut self) -> Result<Progress> {
        let began = self.last_read;
        let mut bytes = 0;
        for _ in 0..READS {
            let space = self.buffer.space();
            let room = space.len();
            match self.transport.try_read(space) {
                Ok(0) => return Err(self.ended_by_server()),
                Ok(count) => {
                    self.buffer.filled(count);
                    self.last_read = Instant::now();
                    bytes += count;
                    self.link.stats.bytes_in.fetch_add(count as u64, Ordering::Relaxed);
                    let decoded = self.decode();
                    self.deliver();
                    decoded?;
                    // A short read has drained the socket.
                    if count < room && !self.transport.has_pending() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(self.link.failed(&self.transport, &error)),
            }
        }
        Ok(Progress { bytes, gap: self.last_read - began, at: self.last_read })
    }

    /// The connection is gone: delivers the replies that came whole, and returns the requests that got none.
    pub fn end(&mut self) -> VecDeque<Batch> {
        self.ended = true;
        self.deliver();
        self.staging = Inbox::default();
        self.take_handed();
        // A reply that had begun is void: its request counts as unanswered.
        std::mem::take(&mut self.flight)
    }

    /// A reply that was being read when its request was given up is read to its end, and dropped.
    pub fn drop_given_up(&mut self) {
        let given_up =
            self.flight.front().and_then(|batch| batch.requests.front()).is_some_and(|first| first.slot == ABANDONED);
        if given_up && self.staging.mark() != self.whole {
            self.staging.truncate(self.whole);
        }
    }

    /// Takes over what was submitted meanwhile.
    pub fn take_handed(&mut self) {
        self.flight.extend(lock(&self.link.handed).drain(..));
    }

    /// Reads every whole reply in the buffer.
    fn decode(&mut self) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut result = Ok(());
        while !buffer.is_empty() {
            match self.decode_one(buffer.bytes()) {
                Ok(fed) => {
                    buffer.consume(fed.consumed);
                    if !fed.complete {
                        break;
                    }
                    self.last_whole = self.last_read;
                }
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        self.buffer = buffer;
        result
    }

    fn decode_one(&mut self, bytes: &[u8]) -> Result<Fed> {
        if self.unasked {
            return match self.monitor {
                Some(lease) => self.decode_monitor(bytes, lease),
                None => self.decode_subscriber(bytes),
            };
        }
        if self.flight.is_empty() {
            self.take_handed();
        }
        let Some(batch) = self.flight.front_mut() else {
            return self.decode_unexpected(bytes);
        };
        let Owner::Port(port) = &batch.owner else {
            return self.decode_internal(bytes);
        };
        let Some(request) = batch.requests.front_mut() else {
            return Err(Error::new(Kind::Internal, "a batch in flight is empty"));
        };
        let fed = if request.slot == ABANDONED || request.seen < request.skip {
            self.decoder.feed(bytes, &mut Discard)
        } else {
            if self.staging.mark() == self.whole && request.seen == request.skip {
                if !self.addressee.as_ref().is_some_and(|addressee| Arc::ptr_eq(addressee, port)) {
                    if let Some(addressee) = self.addressee.replace(Arc::clone(port)) {
                        addressee.deliver(&mut self.staging);
                        self.whole = Mark::default();
                    }
                }
                self.staging.begin(request.slot);
                if request.replies > 1 {
                    self.staging.begin_group(request.replies);
                }
            }
            self.decoder.feed(bytes, &mut ReplyWriter::new(&mut self.staging, request.is(flag::BUFFERS)))
        };
        let fed = fed.map_err(|error| self.malformed(&error))?;
        if fed.complete {
            self.answered();
        }
        Ok(fed)
    }

    /// A whole reply of the first request has come.
    fn answered(&mut self) {
        let Some(batch) = self.flight.front_mut() else { return };
        let Some(request) = batch.requests.front_mut() else { return };
        request.seen += 1;
        if request.seen < request.replies + request.skip {
            return;
        }
        self.link.stats.in_flight.fetch_sub(1, Ordering::Relaxed);
        let is_ours = request.is(flag::ROUTED) || !request.is(flag::LEASED | flag::AS_IT_IS);
        let is_judged = request.is(flag::AS_IT_IS) && request.slot != ABANDONED;
        if request.slot != ABANDONED && is_ours {
            if let Some(refusal) = refusal_in(&self.staging, request.replies, self.whole) {
                let taken = batch.take_first();
                if batch.requests.is_empty() {
                    self.flight.pop_front();
                }
                let mut reply = self.staging.split_off(self.whole);
                if is_judged {
                    reply.tell_origin(Mark::default(), self.link.number, self.generation);
                }
                if let Some(taken) = taken {
                    self.refused(taken, refusal, reply);
                }
                return;
            }
        }
        if is_judged {
            self.staging.tell_origin(self.whole, self.link.number, self.generation);
        }
        self.whole = self.staging.mark();
        batch.pop();
        if batch.requests.is_empty() {
            self.flight.pop_front();
        }
    }

    /// The server has not executed a request: it is sent again, somewhere else or later.
    fn refused(&mut self, mut batch: Batch, refusal: Refusal, reply: Inbox) {
        batch.refused_once_more();
        // What came before it must not be told after it.
        self.deliver();
        match self.link.router().filter(|_| batch.is_routed()) {
            Some(router) => router.refused(&self.link, batch, refusal, reply),
            None => refusal::again(&self.link, batch, &refusal, reply),
        }
    }

    fn decode_internal(&mut self, bytes: &[u8]) -> Result<Fed> {
        let (fed, value) = self.decode_value(bytes)?;
        if let Some(value) = value {
            self.answer_internal(value);
        }
        Ok(fed)
    }

    fn decode_subscriber(&mut self, bytes: &[u8]) -> Result<Fed> {
        let (fed, value) = self.decode_value(bytes)?;
        let Some(value) = value else { return Ok(fed) };
        let Some(subscriptions) = &self.link.subscriptions else { return Ok(fed) };
        if subscriptions.publish(&self.link, &value) {
            return Ok(fed);
        }
        if self.flight.is_empty() {
            self.take_handed();
        }
        let awaited = self.flight.front().map(|batch| &batch.owner);
        if Subscriptions::is_eviction(&value, awaited) {
            if let Some(router) = self.link.router() {
                if let Some(subscriptions) = &self.link.subscriptions {
                    subscriptions.evicted(&value);
                }
                router.changed(&self.link, Change::Evicted);
            }
            return Ok(fed);
        }
        if self.flight.is_empty() {
            return self.unexpected(&value).map(|()| fed);
        }
        self.answer_internal(value);
        self.announce_gap();
        Ok(fed)
    }

    fn decode_monitor(&mut self, bytes: &[u8], lease: u64) -> Result<Fed> {
        let (fed, value) = self.decode_value(bytes)?;
        let Some(value) = value else { return Ok(fed) };
        if self.link.monitored(lease, &value) {
            return Ok(fed);
        }
        if self.flight.is_empty() {
            self.take_handed();
        }
        if self.flight.is_empty() {
            return self.unexpected(&value).map(|()| fed);
        }
        self.answer_internal(value);
        Ok(fed)
    }

    fn announce_gap(&self) {
        let Some(gap) = self.link.subscriptions.as_ref().and_then(Subscriptions::gap) else { return };
        crate::port::broadcast(&json!({
            "type": "gap", "link": self.link.index, "purpose": self.link.purpose, "durationMs": gap.as_millis() as u64, "dropped": 0,
        }));
    }

    fn answer_internal(&mut self, value: Value) {
        let Some(batch) = self.flight.pop_front() else { return };
        self.link.stats.in_flight.fetch_sub(1, Ordering::Relaxed);
        let slot = batch.requests.front().map_or(ABANDONED, |request| request.slot);
        let lease = batch.lease;
        match batch.disown() {
            Owner::Subscription(acknowledgement) => {
                if let Some(router) = self.link.router() {
                    if acknowledgement.is_misplaced(&value) {
                        return router.changed(&self.link, Change::Evicted);
                    }
                }
                let unwanted = acknowledgement.done(&value);
                if let (Some((kind, name)), Some(subscriptions)) = (unwanted, &self.link.subscriptions) {
                    subscriptions.end_unwanted(&self.link, kind, &name);
                }
            }
            Owner::Monitor(port) => {
                self.monitor = self.link.monitor_answered(port, slot, lease, &value);
                self.unasked = self.monitor.is_some();
            }
            Owner::Internal(Some(done)) => done(Ok(value)),
            Owner::Internal(None) | Owner::Port(_) => {}
        }
    }

    fn decode_unexpected(&mut self, bytes: &[u8]) -> Result<Fed> {
        let (fed, value) = self.decode_value(bytes)?;
        match value {
            Some(value) => self.unexpected(&value).map(|()| fed),
            None => Ok(fed),
        }
    }

    fn decode_value(&mut self, bytes: &[u8]) -> Result<(Fed, Option<Value>)> {
        let fed = self.decoder.feed(bytes, &mut self.value).map_err(|error| self.malformed(&error))?;
        let value = if fed.complete { self.value.take() } else { None };
        Ok((fed, value))
    }

    /// The server spoke unasked: an error before it closes, a push that is of no use here, or nonsense.
    fn unexpected(&self, value: &Value) -> Result<()> {
        match value {
            Value::Push(_) => Ok(()),
            Value::Error(text) => Err(Error::new(
                Kind::ConnectionReset,
                format!("the server closed the link {}: {}", self.link.purpose, String::from_utf8_lossy(text)),
            )),
            _ => Err(Error::new(
                Kind::Protocol,
                format!("a reply that nobody asked for came on the link {}", self.link.purpose),
            )),
        }
    }

    /// Gives JavaScript the replies that are whole.
    fn deliver(&mut self) {
        let Some(addressee) = &self.addressee else { return };
        if self.whole == Mark::default() {
            return;
        }
        if self.whole == self.staging.mark() {
            addressee.deliver(&mut self.staging);
        } else {
            let mut rest = self.staging.split_off(self.whole);
            addressee.deliver(&mut self.staging);
            std::mem::swap(&mut self.staging, &mut rest);
        }
        self.whole = Mark::default();
    }

    fn ended_by_server(&self) -> Error {
        Error::new(Kind::ConnectionReset, format!("the server closed the link {}", self.link.purpose))
    }

    fn malformed(&self, error: &ProtocolError) -> Error {
        Error::new(Kind::Protocol, format!("the link {} received what is not RESP: {error}", self.link.purpose))
    }
}
