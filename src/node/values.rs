//! Builds the JavaScript values of a batch of replies.

use crate::inbox::{record_len, Inbox, Shape, EVENT, MESSAGE, MONITORED, ORIGIN};
use napi::bindgen_prelude::{Error, Result};
use napi::{sys, Status};
use std::ptr;

/// An inbox on its way into JavaScript, and how far it has come.
#[derive(Default)]
pub(super) struct Taken {
    inbox: Inbox,
    meta: usize,
    data: usize,
}

impl Taken {
    pub fn is_empty(&self) -> bool {
        self.meta == self.inbox.meta.len()
    }

    /// The inbox, to be filled anew.
    pub fn refill(&mut self) -> &mut Inbox {
        self.meta = 0;
        self.data = 0;
        &mut self.inbox
    }
}

/// Above this many bytes a Buffer takes over the vector instead of copying it.
const TAKE_OVER: usize = 16 * 1024;

/// The longest string of V8 on 64-bit machines, in UTF-16 units.
const MAX_STRING: usize = 0x1fff_ffe8;

/// Moves whole records into `meta`. Returns what `Port.take` returns, and how many requests were answered.
pub(super) fn take_chunk(env: sys::napi_env, taken: &mut Taken, meta: &mut [i32]) -> Result<(sys::napi_value, usize)> {
    let left = &taken.inbox.meta[taken.meta..];
    let (ints, values, settled) = measure(left, meta.len(), taken.inbox.spans.len());
    if ints == 0 && !left.is_empty() {
        let mut needed = ptr::null_mut();
        // SAFETY: called from JavaScript, so env is alive.
        check(unsafe { sys::napi_create_double(env, record_len(left) as f64, &mut needed) })?;
        return Ok((needed, 0));
    }
    meta[..ints].copy_from_slice(&left[..ints]);
    taken.meta += ints;
    let mut array = ptr::null_mut();
    // SAFETY: called from JavaScript, so env is alive; all values are made and stored within this call.
    unsafe {
        check(sys::napi_create_array_with_length(env, values + 1, &mut array))?;
        for index in 0..values {
            let value = next_value(env, taken)?;
            check(sys::napi_set_element(env, array, index as u32, value))?;
        }
        let mut used = ptr::null_mut();
        let ints = i32::try_from(ints).map_err(|_| Error::from_reason("a reply is too long"))?;
        check(sys::napi_create_int32(env, if taken.is_empty() { -ints } else { ints }, &mut used))?;
        check(sys::napi_set_element(env, array, values as u32, used))?;
    }
    Ok((array, settled))
}

/// How many integers make whole records that fit, how many values belong to them, how many answer requests.
fn measure(meta: &[i32], room: usize, spans: usize) -> (usize, usize, usize) {
    let (mut at, mut values, mut settled) = (0, 0, 0);
    while at < meta.len() {
        let len = record_len(&meta[at..]);
        if at + len > room {
            return (at, values, settled);
        }
        values += record_values(&meta[at..at + len]);
        settled += usize::from(meta[at] >= 0);
        at += len;
    }
    debug_assert_eq!(values, spans);
    (at, values, settled)
}

fn record_values(record: &[i32]) -> usize {
    use crate::inbox::token;
    match record[0] {
        EVENT | MONITORED => return 1,
        ORIGIN => return 0,
        MESSAGE => return if record[1] == 1 { 3 } else { 2 },
        _ => {}
    }
    let (mut at, mut values) = (1, 0);
    while at < record.len() {
        match record[at] {
            token::STRING | token::ERROR | token::FAILURE | token::DOUBLE | token::BIG_NUMBER => {
                values += 1;
                at += 1;
            }
            token::INT | token::BOOL | token::ARRAY | token::SET | token::MAP => at += 2,
            token::INT64 => at += 3,
            _ => at += 1,
        }
    }
    values
}

/// # Safety
/// `env` must be alive, and a handle scope open.
unsafe fn next_value(env: sys::napi_env, taken: &mut Taken) -> Result<sys::napi_value> {
    let span = taken.inbox.spans.pop_front().ok_or_else(|| Error::from_reason("a reply lacks a value"))?;
    match span.len {
        Some(len) => {
            let bytes = &taken.inbox.data[taken.data..taken.data + len as usize];
            taken.data += len as usize;
            // SAFETY: as this function's.
            unsafe { copied(env, span.shape, bytes) }
        }
        None => {
            let bytes = taken.inbox.owned.pop_front().ok_or_else(|| Error::from_reason("a reply lacks its bytes"))?;
            // SAFETY: as this function's.
            unsafe {
                match span.shape {
                    Shape::Buffer if bytes.len() > TAKE_OVER => taken_over(env, bytes),
                    shape => copied(env, shape, &bytes),
                }
            }
        }
    }
}

/// # Safety
/// `env` must be alive, and a handle scope open.
unsafe fn copied(env: sys::napi_env, shape: Shape, bytes: &[u8]) -> Result<sys::napi_value> {
    let mut value = ptr::null_mut();
    let (start, len) = (bytes.as_ptr().cast(), bytes.len() as isize);
    // SAFETY: `start` and `len` are a live slice, which Node copies.
    let status = unsafe {
        match shape {
            Shape::Ascii if bytes.len() <= MAX_STRING => sys::napi_create_string_latin1(env, start, len, &mut value),
            Shape::Utf8 if bytes.len() <= MAX_STRING => sys::napi_create_string_utf8(env, start, len, &mut value),
            Shape::Buffer => {
                let mut data = ptr::null_mut();
                sys::napi_create_buffer_copy(env, bytes.len(), start.cast(), &mut data, &mut value)
            }
            // Undefined, which no reply is: lib/bridge/replies.js makes REPLY_TOO_LARGE of it.
            Shape::Ascii | Shape::Utf8 => sys::napi_get_undefined(env, &mut value),
        }
    };
    check(status)?;
    Ok(value)
}

/// # Safety
/// `env` must be alive, and a handle scope open.
unsafe fn taken_over(env: sys::napi_env, bytes: Vec<u8>) -> Result<sys::napi_value> {
    let mut value = ptr::null_mut();
    let len = bytes.len();
    let owner = Box::into_raw(Box::new(bytes));
    // SAFETY: `owner` is live until `free` is called with it, once, when the Buffer is collected.
    unsafe {
        let start = (*owner).as_mut_ptr();
        let status = sys::napi_create_external_buffer(env, len, start.cast(), Some(free), owner.cast(), &mut value);
        if status == sys::Status::napi_ok {
            return Ok(value);
        }
        // Runtimes with a memory cage (Electron) have no external Buffers.
        let bytes = Box::from_raw(owner);
        copied(env, Shape::Buffer, &bytes)
    }
}

unsafe extern "C" fn free(_: sys::napi_env, _: *mut std::ffi::c_void, owner: *mut std::ffi::c_void) {
    // SAFETY: made by `taken_over`, and freed here, once.
    drop(unsafe { Box::from_raw(owner.cast::<Vec<u8>>()) });
}

fn check(status: sys::napi_status) -> Result<()> {
    match status {
        sys::Status::napi_ok => Ok(()),
        status => Err(Error::new(Status::from(status), "Node could not make a value of a reply")),
    }
}
