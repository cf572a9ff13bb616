//! One question on a connection that serves nothing else.

use super::handshake::Connected;
use crate::wire::{command, Decoder, Limits, Value, ValueSink};
use crate::{Error, Kind, Result};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::time::{timeout_at, Instant};

/// Sends a command and returns the reply, which may be an error reply.
///
/// # Errors
/// When the connection fails, or no reply comes within `within`.
pub(crate) async fn query(connected: &Connected, parts: &[&[u8]], within: Duration) -> Result<Value> {
    let transport = &connected.transport;
    let mut bytes = Vec::new();
    command(&mut bytes, parts);
    let asked = async {
        let mut sent = 0;
        loop {
            match transport.try_write(&bytes[sent..]) {
                Ok(length) => sent += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
            if sent == bytes.len() && transport.try_flush()? {
                break;
            }
            transport.writable().await?;
        }
        let (mut decoder, mut sink) = (Decoder::new(Limits::default()), ValueSink::new());
        let mut received = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            transport.readable().await?;
            match transport.try_read(&mut buffer) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(length) => received.extend_from_slice(&buffer[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                Err(error) => return Err(error),
            }
            while !received.is_empty() {
                let fed = decoder
                    .feed(&received, &mut sink)
                    .map_err(|error| std::io::Error::new(ErrorKind::InvalidData, error.to_string()))?;
                received.drain(..fed.consumed);
                if let Some(value) = sink.take() {
                    return Ok(value);
                }
                if !fed.complete {
                    break;
                }
            }
        }
    };
    let what = String::from_utf8_lossy(parts[0]);
    match timeout_at(Instant::now() + within, asked).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(transport.explain(&error, &connected.address)),
        Err(_) => Err(Error::new(
            Kind::TimedOut,
            format!("{} did not answer {what} within {:.1} s", connected.address, within.as_secs_f64()),
        )),
    }
}
