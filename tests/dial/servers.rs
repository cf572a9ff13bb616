//! Real servers on free ports, and listeners that play strange ones. All end with the test that made them.

use serde_json::{json, Value};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use unified_redis::config::Config;
use unified_redis::io::{client_config, connect, Connected, Transport};
use unified_redis::Result;

/// A `redis-server` of this test's own.
pub struct Server {
    pub port: u16,
    directory: PathBuf,
    process: Child,
}

impl Server {
    /// Starts a server that listens without TLS. None, with the reason printed, where there is no `redis-server`.
    pub fn start(arguments: &[&str]) -> Option<Self> {
        Self::launch(arguments, scratch(), |port| vec!["--port".into(), port])
    }

    /// The same, with the files that an earlier server has left.
    pub fn start_in(directory: &Path, arguments: &[&str]) -> Option<Self> {
        Self::launch(arguments, directory.to_owned(), |port| vec!["--port".into(), port])
    }

    /// Starts a server that listens with TLS only.
    pub fn start_tls(arguments: &[&str]) -> Option<Self> {
        Self::launch(arguments, scratch(), |port| vec!["--port".into(), "0".into(), "--tls-port".into(), port])
    }

    fn launch(arguments: &[&str], directory: PathBuf, listen: impl Fn(String) -> Vec<String>) -> Option<Self> {
        let program = std::env::var("REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned());
        let port = free_port();
        let spawned = Command::new(&program)
            .args(listen(port.to_string()))
            .args(["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--dir"])
            .arg(&directory)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let process = match spawned {
            Ok(process) => process,
            Err(error) => {
                println!("skipped: {program} does not start ({error}); install Redis or set REDIS_SERVER");
                let _ = std::fs::remove_dir_all(&directory);
                return None;
            }
        };
        let mut server = Self { port, directory, process };
        let patience = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(server.process.try_wait().unwrap().is_none(), "{program} ended at once: {arguments:?}");
            assert!(Instant::now() < patience, "{program} does not listen: {arguments:?}");
            thread::sleep(Duration::from_millis(10));
        }
        Some(server)
    }

    /// Asks a server without TLS by inline commands, over a connection for the purpose. Returns what came until the
    /// server hung up.
    pub fn ask(&self, commands: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(format!("{commands}\r\nQUIT\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Ends the process and keeps its files.
    pub fn stop(mut self) -> PathBuf {
        let directory = std::mem::take(&mut self.directory);
        drop(self);
        directory
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if !self.directory.as_os_str().is_empty() {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

/// A listener that treats each connection as `play` says. Returns its port; its thread ends with the process.
pub fn stage(play: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || listener.incoming().flatten().for_each(play));
    port
}

/// The settings of a link to that port, all other things being the defaults.
pub fn settings(port: u16) -> Value {
    json!({
        "connectionName": "test", "host": "127.0.0.1", "port": port, "path": null, "family": 0,
        "username": null, "password": null, "db": 0, "tls": null,
        "connectTimeout": 5000, "commandTimeout": 10000, "keepAlive": 30000, "noDelay": true,
        "enableOfflineQueue": false, "offlineQueueLimit": 1000, "maxCommandsInFlight": 1000, "maxBytesInFlight": 1000000, "maxQueuedMessageBytes": 1000000, "maxRetriesPerRequest": 3,
        "autoResendUnfulfilledCommands": false, "autoResubscribe": true,
        "enableReadyCheck": true, "maxLoadingRetryTime": 10000,
        "retry": { "step": 50, "max": 2000, "jitter": 0.2, "custom": false },
        "heartbeatInterval": 10000, "heartbeatTimeout": 5000, "shutdownTimeout": 5000,
        "purposes": ["main"], "blockingConnections": 0, "libraryVersion": "0.1.0",
    })
}

/// The settings with one changed.
pub fn with(mut settings: Value, name: &str, value: impl Into<Value>) -> Value {
    settings[name] = value.into();
    settings
}

/// Connects as the link of the purpose `main`.
pub async fn dial(settings: Value) -> Result<Connected> {
    let config: Config = serde_json::from_value(settings).expect("settings of the schema");
    let tls = config.tls.as_ref().map(client_config).transpose()?;
    connect(&config, "main", tls.as_ref()).await
}

/// Sends bytes and returns what comes back until it ends with `end`.
pub async fn exchange(transport: &Transport, bytes: &[u8], end: &[u8]) -> Vec<u8> {
    let mut sent = 0;
    let mut received = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    while !received.ends_with(end) {
        let unsent = sent < bytes.len() || !transport.try_flush().unwrap();
        tokio::select! {
            _ = transport.readable() => match transport.try_read(&mut buffer) {
                Ok(0) => panic!("the server hung up after {:?}", String::from_utf8_lossy(&received)),
                Ok(length) => received.extend_from_slice(&buffer[..length]),
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock, "{error}"),
            },
            _ = transport.writable(), if unsent => match transport.try_write(&bytes[sent..]) {
                Ok(length) => sent += length,
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock, "{error}"),
            },
        }
    }
    received
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A new directory below the build's own.
fn scratch() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("dial-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&directory).unwrap();
    directory
}
