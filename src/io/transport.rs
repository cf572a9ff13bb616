//! The byte stream to a server: plain or TLS, over TCP or a unix socket.
//!
//! # Threads
//!
//! 1. Every method takes `&self` and may be called from any thread, whether it belongs to the runtime or not.
//!    That is how the JavaScript thread writes while the I/O thread reads.
//! 2. One thread reads. A second one would only wait for the first, but the bytes would be split between them.
//! 3. Any number of threads write. Each `try_write` is whole: what it took leaves the machine in one piece.
//! 4. `readable` and `writable` need the runtime that the transport was dialled on to be running, and are
//!    cancel-safe: nothing is lost when their future is dropped.

mod secure;

use crate::error::Error;
use secure::Secure;
use socket2::SockRef;
use std::io::{self, Read};
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use tokio::io::Interest;
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

pub use secure::Progress;

/// An open connection. Dropping it closes the socket.
#[derive(Debug)]
pub struct Transport {
    stream: Stream,
    /// Kept, as a socket that was reset does not know it any more.
    peer: Option<SocketAddr>,
}

#[derive(Debug)]
enum Stream {
    Plain(Socket),
    Tls(Box<Secure>),
}

impl Transport {
    /// A transport without TLS.
    pub(super) fn plain(socket: Socket) -> Self {
        Self { peer: socket.peer_address(), stream: Stream::Plain(socket) }
    }

    /// A transport with TLS, ready for [`Transport::establish`].
    pub(super) fn secure(
        socket: Socket,
        config: Arc<rustls::ClientConfig>,
        name: rustls::pki_types::ServerName<'static>,
    ) -> Result<Self, rustls::Error> {
        Ok(Self { peer: socket.peer_address(), stream: Stream::Tls(Box::new(Secure::new(socket, config, name)?)) })
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

/// What a transport runs over. Writes never raise SIGPIPE: the standard library sends with MSG_NOSIGNAL or sets
/// SO_NOSIGPIPE, and Node ignores the signal.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Socket {
    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut received = 0;
        let outcome = self.try_io(Interest::READABLE, || {
            received = self.receive(buffer)?;
            // A short read has drained the socket. Saying so clears the readiness, which saves the system call that
            // would only find out the same.
            if received > 0 && received < buffer.len() {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Ok(())
        });
        match outcome {
            Err(error) if received == 0 => Err(error),
            _ => Ok(received),
        }
    }

    fn receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let socket = match self {
            Self::Tcp(stream) => SockRef::from(stream),
            #[cfg(unix)]
            Self::Unix(stream) => SockRef::from(stream),
        };
        (&*socket).read(buffer)
    }

    fn try_io(&self, interest: Interest, operation: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.try_io(interest, operation),
            #[cfg(unix)]
            Self::Unix(stream) => stream.try_io(interest, operation),
        }
    }

    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_write(bytes),
            #[cfg(unix)]
            Self::Unix(stream) => stream.try_write(bytes),
        }
    }

    async fn readable(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.readable().await,
            #[cfg(unix)]
            Self::Unix(stream) => stream.readable().await,
        }
    }

    async fn writable(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.writable().await,
            #[cfg(unix)]
            Self::Unix(stream) => stream.writable().await,
        }
    }

    fn shutdown(&self) {
        let socket = match self {
            Self::Tcp(stream) => SockRef::from(stream),
            #[cfg(unix)]
            Self::Unix(stream) => SockRef::from(stream),
        };
        // Fails only where the connection is gone already.
        let _ = socket.shutdown(Shutdown::Both);
    }

    fn peer_address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(stream) => stream.peer_addr().ok(),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}
