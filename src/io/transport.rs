//! The byte stream to a server: plain or TLS, over TCP or a unix socket.
//!
//! # Threads
//!
//! 1. Every method takes `&self` and may be called from any thread, whether it belongs to the runtime or not.
//!    That is how the JavaScript thread writes while the I/O thread reads.
//! 2. One thread reads at a time; `Connection::reader` sees to that.
//! 3. Any number of threads write. Each `try_write` is whole: what it took leaves the machine in one piece.
//! 4. `readable` and `writable` belong to the runtime that the transport was dialled on, and are cancel-safe: nothing
//!    is lost when their future is dropped. They make the runtime watch the socket, until `unwatch`.

mod secure;
mod socket;

use crate::error::Error;
use secure::Secure;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};

pub use secure::Progress;
pub(super) use socket::Socket;

/// An open connection. Dropping it closes the socket.
#[derive(Debug)]
pub struct Transport {
    stream: Stream,
    /// Kept, as a socket that was reset does not know it any more.
    peer: Option<SocketAddr>,
    /// Dropped after `stream`, and with it the socket.
    open: Arc<()>,
}

#[derive(Debug)]
enum Stream {
    Plain(Socket),
    Tls(Box<Secure>),
}

impl Transport {
    /// A transport without TLS.
    pub(super) fn plain(socket: Socket) -> Self {
        Self { peer: socket.peer_address(), stream: Stream::Plain(socket), open: Arc::default() }
    }

    /// A transport with TLS, ready for [`Transport::establish`].
    pub(super) fn secure(
        socket: Socket,
        config: Arc<rustls::ClientConfig>,
        name: rustls::pki_types::ServerName<'static>,
    ) -> Result<Self, rustls::Error> {
        let peer = socket.peer_address();
        let stream = Stream::Tls(Box::new(Secure::new(socket, config, name)?));
        Ok(Self { peer, stream, open: Arc::default() })
    }

    /// Runs the TLS handshake, if there is one to run.
    pub(super) async fn establish(&self) -> io::Result<()> {
        match &self.stream {
            Stream::Plain(_) => Ok(()),
            Stream::Tls(secure) => secure.establish().await,
        }
    }

    /// Reads what has arrived, decrypted, into `buffer`, which must not be empty.
    ///
    /// `Ok(0)` is the end of the stream, with or without a `close_notify`: Redis closes without. `WouldBlock` means
    /// that [`Transport::readable`] is worth awaiting; less than a full buffer means the same in most cases, and
    /// `readable` knows. A TLS failure arrives as `InvalidData`, see [`Transport::explain`].
    pub fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        debug_assert!(!buffer.is_empty());
        match &self.stream {
            Stream::Plain(socket) => socket.try_read(buffer),
            Stream::Tls(secure) => secure.try_read(buffer),
        }
    }

    /// Takes as much of `bytes` as fits without waiting, and returns how much that was.
    ///
    /// Less than all is no reason to wait: `WouldBlock` is, and comes when nothing was taken. With TLS a call takes
    /// up to 64 KiB, and what the socket did not take of their ciphertext is kept: see [`Transport::try_flush`].
    pub fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.stream {
            Stream::Plain(socket) => socket.try_write(bytes),
            Stream::Tls(secure) => secure.try_write(bytes),
        }
    }

    /// Sends ciphertext that was kept. `true` when none is left, which without TLS is always; `false` when the socket
    /// is full, so that [`Transport::writable`] is worth awaiting.
    pub fn try_flush(&self) -> io::Result<bool> {
        match &self.stream {
            Stream::Plain(_) => Ok(true),
            Stream::Tls(secure) => secure.try_flush(),
        }
    }

    /// Waits until `try_read` has something to say. May be early.
    pub async fn readable(&self) -> io::Result<()> {
        match &self.stream {
            Stream::Plain(socket) => socket.readable().await,
            Stream::Tls(secure) => secure.readable().await,
        }
    }

    /// Waits until the socket takes bytes. May be early.
    pub async fn writable(&self) -> io::Result<()> {
        self.socket().writable().await
    }

    /// The runtime no longer wakes for this socket, because another event loop watches it.
    pub fn unwatch(&self) -> io::Result<()> {
        self.socket().unwatch()
    }

    /// Has no strong reference any more once the socket is closed.
    pub fn open(&self) -> Weak<()> {
        Arc::downgrade(&self.open)
    }

    /// What another event loop can watch; none on systems where it cannot.
    pub fn descriptor(&self) -> Option<i32> {
        self.socket().descriptor()
    }

    /// Whether `try_read` has something to say that no event loop knows of.
    pub fn has_pending(&self) -> bool {
        match &self.stream {
            Stream::Plain(_) => false,
            Stream::Tls(secure) => secure.has_pending(),
        }
    }

    /// Whether the stream is encrypted.
    pub fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    /// How far TLS has come; [`Progress::Established`] without TLS.
    pub fn progress(&self) -> Progress {
        match &self.stream {
            Stream::Plain(_) => Progress::Established,
            Stream::Tls(secure) => secure.progress(),
        }
    }

    /// Whether the keys are nearly used up, so that the link should be replaced when it is next idle.
    ///
    /// TLS 1.2 cannot renew the keys of a connection: with AES-GCM, rustls closes it after 2^24 records. TLS 1.3
    /// renews them by itself and never wears out.
    pub fn is_worn(&self) -> bool {
        match &self.stream {
            Stream::Plain(_) => false,
            Stream::Tls(secure) => secure.is_worn(),
        }
    }

    /// The error of a failed read or write, in the words and with the kind of its cause. TLS 1.3 servers refuse a
    /// client's certificate only after the handshake, so any read may fail that way.
    pub fn explain(&self, error: &io::Error, peer: &str) -> Error {
        match &self.stream {
            Stream::Plain(_) => Error::io(peer, error),
            Stream::Tls(secure) => super::tls::classify(error, peer, secure.progress()),
        }
    }

    /// Ends the stream in both directions: `close_notify` if it can go without waiting, then the socket. A reader
    /// that waits sees the end of the stream.
    pub fn shutdown(&self) {
        if let Stream::Tls(secure) = &self.stream {
            secure.close_notify();
        }
        self.socket().shutdown();
    }

    /// The address of the server; none for a unix socket.
    pub(super) fn peer_address(&self) -> Option<SocketAddr> {
        self.peer
    }

    fn socket(&self) -> &Socket {
        match &self.stream {
            Stream::Plain(socket) => socket,
            Stream::Tls(secure) => secure.socket(),
        }
    }
}
