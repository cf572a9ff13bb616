//! Finds out what a port speaks that does not speak what was expected. Each question is a connection of its own, made
//! only once a handshake has failed or hung, and closed at once.

use crate::config::Tls;
use crate::io::tls::{client_config, server_name};
use rustls::ClientConnection;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long the answer may take.
const ANSWER: Duration = Duration::from_secs(2);

/// Whether a server answers a plain PING with anything but TLS. `false` is also what cannot be found out.
pub(super) async fn speaks_plainly(address: SocketAddr) -> bool {
    ask(address, b"PING\r\n").await.is_ok_and(|answer| !is_tls_record(&answer))
}

/// Whether a server answers TLS with TLS. `false` is also what cannot be found out.
pub(in crate::io) async fn speaks_tls(address: SocketAddr) -> bool {
    match client_hello() {
        Some(hello) => ask(address, &hello).await.is_ok_and(|answer| is_tls_record(&answer)),
        None => false,
    }
}

/// The first bytes of a TLS connection.
fn client_hello() -> Option<Vec<u8>> {
    let settings = Tls {
        ca: Vec::new(),
        cert: None,
        key: None,
        servername: None,
        reject_unauthorized: true,
        min_version: None,
        max_version: None,
    };
    let name = server_name(None, "localhost", "host").ok()?;
    let mut connection = ClientConnection::new(client_config(&settings).ok()?, name).ok()?;
    let mut hello = Vec::new();
    connection.write_tls(&mut hello).ok()?;
    Some(hello)
}

/// The first two bytes of the answer to `question`.
async fn ask(address: SocketAddr, question: &[u8]) -> io::Result<[u8; 2]> {
    let conversation = async {
        let stream = TcpStream::connect(address).await?;
        let mut sent = 0;
        while sent < question.len() {
            stream.writable().await?;
            match stream.try_write(&question[sent..]) {
                Ok(length) => sent += length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        let mut answer = [0; 2];
        let mut received = 0;
        while received < answer.len() {
            stream.readable().await?;
            match stream.try_read(&mut answer[received..]) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(length) => received += length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(answer)
    };
    timeout(ANSWER, conversation).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// A TLS record begins with its type, alert or handshake here, and version 3.x.
fn is_tls_record(answer: &[u8; 2]) -> bool {
    matches!(answer, [0x15 | 0x16, 0x03])
}
