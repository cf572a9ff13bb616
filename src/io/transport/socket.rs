//! The socket under a transport.
//!
//! It is watched by one event loop at a time: the runtime's, or that of a JavaScript thread, which then reads it itself.
//! A socket in both would wake both threads for each reply.

use socket2::SockRef;
use std::future::poll_fn;
use std::io::{self, Read};
use std::net::{Shutdown, SocketAddr};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::task::{Context, Poll};
use tokio::io::Interest;
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

/// An open socket, which never blocks.
#[derive(Debug)]
pub(in crate::io) struct Socket(RwLock<Stream>);

#[derive(Debug)]
enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
    /// The runtime does not watch it.
    QuietTcp(std::net::TcpStream),
    #[cfg(unix)]
    QuietUnix(std::os::unix::net::UnixStream),
    /// It was lost, as the system would not watch it any more.
    Gone,
}

/// Writing to a connection that is gone is an error, not a signal. Elsewhere the standard library has set that as an
/// option of the socket.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NO_SIGNAL: i32 = 0x4000;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const NO_SIGNAL: i32 = 0;

impl Socket {
    pub(in crate::io) fn tcp(stream: TcpStream) -> Self {
        Self(RwLock::new(Stream::Tcp(stream)))
    }

    #[cfg(unix)]
    pub(in crate::io) fn unix(stream: UnixStream) -> Self {
        Self(RwLock::new(Stream::Unix(stream)))
    }

    pub(super) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let stream = self.shared();
        let mut received = 0;
        let outcome = stream.try_io(Interest::READABLE, |socket| {
            received = (&*socket).read(buffer)?;
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

    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let stream = self.shared();
        match stream.socket()?.send_with_flags(bytes, NO_SIGNAL) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // Once more, for the runtime to learn that the socket is full.
                let mut sent = 0;
                stream.try_io(Interest::WRITABLE, |socket| {
                    sent = socket.send_with_flags(bytes, NO_SIGNAL)?;
                    Ok(())
                })?;
                Ok(sent)
            }
            outcome => outcome,
        }
    }

    pub(super) async fn readable(&self) -> io::Result<()> {
        self.watch()?;
        poll_fn(|context| self.shared().poll_read_ready(context)).await
    }

    pub(super) async fn writable(&self) -> io::Result<()> {
        self.watch()?;
        poll_fn(|context| self.shared().poll_write_ready(context)).await
    }

    /// Has the runtime watch it. On the runtime's thread.
    fn watch(&self) -> io::Result<()> {
        if !self.shared().is_quiet() {
            return Ok(());
        }
        let mut stream = self.exclusive();
        *stream = match std::mem::replace(&mut *stream, Stream::Gone) {
            Stream::QuietTcp(quiet) => Stream::Tcp(TcpStream::from_std(quiet)?),
            #[cfg(unix)]
            Stream::QuietUnix(quiet) => Stream::Unix(UnixStream::from_std(quiet)?),
            other => other,
        };
        Ok(())
    }

    pub(super) fn unwatch(&self) -> io::Result<()> {
        let mut stream = self.exclusive();
        *stream = match std::mem::replace(&mut *stream, Stream::Gone) {
            Stream::Tcp(watched) => Stream::QuietTcp(watched.into_std()?),
            #[cfg(unix)]
            Stream::Unix(watched) => Stream::QuietUnix(watched.into_std()?),
            other => other,
        };
        Ok(())
    }

    #[cfg(unix)]
    pub(super) fn descriptor(&self) -> Option<i32> {
        use std::os::fd::AsRawFd;
        self.shared().socket().ok().map(|socket| socket.as_raw_fd())
    }

    /// Sockets of Windows belong to one event loop for good.
    #[cfg(not(unix))]
    pub(super) fn descriptor(&self) -> Option<i32> {
        None
    }

    pub(super) fn shutdown(&self) {
        // Fails only where the connection is gone already.
        let _ = self.shared().socket().and_then(|socket| socket.shutdown(Shutdown::Both));
    }

    pub(super) fn peer_address(&self) -> Option<SocketAddr> {
        self.shared().socket().and_then(|socket| socket.peer_addr()).ok()?.as_socket()
    }

    fn shared(&self) -> RwLockReadGuard<'_, Stream> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn exclusive(&self) -> RwLockWriteGuard<'_, Stream> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream {
    fn socket(&self) -> io::Result<SockRef<'_>> {
        match self {
            Self::Tcp(stream) => Ok(SockRef::from(stream)),
            #[cfg(unix)]
            Self::Unix(stream) => Ok(SockRef::from(stream)),
            Self::QuietTcp(stream) => Ok(SockRef::from(stream)),
            #[cfg(unix)]
            Self::QuietUnix(stream) => Ok(SockRef::from(stream)),
            Self::Gone => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn is_quiet(&self) -> bool {
        match self {
            Self::Tcp(_) => false,
            #[cfg(unix)]
            Self::Unix(_) => false,
            _ => true,
        }
    }

    /// Where the runtime watches, `operation` is tried when it may succeed, and `WouldBlock` makes the runtime wait.
    fn try_io(&self, interest: Interest, operation: impl FnOnce(&socket2::Socket) -> io::Result<()>) -> io::Result<()> {
        let socket = self.socket()?;
        match self {
            Self::Tcp(stream) => stream.try_io(interest, || operation(&socket)),
            #[cfg(unix)]
            Self::Unix(stream) => stream.try_io(interest, || operation(&socket)),
            _ => operation(&socket),
        }
    }

    fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => stream.poll_read_ready(context),
            #[cfg(unix)]
            Self::Unix(stream) => stream.poll_read_ready(context),
            _ => Poll::Ready(Ok(())),
        }
    }

    fn poll_write_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => stream.poll_write_ready(context),
            #[cfg(unix)]
            Self::Unix(stream) => stream.poll_write_ready(context),
            _ => Poll::Ready(Ok(())),
        }
    }
}
