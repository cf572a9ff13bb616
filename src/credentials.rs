//! User and password of the links: as configured, or asked of the application (`credentialsProvider`) for each
//! connection, and again before they end.
//!
//! JavaScript is asked by an event with a number, and answers by [`answer`]. Everybody who needs credentials at the same
//! time waits for the same answer. Nobody waits longer than he says.

use crate::config::{Config, Secret};
use crate::port::{self, lock, Port};
use crate::{Error, Kind, Result};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{watch, Notify};
use tokio::time::timeout_at;

/// What a connection is authenticated with.
#[derive(Debug, Clone, Default)]
pub struct Login {
    /// ACL user; none means `default`.
    pub username: Option<Secret>,
    /// Password; none means no AUTH.
    pub password: Option<Secret>,
    /// Tells one answer of the application from another; none where it was configured.
    serial: Option<u32>,
}

/// What the application gave.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Granted {
    username: Option<Secret>,
    password: Secret,
    /// For how long connections may be made with it, in ms; none is for this time only.
    ttl: Option<u64>,
    /// After how long connections are to be authenticated again, in ms.
    session: Option<u64>,
}

/// The credentials of one set of links.
#[derive(Default)]
pub struct Credentials {
    state: Mutex<State>,
    /// Says that [`Credentials::renewal_due`] may have changed.
    pub(crate) changed: Notify,
}

#[derive(Default)]
struct State {
    /// Whom to ask first: who has opened the links.
    owner: Weak<Port>,
    current: Option<Current>,
    asked: Option<watch::Receiver<Option<Result<Login>>>>,
    renewal_due: Option<Instant>,
}

/// What was given last, and not refused.
#[derive(Clone)]
struct Current {
    login: Login,
    given: Instant,
    /// None where the application did not say.
    until: Option<Instant>,
}

/// A question to JavaScript that was not answered yet.
struct Question {
    credentials: Weak<Credentials>,
    asker: watch::Sender<Option<Result<Login>>>,
}

static QUESTIONS: Mutex<Option<HashMap<u32, Question>>> = Mutex::new(None);
static NEXT: AtomicU32 = AtomicU32::new(1);

/// For how long credentials without an end serve others who make a connection at the same time.
const SHARED: Duration = Duration::from_secs(1);

/// The share of their life after which credentials are renewed, less up to `EARLIER` of it: many processes must not ask
/// at the same moment.
const RENEWED_AFTER: f64 = 0.75;
const EARLIER: f64 = 0.1;

impl Login {
    /// The ACL user, unless it is the one that a password alone is for: servers before Redis 6 know no other form.
    pub fn user(&self) -> Option<&str> {
        self.username.as_ref().map(Secret::reveal).filter(|user| !user.is_empty() && *user != "default")
    }

    /// The parts of AUTH.
    pub fn command(&self) -> Vec<&[u8]> {
        let password = self.password.as_ref().map_or("", Secret::reveal).as_bytes();
        match self.user() {
            Some(user) => vec![b"AUTH", user.as_bytes(), password],
            None => vec![b"AUTH", password],
        }
    }

    /// Whether the application was asked for it.
    pub fn is_granted(&self) -> bool {
        self.serial.is_some()
    }
}

impl Credentials {
    /// From now on this port is asked.
    pub fn ask_at(&self, port: &Arc<Port>) {
        lock(&self.state).owner = Arc::downgrade(port);
    }

    /// What the next connection is authenticated with.
    ///
    /// # Errors
    /// [`Kind::CredentialsFailed`]: the application has none to give, and what it gave before has ended.
    pub async fn login(self: &Arc<Self>, config: &Config) -> Result<Login> {
        if !config.credentials_provider {
            let (username, password) = (config.username.clone(), config.password.clone());
            return Ok(Login { username, password, serial: None });
        }
        let current = lock(&self.state).current.clone();
        let now = Instant::now();
        match current {
            Some(current) if current.until.unwrap_or(current.given + SHARED) > now => Ok(current.login),
            // Without an end there is no telling: it is asked for each time, and stands in where nothing better comes.
            Some(Current { login, until: None, .. }) => self.fresh(config.connect_timeout).await.or(Ok(login)),
            _ => self.fresh(config.connect_timeout).await,
        }
    }

    /// Asks the application, or joins who has asked it.
    pub(crate) async fn fresh(self: &Arc<Self>, patience: Duration) -> Result<Login> {
        let mut answer = self.ask()?;
        let by = Instant::now() + patience;
        if let Ok(Ok(outcome)) = timeout_at(by.into(), answer.wait_for(Option::is_some)).await {
            if let Some(outcome) = &*outcome {
                return outcome.clone();
            }
        }
        // The next one to need it shall not wait for the same answer.
        let mut state = lock(&self.state);
        if state.asked.as_ref().is_some_and(|asked| asked.same_channel(&answer)) {
            state.asked = None;
        }
        let waited = patience.as_secs_f64();
        Err(failed(format!("credentialsProvider gave no answer within {waited:.1} s (connectTimeout)")))
    }

    /// The server did not take it: whoever needs credentials next asks for others.
    pub fn refused(&self, login: &Login) {
        let mut state = lock(&self.state);
        if state.current.as_ref().is_some_and(|current| current.login.serial == login.serial) {
            state.current = None;
        }
    }

    /// When the links are to be authenticated again.
    pub(crate) fn renewal_due(&self) -> Option<Instant> {
        lock(&self.state).renewal_due
    }

    /// Links are to be authenticated again at `at`, or before.
    pub(crate) fn renew_by(&self, at: Instant) {
        let mut state = lock(&self.state);
        state.renewal_due = Some(state.renewal_due.map_or(at, |due| due.min(at)));
        drop(state);
        self.changed.notify_one();
    }

    /// A renewal begins: its answer will say when the next one is due.
    pub(crate) fn renewing(&self) {
        lock(&self.state).renewal_due = None;
    }

    fn ask(self: &Arc<Self>) -> Result<watch::Receiver<Option<Result<Login>>>> {
        let mut state = lock(&self.state);
        if let Some(asked) = &state.asked {
            return Ok(asked.clone());
        }
        // Where the environment that opened the links has ended, others may have been given the same options.
        let asked = match state.owner.upgrade().filter(|owner| !owner.is_closed()) {
            Some(owner) => vec![owner],
            None => port::all(),
        };
        if asked.is_empty() {
            return Err(failed("the thread whose credentialsProvider was to be asked has ended"));
        }
        let (asker, answer) = watch::channel(None);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let question = Question { credentials: Arc::downgrade(self), asker };
        let mut questions = lock(&QUESTIONS);
        let open = questions.get_or_insert_default();
        open.retain(|_, question| question.asker.receiver_count() > 0);
        open.insert(id, question);
        drop(questions);
        state.asked = Some(answer.clone());
        drop(state);
        let event = json!({ "type": "credentials-wanted", "id": id }).to_string();
        for port in asked {
            port.deliver_with(|inbox| inbox.event(&event));
        }
        Ok(answer)
    }

    /// The answer to a question has come.
    fn answered(&self, serial: u32, granted: Result<Granted>) -> Result<Login> {
        let mut state = lock(&self.state);
        state.asked = None;
        let Granted { username, password, ttl, session } = granted?;
        let login = Login { username, password: Some(password), serial: Some(serial) };
        let now = Instant::now();
        let until = ttl.map(|ttl| now + Duration::from_millis(ttl));
        state.current = Some(Current { login: login.clone(), given: now, until });
        let due = session.or(ttl).map(|life| now + renewed_after(Duration::from_millis(life)));
        // Links that were authenticated before need it before.
        state.renewal_due = [state.renewal_due, due].into_iter().flatten().min();
        drop(state);
        self.changed.notify_one();
        Ok(login)
    }
}

/// The answer of JavaScript to the question `id`: `{ "granted": ... }` or `{ "failure": "why" }`. Too late, it is dropped.
pub fn answer(id: u32, json: &str) {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    enum Answer {
        Granted(Granted),
        Failure(String),
    }
    let Some(question) = lock(&QUESTIONS).as_mut().and_then(|questions| questions.remove(&id)) else { return };
    let Some(credentials) = question.credentials.upgrade() else { return };
    let answer = match serde_json::from_str(json) {
        Ok(Answer::Granted(granted)) => Ok(granted),
        Ok(Answer::Failure(why)) => Err(failed(why)),
        // Not the parser's words, which may quote the password.
        Err(_) => Err(Error::new(Kind::Internal, "the answer of credentialsProvider does not fit the native core")),
    };
    let outcome = credentials.answered(id, answer);
    let _ = question.asker.send(Some(outcome));
}

fn failed(why: impl Into<String>) -> Error {
    Error::new(Kind::CredentialsFailed, why)
}

fn renewed_after(life: Duration) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let share = RandomState::new().hash_one(0) as f64 / u64::MAX as f64;
    life.mul_f64(RENEWED_AFTER - EARLIER * share)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<credentials>")
    }
}

/// Where settings are compared: what the application will be asked for is no setting.
impl PartialEq for Credentials {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
