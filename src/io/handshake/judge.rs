//! The commands of the handshake, and what the server's replies to them mean.

use crate::config::{Config, Secret};
use crate::credentials::Login;
use crate::error::{Error, Kind, Result};
use crate::wire::Value;
use std::fmt;

/// A command of the handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Auth,
    SetName,
    SetLibraryName,
    SetLibraryVersion,
    Select,
    ReadOnly,
    Role,
    ReadyCheck,
}

/// What a reply means for the handshake.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Done,
    /// Not as asked, but no reason to do without the connection.
    Warn(String),
    /// To be asked again.
    Loading,
}

impl Step {
    /// The steps that these settings ask for, in order.
    pub(super) fn all(config: &Config, login: &Login) -> Vec<Self> {
        let wanted = [
            (Self::Auth, login.password.is_some() || login.user().is_some()),
            (Self::SetName, true),
            (Self::SetLibraryName, true),
            (Self::SetLibraryVersion, true),
            (Self::Select, config.db != 0),
            (Self::ReadOnly, config.reads_replica),
            (Self::Role, config.expected_role.is_some()),
            (Self::ReadyCheck, config.enable_ready_check),
        ];
        wanted.into_iter().filter_map(|(step, wanted)| wanted.then_some(step)).collect()
    }

    /// Gives the parts of the command to `emit`.
    pub(super) fn encode(self, config: &Config, login: &Login, purpose: &str, emit: impl FnOnce(&[&[u8]])) {
        match self {
            Self::Auth => emit(&login.command()),
            Self::SetName => {
                let name = format!("{}:{}:{purpose}", config.connection_name, std::process::id());
                emit(&[b"CLIENT", b"SETNAME", printable(&name).as_bytes()]);
            }
            Self::SetLibraryName => emit(&[b"CLIENT", b"SETINFO", b"LIB-NAME", b"unified-redis"]),
            Self::SetLibraryVersion => {
                emit(&[b"CLIENT", b"SETINFO", b"LIB-VER", printable(&config.library_version).as_bytes()]);
            }
            Self::Select => emit(&[b"SELECT", config.db.to_string().as_bytes()]),
            Self::ReadOnly => emit(&[b"READONLY"]),
            Self::Role => emit(&[b"ROLE"]),
            Self::ReadyCheck => emit(&[b"INFO", b"persistence"]),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Auth => "AUTH",
            Self::SetName => "CLIENT SETNAME",
            Self::SetLibraryName | Self::SetLibraryVersion => "CLIENT SETINFO",
            Self::Select => "SELECT",
            Self::ReadOnly => "READONLY",
            Self::Role => "ROLE",
            Self::ReadyCheck => "INFO",
        })
    }
}

/// Reads replies in the light of the settings.
pub(super) struct Judge<'a> {
    config: &'a Config,
    login: &'a Login,
    peer: String,
}

impl<'a> Judge<'a> {
    pub(super) fn new(config: &'a Config, login: &'a Login, peer: String) -> Self {
        Self { config, login, peer }
    }

    pub(super) fn judge(&self, step: Step, reply: &Value) -> Result<Verdict> {
        match reply.as_error() {
            Some(message) => self.refused(step, &message),
            None if step == Step::ReadyCheck => Ok(self.ready(reply)),
            None if step == Step::Role => self.role(reply),
            None => Ok(Verdict::Done),
        }
    }

    pub(super) fn still_loading(&self) -> Error {
        let waited = self.config.max_loading_retry_time.as_secs_f64();
        Error::new(
            Kind::Loading,
            format!("{} was still loading its data set after {waited:.1} s (maxLoadingRetryTime)", self.peer),
        )
    }

    fn ready(&self, reply: &Value) -> Verdict {
        let info = reply.as_text().unwrap_or_default();
        match info.lines().any(|line| line == "loading:1") {
            true => Verdict::Loading,
            false => Verdict::Done,
        }
    }

    /// Sentinels may name a server that has lost its role a moment ago, or is about to get it.
    fn role(&self, reply: &Value) -> Result<Verdict> {
        let is = reply.as_elements().and_then(|role| role.first()?.as_text()).unwrap_or_default();
        match self.config.expected_role {
            Some(expected) if is != expected.word() => {
                Err(Error::new(Kind::WrongRole, format!("{} is a {is} by ROLE, and no {}", self.peer, expected.word())))
            }
            _ => Ok(Verdict::Done),
        }
    }

    fn refused(&self, step: Step, message: &str) -> Result<Verdict> {
        let peer = &self.peer;
        // These come whatever was asked, the first two unasked.
        if message.starts_with("ERR max number of clients") {
            return Err(Error::new(
                Kind::MaxClients,
                format!("{peer} has reached its maxclients and accepts no further connection"),
            ));
        }
        let code = message.split(' ').next().unwrap_or_default();
        match code {
            "DENIED" => {
                return Err(Error::new(
                    Kind::HandshakeFailed,
                    format!(
                        "{peer} runs in protected mode and serves only clients on its own machine: give it a password, \
                         or turn protected-mode off"
                    ),
                ))
            }
            "NOAUTH" => return Err(Error::new(Kind::AuthFailed, self.no_credentials())),
            "LOADING" => return Ok(Verdict::Loading),
            _ => {}
        }
        match step {
            Step::Auth => self.auth_refused(code, message),
            Step::Select => Err(self.select_refused(code, message)),
            Step::SetName => {
                let message = self.without_secrets(message);
                Ok(Verdict::Warn(format!("{peer} refused CLIENT SETNAME, so the link has no name there: {message}")))
            }
            Step::ReadOnly if code == "NOPERM" && self.config.reads_from_replicas() => Err(Error::new(
                Kind::PermissionMissing,
                format!("{peer} does not allow this user to run READONLY, which scaleReads needs"),
            )),
            // A server that is no node of a cluster; what is wrong with that shows when it is asked for its slots.
            Step::ReadOnly => Ok(Verdict::Done),
            // Servers before 7.2 do not know it.
            Step::SetLibraryName | Step::SetLibraryVersion => Ok(Verdict::Done),
            Step::Role => {
                let message = self.without_secrets(message);
                Ok(Verdict::Warn(format!(
                    "{peer} does not tell its role, so a stale answer of a sentinel would not be noticed; let the user \
                     run ROLE (+role): {message}"
                )))
            }
            // A user that may not ask, or a server too busy to answer: whoever can say that has loaded its data.
            Step::ReadyCheck => Ok(Verdict::Done),
        }
    }

    fn no_credentials(&self) -> String {
        match self.login.password {
            None => {
                let option = self.config.words.password;
                format!("{} requires a password, and none was given: set {option}", self.peer)
            }
            Some(_) => format!("{} does not accept the connection as authenticated", self.peer),
        }
    }

    fn auth_refused(&self, code: &str, message: &str) -> Result<Verdict> {
        let peer = &self.peer;
        let (username, password) = (self.config.words.username, self.config.words.password);
        if message.contains("without any password configured") || message.contains("no password is set") {
            return Ok(Verdict::Warn(format!(
                "{password} was given, but {peer} has none set for the default user and serves anyone"
            )));
        }
        let who = match self.login.user() {
            Some(user) => format!("the user {user:?}"),
            None => "the default user".to_owned(),
        };
        let message = if self.login.is_granted() {
            format!("{peer} refused what credentialsProvider gave for {who}: {}", self.without_secrets(message))
        } else if code == "WRONGPASS" || message.contains("invalid password") {
            let missing = if self.login.password.is_none() { " (no password was given)" } else { "" };
            format!(
                "{peer} refused the password for {who}{missing}, or does not know or has disabled the user: check \
                 {username} and {password}"
            )
        } else if message.contains("wrong number of arguments") {
            format!(
                "{peer} does not know users, as a server before Redis 6: leave {username} out and give the \
                 password alone"
            )
        } else {
            format!("{peer} refused AUTH for {who}: {}", self.without_secrets(message))
        };
        Err(Error::new(Kind::AuthFailed, message))
    }

    fn select_refused(&self, code: &str, message: &str) -> Error {
        let (peer, db) = (&self.peer, self.config.db);
        let shown = self.without_secrets(message);
        match code {
            "NOPERM" => Error::new(
                Kind::PermissionMissing,
                format!("{peer} does not allow this user to run SELECT, which db: {db} (REDIS_DB) needs"),
            ),
            "ERR" if message.contains("DB index") || message.contains("invalid DB") || message.contains("cluster") => {
                Error::new(Kind::InvalidDatabase, format!("{peer} refused database {db} (db, REDIS_DB): {shown}"))
            }
            _ => Error::new(Kind::HandshakeFailed, format!("{peer} refused SELECT {db}: {shown}")),
        }
    }

    /// What a server says, as it may be shown. One that does not know AUTH repeats its arguments, and one that has lost
    /// its place may do so in the reply to another command.
    fn without_secrets(&self, message: &str) -> String {
        let message = message.split(", with args").next().unwrap_or_default();
        match self.login.password.as_ref().map(Secret::reveal) {
            Some(password) if !password.is_empty() => message.replace(password, "<secret>"),
            _ => message.to_owned(),
        }
    }
}

/// A name as CLIENT SETNAME takes it: printable ASCII without spaces.
fn printable(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_graphic() { letter } else { '_' }).collect()
}
