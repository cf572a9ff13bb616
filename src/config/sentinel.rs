//! The part of the settings that is about Redis Sentinel.

use super::{milliseconds, Config, Mapping, Secret, Tls};
use crate::io::Address;
use crate::sentinel::Discovery;
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The sentinels, and what is asked of them.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sentinel {
    /// Those that were given; they know of the others. At least one.
    pub sentinels: Vec<Address>,
    /// What they call the group of servers.
    pub name: String,
    /// Which of the servers the links are to have.
    pub role: Role,
    /// ACL user of the sentinels.
    pub username: Option<Secret>,
    /// Password of the sentinels; none means no AUTH.
    pub password: Option<Secret>,
    /// TLS of the sentinels; none means plain TCP.
    pub tls: Option<Tls>,
    /// How long one sentinel may take to answer, its connection included; zero means as long as there is time.
    #[serde(rename = "commandTimeout", deserialize_with = "milliseconds")]
    pub command_timeout: Duration,
    /// Whether sentinels are asked for the others.
    pub update_sentinels: bool,
    /// Whether a connection watches for failovers.
    pub failover_detector: bool,
    /// Addresses that are others from here.
    pub nat_map: Vec<Mapping>,
    /// `natMap` is a function in JavaScript.
    pub asks_nat_map: bool,
    /// Replicas that are taken first, in this order.
    pub preferred_slaves: Vec<Address>,
    /// `preferredSlaves` is a function in JavaScript.
    pub asks_preferred_slaves: bool,
    /// What they have told.
    #[serde(skip)]
    pub discovery: Arc<Discovery>,
}

/// What a server is in its group, in the words of ROLE.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Takes writes.
    Master,
    /// Follows the master.
    Slave,
}

/// What messages call the options that a connection is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// For the host.
    pub host: &'static str,
    /// For the ACL user.
    pub username: &'static str,
    /// For the password.
    pub password: &'static str,
}

impl Config {
    /// The settings of a connection to one of the servers that the sentinels have named.
    #[must_use]
    pub fn of_server(&self, address: &Address, role: Role) -> Self {
        let Address { host, port } = address.clone();
        let words = Words { host: "natMap, or what the sentinels announce", ..self.words };
        Self { host, port, path: None, sentinel: None, expected_role: Some(role), words, ..self.clone() }
    }

    /// Whether the links are to replicas.
    pub fn wants_replicas(&self) -> bool {
        self.sentinel.as_ref().is_some_and(|sentinel| sentinel.role == Role::Slave)
    }

    /// The settings of a connection to a sentinel.
    #[must_use]
    pub fn of_sentinel(&self, sentinel: &Sentinel, address: &Address) -> Self {
        let Address { host, port } = address.clone();
        Self {
            host,
            port,
            path: None,
            sentinel: None,
            username: sentinel.username.clone(),
            password: sentinel.password.clone(),
            credentials_provider: false,
            credentials: Arc::default(),
            db: 0,
            tls: sentinel.tls.clone(),
            enable_ready_check: false,
            words: Words {
                host: "sentinels (REDIS_SENTINELS)",
                username: "sentinelUsername (REDIS_SENTINEL_USERNAME)",
                password: "sentinelPassword (REDIS_SENTINEL_PASSWORD)",
            },
            ..self.clone()
        }
    }
}

impl Role {
    /// The word of ROLE.
    pub fn word(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Slave => "slave",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Master => "master",
            Self::Slave => "replica",
        })
    }
}

impl Default for Words {
    fn default() -> Self {
        Self { host: "host (REDIS_HOST)", username: "username (REDIS_USERNAME)", password: "password (REDIS_PASSWORD)" }
    }
}
