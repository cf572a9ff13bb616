//! MONITOR: a leased lane on which the server tells of every command that it executes.
//!
//! It begins with a request of its own kind ([`Owner::Monitor`]). Once the server has said OK, what comes on that
//! connection is lines for the port that leased the lane, and now and then a reply to the heartbeat: the server answers
//! PING to a monitor too, and a line begins with the time, which no such reply does. `Outgoing::monitor` says that the
//! mode lasts. It ends with the lease; until then MONITOR is the first thing on each new connection.

use super::link::Link;
use super::request::{Batch, Owner, ABANDONED};
use crate::port::{lock, Port};
use crate::wire::{command, Value};
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// A lane in monitor mode. The process stays alive for as long as there is one of these.
pub(super) struct Monitor {
    port: Arc<Port>,
    /// The lease that it belongs to.
    lease: u64,
    /// Since when lines may have been missed.
    pub lost: Option<Instant>,
}

impl Monitor {
    fn new(port: Arc<Port>, lease: u64) -> Self {
        port.count_subscription(true);
        Self { port, lease, lost: None }
    }

    /// What is to be sent on a new connection before anything else.
    pub fn resume(&self) -> Batch {
        let mut batch = batch(&self.port, ABANDONED, None, 0);
        batch.lease = self.lease;
        batch
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.port.count_subscription(false);
    }
}

impl Link {
    /// The port's thread, which has leased this lane: `slot` is answered once the server sends its commands.
    pub(crate) fn begin_monitor(&self, port: &Arc<Port>, slot: i32) {
        // A blocked event loop must not keep lines in the socket: the server gives up a monitor that does not read.
        let connection = lock(&self.out).connection.clone();
        if let Some(connection) = connection {
            connection.leave_inline(self);
        }
        let timeout = self.config.command_timeout;
        let deadline = (!timeout.is_zero()).then(|| Instant::now() + timeout);
        self.submit(batch(port, slot, deadline, timeout.as_millis() as u32));
    }

    /// I/O thread: the server has answered MONITOR. Returns the lease that its lines are for.
    pub(super) fn monitor_answered(&self, port: Arc<Port>, slot: i32, lease: u64, reply: &Value) -> Option<u64> {
        let mut out = lock(&self.out);
        if out.lease != lease {
            return None;
        }
        let is_again = slot == ABANDONED;
        match reply {
            Value::Error(text) => {
                let monitor = out.monitor.take();
                drop(out);
                if is_again && monitor.is_some() {
                    let error = String::from_utf8_lossy(text);
                    let event = json!({ "type": "monitor-refused", "link": self.index, "message": error });
                    port.deliver_with(|inbox| inbox.event(&event.to_string()));
                } else if !is_again {
                    port.deliver_with(|inbox| inbox.reply_error(slot, text));
                }
                None
            }
            _ if is_again => {
                let missed = out.monitor.as_mut()?.lost.take().map_or(0, |lost| lost.elapsed().as_millis() as u64);
                drop(out);
                let event = json!({ "type": "monitoring", "link": self.index, "durationMs": missed });
                port.deliver_with(|inbox| inbox.event(&event.to_string()));
                Some(lease)
            }
            _ => {
                out.monitor = Some(Monitor::new(Arc::clone(&port), lease));
                drop(out);
                port.deliver_with(|inbox| inbox.reply_ok(slot));
                Some(lease)
            }
        }
    }

    /// I/O thread: delivers a line. False when the reply is not one. `lease`: the one that the connection serves.
    pub(super) fn monitored(&self, lease: u64, reply: &Value) -> bool {
        let Value::Simple(line) = reply else { return false };
        if !line.first().is_some_and(u8::is_ascii_digit) {
            return false;
        }
        let port = {
            let out = lock(&self.out);
            // What comes after the end of the lease is for nobody.
            out.monitor.as_ref().filter(|_| out.lease == lease).map(|monitor| Arc::clone(&monitor.port))
        };
        if let Some(port) = port {
            let limit = self.config.max_queued_message_bytes;
            port.publish(line.len(), (self.index, &self.purpose), limit, |inbox| {
                inbox.monitored(self.index as i32, line);
            });
        }
        true
    }
}

fn batch(port: &Arc<Port>, slot: i32, deadline: Option<Instant>, timeout_ms: u32) -> Batch {
    let mut bytes = Vec::new();
    command(&mut bytes, &[b"MONITOR"]);
    // It changes nothing on the server, so it may be sent again, as what this crate sends of itself.
    let mut batch = Batch::internal(bytes, deadline, Owner::Monitor(Arc::clone(port)));
    if let Some(request) = batch.requests.front_mut() {
        request.slot = slot;
        request.timeout_ms = timeout_ms;
    }
    batch
}
