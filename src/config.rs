//! The settings of the links, complete and validated. JavaScript owns the one options schema (names, defaults,
//! bounds); what arrives here has every field, and a field that is missing or unknown is a mistake of ours.

mod sentinel;

use crate::credentials::Credentials;
use crate::io::Address;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

pub use sentinel::{Role, Sentinel, Words};

/// Everything the native side needs to know to open and keep the links of a process.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    /// What a link's CLIENT SETNAME begins with: `<connectionName>:<pid>:<purpose>`.
    pub connection_name: String,
    /// Host name or address of the server. Resolved anew at each attempt.
    pub host: String,
    /// TCP port of the server.
    pub port: u16,
    /// Path of a unix socket; where given, host and port do not count.
    pub path: Option<String>,
    /// The sentinels that know the server; where given, host, port and path do not count.
    pub sentinel: Option<Sentinel>,
    /// What the server has to be, where sentinels have named it.
    #[serde(skip)]
    pub expected_role: Option<Role>,
    /// What messages call these settings.
    #[serde(skip)]
    pub words: Words,
    /// 4, 6, or 0 for either.
    pub family: u8,
    /// ACL user; none means `default`.
    pub username: Option<Secret>,
    /// Password; none means no AUTH.
    pub password: Option<Secret>,
    /// User and password are asked of the application for each connection.
    #[serde(default)]
    pub credentials_provider: bool,
    /// The answers.
    #[serde(skip)]
    pub credentials: Arc<Credentials>,
    /// Database number.
    pub db: u32,
    /// TLS settings; none means plain TCP.
    pub tls: Option<Tls>,
    /// Bound on one attempt: resolution, connect, TLS and handshake together.
    #[serde(rename = "connectTimeout", deserialize_with = "milliseconds")]
    pub connect_timeout: Duration,
    /// Deadline of a reply; zero means none.
    #[serde(rename = "commandTimeout", deserialize_with = "milliseconds")]
    pub command_timeout: Duration,
    /// Idle time before TCP keep-alive probes; zero turns them off.
    #[serde(rename = "keepAlive", deserialize_with = "milliseconds")]
    pub keep_alive: Duration,
    /// TCP_NODELAY.
    pub no_delay: bool,
    /// Whether commands given while a link is down wait for it.
    pub enable_offline_queue: bool,
    /// How many commands may wait for a link that is down.
    pub offline_queue_limit: usize,
    /// How many commands may be in flight on a link.
    pub max_commands_in_flight: usize,
    /// How many bytes the commands in flight on a link, and those that wait for it, may have.
    pub max_bytes_in_flight: usize,
    /// How many bytes may wait for a JavaScript thread before published messages are dropped.
    pub max_queued_message_bytes: usize,
    /// How often a request is sent again after its link was lost; none means for ever.
    pub max_retries_per_request: Option<u32>,
    /// Send again even what the server may have executed.
    pub auto_resend_unfulfilled_commands: bool,
    /// Subscribe again after a reconnect.
    pub auto_resubscribe: bool,
    /// Wait while the server is loading its data set.
    pub enable_ready_check: bool,
    /// How long to wait for a server that is loading.
    #[serde(rename = "maxLoadingRetryTime", deserialize_with = "milliseconds")]
    pub max_loading_retry_time: Duration,
    /// The cluster; none means one server.
    pub cluster: Option<Cluster>,
    /// Of a connection to one of its nodes: a replica there is to answer itself, and not to point to its master.
    #[serde(skip)]
    pub reads_replica: bool,
    /// How delays between attempts grow.
    pub retry: Retry,
    /// How long a link may be silent before it is asked for a sign of life; zero turns the heartbeat off.
    #[serde(rename = "heartbeatInterval", deserialize_with = "milliseconds")]
    pub heartbeat_interval: Duration,
    /// How long the server has to answer the heartbeat.
    #[serde(rename = "heartbeatTimeout", deserialize_with = "milliseconds")]
    pub heartbeat_timeout: Duration,
    /// How long `cleanup()` waits for what is in flight.
    #[serde(rename = "shutdownTimeout", deserialize_with = "milliseconds")]
    pub shutdown_timeout: Duration,
    /// The purposes, one link each, in order.
    pub purposes: Vec<String>,
    /// How many lanes there are beside the purposes: links for blocking commands and WATCH.
    pub blocking_connections: usize,
    /// What CLIENT SETINFO reports.
    pub library_version: String,
    /// The options as JavaScript has them, for threads that join without any.
    #[serde(default)]
    pub described: Described,
}

impl Config {
    /// How many links there are in all.
    pub fn link_count(&self) -> usize {
        self.purposes.len() + self.blocking_connections
    }

    /// Where its server listens on TCP.
    pub(crate) fn address(&self) -> Address {
        Address { host: self.host.clone(), port: self.port }
    }

    /// Whether a connection with these settings goes to the same server.
    pub fn is_same_server(&self, other: &Self) -> bool {
        self.host == other.host && self.port == other.port && self.path == other.path
    }

    /// The settings of a connection to this node of the cluster; `is_replica`: it is to answer itself, and not to point to
    /// its master.
    pub(crate) fn for_node(&self, address: &Address, is_replica: bool) -> Arc<Self> {
        let mut config = self.clone();
        config.reads_replica = is_replica || self.reads_from_replicas();
        config.host.clone_from(&address.host);
        config.port = address.port;
        config.path = None;
        Arc::new(config)
    }

    /// Whether a replica is to answer what only reads.
    pub fn reads_from_replicas(&self) -> bool {
        self.cluster.as_ref().is_some_and(|cluster| cluster.scale_reads != ScaleReads::Master)
    }

    /// A link's name: its purpose, or `lane-<n>`.
    pub fn link_name(&self, index: usize) -> String {
        match self.purposes.get(index) {
            Some(purpose) => purpose.clone(),
            None => format!("lane-{}", index - self.purposes.len() + 1),
        }
    }
}

/// A text for JavaScript that says what the other fields do, and more: two configurations are not told apart by it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Described(pub String);

impl PartialEq for Described {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A Redis Cluster.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cluster {
    /// Nodes to ask for the others.
    pub nodes: Vec<Endpoint>,
    /// Where commands go that only read.
    pub scale_reads: ScaleReads,
    /// Our availability zone, for [`ScaleReads::Nearest`].
    pub availability_zone: Option<String>,
    /// What nodes are reached at, where that is not the address that they tell.
    pub nat_map: Vec<Mapping>,
    /// How often the slots are asked for; zero means only when something points to a change.
    #[serde(rename = "slotsRefreshInterval", deserialize_with = "milliseconds")]
    pub slots_refresh_interval: Duration,
    /// How long a node has to answer that.
    #[serde(rename = "slotsRefreshTimeout", deserialize_with = "milliseconds")]
    pub slots_refresh_timeout: Duration,
    /// How often one request is redirected.
    pub max_redirections: u32,
}

/// Where a server listens.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// Where a node is reached.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// `host:port` as the cluster tells it.
    pub from: String,
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// Where commands go that only read.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ScaleReads {
    /// To the slot's master.
    Master,
    /// To one of its replicas.
    Slave,
    /// To any of them.
    All,
    /// To those of our availability zone, replicas first.
    Nearest,
}

/// TLS settings. PEM text throughout.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tls {
    /// Certificates of authorities trusted beside the Mozilla roots; each text may hold several.
    pub ca: Vec<String>,
    /// Our certificate chain, for mTLS.
    pub cert: Option<String>,
    /// Our private key, for mTLS.
    pub key: Option<Secret>,
    /// Name for SNI and verification; none means the host.
    pub servername: Option<String>,
    /// Whether the server's certificate and name are verified.
    pub reject_unauthorized: bool,
    /// `TLSv1.2` or `TLSv1.3`.
    pub min_version: Option<String>,
    /// `TLSv1.2` or `TLSv1.3`.
    pub max_version: Option<String>,
}

/// Delay before attempt n: `min(n * step, max)`, with up to `jitter` (0 to 1) of it taken off at random.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retry {
    /// What each further attempt adds.
    #[serde(rename = "step", deserialize_with = "milliseconds")]
    pub step: Duration,
    /// The longest delay.
    #[serde(rename = "max", deserialize_with = "milliseconds")]
    pub max: Duration,
    /// The share of a delay that is random.
    pub jitter: f64,
    /// A `retryStrategy` function in JavaScript decides instead.
    pub custom: bool,
}

/// A text that is never printed.
#[derive(Clone, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself. Only the handshake and TLS set-up may ask.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("<secret>")
    }
}

fn milliseconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::{Secret, Tls};

    #[test]
    fn a_secret_is_not_printed() {
        let secret = || Secret("hunter2".to_owned());
        let tls = Tls {
            ca: Vec::new(),
            cert: None,
            key: Some(secret()),
            servername: None,
            reject_unauthorized: true,
            min_version: None,
            max_version: None,
        };
        assert_eq!(format!("{:?} {:#?}", secret(), Some(secret())), "<secret> Some(\n    <secret>,\n)");
        assert!(!format!("{tls:?} {tls:#?}").contains("hunter2"));
        assert_eq!(secret().reveal(), "hunter2");
    }
}
