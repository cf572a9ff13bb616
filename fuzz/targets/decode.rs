//! The decoder, and the inbox that replies are written into, against arbitrary bytes.

#![no_main]

#[path = "../check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|data: &[u8]| check::check(data));
