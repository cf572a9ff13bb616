//! Where each dial begins when sentinels know the servers: they are asked, the server that they name is dialled, and it
//! has to say that it is what it was named as.
//!
//! The sentinels are asked anew for each connection, one after the other; the next one is not waited for when one fails
//! or keeps silent for a moment. Links that dial at the same time share one answer. A server that has another role, as
//! a master has that was demoted a moment ago, is asked about again until `connectTimeout` is over; so is, for
//! `initialize()`, a server that cannot be reached, since there may be a failover under way.

mod answer;
mod conversation;

use super::handshake::{connect_by, Connected, Occasion};
use super::tls::client_config;
use super::Address;
use crate::config::{Config, Role, Sentinel};
use crate::credentials::Login;
use crate::error::{Error, Kind, Result};
use crate::sentinel::{Answer, Located, Server};
use answer::Told;
use rustls::ClientConfig;
use serde_json::json;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout_at, Instant};

pub(crate) use answer::{switched, CHANNELS};
pub(crate) use conversation::Conversation;

/// How long a sentinel is asked alone before the next one is asked beside it.
const HEAD_START: Duration = Duration::from_millis(500);

/// The first wait before the sentinels are asked again about a server with another role. Each further one is twice as
/// long, up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// How often a master that does not answer is asked about meanwhile, where nobody listens to the sentinels yet.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How long JavaScript has to say what its `natMap` or `preferredSlaves` wants.
const JAVASCRIPT: Duration = Duration::from_secs(1);

/// Dials a server of the role that is wanted, by `deadline`.
pub(super) async fn connect(
    occasion: Occasion,
    config: &Config,
    sentinel: &Sentinel,
    login: &Login,
    purpose: &str,
    tls: Option<&Arc<ClientConfig>>,
    deadline: Instant,
) -> Result<Connected> {
    let discovery = &sentinel.discovery;
    let mut switches = discovery.switches();
    let mut wait = FIRST_WAIT;
    loop {
        switches.borrow_and_update();
        let located = locate(config, sentinel, deadline).await?;
        let reached = tokio::select! {
            reached = reach(config, sentinel, &located, login, purpose, tls, deadline) => reached,
            // It would be the old master that is waited for.
            Ok(()) = switches.changed() => continue,
            () = replaced(config, sentinel, &located, deadline), if occasion == Occasion::First => continue,
        };
        let error = match reached {
            Ok(connected) => return Ok(connected),
            Err(error) => error,
        };
        discovery.doubt(&located.by);
        let may_change = error.kind() == Kind::WrongRole || (occasion == Occasion::First && error.kind().retryable());
        if !may_change || Instant::now() + wait >= deadline {
            return Err(error);
        }
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// Returns when the sentinels name another master.
async fn replaced(config: &Config, sentinel: &Sentinel, named: &Located, deadline: Instant) {
    if sentinel.role != Role::Master {
        return std::future::pending().await;
    }
    loop {
        sleep(LOOK_AGAIN).await;
        let now = locate(config, sentinel, deadline).await;
        if now.is_ok_and(|now| now.servers[0].address != named.servers[0].address) {
            return;
        }
    }
}

/// What the sentinels say, at some moment after this call.
pub(crate) async fn locate(config: &Config, sentinel: &Sentinel, deadline: Instant) -> Result<Located> {
    let asked = std::time::Instant::now();
    let last = timeout_at(deadline, sentinel.discovery.last.lock()).await;
    let mut last = last.map_err(|_| {
        let limit = config.connect_timeout.as_secs_f64();
        Error::new(Kind::TimedOut, format!("the sentinels did not answer within {limit:.1} s (connectTimeout)"))
    })?;
    if let Some(answer) = last.as_ref().filter(|answer| answer.at >= asked) {
        return answer.outcome.clone();
    }
    let outcome = ask_all(config, sentinel, deadline).await;
    *last = Some(Answer { at: std::time::Instant::now(), outcome: outcome.clone() });
    outcome
}

/// Opens a conversation with a sentinel.
pub(crate) async fn converse(
    config: &Config,
    sentinel: &Sentinel,
    address: &Address,
    purpose: &str,
    deadline: Instant,
) -> Result<Conversation> {
    let mut settings = config.of_sentinel(sentinel, address);
    settings.connect_timeout = deadline.saturating_duration_since(Instant::now());
    let tls = settings.tls.as_ref().map(|tls| sentinel.discovery.tls.get_or_try_init(|| client_config(tls)));
    let login = settings.credentials.login(&settings).await?;
    let socket = sentinel.discovery.socket();
    let connected = connect_by(&settings, &login, purpose, tls.transpose()?, deadline).await;
    let connected = connected.map_err(|error| match error.kind() {
        Kind::NotTls | Kind::TlsRequired => {
            Error::new(error.kind(), format!("{error} (for sentinels: sentinelTLS, REDIS_SENTINEL_TLS)"))
        }
        _ => error,
    })?;
    Ok(Conversation::new(connected.transport, address.to_string(), socket))
}

/// Dials the servers in turn.
async fn reach(
    config: &Config,
    sentinel: &Sentinel,
    located: &Located,
    login: &Login,
    purpose: &str,
    tls: Option<&Arc<ClientConfig>>,
    deadline: Instant,
) -> Result<Connected> {
    let mut failure = None;
    for (index, server) in located.servers.iter().enumerate() {
        let mut settings = config.of_server(&server.address, sentinel.role);
        // Each of them gets its share of the time.
        let left = u32::try_from(located.servers.len() - index).unwrap_or(u32::MAX);
        settings.connect_timeout = deadline.saturating_duration_since(Instant::now()) / left;
        let by = Instant::now() + settings.connect_timeout;
        match connect_by(&settings, login, purpose, tls, by).await {
            Ok(connected) => {
                sentinel.discovery.reached(&connected.address, &server.announced);
                return Ok(connected);
            }
            Err(error) => failure = Some(error),
        }
    }
    let error = failure.unwrap_or_else(|| Error::new(Kind::Internal, "the sentinels named no server"));
    let (role, name, by) = (sentinel.role, &sentinel.name, &located.by);
    Err(Error::new(error.kind(), format!("{error} (named as {role} of '{name}' by the sentinel {by})")))
}

/// Asks one sentinel after the other, until one knows.
async fn ask_all(config: &Config, sentinel: &Sentinel, deadline: Instant) -> Result<Located> {
    let mut others = VecDeque::from(sentinel.discovery.sentinels(sentinel));
    let mut asked = JoinSet::new();
    let mut failures = Vec::new();
    loop {
        if let Some(address) = others.pop_front() {
            let (config, sentinel) = (config.clone(), sentinel.clone());
            asked.spawn(async move {
                let told = ask(&config, &sentinel, &address, deadline).await;
                (address, told)
            });
        }
        let outcome = tokio::select! {
            outcome = asked.join_next() => outcome,
            () = sleep(HEAD_START), if !others.is_empty() => continue,
        };
        match outcome {
            Some(Ok((by, Ok(told)))) => {
                sentinel.discovery.answered(&by);
                // Nobody waits for those that were too slow.
                drop(asked);
                return located(sentinel, by, told).await;
            }
            Some(Ok((by, Err(error)))) => {
                sentinel.discovery.failed(&by, &error);
                failures.push((by, error));
            }
            Some(Err(panicked)) => return Err(Error::new(Kind::Internal, format!("asking panicked: {panicked}"))),
            None => return Err(nobody_knows(sentinel, &failures)),
        }
    }
}

async fn ask(config: &Config, sentinel: &Sentinel, address: &Address, deadline: Instant) -> Result<Told> {
    let deadline = match sentinel.command_timeout {
        Duration::ZERO => deadline,
        limit => deadline.min(Instant::now() + limit),
    };
    let mut conversation = converse(config, sentinel, address, "discovery", deadline).await?;
    answer::ask(&mut conversation, sentinel, deadline).await
}

/// What was told, as it is from here.
async fn located(sentinel: &Sentinel, by: Address, told: Told) -> Result<Located> {
    let mut servers = told.servers;
    if sentinel.role == Role::Master {
        sentinel.discovery.note_master(&servers[0]);
    } else {
        shuffle(&mut servers);
        if let Some(first) = preferred(sentinel, &servers, told.details).await? {
            servers.retain(|server| *server != first);
            servers.insert(0, first);
        }
    }
    let announced: Vec<_> = servers.iter().chain(&told.sentinels).cloned().collect();
    let mut addresses = from_here(sentinel, &announced).await?;
    let others = addresses.split_off(servers.len());
    if sentinel.update_sentinels && !others.is_empty() {
        sentinel.discovery.learn(&by, &others);
    }
    let servers =
        servers.into_iter().zip(addresses).map(|(announced, address)| Server { announced, address }).collect();
    Ok(Located { by, servers })
}

/// The replica that the application would rather have.
async fn preferred(sentinel: &Sentinel, servers: &[Address], details: serde_json::Value) -> Result<Option<Address>> {
    if !sentinel.asks_preferred_slaves {
        return Ok(sentinel.preferred_slaves.iter().find(|wanted| servers.contains(wanted)).cloned());
    }
    let question = json!({ "type": "sentinel-question", "about": "preferredSlaves", "items": details });
    let given = sentinel.discovery.asker.ask(question, JAVASCRIPT).await;
    let chosen: Option<Address> = understood("preferredSlaves", given)?;
    Ok(chosen.filter(|chosen| servers.contains(chosen)))
}

/// The addresses as `natMap` has them.
async fn from_here(sentinel: &Sentinel, announced: &[Address]) -> Result<Vec<Address>> {
    let mapped: Vec<Option<Address>> = if sentinel.asks_nat_map {
        let keys: Vec<_> = announced.iter().map(|Address { host, port }| format!("{host}:{port}")).collect();
        let question = json!({ "type": "sentinel-question", "about": "natMap", "items": keys });
        understood("natMap", sentinel.discovery.asker.ask(question, JAVASCRIPT).await)?
    } else {
        let map = |Address { host, port }: &Address| {
            let from = format!("{host}:{port}");
            let entry = sentinel.nat_map.iter().find(|entry| entry.from == from)?;
            Some(Address { host: entry.host.clone(), port: entry.port })
        };
        announced.iter().map(map).collect()
    };
    let mapped = mapped.into_iter().chain(std::iter::repeat(None));
    Ok(announced.iter().zip(mapped).map(|(announced, mapped)| mapped.unwrap_or_else(|| announced.clone())).collect())
}

fn understood<T: serde::de::DeserializeOwned>(
    option: &str,
    given: std::result::Result<serde_json::Value, String>,
) -> Result<T> {
    given
        .and_then(|value| serde_json::from_value(value).map_err(|error| format!("gave what does not fit: {error}")))
        .map_err(|why| Error::new(Kind::SentinelsFailed, format!("the function {option} {why}")))
}

fn shuffle(servers: &mut [Address]) {
    use std::hash::{BuildHasher, RandomState};
    let random = RandomState::new();
    servers.sort_by_cached_key(|server| random.hash_one(server));
}

fn nobody_knows(sentinel: &Sentinel, failures: &[(Address, Error)]) -> Error {
    let each: Vec<_> = failures.iter().map(|(by, error)| format!("{by}: {error} [{}]", error.kind().code())).collect();
    let who = match failures.len() {
        1 => "the only sentinel does not know".to_owned(),
        count => format!("none of the {count} sentinels knows"),
    };
    let what = match sentinel.role {
        Role::Master => "the master",
        Role::Slave => "a replica of",
    };
    // A cause that they share says more.
    let first = failures.first().map_or(Kind::SentinelsFailed, |(_, error)| error.kind());
    let kind = if failures.iter().all(|(_, error)| error.kind() == first) { first } else { Kind::SentinelsFailed };
    Error::new(kind, format!("{who} {what} '{}': {}", sentinel.name, each.join("; ")))
}
