//! What `credentialsProvider` gave.

use napi_derive::napi;

/// Answers an event `credentials-wanted`: JSON, `{ "granted": { username, password, ttl, session } }` or
/// `{ "failure": "why" }`.
#[napi(catch_unwind)]
pub fn answer_credentials(id: u32, answer: String) {
    crate::credentials::answer(id, &answer);
}
