//! The boundary to JavaScript. `lib/bridge.js` is its only caller.
//!
//! Nothing here may panic into Node: every function is wrapped (`catch_unwind`), and failures that are expected cross
//! as replies on a slot, not as exceptions.

pub mod credentials;
mod inline;
mod port;
mod siblings;
mod uv;
mod values;
mod waker;

use crate::Kind;
use napi::bindgen_prelude::{Error, Result};
use napi_derive::napi;
use serde_json::json;

/// The version of this boundary. Copies of the package in one process share the core of the first one loaded if, and
/// only if, theirs is the same.
#[napi]
pub const ABI_VERSION: u32 = 3;

/// Paths of the unified-redis addons in this process, in the order in which they were loaded; this one among them.
#[napi(catch_unwind)]
pub fn siblings() -> Vec<String> {
    siblings::loaded()
}

/// The parts of a connection URL (`redis://`, `rediss://`, `unix://`), as JSON. The error's message has no secret.
#[napi(catch_unwind)]
pub fn parse_url(url: String) -> Result<String> {
    // The crate knows the scheme only together with its own TLS, which is not built in: ours is used.
    let secure = url.strip_prefix("rediss:");
    let plain = secure.map_or(url.clone(), |rest| format!("redis:{rest}"));
    let info = redis::parse_redis_url(&plain)
        .ok_or_else(|| Error::from_reason("is not a URL of the form redis://[user:password@]host[:port][/db]"))
        .and_then(|url| {
            redis::IntoConnectionInfo::into_connection_info(url).map_err(|error| Error::from_reason(error.to_string()))
        })?;
    let settings = info.redis_settings();
    let (host, port, path) = match info.addr() {
        redis::ConnectionAddr::Tcp(host, port) => (Some(host), Some(port), None),
        redis::ConnectionAddr::Unix(path) => (None, None, Some(path)),
        _ => return Err(Error::from_reason("is of a kind that is not supported")),
    };
    Ok(json!({
        "host": host,
        "port": port,
        "path": path,
        "tls": secure.is_some(),
        "username": settings.username(),
        "password": settings.password(),
        "db": settings.db(),
    })
    .to_string())
}

/// Answers an event that asks a function of the application: JSON, `{ "given": ... }` or `{ "failure": "why" }`.
#[napi(catch_unwind)]
pub fn answer_question(id: u32, answer: String) {
    crate::questions::answer(id, &answer);
}

/// Panics, so that tests see what becomes of it. In debug builds only.
#[cfg(debug_assertions)]
#[napi(catch_unwind)]
pub fn panic_on_purpose() {
    panic!("a panic on purpose");
}

/// Every code of an error of ours, as JSON: `[{ code, retryable, meaning }]`.
#[napi(catch_unwind)]
pub fn error_codes() -> String {
    let codes: Vec<_> = Kind::ALL
        .iter()
        .map(|kind| json!({ "code": kind.code(), "retryable": kind.retryable(), "meaning": kind.meaning() }))
        .collect();
    json!(codes).to_string()
}
