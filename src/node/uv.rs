//! The few functions of libuv that a wake-up and a watch on a socket need, looked up in the running Node.
//!
//! Source: <https://docs.libuv.org/en/v1.x/async.html>, <https://docs.libuv.org/en/v1.x/poll.html>,
//! <https://docs.libuv.org/en/v1.x/handle.html>.

use once_cell::sync::OnceCell;
use std::alloc::{alloc_zeroed, dealloc, Layout};
use std::ffi::{c_int, c_void};

/// libuv's `uv_loop_t`.
pub(super) type Loop = c_void;
/// libuv's `uv_async_t` or `uv_poll_t`, of a size that only libuv knows.
pub(super) type Handle = c_void;
/// Called on the loop's thread.
pub(super) type Callback = unsafe extern "C" fn(*mut Handle);
/// Called on the loop's thread, with a status and the events.
pub(super) type PollCallback = unsafe extern "C" fn(*mut Handle, c_int, c_int);

/// Kinds of handles, as in `uv_handle_type` of every 1.x.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Async = 1,
    Poll = 8,
}

/// `uv_poll_event`: something can be read, or the stream has ended.
const UV_READABLE: c_int = 1;

/// libuv, as far as it is used.
pub(super) struct Uv {
    async_init: unsafe extern "C" fn(*mut Loop, *mut Handle, Callback) -> c_int,
    async_send: unsafe extern "C" fn(*mut Handle) -> c_int,
    poll_init: unsafe extern "C" fn(*mut Loop, *mut Handle, c_int) -> c_int,
    poll_start: unsafe extern "C" fn(*mut Handle, c_int, PollCallback) -> c_int,
    close: unsafe extern "C" fn(*mut Handle, Option<Callback>),
    reference: unsafe extern "C" fn(*mut Handle),
    unreference: unsafe extern "C" fn(*mut Handle),
    handle_size: unsafe extern "C" fn(c_int) -> usize,
    data: unsafe extern "C" fn(*const Handle) -> *mut c_void,
    set_data: unsafe extern "C" fn(*mut Handle, *mut c_void),
}

impl Uv {
    /// The libuv of this process; none in a runtime that has another event loop.
    pub fn get() -> Option<&'static Self> {
        static UV: OnceCell<Option<Uv>> = OnceCell::new();
        UV.get_or_init(Self::load).as_ref()
    }

    fn load() -> Option<Self> {
        #[cfg(unix)]
        let library = libloading::os::unix::Library::this();
        #[cfg(windows)]
        let library = libloading::os::windows::Library::this().ok()?;
        // SAFETY: the types are those of libuv 1.x, whose interface has been stable since 1.19; the library is the
        // running program, so the addresses stay good.
        unsafe {
            Some(Self {
                async_init: *library.get(b"uv_async_init\0").ok()?,
                async_send: *library.get(b"uv_async_send\0").ok()?,
                poll_init: *library.get(b"uv_poll_init\0").ok()?,
                poll_start: *library.get(b"uv_poll_start\0").ok()?,
                close: *library.get(b"uv_close\0").ok()?,
                reference: *library.get(b"uv_ref\0").ok()?,
                unreference: *library.get(b"uv_unref\0").ok()?,
                handle_size: *library.get(b"uv_handle_size\0").ok()?,
                data: *library.get(b"uv_handle_get_data\0").ok()?,
                set_data: *library.get(b"uv_handle_set_data\0").ok()?,
            })
        }
    }

    /// A handle that calls `callback` on the loop's thread after [`Uv::send`], once for any number of them.
    ///
    /// # Safety
    /// Call on the thread of `event_loop`, which must be alive. `data` must stay good until the handle is freed.
    pub unsafe fn open(&self, event_loop: *mut Loop, callback: Callback, data: *mut c_void) -> Option<*mut Handle> {
        // SAFETY: libuv initializes the memory before anything else reads it.
        unsafe {
            let handle = self.make(Kind::Async)?;
            if (self.async_init)(event_loop, handle, callback) != 0 {
                self.free(handle, Kind::Async);
                return None;
            }
            (self.set_data)(handle, data);
            Some(handle)
        }
    }

    /// A handle that can watch a socket. It does not keep the loop alive.
    ///
    /// # Safety
    /// As [`Uv::open`]; and `socket` must stay open until the handle is closed.
    pub unsafe fn poll(&self, event_loop: *mut Loop, socket: c_int, data: *mut c_void) -> Option<*mut Handle> {
        // SAFETY: as in `open`.
        unsafe {
            let handle = self.make(Kind::Poll)?;
            if (self.poll_init)(event_loop, handle, socket) != 0 {
                self.free(handle, Kind::Poll);
                return None;
            }
            (self.set_data)(handle, data);
            (self.unreference)(handle);
            Some(handle)
        }
    }

    /// Calls `callback` on the loop's thread whenever the socket has something to be read. False when that cannot be.
    ///
    /// # Safety
    /// The handle must be an open one of [`Uv::poll`]. The loop's thread.
    pub unsafe fn watch(&self, handle: *mut Handle, callback: PollCallback) -> bool {
        // SAFETY: as this function's.
        unsafe { (self.poll_start)(handle, UV_READABLE, callback) == 0 }
    }

    /// Asks for a call of the handle's callback.
    ///
    /// # Safety
    /// The handle must be open. Any thread.
    pub unsafe fn send(&self, handle: *mut Handle) {
        // SAFETY: as this function's.
        unsafe { (self.async_send)(handle) };
    }

    /// Whether the handle keeps its loop alive.
    ///
    /// # Safety
    /// The handle must be open. The loop's thread.
    pub unsafe fn keep_alive(&self, handle: *mut Handle, on: bool) {
        // SAFETY: as this function's.
        unsafe {
            if on {
                (self.reference)(handle)
            } else {
                (self.unreference)(handle)
            }
        }
    }

    /// What [`Uv::open`] or [`Uv::poll`] got.
    ///
    /// # Safety
    /// The handle must not be freed.
    pub unsafe fn data(&self, handle: *const Handle) -> *mut c_void {
        // SAFETY: as this function's.
        unsafe { (self.data)(handle) }
    }

    /// Closes the handle; `closed` is called when the loop is done with it, and must call [`Uv::free`].
    ///
    /// # Safety
    /// The handle must be open. The loop's thread.
    pub unsafe fn close(&self, handle: *mut Handle, closed: Callback) {
        // SAFETY: as this function's.
        unsafe { (self.close)(handle, Some(closed)) };
    }

    /// Frees a closed handle.
    ///
    /// # Safety
    /// From the `closed` callback of [`Uv::close`], once, with the kind that it was made of.
    pub unsafe fn free(&self, handle: *mut Handle, kind: Kind) {
        if let Some(layout) = self.layout(kind) {
            // SAFETY: made by `make` with the same layout.
            unsafe { dealloc(handle.cast(), layout) };
        }
    }

    fn make(&self, kind: Kind) -> Option<*mut Handle> {
        let layout = self.layout(kind)?;
        // SAFETY: the layout is not empty.
        let handle = unsafe { alloc_zeroed(layout) };
        (!handle.is_null()).then(|| handle.cast())
    }

    fn layout(&self, kind: Kind) -> Option<Layout> {
        // SAFETY: reads a constant of libuv.
        let size = unsafe { (self.handle_size)(kind as c_int) };
        Layout::from_size_align(size, align_of::<u128>()).ok().filter(|layout| layout.size() > 0)
    }
}
