//! Bytes through each kind of transport, in both directions at once.

use crate::encrypted::{server, tls, NO_CLIENT};
use crate::servers::{dial, settings, with, Server};
use serde_json::Value;
use std::io::ErrorKind;
use std::sync::Arc;
use std::thread;
use unified_redis::io::Transport;

const ECHOES: usize = 100;
const LENGTH: usize = 100_000;

#[tokio::test]
async fn over_tcp() {
    let Some(server) = Server::start(&[]) else { return };
    flow(settings(server.port)).await;
}

#[cfg(unix)]
#[tokio::test]
async fn over_a_unix_socket() {
    let path = std::env::temp_dir().join(format!("unified-redis-flow-{}.sock", std::process::id()));
    let path = path.to_str().unwrap();
    let Some(server) = Server::start(&["--unixsocket", path]) else { return };
    flow(with(settings(0), "path", path)).await;
    drop(server);
    let _ = std::fs::remove_file(path);
}

#[tokio::test]
async fn over_tls() {
    let Some((_server, settings)) = server("good", NO_CLIENT) else { return };
    for version in ["TLSv1.2", "TLSv1.3"] {
        flow(tls(settings.clone(), "maxVersion", version)).await;
    }
}

async fn flow(settings: Value) {
    let connected = dial(settings).await.unwrap();
    let value: Vec<u8> = (0..LENGTH).map(|index| b'a' + (index % 23) as u8).collect();
    let command = [format!("*2\r\n$4\r\nECHO\r\n${LENGTH}\r\n").as_bytes(), &value, b"\r\n"].concat();
    let reply = [format!("${LENGTH}\r\n").as_bytes(), &value, b"\r\n"].concat();
    // A thread that is none of the runtime's writes, as the JavaScript thread does.
    let transport = Arc::clone(&connected.transport);
    let writer = thread::spawn(move || (0..ECHOES).for_each(|_| write(&transport, &command)));
    let mut received = 0;
    let mut buffer = vec![0; 10_000];
    while received < reply.len() * ECHOES {
        connected.transport.readable().await.unwrap();
        // One read for each time that it is readable: what is left must make it readable again.
        match connected.transport.try_read(&mut buffer) {
            Ok(0) => panic!("the server hung up"),
            Ok(length) => {
                let at = received % reply.len();
                let first = length.min(reply.len() - at);
                assert!(buffer[..first] == reply[at..at + first], "garbled near byte {received}");
                assert!(buffer[first..length] == reply[..length - first], "garbled near byte {received}");
                received += length;
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}"),
        }
    }
    writer.join().unwrap();
    assert_eq!(connected.transport.try_read(&mut buffer).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert!(!connected.transport.is_worn());
}

fn write(transport: &Transport, bytes: &[u8]) {
    let mut sent = 0;
    while sent < bytes.len() || !transport.try_flush().unwrap() {
        match transport.try_write(&bytes[sent..]) {
            Ok(length) => sent += length,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}");
                thread::yield_now();
            }
        }
    }
}
