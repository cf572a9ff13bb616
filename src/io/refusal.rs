//! Error replies that say that the server has not executed the command, though it is a good one: somewhere else, or later,
//! it will be. They are dealt with here, within the command's deadline, and reach the caller when that does not help.
//!
//! A routed request (`Router`) goes where its slot is served now. On any other link, the request waits and is sent again
//! (LOADING, MASTERDOWN, TRYAGAIN, CLUSTERDOWN), or the connection is replaced first (READONLY: the name of the server
//! may lead to the new master by now).

use super::dial::bare;
use super::link::Link;
use super::request::{Batch, Owner};
use super::thread::io_thread;
use crate::inbox::{Inbox, Mark};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// What such a reply says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The slot is served by the node at this address, from now on.
    Moved(Address),
    /// This one key is at this address, this once.
    Ask(Address),
    /// Some of the keys are on their way to another node.
    TryAgain,
    /// The cluster does not serve this slot at the moment.
    ClusterDown,
    /// The replica has lost its master, and its data may be old.
    MasterDown,
    /// The server is loading its data set.
    Loading,
    /// The server is a replica.
    ReadOnly,
}

/// Where a node listens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Host name or address. Empty where a server does not know its own.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.host.contains(':') {
            true => write!(formatter, "[{}]:{}", self.host, self.port),
            false => write!(formatter, "{}:{}", self.host, self.port),
        }
    }
}

impl Address {
    /// From `host:port`, where the host may be an IPv6 address, with brackets or without.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        Some(Self { host: bare(host).to_owned(), port: port.parse().ok()? })
    }
}

impl Refusal {
    /// What the text of an error reply says, if it is one of these.
    pub fn of(text: &[u8]) -> Option<Self> {
        let end = memchr::memchr(b' ', text).unwrap_or(text.len());
        let rest = || std::str::from_utf8(&text[end..]).ok();
        // `MOVED 3999 127.0.0.1:6381`, `ASK 3999 127.0.0.1:6381`
        let address = || Address::parse(rest()?.trim().split(' ').nth(1)?);
        match &text[..end] {
            b"MOVED" => Some(Self::Moved(address()?)),
            b"ASK" => Some(Self::Ask(address()?)),
            b"TRYAGAIN" => Some(Self::TryAgain),
            b"CLUSTERDOWN" => Some(Self::ClusterDown),
            b"MASTERDOWN" => Some(Self::MasterDown),
            b"LOADING" => Some(Self::Loading),
            b"READONLY" => Some(Self::ReadOnly),
            _ => None,
        }
    }
}

/// Where the requests of a link go that it cannot serve any more. What stands above links and knows the whole.
pub trait Router: Send + Sync {
    /// A routed request, the only one of `batch`, was refused; `reply` is how, for when nothing helps.
    fn refused(&self, link: &Arc<Link>, batch: Batch, refusal: Refusal, reply: Inbox);
    /// These routed requests were accepted by a link that serves them no more; nothing of them is under way.
    fn returned(&self, link: &Link, batch: Batch);
    /// Something happened to the link.
    fn changed(&self, link: &Arc<Link>, change: Change<'_>);
}

/// What may happen to a link.
#[derive(Debug, Clone, Copy)]
pub enum Change<'a> {
    /// It serves requests (again).
    Ready,
    /// Its connection was lost.
    Lost,
    /// An attempt failed, or the connection did.
    Failed(&'a crate::Error),
    /// Nothing has come for a while, though something is awaited.
    Silent,
    /// Its shard subscription was ended by the server: the slot has moved away.
    Evicted,
}

/// The first wait before a request is sent again. Each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(20);
/// The longest such wait.
const LONGEST_WAIT: Duration = Duration::from_millis(500);
/// How often a request is sent again that has no deadline.
const ATTEMPTS_WITHOUT_DEADLINE: u32 = 16;

/// How long to wait before a request is sent again that was refused `refusals` times; none when there is no time left.
pub(crate) fn patience(batch: &Batch) -> Option<Duration> {
    let request = batch.requests.front()?;
    let wait = FIRST_WAIT.saturating_mul(1 << request.refusals.min(8).saturating_sub(1)).min(LONGEST_WAIT);
    match request.deadline {
        Some(deadline) => (Instant::now() + wait < deadline).then_some(wait),
        None => (request.refusals <= ATTEMPTS_WITHOUT_DEADLINE).then_some(wait),
    }
}

/// Sends a refused request again, on the link that it was refused on.
pub(super) fn again(link: &Arc<Link>, batch: Batch, refusal: &Refusal, reply: Inbox) {
    let waits = match refusal {
        Refusal::Moved(_) | Refusal::Ask(_) => false,
        // The next one would be a replica too.
        Refusal::ReadOnly if link.config.wants_replicas() => false,
        Refusal::ReadOnly => return link.renew_for(batch, reply),
        _ => true,
    };
    match patience(&batch).filter(|_| waits) {
        None => surface(batch, reply),
        Some(wait) => later(wait, {
            let link = Arc::clone(link);
            move || link.submit_again(batch)
        }),
    }
}

/// Does something after a while, on the I/O thread.
pub(crate) fn later(wait: Duration, what: impl FnOnce() + Send + 'static) {
    if let Ok(io) = io_thread() {
        io.spawn(async move {
            sleep(wait).await;
            what();
        });
    }
}

/// Answers a refused request with the reply that refused it.
pub(crate) fn surface(mut batch: Batch, mut reply: Inbox) {
    batch.requests.clear();
    if let Owner::Port(port) = &batch.owner {
        port.deliver(&mut reply);
    }
}

/// What the record after `mark` says, the answer of so many replies, if it is a refusal: the error reply of a command, or
/// those of a transaction of which nothing was executed.
pub(super) fn refusal_in(inbox: &Inbox, replies: u32, mark: Mark) -> Option<Refusal> {
    Refusal::of(match replies {
        0 | 1 => inbox.error_after(mark)?,
        _ => inbox.first_error_of_aborted(mark)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Address, Refusal};

    fn at(host: &str, port: u16) -> Address {
        Address { host: host.to_owned(), port }
    }

    #[test]
    fn refusals_are_told_from_other_errors() {
        let cases: [(&[u8], Option<Refusal>); 12] = [
            (b"MOVED 3999 127.0.0.1:6381", Some(Refusal::Moved(at("127.0.0.1", 6381)))),
            (b"MOVED 3999 :6381", Some(Refusal::Moved(at("", 6381)))),
            (b"MOVED 3999 ::1:6381", Some(Refusal::Moved(at("::1", 6381)))),
            (b"ASK 1 node-1.example.org:7000", Some(Refusal::Ask(at("node-1.example.org", 7000)))),
            (b"MOVED 3999", None),
            (b"MOVED 3999 host:port", None),
            (b"TRYAGAIN Multiple keys request during rehashing of slot", Some(Refusal::TryAgain)),
            (b"CLUSTERDOWN Hash slot not served", Some(Refusal::ClusterDown)),
            (b"MASTERDOWN Link with MASTER is down", Some(Refusal::MasterDown)),
            (b"LOADING Redis is loading the dataset in memory", Some(Refusal::Loading)),
            (b"READONLY You can't write against a read only replica.", Some(Refusal::ReadOnly)),
            (b"ERR LOADING", None),
        ];
        for (text, refusal) in cases {
            assert_eq!(Refusal::of(text), refusal, "{}", String::from_utf8_lossy(text));
        }
    }
}
