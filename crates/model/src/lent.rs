//! A model that the editor lends: it is asked through the client, which hands on pieces of the answer and says how it ended.
//!
//! Owns what makes such an answer whole: its pieces are numbered, and its end says how many there are. Without that end, or
//! with a piece too few, it was cut. Knows nothing of the protocol between server and client.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep_until};

use crate::catalog::model_facts;
use crate::env::Env;
use crate::error::{Error, TimeLimit, shortened};
use crate::event::{Event, Stop, Usage};
use crate::key::KeySource;
use crate::limits::{ASSUMED_CONTEXT_TOKENS, LimitSource, Limits, ServerLimits};
use crate::message::{Message, Request};
use crate::protocol::Via;
use crate::provider::{Identity, Provider};
use crate::resolve::OVERRIDE_BASE_URL;
use crate::settings::Settings;

/// What a decoder of a wire format keeps of an answer at most.
const MAX_ANSWER_BYTES: usize = 16 << 20;

/// How long pieces may come behind the end: the end can overtake them on the way, by no more than a turn of the server.
const LAST_PIECES_GRACE: Duration = Duration::from_secs(2);

/// Name of the place where the model is, in words.
const ENDPOINT: &str = "the editor";

/// Name of a model where the settings name none.
const ANY_MODEL: &str = "its own model";

/// Whoever can ask the editor.
pub trait Lender: Send + Sync {
    /// Asks. Nothing may be sent before the end is polled; dropping all of it takes the question back.
    fn lend(&self, ask: LentAsk) -> Lending;
}

/// What is asked of the editor's model.
#[derive(Debug, Clone, PartialEq)]
pub struct LentAsk {
    /// The model, in the editor's word; none for the one that it chooses.
    pub model: Option<String>,
    /// Standing instructions.
    pub system: String,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// Most tokens the answer may have.
    pub max_output_tokens: u32,
    /// How much the model reasons, where anything is said of it.
    pub effort: Option<&'static str>,
}

/// An answer that comes through the editor.
pub struct Lending {
    /// Its pieces with their numbers, from 0.
    pub pieces: mpsc::UnboundedReceiver<(u64, String)>,
    /// How it ended.
    pub end: BoxFuture<'static, Result<LentEnd, LentFailure>>,
    /// Is dropped when nothing more is wanted: pieces may come behind the end, and a question without an end is taken back.
    pub open: Box<dyn Any + Send>,
}

/// The end of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LentEnd {
    /// Why it stopped.
    pub stop: Stop,
    /// How many pieces it has.
    pub n_pieces: u64,
    /// What the editor counted.
    pub usage: Usage,
}

/// Why there is no end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LentFailure {
    /// The editor says that it gives no answer, and why.
    Refused(String),
    /// What it says of the end cannot be read.
    Unreadable(String),
}

/// Whether settings ask the editor's model. A variable that names an address wins, as it does over any other.
pub fn is_lent(settings: &Settings, env: &Env) -> bool {
    settings.editor && env.get(OVERRIDE_BASE_URL).is_none()
}

/// The provider of the model that the editor lends.
pub fn lent(settings: &Settings, lender: Arc<dyn Lender>) -> Arc<dyn Provider> {
    let identity = Identity {
        via: Via::Editor,
        model: settings.model.clone().unwrap_or_else(|| ANY_MODEL.to_owned()),
        endpoint: ENDPOINT.to_owned(),
        key_source: KeySource::None,
        max_output_tokens: settings.max_output_tokens,
        context_tokens: settings.context_tokens,
    };
    Arc::new(Lent { identity, settings: settings.clone(), lender })
}

struct Lent {
    identity: Identity,
    settings: Settings,
    lender: Arc<dyn Lender>,
}

impl Provider for Lent {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The editor does not say what its models take, and what they cost is between it and the user.
    fn limits(&self, _: ServerLimits) -> Limits {
        let facts = model_facts(&self.identity.model, "").unwrap_or_default();
        let said = [
            (self.settings.context_tokens, LimitSource::Settings),
            (facts.context_tokens, LimitSource::Catalog),
        ];
        let said = said.into_iter().find_map(|(tokens, source)| Some((tokens.filter(|n| *n > 0)?, source)));
        let (context_tokens, source) = said.unwrap_or((ASSUMED_CONTEXT_TOKENS, LimitSource::Assumed));
        Limits {
            context_tokens,
            source,
            input_tokens: facts.input_tokens.filter(|_| source == LimitSource::Catalog),
            output_tokens: self.settings.max_output_tokens.map(u64::from).or(facts.output_tokens),
            price: self.settings.price,
        }
    }

    fn ask_limits(&self) -> BoxFuture<'static, ServerLimits> {
        futures::future::ready(ServerLimits::default()).boxed()
    }

    fn anonymous(&self, text: &str) -> String {
        text.to_owned()
    }

    fn stream(&self, request: Request) -> BoxStream<'static, Result<Event, Error>> {
        let effort = request.effort.or(self.settings.effort);
        let ask = LentAsk {
            model: self.settings.model.clone(),
            system: request.system,
            messages: request.messages,
            max_output_tokens: request.max_output_tokens,
            effort: effort.map(crate::settings::Effort::name),
        };
        let call = Call {
            start: Some((Arc::clone(&self.lender), ask)),
            lending: None,
            settings: self.settings.clone(),
            total: None,
            began: false,
            early: BTreeMap::new(),
            n_taken: 0,
            n_bytes: 0,
            end: None,
            ready: VecDeque::new(),
            is_over: false,
        };
        stream::unfold(call, |mut call| async move { Some((call.next().await?, call)) }).boxed()
    }
}

/// One question.
struct Call {
    start: Option<(Arc<dyn Lender>, LentAsk)>,
    lending: Option<Lending>,
    settings: Settings,
    total: Option<Instant>,
    began: bool,
    /// Pieces that came before their turn.
    early: BTreeMap<u64, String>,
    n_taken: u64,
    n_bytes: usize,
    end: Option<LentEnd>,
    ready: VecDeque<Event>,
    is_over: bool,
}

/// What came next.
enum Next {
    Piece(Option<(u64, String)>),
    End(Result<LentEnd, LentFailure>),
    Late,
}

impl Call {
    async fn next(&mut self) -> Option<Result<Event, Error>> {
        if self.is_over {
            return None;
        }
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(Ok(event));
            }
            match self.step().await {
                Ok(None) => {}
                Ok(Some(end)) => {
                    self.over();
                    return Some(Ok(Event::End { stop: end.stop, usage: end.usage }));
                }
                Err(error) => {
                    self.over();
                    return Some(Err(error));
                }
            }
        }
    }

    /// Ends the question; one that is still open is taken back with that.
    fn over(&mut self) {
        self.is_over = true;
        self.lending = None;
    }

    /// Takes what comes next. The end, once all is there.
    async fn step(&mut self) -> Result<Option<LentEnd>, Error> {
        if let Some(end) = &self.end
            && self.n_taken == end.n_pieces
        {
            return Ok(self.end.take());
        }
        if let Some((lender, ask)) = self.start.take() {
            self.total = Some(Instant::now() + self.settings.timeouts.total());
            self.lending = Some(lender.lend(ask));
        }
        let (which, limit) = self.limit();
        let until = (Instant::now() + limit).min(self.total.unwrap_or_else(Instant::now) + LAST_PIECES_GRACE);
        let Some(lending) = &mut self.lending else { return Err(cut("the editor is gone")) };
        let has_end = self.end.is_some();
        let next = tokio::select! {
            biased;
            piece = lending.pieces.recv() => Next::Piece(piece),
            end = &mut lending.end, if !has_end => Next::End(end),
            () = sleep_until(until) => Next::Late,
        };
        match next {
            Next::Piece(Some((number, text))) => self.take(number, text)?,
            Next::End(Ok(end)) => {
                if self.n_taken > end.n_pieces || self.early.keys().any(|number| *number >= end.n_pieces) {
                    return Err(protocol("more pieces came than the editor says there are"));
                }
                self.end = Some(end);
            }
            Next::End(Err(LentFailure::Refused(why))) if !self.began => {
                return Err(Error::NotLent { message: shortened(&why) });
            }
            Next::End(Err(LentFailure::Refused(why))) => return Err(cut(&shortened(&why))),
            Next::End(Err(LentFailure::Unreadable(why))) => return Err(cut(&why)),
            // All there will be came, and the end says that there is more.
            Next::Piece(None) | Next::Late if has_end => {
                let n_pieces = self.end.as_ref().map_or(0, |end| end.n_pieces);
                return Err(cut(&format!("{} of {n_pieces} pieces came", self.n_taken)));
            }
            Next::Piece(None) => return Err(cut("the editor is gone")),
            Next::Late => return Err(Error::Timeout { which, limit }),
        }
        Ok(None)
    }

    fn limit(&self) -> (TimeLimit, Duration) {
        let timeouts = &self.settings.timeouts;
        let left = self.total.map_or(Duration::ZERO, |total| total.saturating_duration_since(Instant::now()));
        let (which, limit) = match (&self.end, self.began) {
            (Some(_), _) => (TimeLimit::Idle, LAST_PIECES_GRACE),
            (None, false) => (TimeLimit::FirstByte, timeouts.first_byte()),
            (None, true) => (TimeLimit::Idle, timeouts.idle()),
        };
        if left < limit { (TimeLimit::Total, left) } else { (which, limit) }
    }

    fn take(&mut self, number: u64, text: String) -> Result<(), Error> {
        self.began = true;
        self.n_bytes = self.n_bytes.saturating_add(text.len().max(1));
        if self.n_bytes > MAX_ANSWER_BYTES {
            return Err(protocol(&format!("the answer is larger than {} MiB", MAX_ANSWER_BYTES >> 20)));
        }
        if number < self.n_taken || self.early.insert(number, text).is_some() {
            return Err(protocol("a piece of the answer came twice"));
        }
        while let Some(text) = self.early.remove(&self.n_taken) {
            self.n_taken += 1;
            if !text.is_empty() {
                self.ready.push_back(Event::Text(text));
            }
        }
        Ok(())
    }
}

fn cut(why: &str) -> Error {
    Error::CutOff { cause: why.to_owned() }
}

fn protocol(why: &str) -> Error {
    Error::Protocol { message: why.to_owned() }
}
