//! From an open transport to a link that is ready: AUTH, CLIENT SETNAME, CLIENT SETINFO, SELECT, and the wait for a
//! server that is loading its data set. All in one round trip where the server lets us.

mod judge;

use super::dial::{dial, endpoint, speaks_tls, Within};
use super::sentinel;
use super::transport::Transport;
use crate::config::Config;
use crate::credentials::Login;
use crate::error::{Error, Kind, Result};
use crate::wire::{command, Decoder, Limits, ProtocolError, Value, ValueSink};
use judge::{Judge, Step, Verdict};
use rustls::ClientConfig;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout_at, Instant};

/// The first wait for a server that is loading its data set. Each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// The longest such wait.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// A connection that is ready for commands. Everything that was received is consumed.
#[derive(Debug)]
pub struct Connected {
    /// The connection.
    pub transport: Arc<Transport>,
    /// The server's address: `ip:port`, or the path of the unix socket.
    pub address: String,
    /// From the last command of the handshake to its reply.
    pub round_trip: Duration,
    /// Bytes of RESP received.
    pub bytes_in: u64,
    /// Bytes of RESP sent.
    pub bytes_out: u64,
    /// What did not go as it was asked for, but does no harm.
    pub warnings: Vec<String>,
}

/// Dials the server and introduces the link of `purpose`.
///
/// All of it takes at most `connectTimeout`; the wait for a server that is loading comes on top of it, bounded by
/// `maxLoadingRetryTime`, and so does a `credentialsProvider`, bounded by `connectTimeout` too. Dropping the future closes what it has opened.
///
/// # Errors
/// Name the server as the user did, the cause, and what to change. They hold no secret.
pub async fn connect(config: &Config, purpose: &str, tls: Option<&Arc<ClientConfig>>) -> Result<Connected> {
    connect_when(Occasion::Again, config, purpose, tls).await
}

/// The same for the first connection of a link, which nobody would try again: where sentinels name a server that cannot be
/// reached, they may be about to name another one.
pub(crate) async fn connect_first(
    config: &Config,
    purpose: &str,
    tls: Option<&Arc<ClientConfig>>,
) -> Result<Connected> {
    connect_when(Occasion::First, config, purpose, tls).await
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    /// `initialize()`.
    First,
    /// A link that was lost.
    Again,
}

async fn connect_when(
    occasion: Occasion,
    config: &Config,
    purpose: &str,
    tls: Option<&Arc<ClientConfig>>,
) -> Result<Connected> {
    let login = config.credentials.login(config).await?;
    let deadline = Instant::now() + config.connect_timeout;
    match &config.sentinel {
        Some(sentinel) => sentinel::connect(occasion, config, sentinel, &login, purpose, tls, deadline).await,
        None => connect_by(config, &login, purpose, tls, deadline).await,
    }
}

/// The same for the server at `host` and `port`, whatever there is of sentinels.
pub(super) async fn connect_by(
    config: &Config,
    login: &Login,
    purpose: &str,
    tls: Option<&Arc<ClientConfig>>,
    deadline: Instant,
) -> Result<Connected> {
    let transport = dial(config, tls, deadline).await?;
    let mut conversation = Conversation {
        config,
        login,
        peer: endpoint(config),
        transport: Arc::new(transport),
        decoder: Decoder::new(Limits::default()),
        sink: ValueSink::new(),
        received: Vec::new(),
        bytes_in: 0,
        bytes_out: 0,
        deadline,
        wordless: None,
    };
    let mut warnings = Vec::new();
    match conversation.introduce(purpose, &mut warnings).await {
        Ok(round_trip) => Ok(Connected {
            address: conversation.address(),
            transport: conversation.transport,
            round_trip,
            bytes_in: conversation.bytes_in,
            bytes_out: conversation.bytes_out,
            warnings,
        }),
        Err(error) => {
            conversation.transport.shutdown();
            if error.kind() == Kind::AuthFailed {
                config.credentials.refused(login);
            }
            let (suspect, peer) = (conversation.wordless, conversation.peer.clone());
            // Closes the socket: another must not be opened beside it.
            drop(conversation);
            match suspect {
                Some(address) if wants_tls(address, deadline).await => Err(tls_required(&peer)),
                _ => Err(error),
            }
        }
    }
}

/// A server that wants TLS hangs up without a word, so that only asking it in TLS tells. It answers at once; one that
/// does not speak TLS waits for the rest of a command.
async fn wants_tls(address: SocketAddr, deadline: Instant) -> bool {
    const PATIENCE: Duration = Duration::from_millis(500);
    timeout_at(deadline.min(Instant::now() + PATIENCE), speaks_tls(address)).await == Ok(true)
}

struct Conversation<'a> {
    config: &'a Config,
    login: &'a Login,
    peer: String,
    transport: Arc<Transport>,
    decoder: Decoder,
    sink: ValueSink,
    /// Received and not decoded yet.
    received: Vec<u8>,
    bytes_in: u64,
    bytes_out: u64,
    deadline: Instant,
    /// The server, if it hung up without a word.
    wordless: Option<SocketAddr>,
}

impl Conversation<'_> {
    /// Takes all steps, and those that the server is not ready for again until it is. Returns the last round trip.
    async fn introduce(&mut self, purpose: &str, warnings: &mut Vec<String>) -> Result<Duration> {
        let judge = Judge::new(self.config, self.login, self.peer.clone());
        let mut steps = Step::all(self.config, self.login);
        let mut wait = FIRST_WAIT;
        let mut waited = Duration::ZERO;
        loop {
            let asked = Instant::now();
            self.send(&steps, purpose).await;
            let mut again = Vec::new();
            for step in steps {
                let reply = self.reply(step).await?;
                match judge.judge(step, &reply)? {
                    Verdict::Done => {}
                    Verdict::Warn(warning) => warnings.push(warning),
                    Verdict::Loading => again.push(step),
                }
            }
            if again.is_empty() {
                self.expect_silence()?;
                return Ok(asked.elapsed());
            }
            let left = self.config.max_loading_retry_time.saturating_sub(waited);
            if left.is_zero() {
                return Err(judge.still_loading());
            }
            wait = wait.min(left);
            sleep(wait).await;
            waited += wait;
            wait = (wait * 2).min(LONGEST_WAIT);
            steps = again;
            self.deadline = Instant::now() + self.config.connect_timeout;
        }
    }

    /// Sends the commands in one piece. A failure is not reported: the server may have said why it hung up, so what
    /// reading gives is the better answer.
    async fn send(&mut self, steps: &[Step], purpose: &str) {
        let mut bytes = Vec::new();
        for step in steps {
            step.encode(self.config, self.login, purpose, |parts| command(&mut bytes, parts));
        }
        self.bytes_out += bytes.len() as u64;
        let sending = async {
            let mut sent = 0;
            loop {
                match self.transport.try_write(&bytes[sent..]) {
                    Ok(length) => sent += length,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) => return Err(error),
                }
                if sent == bytes.len() && self.transport.try_flush()? {
                    return Ok(());
                }
                self.transport.writable().await?;
            }
        };
        let _ = timeout_at(self.deadline, sending).await;
    }

    async fn reply(&mut self, step: Step) -> Result<Value> {
        loop {
            if !self.received.is_empty() {
                let fed = self.decoder.feed(&self.received, &mut self.sink).map_err(|error| self.malformed(error))?;
                self.received.drain(..fed.consumed);
                if let Some(value) = self.sink.take() {
                    return Ok(value);
                }
            }
            self.receive(step).await?;
        }
    }

    async fn receive(&mut self, step: Step) -> Result<()> {
        let mut buffer = [0; 4096];
        let outcome = match timeout_at(self.deadline, self.transport.readable()).await {
            Ok(ready) => ready.and_then(|()| self.transport.try_read(&mut buffer)),
            Err(_) => return Err(self.expired(step)),
        };
        match outcome {
            Ok(0) => Err(self.closed(step)),
            Ok(length) => {
                self.bytes_in += length as u64;
                self.received.extend_from_slice(&buffer[..length]);
                Ok(())
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock => Ok(()),
                io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Err(self.closed(step)),
                _ => Err(self.transport.explain(&error, &self.peer)),
            },
        }
    }

    /// The server hung up.
    fn closed(&mut self, step: Step) -> Error {
        let peer = &self.peer;
        if self.bytes_in > 0 || self.transport.is_tls() {
            return Error::new(
                Kind::ConnectionReset,
                format!("{peer} closed the connection before it answered {step}"),
            );
        }
        self.wordless = self.transport.peer_address();
        Error::new(
            Kind::ConnectionReset,
            format!("{peer} closed the connection during the handshake, without a word; is it a TLS port?"),
        )
    }

    fn expired(&self, step: Step) -> Error {
        let within = Within { deadline: self.deadline, peer: &self.peer, limit: self.config.connect_timeout };
        let hint = if self.bytes_in > 0 { "" } else { "; nothing at all came from the server" };
        within.expired(&format!("{step} was not answered{hint}"))
    }

    fn malformed(&self, error: ProtocolError) -> Error {
        let peer = &self.peer;
        match error {
            ProtocolError::Tls => tls_required(peer),
            ProtocolError::Http => Error::new(
                Kind::HandshakeFailed,
                format!("{peer} answered in HTTP: a web server listens there, not Redis; check host and port"),
            ),
            _ => Error::new(Kind::Protocol, format!("{peer} answered what is not RESP, so it is no Redis: {error}")),
        }
    }

    fn expect_silence(&self) -> Result<()> {
        match self.received.is_empty() {
            true => Ok(()),
            false => Err(Error::new(Kind::Protocol, format!("{} sent more than it was asked for", self.peer))),
        }
    }

    fn address(&self) -> String {
        self.transport.peer_address().map_or_else(|| self.peer.clone(), |address| address.to_string())
    }
}

fn tls_required(peer: &str) -> Error {
    Error::new(
        Kind::TlsRequired,
        format!(
            "{peer} speaks TLS on that port: set tls: true (REDIS_TLS=true), or use rediss:// rather than redis://"
        ),
    )
}
