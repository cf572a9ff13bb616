//! Requests: what is written to a link, and who is told the outcome.

use crate::inbox::Inbox;
use crate::port::Port;
use crate::wire::Value;
use crate::{Error, Kind, Result};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Instant;

/// Bits of [`Request::flags`]. `lib/commands.js` sets them.
pub mod flag {
    /// Safe to send again: the command reads only.
    pub const READ_ONLY: i32 = 1;
    /// Texts of the reply become Buffers.
    pub const BUFFERS: i32 = 2;
    /// The server may take its time: says nothing about the link's health.
    pub const BLOCKING: i32 = 4;
    /// Ends every WATCH of its connection (EXEC, DISCARD, UNWATCH): waits while another caller leases the link.
    pub const ENDS_WATCH: i32 = 8;
    /// Belongs to the lease of its link, and means nothing on another connection than the one that was leased.
    pub const LEASED: i32 = 16;
    /// Has keys, all of one hash slot, whose number stands above [`SLOT_SHIFT`].
    pub const KEYED: i32 = 32;
    /// Was routed in a cluster: goes wherever its slot is. Not JavaScript's to set.
    pub const ROUTED: i32 = 64;
    /// Its caller decides about error replies: none is dealt with here, unless it was routed.
    pub const AS_IT_IS: i32 = 128;
    /// Waits for a link that is down, whatever the options of the links say.
    pub const MAY_WAIT: i32 = 256;
    /// Sent again although it may have been executed, whatever the options of the links say.
    pub const RESEND: i32 = 512;
    /// Never sent again if it may have been executed, whatever the options of the links say.
    pub const NO_RESEND: i32 = 1024;
    /// Where the hash slot begins, of 14 bits.
    pub const SLOT_SHIFT: u32 = 17;
}

/// The slot of a request whose outcome nobody waits for any more; its reply is dropped when it comes.
pub const ABANDONED: i32 = -1;

/// One request of a batch: one command, or a group of commands that is never split.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where JavaScript waits for the reply.
    pub slot: i32,
    /// How many of the batch's bytes are this request's.
    pub len: u32,
    /// See [`flag`].
    pub flags: i32,
    /// How many replies make up the answer.
    pub replies: u32,
    /// How many of them have come.
    pub seen: u32,
    /// When it is given up.
    pub deadline: Option<Instant>,
    /// What its deadline was made of, in ms; 0 means none.
    pub timeout_ms: u32,
    /// How often the link was lost, or could not be had, since it was given to us.
    pub attempts: u32,
    /// How often that may be, in place of `Config::max_retries_per_request`.
    pub max_retries: Option<u32>,
    /// Whether it was sent on a connection that was lost.
    pub sent: bool,
    /// How often the server refused it; see `refusal.rs`.
    pub refusals: u32,
    /// How often it was sent to another node for that.
    pub redirections: u32,
    /// How many replies come before its own, and are dropped: that to ASKING, which its bytes begin with.
    pub skip: u32,
}

impl Request {
    /// The error with which it fails while nothing of it is on its way.
    pub fn fate(&self, error: Error) -> Error {
        if self.sent && !self.is(flag::READ_ONLY) {
            error.maybe_executed()
        } else {
            error
        }
    }

    /// Whether it is sent again although the server may have executed it.
    pub fn may_run_twice(&self, usual: bool) -> bool {
        self.is(flag::READ_ONLY | flag::RESEND) || (usual && !self.is(flag::NO_RESEND))
    }

    /// The hash slot of its keys, if it has any.
    pub fn hash_slot(&self) -> Option<u16> {
        self.is(flag::KEYED).then_some((self.flags >> flag::SLOT_SHIFT) as u16 & 0x3fff)
    }

    /// Whether this flag is set.
    pub fn is(&self, flag: i32) -> bool {
        self.flags & flag != 0
    }
}

/// The next command is for a slot that is being moved here.
const ASKING: &[u8] = b"*1\r\n$6\r\nASKING\r\n";

/// Who is told the outcome of a batch's requests.
pub enum Owner {
    /// JavaScript.
    Port(Arc<Port>),
    /// This crate. The batch has one request.
    Internal(Option<Box<dyn FnOnce(Result<Value>) + Send>>),
    /// JavaScript, for a connection in monitor mode. The batch has one request.
    Monitor(Arc<Port>),
    /// A subscription or its end. The batch has one request.
    Subscription(super::pubsub::Acknowledgement),
}

/// Requests that were given to a link together.
///
/// A batch that is dropped with requests unanswered answers them: no promise can be forgotten.
pub struct Batch {
    /// Who is told.
    pub owner: Owner,
    /// The requests' bytes, back to back.
    pub bytes: Arc<[u8]>,
    /// Requests not yet answered.
    pub requests: VecDeque<Request>,
    /// Where in `bytes` the first of `requests` begins.
    pub offset: usize,
    /// Where in the link's stream `bytes` begin; set when they are queued for writing.
    pub start: u64,
    /// The earliest deadline of its requests.
    pub earliest: Option<Instant>,
    /// What it weighs on its link; see [`Weight`].
    pub weight: Option<Weight>,
    /// Under which lease of its link it was given; see `Outgoing::lease`.
    pub lease: u64,
}

/// The bytes of a batch, counted for as long as they are kept.
pub struct Weight {
    bytes: usize,
    sum: Arc<AtomicUsize>,
}

impl Weight {
    /// Adds `bytes` to `sum` until it is dropped.
    pub fn new(bytes: usize, sum: &Arc<AtomicUsize>) -> Self {
        sum.fetch_add(bytes, Ordering::Relaxed);
        Self { bytes, sum: Arc::clone(sum) }
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.sum.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Batch {
    /// A batch of requests whose lengths add up to `bytes`.
    pub fn new(owner: Owner, bytes: Arc<[u8]>, requests: VecDeque<Request>) -> Self {
        let earliest = requests.iter().filter_map(|request| request.deadline).min();
        Self { owner, bytes, requests, offset: 0, start: 0, earliest, weight: None, lease: 0 }
    }

    /// One command of our own.
    pub fn internal(bytes: Vec<u8>, deadline: Option<Instant>, owner: Owner) -> Self {
        let len = bytes.len() as u32;
        let request = Request {
            slot: 0,
            len,
            flags: flag::READ_ONLY,
            replies: 1,
            seen: 0,
            deadline,
            timeout_ms: 0,
            attempts: 0,
            max_retries: None,
            sent: false,
            refusals: 0,
            redirections: 0,
            skip: 0,
        };
        Self::new(owner, bytes.into(), VecDeque::from([request]))
    }

    /// Its requests are given up at `deadline`.
    pub fn give_until(&mut self, deadline: Option<Instant>) {
        for request in &mut self.requests {
            request.deadline = deadline;
        }
        self.earliest = deadline;
    }

    /// Whether somebody in JavaScript asked for it.
    pub fn is_from_port(&self) -> bool {
        matches!(self.owner, Owner::Port(_) | Owner::Monitor(_))
    }

    /// Whose request it is, for one that this crate made. The batch is empty afterwards.
    pub fn disown(mut self) -> Owner {
        self.requests.clear();
        std::mem::replace(&mut self.owner, Owner::Internal(None))
    }

    /// Whether it may go to any node of the cluster that serves it. A batch's requests are alike in this.
    pub fn is_routed(&self) -> bool {
        self.requests.front().is_some_and(|request| request.is(flag::ROUTED))
    }

    /// Whether the server has refused it before: then it was accepted, and waits where others would be refused.
    pub fn is_again(&self) -> bool {
        self.requests.front().is_some_and(|request| request.refusals > 0)
    }

    /// Takes off the first request, with its bytes, to be sent again. JavaScript's.
    pub fn take_first(&mut self) -> Option<Self> {
        let Owner::Port(port) = &self.owner else { return None };
        let owner = Owner::Port(Arc::clone(port));
        let at = self.offset;
        let mut request = self.pop()?;
        let bytes = &self.bytes[at..self.offset];
        let bytes = if request.skip > 0 { &bytes[ASKING.len()..] } else { bytes };
        request.len = bytes.len() as u32;
        request.skip = 0;
        request.seen = 0;
        Some(Self::new(owner, bytes.into(), VecDeque::from([request])))
    }

    /// The server, or who stands for it, has refused its requests.
    pub fn refused_once_more(&mut self) {
        for request in &mut self.requests {
            request.refusals += 1;
        }
    }

    /// Puts ASKING before its one request.
    pub fn put_asking(&mut self) {
        if let [request] = self.requests.make_contiguous() {
            let own = &self.bytes[self.offset..];
            self.bytes = [ASKING, own].concat().into();
            self.offset = 0;
            request.len = self.bytes.len() as u32;
            request.skip = 1;
        }
    }

    /// Takes out the requests that `which` names, as batches of their own.
    pub fn extract(&mut self, which: impl Fn(&Request) -> bool) -> Vec<Batch> {
        let Owner::Port(port) = &self.owner else { return Vec::new() };
        let mut taken = Vec::new();
        let mut bytes = Vec::new();
        let mut kept = VecDeque::new();
        let mut at = self.offset;
        for request in std::mem::take(&mut self.requests) {
            let own = &self.bytes[at..at + request.len as usize];
            at += request.len as usize;
            if which(&request) {
                let requests = VecDeque::from([request]);
                taken.push(Self::new(Owner::Port(Arc::clone(port)), own.into(), requests));
            } else {
                bytes.extend_from_slice(own);
                kept.push_back(request);
            }
        }
        self.bytes = bytes.into();
        self.offset = 0;
        self.requests = kept;
        taken
    }

    /// Keeps the first `count` requests of a batch that nothing was written of, and returns the others. JavaScript's.
    pub fn split_off(&mut self, count: usize) -> Self {
        let requests = self.requests.split_off(count.min(self.requests.len()));
        let kept: usize = self.requests.iter().map(|request| request.len as usize).sum();
        let owner = match &self.owner {
            Owner::Port(port) => Owner::Port(Arc::clone(port)),
            Owner::Monitor(port) => Owner::Monitor(Arc::clone(port)),
            _ => Owner::Internal(None),
        };
        let rest = Self::new(owner, self.bytes[self.offset + kept..].into(), requests);
        if !rest.requests.is_empty() {
            self.bytes = self.bytes[self.offset..self.offset + kept].into();
            self.offset = 0;
        }
        rest
    }

    /// Takes the first request off: it was answered, or its fate was decided.
    pub fn pop(&mut self) -> Option<Request> {
        let request = self.requests.pop_front()?;
        self.offset += request.len as usize;
        Some(request)
    }

    /// Tells the owner that a request failed.
    pub fn fail(&mut self, slot: i32, error: &Error) {
        if slot == ABANDONED {
            return;
        }
        match &mut self.owner {
            Owner::Port(port) | Owner::Monitor(port) => port.fail(slot, error),
            Owner::Internal(done) => {
                if let Some(done) = done.take() {
                    done(Err(error.clone()));
                }
            }
            Owner::Subscription(acknowledgement) => acknowledgement.fail(error),
        }
    }

    /// Fails every request that is left.
    pub fn fail_all(&mut self, error: &Error) {
        // One delivery for all of them.
        let mut inbox = Inbox::default();
        while let Some(request) = self.pop() {
            match &self.owner {
                Owner::Port(_) if request.slot != ABANDONED => {
                    inbox.failure(request.slot, &request.fate(error.clone()));
                }
                _ => self.fail(request.slot, error),
            }
        }
        if let Owner::Port(port) = &self.owner {
            port.deliver(&mut inbox);
        }
    }

    /// Gives up what is due, and says how many that were. The requests stay, as their replies may still come.
    pub fn expire(&mut self, now: Instant, describe: impl Fn(&Request, &Owner) -> Error) -> usize {
        if self.earliest.is_none_or(|earliest| earliest > now) {
            return 0;
        }
        let mut due = Vec::new();
        for request in &mut self.requests {
            if request.deadline.is_some_and(|deadline| deadline <= now) {
                due.push((request.slot, describe(request, &self.owner)));
                request.slot = ABANDONED;
                request.deadline = None;
            }
        }
        self.earliest = self.requests.iter().filter_map(|request| request.deadline).min();
        for (slot, error) in &due {
            self.fail(*slot, error);
        }
        due.len()
    }

    /// Keeps the requests that `keep` wants, with their bytes, for another attempt; the others must have been told.
    pub fn retain(&mut self, mut keep: impl FnMut(&mut Request, &Owner, u64) -> std::result::Result<(), Error>) {
        let mut bytes = Vec::new();
        let mut kept = VecDeque::new();
        let mut failed = Vec::new();
        let mut at = self.offset;
        for mut request in std::mem::take(&mut self.requests) {
            let end = at + request.len as usize;
            if request.slot != ABANDONED {
                match keep(&mut request, &self.owner, self.start + end as u64) {
                    Ok(()) => {
                        // Where it goes next, nobody has said that it is to ask.
                        let own = if request.skip > 0 { at + ASKING.len() } else { at };
                        bytes.extend_from_slice(&self.bytes[own..end]);
                        request.len = (end - own) as u32;
                        request.skip = 0;
                        request.seen = 0;
                        kept.push_back(request);
                    }
                    Err(error) => failed.push((request.slot, error)),
                }
            }
            at = end;
        }
        for (slot, error) in &failed {
            self.fail(*slot, error);
        }
        self.bytes = bytes.into();
        self.offset = 0;
        self.requests = kept;
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if !self.requests.is_empty() {
            self.fail_all(&Error::new(Kind::Internal, "the request was dropped unanswered").maybe_executed());
        }
    }
}
