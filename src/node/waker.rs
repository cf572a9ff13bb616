//! Wakes a JavaScript thread: one threadsafe function for each port.
//!
//! # Rules
//!
//! 1. `handle` is used under its lock, by any thread. The finalizer of the threadsafe function, which runs on the
//!    JavaScript thread before Node frees it, takes the handle away under the same lock. So nobody calls into a
//!    threadsafe function that is gone, however abruptly a worker ends.
//! 2. The JavaScript callback is held weakly, so that a copy of the module that nobody uses any more (each test file
//!    of jest has one) can be collected; it is held strongly, and the event loop kept alive, exactly while something
//!    can still arrive (`held`).
//! 3. `held` and the reference are touched on the JavaScript thread alone.

use crate::manager::MANAGER;
use crate::port::{lock, Port};
use napi::bindgen_prelude::{Error, Function, JsValue, Result};
use napi::{sys, Status};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;
use std::sync::{Arc, Mutex};

/// See the module.
pub(super) struct Waker {
    shared: Arc<Shared>,
    callback: sys::napi_ref,
    held: Cell<bool>,
}

struct Shared {
    handle: Mutex<Option<Handle>>,
}

struct Handle(sys::napi_threadsafe_function);

// SAFETY: Node allows calls of a threadsafe function from any thread; rule 1 keeps it alive meanwhile.
unsafe impl Send for Handle {}

/// What Node hands to the callbacks below; freed by `finalize`.
struct Context {
    shared: Arc<Shared>,
    port: Arc<Port>,
    callback: sys::napi_ref,
}

impl Waker {
    /// A port whose wake-ups call `on_wake` in this environment.
    pub fn install(env: sys::napi_env, on_wake: &Function<'_, (), ()>, main_thread: bool) -> Result<(Arc<Port>, Self)> {
        let shared = Arc::new(Shared { handle: Mutex::new(None) });
        let port = Port::new(main_thread, {
            let shared = Arc::clone(&shared);
            Box::new(move || shared.call())
        });
        let mut callback = ptr::null_mut();
        // SAFETY: env and the function are alive: we are called from JavaScript. A count of 0 makes the reference weak.
        check(unsafe { sys::napi_create_reference(env, on_wake.raw(), 0, &mut callback) })?;
        let context =
            Box::into_raw(Box::new(Context { shared: Arc::clone(&shared), port: Arc::clone(&port), callback }));
        let mut handle = ptr::null_mut();
        // SAFETY: the name is a live value of this environment; `context` lives until `finalize` frees it.
        unsafe {
            let mut name = ptr::null_mut();
            check(sys::napi_create_string_latin1(env, c"unified-redis".as_ptr(), 13, &mut name))?;
            check(sys::napi_create_threadsafe_function(
                env,
                ptr::null_mut(),
                ptr::null_mut(),
                name,
                0,
                1,
                context.cast(),
                Some(finalize),
                context.cast(),
                Some(call),
                &mut handle,
            ))?;
            check(sys::napi_unref_threadsafe_function(env, handle))?;
        }
        *lock(&shared.handle) = Some(Handle(handle));
        Ok((port, Self { shared, callback, held: Cell::new(false) }))
    }

    /// JavaScript thread: something can arrive, so the event loop stays alive.
    pub fn hold(&self, env: sys::napi_env) {
        if self.held.replace(true) {
            return;
        }
        if let Some(handle) = &*lock(&self.shared.handle) {
            // SAFETY: rule 1 for the handle; the reference lives as long as the handle does.
            unsafe {
                sys::napi_ref_threadsafe_function(env, handle.0);
                sys::napi_reference_ref(env, self.callback, ptr::null_mut());
            }
        }
    }

    /// JavaScript thread: lets the event loop go if nothing can arrive any more.
    pub fn release(&self, env: sys::napi_env, port: &Port) {
        if !self.held.get() || port.expects() {
            return;
        }
        self.held.set(false);
        if let Some(handle) = &*lock(&self.shared.handle) {
            // SAFETY: as in `hold`.
            unsafe {
                sys::napi_unref_threadsafe_function(env, handle.0);
                sys::napi_reference_unref(env, self.callback, ptr::null_mut());
            }
        }
    }

    /// The port is no longer used.
    pub fn close(&self) {
        if let Some(handle) = lock(&self.shared.handle).take() {
            // SAFETY: the handle was taken away, so this is its last use; Node then calls `finalize`.
            unsafe {
                sys::napi_release_threadsafe_function(handle.0, sys::ThreadsafeFunctionReleaseMode::abort);
            }
        }
    }
}

impl Shared {
    fn call(&self) {
        if let Some(handle) = &*lock(&self.handle) {
            // SAFETY: rule 1. The queue is unbounded, so this neither blocks nor fails but at the end of the process.
            unsafe {
                sys::napi_call_threadsafe_function(
                    handle.0,
                    ptr::null_mut(),
                    sys::ThreadsafeFunctionCallMode::nonblocking,
                );
            }
        }
    }
}

/// JavaScript thread: calls `on_wake`, if it still lives.
unsafe extern "C" fn call(env: sys::napi_env, _: sys::napi_value, context: *mut c_void, _: *mut c_void) {
    if env.is_null() {
        return;
    }
    // SAFETY: Node passes the context of `install`, which `finalize` has not freed yet.
    let context = unsafe { &*context.cast::<Context>() };
    // SAFETY: env is alive, as it is not null; an exception of the callback stays pending for Node to report.
    unsafe {
        let (mut callback, mut receiver) = (ptr::null_mut(), ptr::null_mut());
        if sys::napi_get_reference_value(env, context.callback, &mut callback) != sys::Status::napi_ok
            || callback.is_null()
        {
            return;
        }
        if sys::napi_get_undefined(env, &mut receiver) == sys::Status::napi_ok {
            sys::napi_call_function(env, receiver, callback, 0, ptr::null(), ptr::null_mut());
        }
    }
}

/// JavaScript thread: the environment ends, or `close` was called.
unsafe extern "C" fn finalize(env: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    // SAFETY: made by `install`, and freed here, once.
    let context = unsafe { Box::from_raw(data.cast::<Context>()) };
    *lock(&context.shared.handle) = None;
    MANAGER.forget(&context.port);
    if !env.is_null() {
        // SAFETY: made by `install`, and deleted here, once.
        unsafe { sys::napi_delete_reference(env, context.callback) };
    }
}

fn check(status: sys::napi_status) -> Result<()> {
    match status {
        sys::Status::napi_ok => Ok(()),
        status => Err(Error::new(Status::from(status), "Node refused to make a wake-up for unified-redis")),
    }
}
