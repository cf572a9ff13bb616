//! Wakes a JavaScript thread: one `uv_async_t` for each port.
//!
//! Not a threadsafe function of Node-API: that one signals the event loop while it holds a mutex which the woken thread
//! wants next, and with few cores the two threads then trip over each other. Measured on one core, one caller: 3.1
//! context switches a command with it, and 34 µs median against ioredis' 25.
//!
//! # Rules
//!
//! 1. `Shared::handle` is read under its lock by whoever wakes, and taken away under it, on the JavaScript thread,
//!    before the handle is closed. So nobody wakes a handle that is gone, however abruptly a worker ends. The
//!    JavaScript thread takes this lock for nothing else: it would wait for a waker that it has just preempted.
//! 2. The JavaScript callback is held weakly, so that a copy of the module that nobody uses any more (each test file
//!    of jest has one) can be collected; it is held strongly, and the event loop kept alive, exactly while something
//!    can still arrive (`held`).
//! 3. All else here is touched on the JavaScript thread alone. [`Context`] lives until libuv is done with its handles.

use super::inline::Inline;
use super::uv::{Handle as UvHandle, Kind, Loop, Uv};
use crate::io::{Connection, Link};
use crate::manager::MANAGER;
use crate::port::{lock, Port};
use napi::bindgen_prelude::{Error, Function, JsValue, Result};
use napi::{sys, Status};
use std::cell::Cell;
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::sync::{Arc, Mutex};

/// See the module.
pub(super) struct Waker {
    /// Freed only after `context.open` is false and this `Waker` is dropped, whichever comes last.
    context: *const Context,
}

#[derive(Default)]
struct Shared {
    handle: Mutex<Option<Handle>>,
}

struct Handle(*mut UvHandle);

// SAFETY: libuv allows `uv_async_send` from any thread; rule 1 keeps the handle open meanwhile.
unsafe impl Send for Handle {}

/// What belongs to a port in its environment.
pub(super) struct Context {
    pub(super) uv: &'static Uv,
    pub(super) event_loop: *mut Loop,
    env: sys::napi_env,
    shared: Arc<Shared>,
    port: Arc<Port>,
    handle: Cell<*mut UvHandle>,
    callback: sys::napi_ref,
    /// What `napi_make_callback` wants for a receiver.
    receiver: sys::napi_ref,
    cleanup: Cell<sys::napi_async_cleanup_hook_handle>,
    held: Cell<bool>,
    open: Cell<bool>,
    /// The connections that this environment reads by itself.
    pub(super) inline: Inline,
    /// Who still needs this: the `Waker`, and each handle.
    owners: Cell<usize>,
    /// Handles that libuv is not done with.
    handles: Cell<usize>,
}

impl Waker {
    /// A port whose wake-ups call `on_wake` in this environment.
    pub fn install(env: sys::napi_env, on_wake: &Function<'_, (), ()>, main_thread: bool) -> Result<(Arc<Port>, Self)> {
        let uv =
            Uv::get().ok_or_else(|| Error::from_reason("unified-redis needs Node.js: this runtime has no libuv"))?;
        let shared = Arc::<Shared>::default();
        let port = Port::new(main_thread, {
            let shared = Arc::clone(&shared);
            Box::new(move || shared.wake(uv))
        });
        let (mut callback, mut receiver) = (ptr::null_mut(), ptr::null_mut());
        let mut event_loop = ptr::null_mut();
        // SAFETY: env and the function are alive, as we are called from JavaScript; the values made here live in the
        // current handle scope, and what outlives it is a reference. A count of 0 makes a reference weak.
        unsafe {
            let mut object = ptr::null_mut();
            check(sys::napi_create_reference(env, on_wake.raw(), 0, &mut callback))?;
            check(sys::napi_create_object(env, &mut object))?;
            check(sys::napi_create_reference(env, object, 1, &mut receiver))?;
            check(sys::napi_get_uv_event_loop(env, &mut event_loop))?;
        }
        let context = Box::into_raw(Box::new(Context {
            uv,
            event_loop: event_loop.cast(),
            env,
            shared,
            port: Arc::clone(&port),
            handle: Cell::new(ptr::null_mut()),
            callback,
            receiver,
            cleanup: Cell::new(ptr::null_mut()),
            held: Cell::new(false),
            open: Cell::new(true),
            inline: Inline::default(),
            owners: Cell::new(2),
            handles: Cell::new(1),
        }));
        // SAFETY: this is the loop's thread; `context` lives until the handle is freed, and is not null.
        unsafe {
            let Some(handle) = uv.open(event_loop.cast(), woken, context.cast()) else {
                drop(Box::from_raw(context));
                return Err(Error::from_reason("libuv has no handle left for unified-redis"));
            };
            uv.keep_alive(handle, false);
            let context = &*context;
            context.handle.set(handle);
            *lock(&context.shared.handle) = Some(Handle(handle));
            let mut hook = ptr::null_mut();
            let data = ptr::from_ref(context).cast_mut().cast();
            check(sys::napi_add_async_cleanup_hook(env, Some(environment_ends), data, &mut hook))?;
            context.cleanup.set(hook);
        }
        Ok((port, Self { context }))
    }

    /// JavaScript thread: something can arrive, so the event loop stays alive.
    pub fn hold(&self) {
        let context = self.context();
        if !context.open.get() || context.held.replace(true) {
            return;
        }
        // SAFETY: the handle is open, and this is its thread; the reference lives as long.
        unsafe {
            context.uv.keep_alive(context.handle.get(), true);
            sys::napi_reference_ref(context.env, context.callback, ptr::null_mut());
        }
    }

    /// JavaScript thread: lets the event loop go if nothing can arrive any more.
    pub fn release(&self) {
        let context = self.context();
        if !context.open.get() || !context.held.get() || context.port.expects() {
            return;
        }
        context.held.set(false);
        // SAFETY: as in `hold`.
        unsafe {
            context.uv.keep_alive(context.handle.get(), false);
            sys::napi_reference_unref(context.env, context.callback, ptr::null_mut());
        }
    }

    /// JavaScript thread: reads this connection from now on, if that can be.
    pub fn read_inline(&self, link: &Arc<Link>, connection: Arc<Connection>) {
        let context = self.context();
        if context.open.get() {
            context.inline.add(context, Arc::clone(link), connection);
        }
    }

    /// JavaScript thread: reads what has come on the connections that it reads. The inbox must be emptied right after.
    pub fn read_ready(&self) {
        let context = self.context();
        if !context.inline.is_empty() {
            context.port.stay_awake();
            context.inline.read(context);
        }
    }

    fn context(&self) -> &Context {
        // SAFETY: freed after this `Waker` is dropped, at the earliest.
        unsafe { &*self.context }
    }
}

impl Drop for Waker {
    fn drop(&mut self) {
        self.context().close();
        // SAFETY: this `Waker` is one of the owners, and uses the context no more.
        unsafe { disown(self.context) };
    }
}

impl Shared {
    /// Any thread.
    fn wake(&self, uv: &Uv) {
        if let Some(Handle(handle)) = &*lock(&self.handle) {
            // SAFETY: rule 1.
            unsafe { uv.send(*handle) };
        }
    }
}

impl Context {
    /// JavaScript thread: one more handle has this context for its data. Its `closed` callback calls
    /// [`handle_closed`].
    pub(super) fn handle_opened(&self) {
        self.owners.set(self.owners.get() + 1);
        self.handles.set(self.handles.get() + 1);
    }

    /// The loop's thread: calls `on_wake`, if it still lives.
    ///
    /// # Safety
    /// The environment must be alive. `self` may be freed by what JavaScript does, unless the caller owns a part of it.
    pub(super) unsafe fn call_back(&self) {
        if !self.open.get() {
            return;
        }
        let env = self.env;
        // SAFETY: as this function's. Exceptions of the callback are given to Node as uncaught, as those of any other
        // callback are.
        unsafe {
            let mut scope = ptr::null_mut();
            if sys::napi_open_handle_scope(env, &mut scope) != sys::Status::napi_ok {
                return;
            }
            let (mut callback, mut receiver) = (ptr::null_mut(), ptr::null_mut());
            sys::napi_get_reference_value(env, self.callback, &mut callback);
            sys::napi_get_reference_value(env, self.receiver, &mut receiver);
            if !callback.is_null() && !receiver.is_null() {
                let status = sys::napi_make_callback(
                    env,
                    // No async context: a resource of ours would look like an open handle to test runners.
                    ptr::null_mut(),
                    receiver,
                    callback,
                    0,
                    ptr::null(),
                    ptr::null_mut(),
                );
                if status == sys::Status::napi_pending_exception {
                    let mut exception = ptr::null_mut();
                    if sys::napi_get_and_clear_last_exception(env, &mut exception) == sys::Status::napi_ok {
                        sys::napi_fatal_exception(env, exception);
                    }
                }
            }
            sys::napi_close_handle_scope(env, scope);
        }
    }

    /// JavaScript thread: no more wake-ups. Does nothing the second time.
    fn close(&self) {
        if !self.open.replace(false) {
            return;
        }
        *lock(&self.shared.handle) = None;
        // Called by Node and libuv, which a panic would end: nothing below is in need of what would be left undone.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.inline.close_all(self);
            MANAGER.forget(&self.port);
        }));
        // SAFETY: the handle was open until now, and this is its thread.
        unsafe { self.uv.close(self.handle.get(), closed) };
    }
}

/// The loop's thread.
unsafe extern "C" fn woken(handle: *mut UvHandle) {
    let Some(uv) = Uv::get() else { return };
    // SAFETY: the handle is open, so its data is the context, and the environment is alive.
    unsafe {
        let context = &*uv.data(handle).cast::<Context>();
        context.call_back();
    }
}

/// JavaScript thread: the environment ends, and waits until `closed` has removed this hook.
unsafe extern "C" fn environment_ends(_: sys::napi_async_cleanup_hook_handle, context: *mut c_void) {
    // SAFETY: the hook is removed before the context is freed.
    unsafe { (*context.cast::<Context>()).close() };
}

/// The loop's thread: libuv is done with the handle.
unsafe extern "C" fn closed(handle: *mut UvHandle) {
    let Some(uv) = Uv::get() else { return };
    // SAFETY: the data is the context; the handle is freed here, once.
    unsafe {
        let context = uv.data(handle).cast::<Context>().cast_const();
        uv.free(handle, Kind::Async);
        handle_closed(context);
    }
}

/// The loop's thread: libuv is done with a handle of this context.
///
/// # Safety
/// From the `closed` callback of a handle that [`Context::handle_opened`] has counted (or of the wake-up's), once, which
/// uses the context no more.
pub(super) unsafe fn handle_closed(context: *const Context) {
    // SAFETY: alive, as the handle is one of the owners; env is alive until its hook is removed, with the last handle.
    unsafe {
        let this = &*context;
        this.handles.set(this.handles.get() - 1);
        let was_last = this.handles.get() == 0;
        let (env, cleanup) = (this.env, this.cleanup.get());
        if was_last {
            sys::napi_delete_reference(env, this.callback);
            sys::napi_delete_reference(env, this.receiver);
        }
        disown(context);
        if was_last && !cleanup.is_null() {
            sys::napi_remove_async_cleanup_hook(cleanup);
        }
    }
}

/// # Safety
/// By one of the owners, once each, which uses the context no more.
unsafe fn disown(context: *const Context) {
    // SAFETY: alive, as this owner still counts.
    let owners = unsafe { &(*context).owners };
    owners.set(owners.get() - 1);
    if owners.get() == 0 {
        // SAFETY: made by `Box::into_raw` in `install`, and nobody has it any more.
        drop(unsafe { Box::from_raw(context.cast_mut()) });
    }
}

fn check(status: sys::napi_status) -> Result<()> {
    match status {
        sys::Status::napi_ok => Ok(()),
        status => Err(Error::new(Status::from(status), "Node refused to make a wake-up for unified-redis")),
    }
}
