//! The recorded model: an HTTP server on this machine that answers with recordings, over the true wire formats.
//!
//! Used by the demo and by tests in place of a provider; what asks it is the same code that asks a real one. It listens
//! on loopback only, keeps everything in memory, and never asks anybody else.

mod connection;
mod http;
mod recorder;
mod wire;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

pub use recorder::Recorder;

use crate::protocol::Protocol;
use crate::settings::Settings;

/// Characters per piece when a recording does not say.
const DEFAULT_PIECE_CHARS: usize = 16;

/// Answers, and how they are sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recording {
    /// The answers; the first one that fits and was not given yet is given.
    pub answers: Vec<RecordedAnswer>,
    /// Characters of text per event.
    pub piece_chars: usize,
    /// Pause between two pieces, in milliseconds.
    pub pace_ms: u64,
    /// Most bytes per HTTP chunk, so that characters and lines are cut; `None` sends an event per chunk.
    pub chunk_bytes: Option<usize>,
    /// The key that requests must carry, if any.
    pub key: Option<String>,
}

impl Default for Recording {
    fn default() -> Recording {
        let answers = Vec::new();
        Recording { answers, piece_chars: DEFAULT_PIECE_CHARS, pace_ms: 0, chunk_bytes: None, key: None }
    }
}

impl Recording {
    /// A recording from TOML; fails with what is wrong and where.
    pub fn from_toml(text: &str) -> Result<Recording, toml::de::Error> {
        toml::from_str(text)
    }

    /// A recording from JSON; fails with what is wrong and where.
    pub fn from_json(text: &str) -> Result<Recording, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// One answer, given once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecordedAnswer {
    /// Texts that must all occur in the request's prompt: its instructions and messages.
    pub contains: Vec<String>,
    /// The answer's text.
    pub text: String,
    /// The model's reasoning before it.
    pub reasoning: String,
    /// How the answer ends.
    pub stop: RecordedStop,
    /// Explanation of a refusal.
    pub refusal: String,
    /// The status; anything but 0 and 200 sends `body` without streaming.
    pub status: u16,
    /// Headers besides the usual ones.
    pub headers: BTreeMap<String, String>,
    /// Sent as it is in place of a stream of the text.
    pub body: Option<String>,
    /// Message of an error event sent in the place of the end.
    pub error: Option<String>,
    /// After so many pieces of text, waits for [`RecordedModel::release`].
    pub hold: Option<usize>,
    /// What goes wrong on the way.
    pub fault: Option<Fault>,
}

impl RecordedAnswer {
    /// A text for requests that contain all of `contains`.
    pub fn new(contains: &[&str], text: impl Into<String>) -> RecordedAnswer {
        let contains = contains.iter().map(|part| (*part).to_owned()).collect();
        RecordedAnswer { contains, text: text.into(), ..RecordedAnswer::default() }
    }

    /// A status with a body, for any request.
    pub fn status(status: u16, body: impl Into<String>) -> RecordedAnswer {
        RecordedAnswer { status, body: Some(body.into()), ..RecordedAnswer::default() }
    }
}

/// How a recorded answer ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordedStop {
    /// The model was done.
    #[default]
    Complete,
    /// The limit of output tokens.
    MaxTokens,
    /// A refusal.
    Refusal,
    /// The provider's filter.
    ContentFilter,
    /// A paused turn; where there is none, the answer ends without a reason or with another.
    Paused,
    /// A tool call.
    ToolUse,
}

/// What goes wrong with an answer. Bytes are counted in the body; a place beyond its end means its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The connection is closed after so many bytes, without the end of the body.
    CloseAfter(usize),
    /// The body ends properly after so many bytes.
    EndAfter(usize),
    /// Nothing comes any more after so many bytes, until the client closes the connection.
    StallAfter(usize),
    /// A chunk that is no chunk comes after so many bytes.
    GarbageAfter(usize),
    /// Not even a status comes.
    StallBeforeHead,
    /// The connection is closed before a status.
    CloseBeforeHead,
    /// The connection is closed behind the last piece of text, before the answer's end.
    CloseBeforeEnd,
}

/// A request as it came.
#[derive(Clone, PartialEq)]
pub struct Received {
    /// `GET` or `POST`.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Names in lower case, and values. They hold whatever key was sent.
    pub headers: Vec<(String, String)>,
    /// The body; null when there was none or it was no JSON.
    pub body: Value,
}

impl Received {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Instructions and messages, joined by empty lines.
    pub fn prompt(&self) -> String {
        wire::prompt(&self.body).join("\n\n")
    }

    /// The last message of the user.
    pub fn last_user_message(&self) -> String {
        wire::last_user_message(&self.body)
    }
}

/// Headers are left out: they hold keys.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Received { method, path, headers: _, body } = self;
        f.debug_struct("Received")
            .field("method", method)
            .field("path", path)
            .field("body", body)
            .finish_non_exhaustive()
    }
}

/// A server that answers with a recording. Stops when dropped.
pub struct RecordedModel {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
}

impl RecordedModel {
    /// Starts on a free port of loopback. Fails when no port can be had. Needs a Tokio runtime.
    pub async fn start(recording: Recording) -> io::Result<RecordedModel> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(recording));
        let (stop, mut stopped) = watch::channel(false);
        let accepting = Arc::clone(&shared);
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    _ = stopped.changed() => return,
                };
                let Ok((stream, _)) = accepted else { continue };
                let open = Open::new(Arc::clone(&accepting));
                let mut stopped = stopped.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        () = connection::serve(stream, &open.0) => {}
                        _ = stopped.changed() => {}
                    }
                });
            }
        });
        Ok(RecordedModel { address, shared, stop })
    }

    /// The address for `base_url`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Settings that ask this server.
    pub fn settings(&self, protocol: Protocol) -> Settings {
        Settings {
            protocol: Some(protocol),
            base_url: Some(self.base_url()),
            model: Some(wire::MODEL.to_owned()),
            ..Settings::default()
        }
    }

    /// The requests for answers so far, in order; questions about models are no part of them.
    pub fn requests(&self) -> Vec<Received> {
        self.shared.lock().requests.clone()
    }

    /// Adds an answer behind the others.
    pub fn add(&self, answer: RecordedAnswer) {
        self.shared.lock().answers.push(Slot { answer, is_given: false });
    }

    /// Lets one answer go on that is held, or will be.
    pub fn release(&self) {
        self.shared.gate.add_permits(1);
    }

    /// Comes back once `n` answers have been held, counted from the start.
    pub async fn wait_held(&self, n: usize) {
        self.wait(|counts| counts.n_held >= n).await;
    }

    /// Comes back once `n` requests have come, counted from the start.
    pub async fn wait_requests(&self, n: usize) {
        self.wait(|counts| counts.n_requests >= n).await;
    }

    /// How many connections are open now.
    pub fn open_connections(&self) -> usize {
        self.shared.counts.borrow().n_open
    }

    /// Comes back once no connection is open. Every answer closes its connection, so one that is still open is an answer
    /// on its way, or a client that holds on to it.
    pub async fn wait_closed(&self) {
        self.wait(|counts| counts.n_open == 0).await;
    }

    /// How many answers the client did not wait for.
    pub fn abandoned(&self) -> usize {
        self.shared.counts.borrow().n_abandoned
    }

    async fn wait(&self, is_so: impl Fn(&Counts) -> bool) {
        // The sender lives as long as `self`.
        let _ = self.shared.counts.subscribe().wait_for(is_so).await;
    }
}

impl Drop for RecordedModel {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// What the connections share.
struct Shared {
    recording: Recording,
    state: Mutex<State>,
    gate: Semaphore,
    counts: watch::Sender<Counts>,
}

struct State {
    answers: Vec<Slot>,
    requests: Vec<Received>,
}

struct Slot {
    answer: RecordedAnswer,
    is_given: bool,
}

#[derive(Debug, Default)]
struct Counts {
    n_open: usize,
    n_requests: usize,
    n_held: usize,
    n_abandoned: usize,
}

impl Shared {
    fn new(mut recording: Recording) -> Shared {
        let answers = std::mem::take(&mut recording.answers);
        let answers = answers.into_iter().map(|answer| Slot { answer, is_given: false }).collect();
        Shared {
            recording,
            state: Mutex::new(State { answers, requests: Vec::new() }),
            gate: Semaphore::new(0),
            counts: watch::Sender::new(Counts::default()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the request.
    fn receive(&self, received: Received) {
        self.lock().requests.push(received);
        self.counts.send_modify(|counts| counts.n_requests += 1);
    }

    /// The first answer not yet given whose texts all occur in the prompt; else a list of the answers there are.
    fn take_answer(&self, prompt: &str) -> Result<RecordedAnswer, String> {
        let mut state = self.lock();
        let fits = |slot: &&mut Slot| {
            !slot.is_given && slot.answer.contains.iter().all(|part| prompt.contains(part.as_str()))
        };
        if let Some(slot) = state.answers.iter_mut().find(fits) {
            slot.is_given = true;
            return Ok(slot.answer.clone());
        }
        let describe = |slot: &Slot| {
            let state = if slot.is_given { "given" } else { "not given" };
            format!("{:?} ({state})", slot.answer.contains)
        };
        let answers: Vec<String> = state.answers.iter().map(describe).collect();
        Err(format!("no recorded answer fits this prompt; there are: {}", answers.join(", ")))
    }
}

/// A connection as long as it is open.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: Arc<Shared>) -> Open {
        shared.counts.send_modify(|counts| counts.n_open += 1);
        Open(shared)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.counts.send_modify(|counts| counts.n_open -= 1);
    }
}
