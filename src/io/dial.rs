//! From settings to an open transport: resolve, connect, encrypt.

mod probe;

use super::refusal::Address;
use super::tls::{self, server_name};
use super::transport::{Progress, Socket, Transport};
use crate::config::Config;
use crate::error::{Error, Kind, Result};
use rustls::ClientConfig;
use socket2::{SockRef, TcpKeepalive};
use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{lookup_host, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout, timeout_at, Instant};

pub(super) use probe::speaks_tls;

/// How long an address is tried alone before the next one is tried beside it (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// How long a server may be silent in a TLS handshake before it is asked whether it speaks TLS at all.
const PATIENCE: Duration = Duration::from_secs(2);

/// Unanswered keep-alive probes after which the system gives a connection up.
const KEEP_ALIVE_RETRIES: u32 = 3;

/// Opens the transport that `config` describes, by `deadline` at the latest. The host name is resolved anew each time,
/// so that a failover that moves the name is followed.
///
/// Dropping the future closes what it has opened. A name that is being resolved stays with the resolver thread until
/// the system answers.
///
/// Errors name the server as the user did (`host:port`) and the stage that failed or hung.
pub(super) async fn dial(config: &Config, tls: Option<&Arc<ClientConfig>>, deadline: Instant) -> Result<Transport> {
    let peer = endpoint(config);
    let within = Within { deadline, peer: &peer, limit: config.connect_timeout };
    let socket = match &config.path {
        Some(path) => within.finish("connecting", connect_unix(path)).await?,
        None => {
            let addresses = within.finish("resolving the host name", resolve(config)).await?;
            within.finish("connecting", connect_tcp(config, addresses)).await?
        }
    };
    let Some(tls) = tls else {
        return Ok(Transport::plain(socket));
    };
    let name = server_name(config.tls.as_ref(), bare(&config.host), config.words.host)?;
    let transport = Transport::secure(socket, Arc::clone(tls), name)
        .map_err(|error| Error::new(Kind::TlsFailed, format!("TLS with {peer} cannot be started: {error}")))?;
    within.finish("the TLS handshake", encrypt(config, &transport, &peer)).await?;
    Ok(transport)
}

/// The server as the user named it: `host:port`, or the path of the unix socket.
pub(super) fn endpoint(config: &Config) -> String {
    match &config.path {
        Some(path) => path.clone(),
        None => Address { host: bare(&config.host).to_owned(), port: config.port }.to_string(),
    }
}

/// The bound on a dial, and what to say when it is reached.
pub(super) struct Within<'a> {
    pub(super) deadline: Instant,
    pub(super) peer: &'a str,
    pub(super) limit: Duration,
}

impl Within<'_> {
    async fn finish<T>(&self, stage: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        timeout_at(self.deadline, work).await.unwrap_or_else(|_| Err(self.expired(&format!("{stage} did not finish"))))
    }

    /// The error when a stage hung.
    pub(super) fn expired(&self, hung: &str) -> Error {
        Error::new(
            Kind::TimedOut,
            format!("no connection to {} within {:.1} s (connectTimeout): {hung}", self.peer, self.limit.as_secs_f64()),
        )
    }
}

/// The TLS handshake. A Redis server that does not speak TLS waits for the rest of a command, as it reads our hello, or
/// hangs up. So if nothing comes for a while, or the end comes first, another connection asks it what it speaks.
async fn encrypt(config: &Config, transport: &Transport, peer: &str) -> Result<()> {
    let mut established = std::pin::pin!(transport.establish());
    let mut outcome = timeout(PATIENCE.min(config.connect_timeout / 2), &mut established).await.ok();
    if transport.progress() == Progress::Silent && !matches!(outcome, Some(Ok(()))) {
        if let Some(address) = transport.peer_address() {
            let plain = probe::speaks_plainly(address);
            tokio::select! {
                late = &mut established, if outcome.is_none() => outcome = Some(late),
                true = plain => return Err(tls::not_tls(peer)),
                else => {}
            }
        }
    }
    let outcome = match outcome {
        Some(outcome) => outcome,
        None => established.await,
    };
    outcome.map_err(|error| tls::classify(&error, peer, transport.progress()))
}

async fn resolve(config: &Config) -> Result<VecDeque<SocketAddr>> {
    let host = bare(&config.host);
    let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, config.port)],
        Err(_) => lookup_host((host, config.port))
            .await
            .map_err(|error| {
                Error::new(
                    Kind::HostNotFound,
                    format!("cannot resolve the host name {host}: {error}; check {}", config.words.host),
                )
            })?
            .collect(),
    };
    let family = |address: &SocketAddr| if address.is_ipv4() { 4 } else { 6 };
    let wanted: Vec<_> = found.into_iter().filter(|address| [0, family(address)].contains(&config.family)).collect();
    let Some(first) = wanted.first().map(SocketAddr::is_ipv4) else {
        let family = if config.family == 0 { String::new() } else { format!("IPv{} ", config.family) };
        return Err(Error::new(
            Kind::HostNotFound,
            format!("the host {host} has no {family}address (family: {})", config.family),
        ));
    };
    // The resolver's order, but alternating between the families, so that one that does not work costs one head start.
    let (mut same, mut other): (VecDeque<_>, VecDeque<_>) =
        wanted.into_iter().partition(|address| address.is_ipv4() == first);
    let mut interleaved = VecDeque::new();
    while !(same.is_empty() && other.is_empty()) {
        interleaved.extend(same.pop_front());
        interleaved.extend(other.pop_front());
    }
    Ok(interleaved)
}

/// Connects to the first address that answers.
async fn connect_tcp(config: &Config, mut addresses: VecDeque<SocketAddr>) -> Result<Socket> {
    let mut attempts = JoinSet::new();
    let mut failures: Vec<(SocketAddr, io::Error)> = Vec::new();
    loop {
        if let Some(address) = addresses.pop_front() {
            attempts.spawn(async move { TcpStream::connect(address).await.map_err(|error| (address, error)) });
        }
        let outcome = tokio::select! {
            outcome = attempts.join_next() => outcome,
            () = sleep(HEAD_START), if !addresses.is_empty() => continue,
        };
        match outcome {
            Some(Ok(Ok(stream))) => {
                // Options only improve a connection: one that refuses them is better than none.
                let _ = set_options(config, &stream);
                return Ok(Socket::tcp(stream));
            }
            Some(Ok(Err(failure))) => failures.push(failure),
            Some(Err(panicked)) => return Err(Error::new(Kind::Internal, format!("a connect panicked: {panicked}"))),
            None => return Err(no_address_answers(&endpoint(config), &failures)),
        }
    }
}

fn no_address_answers(peer: &str, failures: &[(SocketAddr, io::Error)]) -> Error {
    let context = format!("cannot connect to {peer}");
    match failures {
        [] => Error::new(Kind::HostNotFound, format!("{context}: no address")),
        [(_, error)] => Error::io(&context, error),
        several => {
            // Refused is the most telling of them: something is there.
            let refused = several.iter().find(|(_, error)| error.kind() == io::ErrorKind::ConnectionRefused);
            let (_, telling) = refused.unwrap_or(&several[0]);
            let each: Vec<_> = several.iter().map(|(address, error)| format!("{}: {error}", address.ip())).collect();
            Error::new(Error::io("", telling).kind(), format!("{context}: {}", each.join("; ")))
        }
    }
}

fn set_options(config: &Config, stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(config.no_delay)?;
    let socket = SockRef::from(stream);
    if !config.keep_alive.is_zero() {
        // Systems count in whole seconds.
        let idle = config.keep_alive.max(Duration::from_secs(1));
        let interval = (idle / 3).clamp(Duration::from_secs(1), Duration::from_secs(15));
        let keep_alive = TcpKeepalive::new().with_time(idle).with_interval(interval).with_retries(KEEP_ALIVE_RETRIES);
        socket.set_tcp_keepalive(&keep_alive)?;
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_tcp_user_timeout(Some(user_timeout(config)))?;
    Ok(())
}

/// How long what was sent may stay unacknowledged (or the server's window closed) before the system gives the
/// connection up: a little longer than the deadline of a reply, so that the deadline speaks first and a link that is
/// only slow stays. Without it, Linux goes on for about a quarter of an hour.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn user_timeout(config: &Config) -> Duration {
    const LEAST: Duration = Duration::from_secs(10);
    const BEYOND_DEADLINE: Duration = Duration::from_secs(5);
    const WITHOUT_DEADLINE: Duration = Duration::from_secs(30);
    match config.command_timeout {
        Duration::ZERO => WITHOUT_DEADLINE,
        deadline => deadline.max(LEAST) + BEYOND_DEADLINE,
    }
}

#[cfg(unix)]
async fn connect_unix(path: &str) -> Result<Socket> {
    let socket = tokio::net::UnixStream::connect(path)
        .await
        .map(Socket::unix)
        .map_err(|error| Error::io(&format!("cannot connect to the unix socket {path}"), &error))?;
    Ok(socket)
}

#[cfg(not(unix))]
async fn connect_unix(path: &str) -> Result<Socket> {
    Err(Error::new(Kind::Unsupported, format!("no unix sockets on this system, so not {path}: give host and port")))
}

/// An IPv6 address without the brackets of a URL.
pub(super) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}
