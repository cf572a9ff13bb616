//! One connection in service, on the I/O thread: reads, finds the request of each reply, writes what was left to
//! write, and watches the clock.

mod buffer;
mod clock;

use super::handshake::Connected;
use super::link::{Link, State, WRITE_AT_ONCE};
use super::request::{flag, Batch, Owner, ABANDONED};
use super::transport::Transport;
use crate::inbox::{Inbox, Mark, ReplyWriter};
use crate::port::{lock, Port};
use crate::wire::{command, Decoder, Discard, Fed, Limits, ProtocolError, Value, ValueSink};
use crate::{Error, Kind, Result};
use buffer::ReadBuffer;
use serde_json::json;
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// See the module.
pub(crate) struct Session {
    link: Arc<Link>,
    transport: Arc<Transport>,
    decoder: Decoder,
    buffer: ReadBuffer,
    flight: VecDeque<Batch>,
    /// Replies on their way to `addressee`.
    staging: Inbox,
    /// How far `staging` holds whole records.
    whole: Mark,
    addressee: Option<Arc<Port>>,
    /// The reply being read, where this crate is the reader.
    value: ValueSink,
    last_read: Instant,
    pinged: Option<Instant>,
    closing: bool,
}

/// Why a connection is no longer served.
pub(super) enum Ended {
    /// It failed, and another is to be made.
    Lost(Error),
    /// The link is to be closed, and all is answered (or there was no more time).
    Closed,
}

/// Reads in a row before other links get their turn.
const READS: usize = 16;

impl Session {
    /// Opens the link for requests, those that waited first.
    pub fn start(link: Arc<Link>, connected: Connected) -> Self {
        let transport = connected.transport;
        {
            let mut out = lock(&link.out);
            out.queue.clear();
            out.unflushed = false;
            out.failed = false;
            out.submitted = 0;
            out.written = 0;
            out.connection += 1;
            let mut first: VecDeque<Batch> = match &link.subscriptions {
                Some(subscriptions) => subscriptions.resume().into(),
                None => VecDeque::new(),
            };
            first.append(&mut out.waiting);
            let mut handed = lock(&link.handed);
            for mut batch in first {
                let bytes = out.accept(&mut batch);
                link.stats.in_flight.fetch_add(batch.requests.len(), Ordering::Relaxed);
                link.stats.bytes_out.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                out.queue.push_back((bytes, 0));
                handed.push(batch);
            }
            out.transport = Some(Arc::clone(&transport));
        }
        link.wake.notify_one();
        Self {
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
            pinged: None,
            closing: false,
        }
    }

    /// Serves until the connection fails or the link is to be closed.
    pub(super) async fn serve(&mut self) -> Ended {
        match self.try_serve().await {
            Ok(()) => Ended::Closed,
            Err(error) => Ended::Lost(error),
        }
    }

    async fn try_serve(&mut self) -> Result<()> {
        let link = Arc::clone(&self.link);
        let transport = Arc::clone(&self.transport);
        let mut tick = std::pin::pin!(sleep(self.idle_tick()));
        loop {
            let write = link.unwritten.load(Ordering::Relaxed);
            tokio::select! {
                ready = transport.readable() => {
                    ready.map_err(|error| self.failed(&error))?;
                    self.read()?;
                }
                ready = transport.writable(), if write => {
                    ready.map_err(|error| self.failed(&error))?;
                    self.flush();
                }
                () = link.wake.notified() => {
                    self.flush();
                    tick.as_mut().reset((Instant::now() + self.busy_tick()).into());
                }
                () = &mut tick => {
                    let next = self.tick()?;
                    tick.as_mut().reset((Instant::now() + next).into());
                }
            }
            if self.obey()? {
                return Ok(());
            }
        }
    }

    /// Closes the socket.
    pub fn shutdown(&self) {
        self.transport.shutdown();
    }

    /// What is still in flight, when the connection is gone. Replies that came whole are delivered.
    pub fn teardown(&mut self) -> VecDeque<Batch> {
        self.deliver();
        self.staging = Inbox::default();
        let link = &self.link;
        let mut out = lock(&link.out);
        out.transport = None;
        out.queue.clear();
        drop(out);
        self.flight.extend(std::mem::take(&mut *lock(&link.handed)));
        link.stats.in_flight.store(0, Ordering::Relaxed);
        // A reply that had begun is void: its request counts as unanswered.
        std::mem::take(&mut self.flight)
    }

    /// Says goodbye. Nothing is in flight any more, or the time for it is over.
    pub async fn quit(&mut self, within: Duration) {
        let mut bytes = Vec::new();
        command(&mut bytes, &[b"QUIT"]);
        lock(&self.link.out).transport = None;
        if self.transport.try_write(&bytes).is_err() {
            return;
        }
        let transport = Arc::clone(&self.transport);
        let answered = async {
            let mut rest = [0; 4096];
            while transport.readable().await.is_ok() {
                let _ = transport.try_flush();
                match transport.try_read(&mut rest) {
                    Ok(0) => return,
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(_) => return,
                }
            }
        };
        let _ = timeout(within, answered).await;
    }

    fn read(&mut self) -> Result<()> {
        for _ in 0..READS {
            match self.transport.try_read(self.buffer.space()) {
                Ok(0) => return Err(self.ended_by_server()),
                Ok(count) => {
                    self.buffer.filled(count);
                    let now = Instant::now();
                    super::spin::read_after(now - self.last_read, now);
                    self.last_read = now;
                    self.link.stats.bytes_in.fetch_add(count as u64, Ordering::Relaxed);
                    let decoded = self.decode();
                    self.deliver();
                    decoded?;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(self.failed(&error)),
            }
        }
        Ok(())
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
        if self.link.subscriptions.is_some() {
            return self.decode_subscriber(bytes);
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
        let fed = if request.slot == ABANDONED {
            self.decoder.feed(bytes, &mut Discard)
        } else {
            if self.staging.mark() == self.whole && request.seen == 0 {
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
        if request.seen < request.replies {
            return;
        }
        self.whole = self.staging.mark();
        batch.pop();
        if batch.requests.is_empty() {
            self.flight.pop_front();
        }
        self.link.stats.in_flight.fetch_sub(1, Ordering::Relaxed);
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
        if subscriptions.publish(&value) {
            return Ok(fed);
        }
        if self.flight.is_empty() {
            self.take_handed();
        }
        if self.flight.is_empty() {
            return self.unexpected(&value).map(|()| fed);
        }
        self.answer_internal(value);
        self.announce_gap();
        Ok(fed)
    }

    fn announce_gap(&self) {
        let Some(gap) = self.link.subscriptions.as_ref().and_then(super::pubsub::Subscriptions::gap) else { return };
        crate::port::broadcast(&json!({
            "type": "gap", "link": self.link.index, "purpose": self.link.purpose, "durationMs": gap.as_millis() as u64,
        }));
    }

    fn answer_internal(&mut self, value: Value) {
        let Some(batch) = self.flight.pop_front() else { return };
        self.link.stats.in_flight.fetch_sub(1, Ordering::Relaxed);
        match batch.disown() {
            Owner::Subscription(acknowledgement) => acknowledgement.done(&value),
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
            // The end of a shard subscription whose slot moved away.
            Value::Array(parts) if parts.first().and_then(Value::as_bytes) == Some(b"sunsubscribe") => Ok(()),
            _ => Err(Error::new(
                Kind::Protocol,
                format!("a reply that nobody asked for came on the link {}", self.link.purpose),
            )),
        }
    }

    fn take_handed(&mut self) {
        self.flight.extend(lock(&self.link.handed).drain(..));
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

    /// Writes what was left, for as long as the socket takes it.
    fn flush(&mut self) {
        while !self.flush_some() {}
    }

    /// True when the socket takes no more, or nothing is left. Holds the lock for one write.
    fn flush_some(&mut self) -> bool {
        let mut out = lock(&self.link.out);
        if out.unflushed {
            out.unflushed = !self.transport.try_flush().unwrap_or(true);
        }
        if !out.unflushed {
            if let Some((bytes, from)) = out.queue.pop_front() {
                let until = bytes.len().min(from + WRITE_AT_ONCE);
                let written = from + out.write(&self.transport, &bytes[from..until]);
                if written < bytes.len() {
                    out.queue.push_front((bytes, written));
                }
                if written == until {
                    return false;
                }
            }
        }
        self.link.unwritten.store(!out.is_idle() && !out.failed, Ordering::Relaxed);
        true
    }

    /// Carries out what other threads want of the task. True when the link is to be closed now.
    fn obey(&mut self) -> Result<bool> {
        let link = &self.link;
        if link.orders.reconnect.swap(false, Ordering::AcqRel) {
            return Err(super::link::told_to_reconnect(link));
        }
        if !link.orders.close.load(Ordering::Acquire) {
            return Ok(false);
        }
        let Some(by) = *lock(&link.orders.close_by) else { return Ok(false) };
        if !self.closing {
            self.closing = true;
            link.stats.set_state(State::Closing);
            lock(&link.out).closed = true;
        }
        if Instant::now() >= by {
            return Ok(true);
        }
        self.take_handed();
        Ok(self.flight.is_empty())
    }

    fn failed(&self, error: &std::io::Error) -> Error {
        self.transport.explain(error, &format!("the link {}", self.link.purpose))
    }

    fn ended_by_server(&self) -> Error {
        Error::new(Kind::ConnectionReset, format!("the server closed the link {}", self.link.purpose))
    }

    fn malformed(&self, error: &ProtocolError) -> Error {
        Error::new(Kind::Protocol, format!("the link {} received what is not RESP: {error}", self.link.purpose))
    }
}
