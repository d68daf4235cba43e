//! Keeps what providers answer as a recording that the recorded model gives again.
//!
//! Must never keep a key, a host or the path of the user's home: what is known of these is taken out of every text. Of what was
//! asked, only the words that name the exchange are kept.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};

use super::{Fault, RecordedAnswer, RecordedStop};
use crate::env::Env;
use crate::error::Error;
use crate::event::{Event, Stop};
use crate::limits::{Limits, ServerLimits};
use crate::message::Request;
use crate::provider::{Identity, Provider};

/// Ends of the names of variables that hold secrets.
const SECRET_NAMES: [&str; 5] = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD"];

/// Shorter values of such variables are words, such as `none`.
const MIN_SECRET_LEN: usize = 8;

/// Writes a recording, an exchange at a time. Cheap to share.
#[derive(Debug)]
pub struct Recorder {
    kept: Mutex<Kept>,
    /// What is taken out, the longest first, and what stands in its place.
    hidden: Vec<(String, &'static str)>,
}

#[derive(Debug)]
struct Kept {
    file: File,
    answers: Vec<RecordedAnswer>,
}

impl Recorder {
    /// A recorder that writes a new file, readable by the user only. The variables say what has to be taken out: keys, the
    /// home directory, and so is the current directory. Fails when the file exists or cannot be made.
    pub fn new(path: &Path, env: &Env) -> io::Result<Recorder> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let is_secret = |name: &str| SECRET_NAMES.iter().any(|end| name.to_uppercase().ends_with(end));
        let secrets = env.iter().filter(|(name, value)| is_secret(name) && value.len() >= MIN_SECRET_LEN);
        let mut hidden: Vec<(String, &'static str)> =
            secrets.map(|(_, value)| (value.trim().to_owned(), "***")).collect();
        let here = std::env::current_dir().ok().map(|dir| dir.display().to_string());
        let homes = ["HOME", "USERPROFILE"].iter().filter_map(|name| env.get(name)).map(str::to_owned);
        let paths = here.map(|here| (here, ".")).into_iter().chain(homes.map(|home| (home, "~")));
        hidden.extend(paths.filter(|(path, _)| path.len() > 1));
        hidden.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Ok(Recorder { kept: Mutex::new(Kept { file, answers: Vec::new() }), hidden })
    }

    /// A provider whose exchanges are kept. One that is dropped before its end is left out.
    pub fn around(self: &Arc<Recorder>, provider: Arc<dyn Provider>) -> Arc<dyn Provider> {
        Arc::new(Recorded { inner: provider, recorder: Arc::clone(self) })
    }

    /// Adds an exchange and writes all there are.
    fn keep(&self, answer: RecordedAnswer) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.answers.push(answer);
        if let Err(error) = kept.write() {
            tracing::error!(%error, "the recording cannot be written");
        }
    }

    fn anonymous(&self, provider: &dyn Provider, text: &str) -> String {
        let text = provider.anonymous(text);
        self.hidden.iter().fold(text, |text, (hidden, shown)| text.replace(hidden, shown))
    }
}

impl Kept {
    fn write(&mut self) -> io::Result<()> {
        let text = rendered(&self.answers).map_err(io::Error::other)?;
        self.file.rewind()?;
        self.file.set_len(0)?;
        self.file.write_all(text.as_bytes())?;
        self.file.flush()
    }
}

/// Answers as TOML, without what goes without saying.
fn rendered(answers: &[RecordedAnswer]) -> Result<String, toml::ser::Error> {
    let usual = toml::Table::try_from(RecordedAnswer::default())?;
    let mut list = Vec::new();
    for answer in answers {
        let table = toml::Table::try_from(answer)?;
        let said = table.into_iter().filter(|(name, value)| usual.get(name) != Some(value));
        list.push(toml::Value::Table(said.collect()));
    }
    let mut all = toml::Table::new();
    all.insert("answers".to_owned(), toml::Value::Array(list));
    toml::to_string_pretty(&all)
}

struct Recorded {
    inner: Arc<dyn Provider>,
    recorder: Arc<Recorder>,
}

impl Provider for Recorded {
    fn identity(&self) -> &Identity {
        self.inner.identity()
    }

    fn limits(&self, server: ServerLimits) -> Limits {
        self.inner.limits(server)
    }

    fn ask_limits(&self) -> BoxFuture<'static, ServerLimits> {
        self.inner.ask_limits()
    }

    fn anonymous(&self, text: &str) -> String {
        self.recorder.anonymous(&*self.inner, text)
    }

    fn stream(&self, request: Request) -> BoxStream<'static, Result<Event, Error>> {
        let exchange = Exchange {
            provider: Arc::clone(&self.inner),
            recorder: Arc::clone(&self.recorder),
            answer: RecordedAnswer::default(),
        };
        let exchange = exchange.asked(&request);
        let events = self.inner.stream(request);
        stream::unfold((events, Some(exchange)), |(mut events, exchange)| async move {
            let item = events.next().await?;
            let exchange = exchange.and_then(|exchange| exchange.went_on(&item));
            Some((item, (events, exchange)))
        })
        .boxed()
    }
}

/// An exchange that goes on.
struct Exchange {
    provider: Arc<dyn Provider>,
    recorder: Arc<Recorder>,
    answer: RecordedAnswer,
}

impl Exchange {
    /// Named by what is asked, as far as that stands in the prompt and nothing has to be taken out of it.
    fn asked(mut self, request: &Request) -> Exchange {
        let is_sent = |line: &&str| request.messages.iter().any(|message| message.text.contains(*line));
        let lines = request.asked.lines().map(str::trim).filter(|line| !line.is_empty());
        let is_plain = |line: &&str| self.anonymous(line) == **line;
        self.answer.contains = lines.filter(is_sent).filter(is_plain).map(str::to_owned).collect();
        self
    }

    fn anonymous(&self, text: &str) -> String {
        self.recorder.anonymous(&*self.provider, text)
    }

    /// The exchange after an item; none after its last, with which it is kept.
    fn went_on(mut self, item: &Result<Event, Error>) -> Option<Exchange> {
        let answer = &mut self.answer;
        match item {
            Ok(Event::Text(piece)) => answer.text.push_str(piece),
            Ok(Event::Reasoning(piece)) => answer.reasoning.push_str(piece),
            Ok(Event::ToolCall(_) | Event::Waiting { .. }) => {}
            Ok(Event::End { stop, usage: _ }) => {
                answer.stop = match stop {
                    Stop::Complete => RecordedStop::Complete,
                    Stop::MaxTokens => RecordedStop::MaxTokens,
                    Stop::Refusal(_) => RecordedStop::Refusal,
                    Stop::ContentFilter => RecordedStop::ContentFilter,
                    Stop::Paused | Stop::Other(_) => RecordedStop::Paused,
                    Stop::ToolUse => RecordedStop::ToolUse,
                };
                if let Stop::Refusal(why) = stop {
                    answer.refusal.clone_from(why);
                }
                self.keep();
                return None;
            }
            Err(error) => {
                failed(answer, error);
                self.keep();
                return None;
            }
        }
        Some(self)
    }

    fn keep(self) {
        let hide = |text: &str| self.anonymous(text);
        let answer = RecordedAnswer {
            text: hide(&self.answer.text),
            reasoning: hide(&self.answer.reasoning),
            refusal: hide(&self.answer.refusal),
            body: self.answer.body.as_deref().map(hide),
            error: self.answer.error.as_deref().map(hide),
            ..self.answer.clone()
        };
        self.recorder.keep(answer);
    }
}

/// An answer that fails in the same way.
fn failed(answer: &mut RecordedAnswer, error: &Error) {
    let mut refused = |status: u16, message: &str| {
        answer.status = status;
        answer.body = Some(serde_json::json!({ "error": { "message": message } }).to_string());
        // What was kept is how it ended after all tries.
        answer.headers.insert("x-should-retry".to_owned(), "false".to_owned());
    };
    match error {
        Error::Unauthorized { message, .. } => refused(401, message),
        Error::OutOfCredit { message, .. } => refused(402, message),
        Error::UnknownModel { message, .. } => refused(404, message),
        Error::RateLimited { message, .. } => refused(429, message),
        Error::Overloaded { message, .. } if answer.text.is_empty() => refused(529, message),
        Error::ServerFailed { status, message } if *status != 200 => refused(*status, message),
        Error::BadRequest { status, message } if *status != 200 => refused(*status, message),
        Error::ContextTooLong { message } => refused(400, message),
        Error::Overloaded { message, .. }
        | Error::ServerFailed { message, .. }
        | Error::BadRequest { message, .. } => answer.error = Some(message.clone()),
        Error::NotLent { message } => refused(503, message),
        Error::Network { .. } | Error::NotConfigured { .. } | Error::BadSetting { .. } => {
            answer.fault = Some(Fault::CloseBeforeHead);
        }
        Error::CutOff { .. } | Error::Timeout { .. } | Error::Protocol { .. } => {
            let has_begun = !answer.text.is_empty() || !answer.reasoning.is_empty();
            answer.fault = Some(if has_begun { Fault::CloseBeforeEnd } else { Fault::CloseBeforeHead });
        }
    }
}
