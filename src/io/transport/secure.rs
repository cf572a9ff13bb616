//! TLS over a socket, usable from two threads at once.
//!
//! # Who may touch what
//!
//! 1. `inbound` (ciphertext that was read) belongs to the reading thread; the lock is never contended.
//! 2. `outbound` (ciphertext to be sent) is held from sealing to sending, so that records leave in the order of
//!    their sequence numbers. Writers wait for each other here, for one system call at most.
//! 3. `session` (the keys) is held for at most 16 KiB of encryption or decryption, a few microseconds, and never
//!    during a system call, so that reading and writing hold each other up as little as can be.
//! 4. Locks are taken in the order inbound, outbound, session.

use super::Socket;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, SupportedCipherSuite};
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much is read from the socket at once.
const STAGING: usize = 64 * 1024;
/// How much is sealed before it is sent.
const OUTBOUND: usize = 64 * 1024;
/// The longest plaintext of a TLS record, and how much is done under the session's lock at a time.
const RECORD: usize = 16 * 1024;

/// How far a TLS connection has come, which decides what a failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nothing has come from the server.
    Silent,
    /// Something has come, but no agreement.
    Answered,
    /// The server has chosen version and cipher; certificates are being exchanged.
    Negotiated,
    /// The handshake is over.
    Established,
}

#[derive(Debug)]
pub(super) struct Secure {
    socket: Socket,
    inbound: Mutex<Inbound>,
    outbound: Mutex<Outbound>,
    session: Mutex<ClientConnection>,
    /// Whether a byte has come from the server.
    answered: AtomicBool,
    /// Whether `try_read` has something to say that the socket does not know of.
    pending: AtomicBool,
    /// See [`Secure::is_worn`].
    worn: AtomicBool,
}

#[derive(Debug)]
struct Inbound {
    staging: Box<[u8]>,
    start: usize,
    end: usize,
    ended: bool,
    fault: Option<rustls::Error>,
}

#[derive(Debug)]
struct Outbound {
    sealed: Vec<u8>,
    sent: usize,
    records: u64,
    worn_from: u64,
}

impl Secure {
    pub(super) fn new(
        socket: Socket,
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> Result<Self, rustls::Error> {
        Ok(Self {
            socket,
            inbound: Mutex::new(Inbound {
                staging: vec![0; STAGING].into_boxed_slice(),
                start: 0,
                end: 0,
                ended: false,
                fault: None,
            }),
            outbound: Mutex::new(Outbound { sealed: Vec::new(), sent: 0, records: 0, worn_from: u64::MAX }),
            session: Mutex::new(ClientConnection::new(config, name)?),
            answered: AtomicBool::new(false),
            pending: AtomicBool::new(false),
            worn: AtomicBool::new(false),
        })
    }

    pub(super) fn socket(&self) -> &Socket {
        &self.socket
    }

    pub(super) async fn establish(&self) -> io::Result<()> {
        loop {
            loop {
                match self.try_flush() {
                    Ok(true) => break,
                    Ok(false) => self.socket.writable().await?,
                    // A server that hangs up says why before it does.
                    Err(error) => return Err(self.advance().err().unwrap_or(error)),
                }
            }
            if !lock(&self.session).is_handshaking() {
                self.limit_records();
                return Ok(());
            }
            self.socket.readable().await?;
            if let Err(error) = self.advance() {
                // The alert that tells the server why, if it goes without waiting.
                let _ = self.try_flush();
                return Err(error);
            }
        }
    }

    /// One read of the handshake. What follows the handshake's last message stays for `try_read`.
    fn advance(&self) -> io::Result<()> {
        let mut inbound = lock(&self.inbound);
        match self.receive(&mut inbound) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
        let mut session = lock(&self.session);
        while inbound.start < inbound.end && session.is_handshaking() {
            inbound.feed(&mut session)?;
        }
        self.pending.store(inbound.start < inbound.end, Ordering::Release);
        Ok(())
    }

    pub(super) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut inbound = lock(&self.inbound);
        loop {
            let filled = self.open(&mut inbound, buffer);
            if filled > 0 {
                let more = filled == buffer.len() || inbound.ended || inbound.fault.is_some();
                self.pending.store(more, Ordering::Release);
                return Ok(filled);
            }
            if let Some(fault) = inbound.fault.clone() {
                return Err(io::Error::new(io::ErrorKind::InvalidData, fault));
            }
            if inbound.ended {
                return Ok(0);
            }
            self.pending.store(false, Ordering::Release);
            if self.receive(&mut inbound)? == 0 {
                return Ok(0);
            }
        }
    }

    fn receive(&self, inbound: &mut Inbound) -> io::Result<usize> {
        let received = self.socket.try_read(&mut inbound.staging)?;
        (inbound.start, inbound.end) = (0, received);
        if received == 0 {
            inbound.ended = true;
        } else {
            self.answered.store(true, Ordering::Relaxed);
        }
        Ok(received)
    }

    /// Decrypts what was read until it is used up or `buffer` is full. Faults wait behind the plaintext before them.
    fn open(&self, inbound: &mut Inbound, buffer: &mut [u8]) -> usize {
        let mut filled = 0;
        let mut answer = false;
        let mut done = false;
        while !done {
            let mut session = lock(&self.session);
            let slice_end = inbound.start + RECORD;
            while !done && inbound.start < slice_end {
                match session.reader().read(&mut buffer[filled..]) {
                    Ok(0) if filled < buffer.len() => inbound.ended = true,
                    Ok(length) => filled += length,
                    Err(_) => {}
                }
                done = filled == buffer.len()
                    || inbound.ended
                    || inbound.start == inbound.end
                    || inbound.fault.is_some()
                    || inbound.feed(&mut session).is_err();
                answer |= session.wants_write();
            }
            // A fault leaves plaintext of the records before it.
            if inbound.fault.is_some() {
                filled += session.reader().read(&mut buffer[filled..]).unwrap_or(0);
            }
        }
        if answer {
            // Key updates and alerts. What the socket does not take now goes with the next write.
            let _ = self.try_flush();
        }
        filled
    }

    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut outbound = lock(&self.outbound);
        let taken = self.seal(&mut outbound, bytes)?;
        match outbound.send(&self.socket) {
            Ok(_) if taken > 0 || bytes.is_empty() => Ok(taken),
            // There was no room before and there may be now.
            Ok(true) => self.seal_and_send(&mut outbound, bytes),
            Ok(false) => Err(io::ErrorKind::WouldBlock.into()),
            Err(error) => Err(error),
        }
    }

    fn seal_and_send(&self, outbound: &mut Outbound, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.seal(outbound, bytes)?;
        outbound.send(&self.socket)?;
        Ok(taken)
    }

    /// Encrypts as much of `bytes` as there is room for.
    fn seal(&self, outbound: &mut Outbound, bytes: &[u8]) -> io::Result<usize> {
        let mut taken = 0;
        while taken < bytes.len() && outbound.sealed.len() < OUTBOUND {
            let end = bytes.len().min(taken + RECORD);
            let mut session = lock(&self.session);
            taken += session.writer().write(&bytes[taken..end])?;
            outbound.collect(&mut session)?;
            outbound.records += 1;
        }
        if outbound.records >= outbound.worn_from {
            self.worn.store(true, Ordering::Relaxed);
        }
        Ok(taken)
    }

    pub(super) fn try_flush(&self) -> io::Result<bool> {
        let mut outbound = lock(&self.outbound);
        outbound.collect(&mut lock(&self.session))?;
        outbound.send(&self.socket)
    }

    pub(super) fn has_pending(&self) -> bool {
        self.pending.load(Ordering::Acquire)
    }

    pub(super) async fn readable(&self) -> io::Result<()> {
        if self.has_pending() {
            return Ok(());
        }
        self.socket.readable().await
    }

    pub(super) fn close_notify(&self) {
        lock(&self.session).send_close_notify();
        let _ = self.try_flush();
    }

    pub(super) fn is_worn(&self) -> bool {
        self.worn.load(Ordering::Relaxed)
    }

    pub(super) fn progress(&self) -> Progress {
        let session = lock(&self.session);
        if !session.is_handshaking() {
            Progress::Established
        } else if session.negotiated_cipher_suite().is_some() {
            Progress::Negotiated
        } else if self.answered.load(Ordering::Relaxed) {
            Progress::Answered
        } else {
            Progress::Silent
        }
    }

    /// Takes the limit that rustls puts on the records of a TLS 1.2 key, with a sixteenth of it as the margin in
    /// which to replace the link.
    fn limit_records(&self) {
        let limit = match lock(&self.session).negotiated_cipher_suite() {
            Some(SupportedCipherSuite::Tls12(suite)) => suite.common.confidentiality_limit,
            _ => u64::MAX,
        };
        lock(&self.outbound).worn_from = limit - limit / 16;
    }
}

impl Inbound {
    /// Gives rustls what it takes at once, which is 4 KiB at most.
    fn feed(&mut self, session: &mut ClientConnection) -> io::Result<()> {
        let mut rest = &self.staging[self.start..self.end];
        let outcome = match session.read_tls(&mut rest) {
            // After a close_notify nothing counts any more.
            Ok(0) => {
                self.ended = true;
                self.start = self.end;
                Ok(())
            }
            Ok(taken) => {
                self.start += taken;
                session.process_new_packets().map(|_| ())
            }
            Err(error) => Err(rustls::Error::General(error.to_string())),
        };
        outcome.map_err(|error| {
            self.fault = Some(error.clone());
            io::Error::new(io::ErrorKind::InvalidData, error)
        })
    }
}

impl Outbound {
    /// Takes over what rustls has sealed.
    fn collect(&mut self, session: &mut ClientConnection) -> io::Result<()> {
        while session.wants_write() {
            session.write_tls(&mut self.sealed)?;
        }
        Ok(())
    }

    /// Sends what there is. `false` when the socket is full.
    fn send(&mut self, socket: &Socket) -> io::Result<bool> {
        while self.sent < self.sealed.len() {
            match socket.try_write(&self.sealed[self.sent..]) {
                Ok(length) => self.sent += length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.sealed.drain(..self.sent);
                    self.sent = 0;
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
        }
        self.sealed.clear();
        self.sent = 0;
        Ok(true)
    }
}

/// A panic elsewhere is no reason for another one here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
