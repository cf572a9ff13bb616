//! Connections that a JavaScript thread reads by itself: one `uv_poll_t` for each. Why and when: `io/connection.rs`.
//!
//! # Rules
//!
//! 1. All of it is touched on the JavaScript thread alone.
//! 2. A [`Poll`] holds its connection, and with it the descriptor, until libuv is done with the handle.
//! 3. The event loop's call only notes that something has come, and calls `on_wake`: reading is part of `Port.take`, so
//!    that a batch is read, turned into values and settled in one go.

use super::uv::{Handle, Kind, Uv};
use super::waker::{handle_closed, Context};
use crate::io::{Connection, Link};
use std::cell::{Cell, RefCell};
use std::ffi::c_int;
use std::ptr;
use std::sync::Arc;

/// The connections that one environment reads.
#[derive(Default)]
pub(super) struct Inline {
    polls: RefCell<Vec<*mut Poll>>,
    /// Whether something has come on one of them.
    ready: Cell<bool>,
}

/// One of them.
struct Poll {
    context: *const Context,
    handle: Cell<*mut Handle>,
    link: Arc<Link>,
    connection: Arc<Connection>,
    ready: Cell<bool>,
}

impl Inline {
    /// Watches a connection, which is read here from now on. Where that cannot be, nothing changes.
    pub fn add(&self, context: &Context, link: Arc<Link>, connection: Arc<Connection>) {
        let Some(descriptor) = connection.descriptor() else { return };
        let mut polls = self.polls.borrow_mut();
        // SAFETY: polls of the list are alive.
        let is_watched = |poll: &*mut Poll| unsafe { Arc::ptr_eq(&(**poll).connection, &connection) };
        if polls.iter().any(is_watched) {
            // Its poll is about to be closed: it has not seen yet that the I/O thread took over.
            return;
        }
        let poll = Box::into_raw(Box::new(Poll {
            context: ptr::from_ref(context),
            handle: Cell::new(ptr::null_mut()),
            link,
            connection,
            ready: Cell::new(false),
        }));
        // SAFETY: this is the loop's thread, and the loop is alive, as the context is open. The poll lives until the
        // handle is freed, and keeps the descriptor open as long.
        unsafe {
            let Some(handle) = context.uv.poll(context.event_loop, descriptor, poll.cast()) else {
                return drop(Box::from_raw(poll));
            };
            context.handle_opened();
            (*poll).handle.set(handle);
            if !context.uv.watch(handle, readable) {
                return context.uv.close(handle, closed);
            }
            polls.push(poll);
            (*poll).connection.read_inline(&(*poll).link);
        }
    }

    /// Whether no connection is read here.
    pub fn is_empty(&self) -> bool {
        self.polls.borrow().is_empty()
    }

    /// Reads what has come. When the event loop has told of nothing, JavaScript was woken for something else, a message
    /// perhaps, and the replies that came before it must not come later: then all connections are read that wait for one.
    pub fn read(&self, context: &Context) {
        let is_told = self.ready.replace(false);
        self.polls.borrow_mut().retain(|&poll| {
            // SAFETY: polls of the list are alive.
            let this = unsafe { &*poll };
            let is_due = this.ready.replace(false) || (!is_told && this.link.in_flight() > 0);
            if !is_due || this.connection.read(&this.link) {
                return true;
            }
            // SAFETY: the handle is open, and no longer in the list, so it is closed once.
            unsafe { context.uv.close(this.handle.get(), closed) };
            false
        });
    }

    /// The environment reads no more: the I/O thread does.
    pub fn close_all(&self, context: &Context) {
        for poll in self.polls.take() {
            // SAFETY: polls of the list are alive, and their handles open.
            unsafe {
                (*poll).connection.leave_inline(&(*poll).link);
                context.uv.close((*poll).handle.get(), closed);
            }
        }
    }

    /// Nobody takes what has come, as nobody is there any more: the I/O thread reads.
    fn leave_unread(&self, context: &Context) {
        if self.ready.replace(false) {
            self.close_all(context);
        }
    }
}

/// The loop's thread: something has come, or the connection has ended.
unsafe extern "C" fn readable(handle: *mut Handle, status: c_int, _events: c_int) {
    let Some(uv) = Uv::get() else { return };
    // SAFETY: the handle is open, so the poll and its context are alive; they stay so during the call, as they are freed
    // by a callback of this very loop. The environment is alive as long as its loop runs.
    unsafe {
        let poll = &*uv.data(handle).cast::<Poll>();
        let context = &*poll.context;
        if status < 0 {
            // The socket has an error, and libuv has stopped watching it: behind replies that came with the error, nobody
            // would be told of it.
            poll.connection.leave_inline(&poll.link);
        }
        poll.ready.set(true);
        context.inline.ready.set(true);
        context.call_back();
        context.inline.leave_unread(context);
    }
}

/// The loop's thread: libuv is done with the handle.
unsafe extern "C" fn closed(handle: *mut Handle) {
    let Some(uv) = Uv::get() else { return };
    // SAFETY: the data is the poll; handle and poll are freed here, once, and the context is given up.
    unsafe {
        let poll = Box::from_raw(uv.data(handle).cast::<Poll>());
        uv.free(handle, Kind::Poll);
        let context = poll.context;
        drop(poll);
        handle_closed(context);
    }
}
