//! The commands of sentinels, and what their replies mean.

use super::Conversation;
use crate::config::{Role, Sentinel};
use crate::error::{Error, Kind, Result};
use crate::io::Address;
use crate::wire::Value;
use serde_json::json;
use std::collections::BTreeMap;
use tokio::time::Instant;

/// What a sentinel has told, in its own words.
#[derive(Debug)]
pub(super) struct Told {
    /// At least one of the role that is wanted.
    pub servers: Vec<Address>,
    /// All that it says of these.
    pub details: serde_json::Value,
    /// The other sentinels.
    pub sentinels: Vec<Address>,
}

/// What a sentinel says of something, by field.
type Fields = BTreeMap<String, String>;

/// Asks for the servers of the role that is wanted, and for the other sentinels.
pub(super) async fn ask(conversation: &mut Conversation, sentinel: &Sentinel, deadline: Instant) -> Result<Told> {
    let name = sentinel.name.as_bytes();
    let question = match sentinel.role {
        Role::Master => "get-master-addr-by-name",
        Role::Slave => "replicas",
    };
    conversation.send(&[b"SENTINEL", question.as_bytes(), name], deadline).await;
    if sentinel.update_sentinels {
        conversation.send(&[b"SENTINEL", b"sentinels", name], deadline).await;
    }
    let reply = conversation.receive(deadline).await?;
    if let Some(message) = reply.as_error() {
        return Err(refused(conversation.peer(), question, &message));
    }
    let (servers, details) = match sentinel.role {
        Role::Master => (vec![master(&reply).ok_or_else(unknown)?], serde_json::Value::Null),
        Role::Slave => replicas(&reply)?,
    };
    let sentinels = match sentinel.update_sentinels {
        // Who may not ask does without.
        true => others(&conversation.receive(deadline).await?),
        false => Vec::new(),
    };
    Ok(Told { servers, details, sentinels })
}

/// What tells of a failover: all sentinels on the first channel once it is over, and on the second the one that leads it,
/// as soon as a replica has been promoted.
pub(crate) const CHANNELS: [&str; 2] = ["+switch-master", "+promoted-slave"];

/// The old and the new master of the group `name`, of a message on one of [`CHANNELS`]: `<name> <ip> <port> <ip> <port>`
/// or `slave <name> <ip> <port> @ <name> <ip> <port>`.
pub(crate) fn switched(message: &Value, name: &str) -> Option<(Address, Address)> {
    let [kind, channel, text] = message.as_elements()? else { return None };
    if kind.as_bytes()? != b"message" {
        return None;
    }
    let (channel, text) = (channel.as_text()?, text.as_text()?);
    // Names may have spaces in them.
    let (rest, from, to) = if channel == CHANNELS[0] {
        let (rest, to) = last_address(&text)?;
        let (rest, from) = last_address(rest)?;
        (rest, from, to)
    } else {
        let (rest, from) = last_address(&text)?;
        let (slave, rest) = rest.split_once(" @ ")?;
        (rest, from, last_address(slave)?.1)
    };
    (rest == name).then_some((from, to))
}

fn last_address(text: &str) -> Option<(&str, Address)> {
    let (rest, port) = text.rsplit_once(' ')?;
    let (rest, host) = rest.rsplit_once(' ')?;
    Some((rest, Address { host: host.to_owned(), port: port.parse().ok()? }))
}

fn master(reply: &Value) -> Option<Address> {
    let [host, port] = reply.as_elements()? else { return None };
    Some(Address { host: host.as_text()?.into_owned(), port: port.as_text()?.parse().ok()? })
}

fn replicas(reply: &Value) -> Result<(Vec<Address>, serde_json::Value)> {
    let all: Vec<_> = reply.as_elements().unwrap_or_default().iter().filter_map(fields).collect();
    let (up, down): (Vec<_>, Vec<_>) = all.into_iter().partition(|replica| !is_down(replica));
    let (addresses, details): (Vec<_>, Vec<_>) =
        up.into_iter().filter_map(|replica| Some((address(&replica)?, json!(replica)))).unzip();
    if !addresses.is_empty() {
        return Ok((addresses, json!(details)));
    }
    let known: Vec<_> =
        down.iter().filter_map(|replica| Some(format!("{} is {}", address(replica)?, replica.get("flags")?))).collect();
    let known = if known.is_empty() { "it knows of none".to_owned() } else { known.join(", ") };
    Err(Error::new(Kind::SentinelsFailed, format!("no replica is up: {known}")))
}

fn others(reply: &Value) -> Vec<Address> {
    let all = reply.as_elements().unwrap_or_default().iter().filter_map(fields);
    all.filter(|sentinel| !has_flag(sentinel, &["disconnected"])).filter_map(|sentinel| address(&sentinel)).collect()
}

fn fields(value: &Value) -> Option<Fields> {
    let text = |value: &Value| Some(value.as_text()?.into_owned());
    if let Value::Map(pairs) = value {
        return pairs.iter().map(|(key, value)| Some((text(key)?, text(value)?))).collect();
    }
    value.as_elements()?.chunks_exact(2).map(|pair| Some((text(&pair[0])?, text(&pair[1])?))).collect()
}

fn address(fields: &Fields) -> Option<Address> {
    let port = fields.get("port")?.parse().ok().filter(|port| *port != 0)?;
    Some(Address { host: fields.get("ip").filter(|host| !host.is_empty())?.clone(), port })
}

fn is_down(replica: &Fields) -> bool {
    has_flag(replica, &["s_down", "o_down", "disconnected"])
}

fn has_flag(fields: &Fields, wanted: &[&str]) -> bool {
    fields.get("flags").is_some_and(|flags| flags.split(',').any(|flag| wanted.contains(&flag)))
}

fn unknown() -> Error {
    Error::new(Kind::SentinelsFailed, "No such master with that name")
}

fn refused(peer: &str, question: &str, message: &str) -> Error {
    if message.starts_with("NOPERM") {
        let needed = format!("+sentinel|{question}");
        let text = format!("{peer} does not allow the user to run SENTINEL {question}: give it {needed}, or +sentinel");
        return Error::new(Kind::PermissionMissing, text);
    }
    if message.contains("unknown command") {
        let text = format!("{peer} is no sentinel: check sentinels (REDIS_SENTINELS), whose usual port is 26379");
        return Error::new(Kind::SentinelsFailed, text);
    }
    if message.contains("No such master") {
        return unknown();
    }
    Error::new(Kind::SentinelsFailed, format!("{peer} refused SENTINEL {question}: {message}"))
}

#[cfg(test)]
mod tests {
    use super::{others, replicas, switched};
    use crate::io::Address;
    use crate::wire::Value;

    fn texts(texts: &[&str]) -> Value {
        Value::Array(texts.iter().map(|text| Value::Bulk(text.as_bytes().to_vec())).collect())
    }

    fn entry(port: &str, flags: &str) -> Value {
        texts(&["name", "x", "ip", "10.0.0.1", "port", port, "flags", flags])
    }

    fn at(port: u16) -> Address {
        Address { host: "10.0.0.1".to_owned(), port }
    }

    #[test]
    fn replicas_that_are_down_do_not_count() {
        let list = |flags: &[&str]| {
            let entries = flags.iter().enumerate().map(|(index, flags)| entry(&(index + 1).to_string(), flags));
            replicas(&Value::Array(entries.collect()))
        };
        let (up, details) = list(&["s_down,slave", "slave", "slave,disconnected", "slave"]).unwrap();
        assert_eq!(up, [at(2), at(4)]);
        assert_eq!(details[0]["flags"], "slave");
        let error = list(&["s_down,slave", "o_down,slave"]).unwrap_err();
        assert!(error.message().contains("10.0.0.1:1 is s_down,slave, 10.0.0.1:2 is o_down,slave"), "{error}");
        assert!(list(&[]).unwrap_err().message().contains("none"));
    }

    #[test]
    fn other_sentinels_are_listed_unless_they_are_disconnected() {
        let list = Value::Array(vec![entry("1", "sentinel"), entry("2", "s_down,sentinel,disconnected")]);
        assert_eq!(others(&list), [at(1)]);
        assert_eq!(others(&Value::Error(b"NOPERM no".to_vec())), []);
    }

    #[test]
    fn a_switch_is_that_of_the_name() {
        let message = |text: &str| texts(&["message", "+switch-master", text]);
        let old = Address { host: "10.0.0.9".to_owned(), port: 7 };
        assert_eq!(switched(&message("my group 10.0.0.9 7 10.0.0.1 8"), "my group"), Some((old.clone(), at(8))));
        assert_eq!(switched(&message("other 10.0.0.9 7 10.0.0.1 8"), "my group"), None);
        assert_eq!(switched(&message("nonsense"), "my group"), None);
        let promoted = |text: &str| switched(&texts(&["message", "+promoted-slave", text]), "my group");
        let text = "slave 10.0.0.1:8 10.0.0.1 8 @ my group 10.0.0.9 7";
        assert_eq!(promoted(text), Some((old, at(8))));
        assert_eq!(promoted("slave 10.0.0.1:8 10.0.0.1 8 @ other 10.0.0.9 7"), None);
        assert_eq!(switched(&texts(&["subscribe", "+switch-master", "1"]), "my group"), None);
        assert_eq!(switched(&texts(&["pong", ""]), "my group"), None);
    }
}
