//! Questions and answers on a connection to a sentinel.

use crate::error::{Error, Kind, Result};
use crate::io::transport::Transport;
use crate::sentinel::Socket;
use crate::wire::{command, Decoder, Limits, Value, ValueSink};
use std::io::ErrorKind;
use std::sync::Arc;
use tokio::time::{timeout_at, Instant};

/// A connection whose handshake is done. Dropping it closes it.
pub(crate) struct Conversation {
    transport: Arc<Transport>,
    peer: String,
    decoder: Decoder,
    sink: ValueSink,
    received: Vec<u8>,
    _socket: Socket,
}

impl Conversation {
    pub fn new(transport: Arc<Transport>, peer: String, socket: Socket) -> Self {
        Self {
            transport,
            peer,
            decoder: Decoder::new(Limits::default()),
            sink: ValueSink::new(),
            received: Vec::new(),
            _socket: socket,
        }
    }

    /// Sends a command. A failure shows when its reply is read.
    pub async fn send(&mut self, parts: &[&[u8]], deadline: Instant) {
        let mut bytes = Vec::new();
        command(&mut bytes, parts);
        let sending = async {
            let mut sent = 0;
            loop {
                match self.transport.try_write(&bytes[sent..]) {
                    Ok(length) => sent += length,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(error) => return Err(error),
                }
                if sent == bytes.len() && self.transport.try_flush()? {
                    return Ok(());
                }
                self.transport.writable().await?;
            }
        };
        let _ = timeout_at(deadline, sending).await;
    }

    /// What comes next.
    ///
    /// # Errors
    /// [`Kind::TimedOut`] when nothing comes by the deadline: then it may still come. Anything else is the end.
    pub async fn receive(&mut self, deadline: Instant) -> Result<Value> {
        loop {
            if !self.received.is_empty() {
                let fed = self.decoder.feed(&self.received, &mut self.sink).map_err(|error| {
                    Error::new(Kind::Protocol, format!("{} answered what is not RESP: {error}", self.peer))
                })?;
                self.received.drain(..fed.consumed);
                if let Some(value) = self.sink.take() {
                    return Ok(value);
                }
            }
            let mut buffer = [0; 4096];
            let outcome = match timeout_at(deadline, self.transport.readable()).await {
                Ok(ready) => ready.and_then(|()| self.transport.try_read(&mut buffer)),
                Err(_) => return Err(Error::new(Kind::TimedOut, format!("{} did not answer in time", self.peer))),
            };
            match outcome {
                Ok(0) => return Err(Error::new(Kind::ConnectionReset, format!("{} closed the connection", self.peer))),
                Ok(length) => self.received.extend_from_slice(&buffer[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(self.transport.explain(&error, &self.peer)),
            }
        }
    }

    /// The sentinel, for messages.
    pub fn peer(&self) -> &str {
        &self.peer
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.transport.shutdown();
    }
}
