//! The few functions of libuv that a wake-up needs, looked up in the running Node.
//!
//! Source: <https://docs.libuv.org/en/v1.x/async.html>, <https://docs.libuv.org/en/v1.x/handle.html>.

use once_cell::sync::OnceCell;
use std::alloc::{alloc_zeroed, dealloc, Layout};
use std::ffi::{c_int, c_void};

/// libuv's `uv_loop_t`.
pub(super) type Loop = c_void;
/// libuv's `uv_async_t`, of a size that only libuv knows.
pub(super) type Async = c_void;

/// `UV_ASYNC` of `uv_handle_type`: the first of them, in every 1.x.
const UV_ASYNC: c_int = 1;

/// libuv, as far as it is used.
pub(super) struct Uv {
    async_init: unsafe extern "C" fn(*mut Loop, *mut Async, unsafe extern "C" fn(*mut Async)) -> c_int,
    async_send: unsafe extern "C" fn(*mut Async) -> c_int,
    close: unsafe extern "C" fn(*mut Async, Option<unsafe extern "C" fn(*mut Async)>),
    reference: unsafe extern "C" fn(*mut Async),
    unreference: unsafe extern "C" fn(*mut Async),
    handle_size: unsafe extern "C" fn(c_int) -> usize,
    data: unsafe extern "C" fn(*const Async) -> *mut c_void,
    set_data: unsafe extern "C" fn(*mut Async, *mut c_void),
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
    pub unsafe fn open(
        &self,
        event_loop: *mut Loop,
        callback: unsafe extern "C" fn(*mut Async),
        data: *mut c_void,
    ) -> Option<*mut Async> {
        let layout = self.layout()?;
        // SAFETY: the layout is not empty; libuv initializes the memory before anything else reads it.
        unsafe {
            let handle = alloc_zeroed(layout).cast::<Async>();
            if handle.is_null() {
                return None;
            }
            if (self.async_init)(event_loop, handle, callback) != 0 {
                dealloc(handle.cast(), layout);
                return None;
            }
            (self.set_data)(handle, data);
            Some(handle)
        }
    }

    /// Asks for a call of the handle's callback.
    ///
    /// # Safety
    /// The handle must be open. Any thread.
    pub unsafe fn send(&self, handle: *mut Async) {
        // SAFETY: as this function's.
        unsafe { (self.async_send)(handle) };
    }

    /// Whether the handle keeps its loop alive.
    ///
    /// # Safety
    /// The handle must be open. The loop's thread.
    pub unsafe fn keep_alive(&self, handle: *mut Async, on: bool) {
        // SAFETY: as this function's.
        unsafe {
            if on {
                (self.reference)(handle)
            } else {
                (self.unreference)(handle)
            }
        }
    }

    /// What [`Uv::open`] got.
    ///
    /// # Safety
    /// The handle must not be freed.
    pub unsafe fn data(&self, handle: *const Async) -> *mut c_void {
        // SAFETY: as this function's.
        unsafe { (self.data)(handle) }
    }

    /// Closes the handle; `closed` is called when the loop is done with it, and must call [`Uv::free`].
    ///
    /// # Safety
    /// The handle must be open. The loop's thread.
    pub unsafe fn close(&self, handle: *mut Async, closed: unsafe extern "C" fn(*mut Async)) {
        // SAFETY: as this function's.
        unsafe { (self.close)(handle, Some(closed)) };
    }

    /// Frees a closed handle.
    ///
    /// # Safety
    /// From the `closed` callback of [`Uv::close`], once.
    pub unsafe fn free(&self, handle: *mut Async) {
        if let Some(layout) = self.layout() {
            // SAFETY: made by `open` with the same layout.
            unsafe { dealloc(handle.cast(), layout) };
        }
    }

    fn layout(&self) -> Option<Layout> {
        // SAFETY: reads a constant of libuv.
        let size = unsafe { (self.handle_size)(UV_ASYNC) };
        Layout::from_size_align(size, align_of::<u128>()).ok().filter(|layout| layout.size() > 0)
    }
}
