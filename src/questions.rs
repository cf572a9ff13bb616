//! Questions that only a function of the application can answer: an event with a number, and [`answer`] with the same.

use crate::port::{self, lock, Port};
use serde::Deserialize;
use serde_json::{json, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// What JavaScript says, or why it does not.
type Outcome = Result<Value, String>;

static QUESTIONS: Mutex<Option<HashMap<u32, oneshot::Sender<Outcome>>>> = Mutex::new(None);
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Whom to ask.
#[derive(Default)]
pub struct Asker(Mutex<Weak<Port>>);

impl Asker {
    /// From now on this port is asked.
    pub fn ask_at(&self, port: &Arc<Port>) {
        *lock(&self.0) = Arc::downgrade(port);
    }

    /// Asks what `event` says.
    ///
    /// # Errors
    /// In words: the function failed, or gave no answer in time.
    pub async fn ask(&self, event: Value, patience: Duration) -> Outcome {
        match timeout(patience, self.put(event)).await {
            Ok(Ok(outcome)) => outcome,
            _ => Err(format!("gave no answer within {:.1} s", patience.as_secs_f64())),
        }
    }

    fn put(&self, mut event: Value) -> oneshot::Receiver<Outcome> {
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let (asker, answer) = oneshot::channel();
        let mut questions = lock(&QUESTIONS);
        let open = questions.get_or_insert_default();
        open.retain(|_, asker| !asker.is_closed());
        open.insert(id, asker);
        drop(questions);
        event["id"] = json!(id);
        let event = event.to_string();
        // Where the environment that opened the links has ended, others may have been given the same options.
        let owner = lock(&self.0).upgrade().filter(|owner| !owner.is_closed());
        for port in owner.map_or_else(port::all, |owner| vec![owner]) {
            port.deliver_with(|inbox| inbox.event(&event));
        }
        answer
    }
}

/// The answer of JavaScript to the question `id`: `{ "given": ... }` or `{ "failure": "why" }`. Too late, it is dropped.
pub fn answer(id: u32, json: &str) {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    enum Answer {
        Given(Value),
        Failure(String),
    }
    let Some(asker) = lock(&QUESTIONS).as_mut().and_then(|questions| questions.remove(&id)) else { return };
    let outcome = match serde_json::from_str(json) {
        Ok(Answer::Given(value)) => Ok(value),
        Ok(Answer::Failure(why)) => Err(why),
        Err(error) => Err(format!("gave an answer that does not fit: {error}")),
    };
    // Nobody may wait any more.
    let _ = asker.send(outcome);
}

impl fmt::Debug for Asker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<asker>")
    }
}
