//! The native core of unified-redis: it owns all Redis connections of a Node process.
//!
//! # Layout
//!
//! | module | what |
//! | --- | --- |
//! | [`node`] | the boundary to JavaScript, and the only module that names napi |
//! | [`manager`] | the one set of links of the process: open, close, health, figures |
//! | [`cluster`] | a Redis Cluster: which node a request goes to, and links to the nodes |
//! | [`io`] | the I/O thread: dial, TLS, handshake, links, subscriptions |
//! | [`wire`] | RESP: bytes in, events out; no I/O and no clock |
//! | [`port`] [`inbox`] | how replies and events reach a JavaScript thread, in batches |
//! | [`config`] [`error`] | validated settings; one error with kinds and codes |
//! | [`credentials`] | user and password: as configured, or asked of the application |
//! | [`sentinel`] | what sentinels have told about the servers |
//! | [`questions`] | what only a function of the application can answer |
//!
//! # The data path
//!
//! ```text
//! JavaScript thread                                  I/O thread
//!
//! commands of one tick, packed as RESP
//!   └ Port.submit ── Link::submit ── write(2) ──▶ Redis ──▶ read(2) ── Decoder
//!                        └ handed ──────────────────────────────┐        │
//!                          (batches, in the order written)      └▶ Reader: reply ↔ request
//!                                                                        │
//!   ┌ Port.take ◀───────── Inbox ◀── one wake-up per batch ──────────────┘
//! promises settled in one pass
//! ```

pub mod cluster;
pub mod config;
pub mod credentials;
pub mod error;
pub mod inbox;
pub mod io;
pub mod manager;
#[cfg(feature = "node")]
pub mod node;
pub mod port;
pub mod questions;
pub mod sentinel;
pub mod wire;

pub use error::{Error, Kind, Result};
