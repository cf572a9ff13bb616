//! Connections to Redis, on the one I/O thread of the process.
//!
//! | file | stage |
//! | --- | --- |
//! | `thread.rs` | the I/O thread |
//! | `dial.rs` `tls.rs` `transport.rs` | a socket: resolve, connect, encrypt; then bytes in and out |
//! | `sentinel.rs` | which server to dial, where sentinels know it |
//! | `handshake.rs` | AUTH, CLIENT SETNAME, SELECT, ready check |
//! | `dialogue.rs` | questions on a connection that serves nothing else |
//! | `link.rs` | what all threads share of a link: accepts requests |
//! | `request.rs` | requests in batches, and who is told their outcome |
//! | `connection.rs` | one connection in service, and which thread reads it |
//! | `reader.rs` | replies to their requests |
//! | `refusal.rs` | replies that say: not executed, but elsewhere or later it will be |
//! | `session.rs` | the I/O thread's part of a connection: what was left to write, deadlines, heartbeat |
//! | `spin.rs` | stays awake when the next reply is about to come |
//! | `drive.rs` | the life of a link: serve, lose, dial again, close |
//! | `pubsub.rs` | which port wants which channel |
//! | `monitor.rs` | a lane on which the server tells of its commands |

mod connection;
mod dial;
mod dialogue;
mod drive;
mod handshake;
mod link;
mod monitor;
mod pubsub;
mod reader;
mod refusal;
mod request;
pub(crate) mod sentinel;
mod session;
mod spin;
mod thread;
mod tls;
mod transport;

pub use connection::Connection;
pub(crate) use dialogue::query;
pub(crate) use drive::Driver;
pub(crate) use handshake::connect_first;
pub use handshake::{connect, Connected};
pub(crate) use link::epoch_ms;
pub use link::{closed, Link, State, SUBSCRIBER};
pub use pubsub::{SubscriptionKind, Subscriptions};
pub(crate) use refusal::{later, patience, surface};
pub use refusal::{Address, Change, Refusal, Router};
pub use request::{flag, Batch, Owner, Request};
pub(crate) use thread::io_thread;
pub use tls::client_config;
pub use transport::Transport;

use crate::wire::{command, Value};
use crate::Result;
use std::time::Instant;

/// Sends a command of our own on a link, and calls `done` with its outcome, on any thread.
pub(crate) fn ask(
    link: &Link,
    parts: &[&[u8]],
    deadline: Option<Instant>,
    done: impl FnOnce(Result<Value>) + Send + 'static,
) {
    let mut bytes = Vec::new();
    command(&mut bytes, parts);
    link.submit(Batch::internal(bytes, deadline, Owner::Internal(Some(Box::new(done)))));
}
