//! Finds the addons of other copies of this package in the process.
//!
//! Two copies (two versions of a dependency tree, a test beside its subject) are two shared objects, each with
//! statics of its own, so each would open its own links. They are told apart by their paths in the list of loaded
//! objects, which all threads see in the same order: whoever was loaded first serves all.

/// Whether a shared object is an addon of this package.
fn is_ours(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.starts_with("unified-redis.") && name.ends_with(".node")
}

/// Paths of the addons of this package, in load order.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
pub(super) fn loaded() -> Vec<String> {
    unsafe extern "C" fn visit(
        info: *mut libc::dl_phdr_info,
        _: libc::size_t,
        found: *mut libc::c_void,
    ) -> libc::c_int {
        // SAFETY: the loader passes a live entry, and `found` is the vector of the caller below.
        unsafe {
            let name = (*info).dlpi_name;
            if !name.is_null() {
                let path = std::ffi::CStr::from_ptr(name).to_string_lossy();
                if is_ours(&path) {
                    (*found.cast::<Vec<String>>()).push(path.into_owned());
                }
            }
        }
        0
    }
    let mut found = Vec::<String>::new();
    // SAFETY: `visit` matches the type of the callback, and `found` outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(visit), (&raw mut found).cast()) };
    found
}

/// Paths of the addons of this package, in load order.
#[cfg(target_vendor = "apple")]
pub(super) fn loaded() -> Vec<String> {
    // SAFETY: indices below the count are valid, or give null when an image was unloaded meanwhile.
    unsafe {
        #[expect(deprecated, reason = "the mach2 crate that libc points to is not needed for two functions")]
        let count = libc::_dyld_image_count();
        (0..count)
            .filter_map(|index| {
                #[expect(deprecated, reason = "as above")]
                let name = libc::_dyld_get_image_name(index);
                (!name.is_null()).then(|| std::ffi::CStr::from_ptr(name).to_string_lossy().into_owned())
            })
            .filter(|path| is_ours(path))
            .collect()
    }
}

/// Elsewhere copies are not found, and each has links of its own.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd", target_vendor = "apple")))]
pub(super) fn loaded() -> Vec<String> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn knows_its_own() {
        assert!(is_ours("/a/unified-redis.linux-x64-gnu.node"));
        assert!(is_ours("unified-redis.darwin-arm64.node"));
        assert!(!is_ours("/unified-redis/other.linux-x64-gnu.node"));
    }
}
