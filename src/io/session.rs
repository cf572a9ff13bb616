//! One connection in service, on the I/O thread: reads replies, unless a JavaScript thread does, writes what was left to
//! write, and watches the clock.

mod clock;

use super::connection::Connection;
use super::handshake::Connected;
use super::link::{write, Link, State, WRITE_AT_ONCE};
use super::monitor::Monitor;
use super::reader::Reader;
use super::request::Batch;
use crate::port::lock;
use crate::wire::command;
use crate::{Error, Kind, Result};
use clock::Ping;
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// See the module.
pub(crate) struct Session {
    link: Arc<Link>,
    connection: Arc<Connection>,
    pinged: Option<Ping>,
    closing: bool,
    /// Whether the runtime watches the socket, as far as this task knows.
    watched: bool,
}

/// Why a connection is no longer served.
pub(super) enum Ended {
    /// It failed, and another is to be made.
    Lost(Error),
    /// The link is to be closed, and all is answered (or there was no more time).
    Closed,
}

impl Session {
    /// Opens the link for requests, those that waited first.
    pub fn start(link: Arc<Link>, connected: Connected) -> Self {
        let connection = Connection::new(&link, connected.transport);
        {
            let mut out = lock(&link.out);
            out.queue.clear();
            out.unflushed = false;
            out.writing = false;
            out.failed = false;
            out.renewing = false;
            // It was meant for the connection before, which is lost already.
            link.orders.renew.store(false, Ordering::Release);
            out.submitted = 0;
            out.written = 0;
            out.generation += 1;
            let mut first: VecDeque<Batch> = match &link.subscriptions {
                Some(subscriptions) => subscriptions.resume().into(),
                None => out.monitor.iter().map(Monitor::resume).collect(),
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
            out.connection = Some(Arc::clone(&connection));
        }
        link.wake.notify_one();
        Self { link, connection, pinged: None, closing: false, watched: true }
    }

    /// Serves until the connection fails or the link is to be closed.
    pub(super) async fn serve(&mut self) -> Ended {
        let ended = self.try_serve().await;
        // From here on nobody but this task reads.
        self.reader().ended = true;
        self.connection.leave_inline(&self.link);
        match ended {
            Ok(()) => Ended::Closed,
            Err(error) => Ended::Lost(error),
        }
    }

    async fn try_serve(&mut self) -> Result<()> {
        let link = Arc::clone(&self.link);
        let connection = Arc::clone(&self.connection);
        let transport = &connection.transport;
        let mut tick = std::pin::pin!(sleep(self.idle_tick()));
        loop {
            let reads = self.sees_who_reads()?;
            let write = link.unwritten.load(Ordering::Relaxed);
            tokio::select! {
                ready = transport.readable(), if reads => {
                    ready.map_err(|error| self.failed(&error))?;
                    self.read()?;
                }
                ready = transport.writable(), if write => {
                    ready.map_err(|error| self.failed(&error))?;
                    self.flush();
                }
                () = link.wake.notified() => {
                    self.flush();
                    // Sooner than it was, never later: whoever submits may wake this task more often than that.
                    let due = (Instant::now() + self.busy_tick()).into();
                    if tick.deadline() > due {
                        tick.as_mut().reset(due);
                    }
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
        self.connection.transport.shutdown();
    }

    /// Since when messages may have been missed: the connection's last sign of life, unless the server told of its end.
    pub fn last_sign(&self, error: &Error) -> Instant {
        match error.kind() {
            Kind::ConnectionReset | Kind::ConnectionLost => Instant::now(),
            _ => self.reader().last_read,
        }
    }

    /// Closes the socket, after the loss was told. A JavaScript thread that watches it lets go of it when it hears of that.
    /// It is the only user of the link then, so the next connection can wait for it; but not for ever.
    pub async fn close(self) {
        const PATIENCE: Duration = Duration::from_secs(1);
        let open = self.connection.transport.open();
        drop(self);
        let until = Instant::now() + PATIENCE;
        while open.strong_count() > 0 && Instant::now() < until {
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// What is still in flight, when the connection is gone. Replies that came whole are delivered.
    pub fn teardown(&mut self) -> VecDeque<Batch> {
        let link = &self.link;
        {
            let mut out = lock(&link.out);
            out.connection = None;
            out.queue.clear();
        }
        let flight = self.reader().end();
        link.stats.in_flight.store(0, Ordering::Relaxed);
        flight
    }

    /// Says goodbye. Nothing is in flight any more, or the time for it is over.
    pub async fn quit(&mut self, within: Duration) {
        let mut bytes = Vec::new();
        command(&mut bytes, &[b"QUIT"]);
        let is_idle = {
            let mut out = lock(&self.link.out);
            out.connection = None;
            out.is_idle()
        };
        let transport = &self.connection.transport;
        // Behind half a command it would be taken for the other half.
        if !is_idle || transport.try_write(&bytes).is_err() {
            return;
        }
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

    fn reader(&self) -> MutexGuard<'_, Reader> {
        lock(&self.connection.reader)
    }

    fn read(&mut self) -> Result<()> {
        let progress = self.reader().read()?;
        if progress.bytes > 0 {
            super::spin::read_after(progress.gap, progress.at);
        }
        Ok(())
    }

    /// Whether this task reads, or a JavaScript thread; the runtime watches the socket accordingly.
    fn sees_who_reads(&mut self) -> Result<bool> {
        let reads = !self.connection.is_read_inline();
        if !reads && self.watched {
            self.connection.transport.unwatch().map_err(|error| self.failed(&error))?;
            // What TLS has taken from the socket, no event loop will tell of.
            while self.connection.transport.has_pending() {
                self.read()?;
            }
        }
        self.watched = reads;
        Ok(reads)
    }

    /// Writes what was left, for as long as the socket takes it.
    fn flush(&mut self) {
        while !self.flush_some() {}
    }

    /// True when the socket takes no more, or nothing is left. The lock is not held during a write, or who submits
    /// meanwhile would have to wait.
    fn flush_some(&mut self) -> bool {
        let transport = &self.connection.transport;
        let mut out = lock(&self.link.out);
        if out.unflushed {
            out.unflushed = !transport.try_flush().unwrap_or(true);
        }
        let next = if out.unflushed { None } else { out.queue.pop_front() };
        if let Some((bytes, from)) = next {
            out.writing = true;
            drop(out);
            let until = bytes.len().min(from + WRITE_AT_ONCE);
            let outcome = write(transport, &bytes[from..until]);
            out = lock(&self.link.out);
            out.writing = false;
            out.wrote(&outcome);
            let written = from + outcome.bytes;
            if written < bytes.len() {
                out.queue.push_front((bytes, written));
            }
            if written == until {
                return false;
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
        if let Some(fault) = self.connection.take_fault() {
            return Err(fault);
        }
        if link.orders.renew.load(Ordering::Acquire) {
            let by = *lock(&link.orders.renew_by);
            let mut reader = self.reader();
            reader.take_handed();
            if reader.flight.is_empty() || by.is_none_or(|by| Instant::now() >= by) {
                link.orders.renew.store(false, Ordering::Release);
                return Err(super::link::told_to_reconnect(link));
            }
        }
        if !link.orders.close.load(Ordering::Acquire) {
            return Ok(false);
        }
        let Some(by) = *lock(&link.orders.close_by) else { return Ok(false) };
        if !self.closing {
            self.closing = true;
            link.stats.set_state(State::Closing);
            lock(&link.out).closed = true;
            self.connection.leave_inline(link);
        }
        if Instant::now() >= by {
            return Ok(true);
        }
        let mut reader = self.reader();
        reader.take_handed();
        Ok(reader.flight.is_empty())
    }

    fn failed(&self, error: &std::io::Error) -> Error {
        self.link.failed(&self.connection.transport, error)
    }
}

/// When its task panicked: what was in flight is answered, and nobody reads any more.
impl Drop for Session {
    fn drop(&mut self) {
        if self.reader().ended {
            return;
        }
        lock(&self.link.out).connection = None;
        let unanswered = self.reader().end();
        drop(unanswered);
    }
}
