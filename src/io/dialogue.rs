//! Questions and answers on a connection that serves nothing else: of a sentinel, or of a node before it has a link.

use super::handshake::Connected;
use super::transport::Transport;
use crate::wire::{command, Decoder, Limits, Value, ValueSink};
use crate::{Error, Kind, Result};
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{timeout_at, Instant};

/// A connection whose handshake is done.
pub(crate) struct Dialogue {
    transport: Arc<Transport>,
    peer: String,
    decoder: Decoder,
    sink: ValueSink,
    received: Vec<u8>,
}

impl Dialogue {
    /// `peer` is the server, for messages.
    pub fn new(transport: Arc<Transport>, peer: String) -> Self {
        Self { transport, peer, decoder: Decoder::new(Limits::default()), sink: ValueSink::new(), received: Vec::new() }
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

    /// The server, for messages.
    pub fn peer(&self) -> &str {
        &self.peer
    }

    /// Closes the connection.
    pub fn shutdown(&self) {
        self.transport.shutdown();
    }
}

/// Sends one command and returns the reply, which may be an error reply.
///
/// # Errors
/// When the connection fails, or no reply comes within `within`.
pub(crate) async fn query(connected: &Connected, parts: &[&[u8]], within: Duration) -> Result<Value> {
    let deadline = Instant::now() + within;
    let mut dialogue = Dialogue::new(Arc::clone(&connected.transport), connected.address.clone());
    dialogue.send(parts, deadline).await;
    dialogue.receive(deadline).await
}
