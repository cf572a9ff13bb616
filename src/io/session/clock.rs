//! A session and the clock: deadlines of requests, and the heartbeat of the connection.

use super::Session;
use crate::io::ask;
use crate::io::link::{is_blocking, Link};
use crate::io::pubsub::waited_too_long;
use crate::io::reader::Reader;
use crate::io::refusal::Change;
use crate::io::request::{flag, Batch, Owner, Request};
use crate::port::lock;
use crate::{Error, Kind, Result};
use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A question for a sign of life that has not been answered.
#[derive(Clone, Copy)]
pub(super) struct Ping {
    at: Instant,
    /// Bytes that had come before it.
    bytes_in: u64,
}

/// With fewer bytes in a second a reply is not on its way.
const PACE: u64 = 1 << 20;

impl Ping {
    /// Whether so much has come since that a long reply must be on its way.
    fn is_outpaced(self, now: Instant, bytes_in: u64) -> bool {
        let seconds = now.saturating_duration_since(self.at).as_secs() + 1;
        bytes_in.saturating_sub(self.bytes_in) >= PACE * seconds
    }
}

impl Session {
    /// Looks at the clock; says when to look again.
    pub(super) fn tick(&mut self) -> Result<Duration> {
        let connection = Arc::clone(&self.connection);
        let mut reader = lock(&connection.reader);
        if connection.is_read_inline() && !reader.flight.is_empty() {
            // Its thread may be busy with something else, and no command shall fail for that.
            reader.read()?;
        }
        let now = Instant::now();
        reader.take_handed();
        self.expire(&mut reader, now);
        if let Some(subscriptions) = &self.link.subscriptions {
            subscriptions.expire(now, &waited_too_long(&self.link.purpose));
        }
        self.heartbeat(&reader, now)?;
        self.note_silence(&reader, now);
        if connection.transport.is_worn() && reader.flight.is_empty() {
            return Err(Error::new(
                Kind::ConnectionLost,
                format!(
                    "the link {} has used up the keys of its TLS 1.2 connection and takes a new one",
                    self.link.purpose
                ),
            ));
        }
        let quiet = {
            let out = lock(&self.link.out);
            out.is_idle() && out.parked.is_empty()
        };
        if !reader.flight.is_empty() || !quiet {
            return Ok(self.busy_tick());
        }
        self.link.ticking.store(false, Ordering::Relaxed);
        reader.take_handed();
        if !reader.flight.is_empty() {
            self.link.ticking.store(true, Ordering::Relaxed);
            return Ok(self.busy_tick());
        }
        Ok(self.idle_tick())
    }

    /// A node that answers nothing may have been replaced.
    fn note_silence(&self, reader: &Reader, now: Instant) {
        const LONG: Duration = Duration::from_secs(1);
        let is_awaited = |batch: &Batch| batch.is_routed() && !is_blocking(batch);
        let since = now.saturating_duration_since(reader.last_whole);
        if self.link.is_routed() && since >= LONG && reader.flight.iter().any(is_awaited) {
            if let Some(router) = self.link.router() {
                router.changed(&self.link, Change::Silent);
            }
        }
    }

    fn expire(&self, reader: &mut Reader, now: Instant) {
        let silent = now.saturating_duration_since(reader.last_read);
        let written = lock(&self.link.out).written;
        let mut ahead = 0;
        for batch in &mut reader.flight {
            let sent = batch.start + batch.offset as u64 <= written;
            let before = ahead;
            batch.expire(now, |request, owner| timed_out(&self.link, request, owner, silent, sent, before));
            ahead += batch.requests.len();
        }
        self.expire_parked(now);
        reader.drop_given_up();
    }

    fn expire_parked(&self, now: Instant) {
        let mut out = lock(&self.link.out);
        out.parked.retain_mut(|batch| {
            let expired = batch.expire(now, |request, _| {
                self.link.error(
                    Kind::CommandTimeout,
                    format!(
                        "Command timed out: another caller's WATCH held the link {} for {:.1} s; declare blockingConnections to isolate them",
                        self.link.purpose,
                        f64::from(request.timeout_ms) / 1000.0
                    ),
                )
            });
            expired == 0
        });
    }

    /// Asks a silent server for a sign of life; gives the link up when none comes.
    fn heartbeat(&mut self, reader: &Reader, now: Instant) -> Result<()> {
        let config = &self.link.config;
        if config.heartbeat_interval.is_zero() {
            return Ok(());
        }
        // Bytes alone are no sign of life: a length that was announced and never comes would swallow all replies.
        let silent = now.saturating_duration_since(reader.last_whole);
        let bytes_in = self.link.stats.bytes_in.load(Ordering::Relaxed);
        match self.pinged {
            Some(Ping { at, .. }) if reader.last_whole >= at => self.pinged = None,
            Some(ping) if now - ping.at >= config.heartbeat_timeout && !ping.is_outpaced(now, bytes_in) => {
                return Err(Error::new(
                    Kind::ServerSilent,
                    format!(
                        "no whole reply came from the server on the link {} for {:.1} s",
                        self.link.purpose,
                        silent.as_secs_f64()
                    ),
                ));
            }
            Some(_) => {}
            None if silent >= config.heartbeat_interval && !reader.flight.iter().any(is_blocking) => {
                self.pinged = Some(Ping { at: now, bytes_in });
                ask(&self.link, &[b"PING"], None, {
                    let link = Arc::clone(&self.link);
                    move |reply| {
                        if reply.is_ok() {
                            link.stats.round_trip(now.elapsed());
                        }
                    }
                });
            }
            None => {}
        }
        Ok(())
    }

    pub(super) fn busy_tick(&self) -> Duration {
        (self.link.config.command_timeout / 20).clamp(Duration::from_millis(10), Duration::from_millis(100))
    }

    pub(super) fn idle_tick(&self) -> Duration {
        match self.link.config.heartbeat_interval {
            Duration::ZERO => Duration::from_secs(60),
            interval => interval,
        }
    }
}

/// Says who was at fault that a request got no reply in time.
fn timed_out(link: &Link, request: &Request, owner: &Owner, silent: Duration, sent: bool, ahead: usize) -> Error {
    let waited = Duration::from_millis(request.timeout_ms.into());
    let fault = if !sent {
        "the server does not read what is sent to it".to_owned()
    } else if silent >= waited {
        format!("nothing at all came from the server for {:.1} s", silent.as_secs_f64())
    } else if ahead > 0 {
        format!("the server is answering, and {ahead} requests are ahead on the link")
    } else {
        "the server is busy with this command".to_owned()
    };
    let blocked = match owner {
        Owner::Port(port) | Owner::Monitor(port) => port.blocked_for(),
        _ => Duration::ZERO,
    };
    let blocked = match blocked.as_millis() {
        0..=500 => String::new(),
        _ => format!("; meanwhile the event loop was blocked for {:.1} s", blocked.as_secs_f64()),
    };
    let error = link.error(
        Kind::CommandTimeout,
        format!(
            "Command timed out: no reply on the link {} for {:.1} s ({fault}{blocked})",
            link.purpose,
            waited.as_secs_f64()
        ),
    );
    if request.is(flag::READ_ONLY) {
        error
    } else {
        error.maybe_executed()
    }
}
