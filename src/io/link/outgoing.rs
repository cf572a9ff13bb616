//! Where a link's bytes go.

use crate::io::connection::{Connection, Traffic};
use crate::io::monitor::Monitor;
use crate::io::request::{flag, Batch};
use crate::io::transport::Transport;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// What one thread writes at the most while it holds the lock: a long value must hold up neither the event loop nor
/// other threads that submit.
pub(in crate::io) const WRITE_AT_ONCE: usize = 256 * 1024;

/// Where bytes go.
#[derive(Default)]
pub(in crate::io) struct Outgoing {
    /// None unless the link is ready.
    pub connection: Option<Arc<Connection>>,
    /// What the link is used like.
    pub traffic: Traffic,
    /// What was accepted and not yet written: the bytes of a batch, and how many of them are written.
    pub queue: VecDeque<(Arc<[u8]>, usize)>,
    /// Whether the transport holds ciphertext that the socket did not take.
    pub unflushed: bool,
    /// Whether the I/O thread is writing, for which it does not hold the lock.
    pub writing: bool,
    /// Bytes accepted for this connection.
    pub submitted: u64,
    /// Bytes that have gone, as far as we can tell.
    pub written: u64,
    /// Batches that wait for a connection.
    pub waiting: VecDeque<Batch>,
    /// How many connections the link has had.
    pub generation: u64,
    /// Which of them is leased.
    pub leased: Option<u64>,
    /// Counts the beginnings and the ends of leases.
    pub lease: u64,
    /// The lease is one of this node, whatever becomes of the cluster meanwhile.
    pub pinned: bool,
    /// The lease is one of monitor mode.
    pub monitor: Option<Monitor>,
    /// Batches that wait for the end of the lease.
    pub parked: VecDeque<Batch>,
    /// The connection is about to be replaced: what is submitted waits for the next one, whatever the options say.
    pub renewing: bool,
    /// When it was replaced last since the server had become a replica.
    pub renewed: Option<Instant>,
    /// The socket takes nothing any more. It counts as writable for ever, so nobody must wait for that: its reader is
    /// about to find out what happened.
    pub failed: bool,
    /// No more requests are accepted.
    pub closed: bool,
}

impl Outgoing {
    /// All that was accepted and is not in flight.
    pub fn take_pending(&mut self) -> VecDeque<Batch> {
        let mut pending = std::mem::take(&mut self.waiting);
        pending.append(&mut self.parked);
        pending
    }

    /// Whether a new batch may be written at once.
    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && !self.unflushed && !self.writing
    }

    /// The link is leased: parks what has to wait for the end of the lease, and returns what the lease can no longer
    /// carry, because its connection is gone. The rest stays in the batch.
    pub fn park(&mut self, batch: &mut Batch) -> Vec<Batch> {
        let current = self.leased == Some(self.generation + u64::from(self.connection.is_none()));
        let parked = batch.extract(|request| request.is(flag::ENDS_WATCH) && !request.is(flag::LEASED));
        self.parked.extend(parked);
        if current {
            return Vec::new();
        }
        batch.extract(|request| request.is(flag::LEASED) && !request.is(flag::BLOCKING))
    }

    /// Gives the batch its place in the stream.
    pub fn accept(&mut self, batch: &mut Batch) -> Arc<[u8]> {
        batch.start = self.submitted;
        self.submitted += batch.bytes.len() as u64;
        Arc::clone(&batch.bytes)
    }

    /// Something was written.
    pub fn wrote(&mut self, written: &Written) {
        self.written += written.bytes as u64;
        self.unflushed = written.unflushed;
        self.failed |= written.failed;
    }
}

/// What [`write`] did.
pub(in crate::io) struct Written {
    pub bytes: usize,
    failed: bool,
    unflushed: bool,
}

/// Writes what the socket takes. A socket that fails takes nothing: its reader finds out, and decides what becomes of
/// the requests.
pub(in crate::io) fn write(transport: &Transport, bytes: &[u8]) -> Written {
    let mut written = Written { bytes: 0, failed: false, unflushed: false };
    while written.bytes < bytes.len() {
        match transport.try_write(&bytes[written.bytes..]) {
            Ok(n) if n > 0 => written.bytes += n,
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => {
                written.failed = true;
                break;
            }
            _ => break,
        }
    }
    if transport.is_tls() {
        written.unflushed = !transport.try_flush().unwrap_or(true);
    }
    written
}
