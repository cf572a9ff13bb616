//! The I/O thread: one for the process, made when first needed, and kept.

use once_cell::sync::OnceCell;
use tokio::runtime::{Builder, Handle};

/// Threads that resolve host names; they end when idle.
const RESOLVERS: usize = 4;

/// Where tasks of the I/O thread are spawned.
///
/// # Errors
/// When the system gives no thread, or no event queue.
pub(crate) fn io_thread() -> std::io::Result<&'static Handle> {
    static HANDLE: OnceCell<Handle> = OnceCell::new();
    HANDLE.get_or_try_init(|| {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(RESOLVERS)
            .thread_name("unified-redis-resolve")
            .build()?;
        let handle = runtime.handle().clone();
        std::thread::Builder::new()
            .name("unified-redis-io".to_owned())
            .spawn(move || runtime.block_on(super::spin::spin()))?;
        Ok(handle)
    })
}
