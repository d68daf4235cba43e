//! One call: send, read, try again before the first content, end exactly once.
//!
//! Everything a call holds is dropped with it, and with that its connection is closed or its HTTP/2 stream reset.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Response;
use tokio::time::{Instant, sleep, timeout_at};

use super::failure::{Failure, broken, no_response};
use super::retry::{reason, retry_after, wait_before_retry};
use super::{Ask, Http};
use crate::body::Dialect;
use crate::decode::Decoder;
use crate::error::{Error, Report, TimeLimit, from_response, readable};
use crate::event::{Event, Stop};

/// An error's body is short; more than this is not read.
const MAX_ERROR_BODY_BYTES: usize = 64 << 10;

/// After the protocol's last word the body should end at once. Waiting for that lets the connection be used again, and an
/// error behind the last word is still seen; a server that never ends the body costs no more than this.
const LAST_WORD_GRACE: Duration = Duration::from_millis(500);

/// Corrections of the dialect per call: the limit's name, the temperature, the stream options.
const MAX_CORRECTIONS: u32 = 3;

pub(super) struct Call {
    http: Arc<Http>,
    ask: Ask,
    dialect: Dialect,
    state: State,
    ready: VecDeque<Event>,
    /// Behind `ready`.
    last: Option<Result<Event, Error>>,
    has_content: bool,
    n_retries: u32,
    n_corrections: u32,
    /// Set when the stream is first polled.
    deadline: Option<Instant>,
}

enum State {
    Send,
    Wait(Duration),
    Read(Box<Reading>),
    Over,
}

struct Reading {
    response: Response,
    decoder: Decoder,
    /// Until when the first byte must come; later bytes have a limit of their own.
    first_byte: Option<Instant>,
    is_checked: bool,
}

impl Call {
    pub(super) fn new(http: Arc<Http>, ask: Ask) -> Call {
        let dialect = http.dialect();
        Call {
            http,
            ask,
            dialect,
            state: State::Send,
            ready: VecDeque::new(),
            last: None,
            has_content: false,
            n_retries: 0,
            n_corrections: 0,
            deadline: None,
        }
    }

    pub(super) async fn next(&mut self) -> Option<Result<Event, Error>> {
        self.deadline.get_or_insert_with(|| Instant::now() + self.http.settings.timeouts.total());
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(Ok(event));
            }
            if let Some(last) = self.last.take() {
                return Some(last);
            }
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return None,
                State::Wait(wait) => {
                    let slept = self.within(TimeLimit::Total, None, sleep(wait)).await;
                    match slept {
                        Ok(()) => self.state = State::Send,
                        Err(error) => self.fail(error.into()),
                    }
                }
                State::Send => match self.send().await {
                    Ok(reading) => self.state = State::Read(Box::new(reading)),
                    Err(failure) => self.fail(failure),
                },
                State::Read(reading) => self.read(reading).await,
            }
        }
    }

    async fn send(&mut self) -> Result<Reading, Failure> {
        let http = Arc::clone(&self.http);
        let identity = &http.identity;
        let body = self.ask.body(&http, self.dialect);
        tracing::debug!(provider = %identity, n_retries = self.n_retries, "send a request");
        let request = http.client.post(http.url.clone()).headers(http.headers.clone()).body(body.to_string());
        let first_byte = Instant::now() + http.settings.timeouts.first_byte();
        let sent = self.within(TimeLimit::FirstByte, Some(first_byte), request.send()).await?;
        let mut response = sent.map_err(|error| {
            no_response(error, http.settings.timeouts.connect(), http.settings.proxy.is_some())
        })?;
        let status = response.status().as_u16();
        tracing::debug!(provider = %identity, status, "an answer begins");
        if response.status().is_success() {
            let decoder = self.ask.decoder(http.protocol);
            return Ok(Reading { response, decoder, first_byte: Some(first_byte), is_checked: false });
        }
        let wait = retry_after(response.headers(), SystemTime::now());
        let should_retry = match response.headers().get("x-should-retry").map(|value| value.as_bytes()) {
            Some(b"true") => Some(true),
            Some(b"false") => Some(false),
            _ => None,
        };
        let bytes = self.rest(&mut response, Vec::new()).await;
        let report = Report::of_body(&bytes);
        let retry_after = wait.or(report.retry_after);
        Err(Failure { error: report.error(status, wait), retry_after, should_retry })
    }

    async fn read(&mut self, mut reading: Box<Reading>) {
        let timeouts = self.http.settings.timeouts;
        let is_over = reading.decoder.is_over();
        let (which, until) = match reading.first_byte {
            Some(until) => (TimeLimit::FirstByte, until),
            None if is_over => (TimeLimit::Idle, Instant::now() + LAST_WORD_GRACE),
            None => (TimeLimit::Idle, Instant::now() + timeouts.idle()),
        };
        match self.within(which, Some(until), reading.response.chunk()).await {
            Ok(Ok(Some(bytes))) => {
                if !bytes.is_empty() {
                    reading.first_byte = None;
                }
                if !reading.is_checked
                    && let Some(first) = bytes.iter().find(|byte| !byte.is_ascii_whitespace())
                {
                    reading.is_checked = true;
                    // No event stream begins like this: it is JSON or a web page, whatever its type says.
                    let may_be_json = self.ask.is_in_lines(self.http.protocol);
                    if matches!(first, b'[' | b'<') || *first == b'{' && !may_be_json {
                        return self.not_a_stream(*reading, bytes.to_vec()).await;
                    }
                }
                let events = reading.decoder.push(&bytes);
                self.yield_all(events);
                self.state = State::Read(reading);
            }
            Ok(Ok(None)) => self.finish(reading.decoder),
            // The last word was said: how the body ends after it does not matter.
            Ok(Err(_)) | Err(_) if is_over => self.finish(reading.decoder),
            Ok(Err(error)) => self.fail(broken(error).into()),
            Err(error) => self.fail(error.into()),
        }
    }

    fn finish(&mut self, mut decoder: Decoder) {
        for item in decoder.finish() {
            match item {
                Ok(Event::End { stop, usage }) => {
                    self.http.learn(self.dialect);
                    let is_at_limit = usage.output_tokens == Some(u64::from(self.ask.max_output_tokens()));
                    // llama.cpp's Responses (seen in 0.3.36) call an answer completed that the limit cut.
                    let stop = if is_at_limit && stop == Stop::Complete { Stop::MaxTokens } else { stop };
                    self.last = Some(Ok(Event::End { stop, usage }));
                }
                Ok(event) => self.yield_all(vec![event]),
                Err(error) => self.fail(error.into()),
            }
        }
    }

    /// An answer with a good status that is no event stream: mostly an error, or the wrong address.
    async fn not_a_stream(&mut self, mut reading: Reading, begin: Vec<u8>) {
        let bytes = self.rest(&mut reading.response, begin).await;
        let value = serde_json::from_slice::<serde_json::Value>(&bytes).ok();
        let has_error = |value: &serde_json::Value| {
            let value = value.get(0).unwrap_or(value);
            value.get("error").is_some_and(|error| !error.is_null()) || value.get("detail").is_some()
        };
        let error = match &value {
            Some(value) if has_error(value) => from_response(200, None, &bytes),
            Some(_) => Error::Protocol { message: "JSON came in place of an event stream".to_owned() },
            None => Error::Protocol { message: format!("no event stream came but {}", readable(&bytes)) },
        };
        self.fail(error.into());
    }

    /// The rest of a body, as far as it comes and is of bounded size.
    async fn rest(&self, response: &mut Response, mut bytes: Vec<u8>) -> Vec<u8> {
        while bytes.len() < MAX_ERROR_BODY_BYTES {
            let until = Instant::now() + self.http.settings.timeouts.idle();
            match self.within(TimeLimit::Idle, Some(until), response.chunk()).await {
                Ok(Ok(Some(chunk))) => bytes.extend_from_slice(&chunk),
                Ok(Ok(None) | Err(_)) | Err(_) => break,
            }
        }
        bytes.truncate(MAX_ERROR_BODY_BYTES);
        bytes
    }

    fn yield_all(&mut self, events: Vec<Event>) {
        self.has_content |= !events.is_empty();
        self.ready.extend(events);
    }

    /// Tries again where that may help and nothing was yielded, else ends the call.
    fn fail(&mut self, failure: Failure) {
        self.state = State::Over;
        if !self.has_content {
            if self.n_corrections < MAX_CORRECTIONS
                && let Some(dialect) = self.dialect.corrected(&failure.error)
            {
                self.n_corrections += 1;
                self.dialect = dialect;
                self.state = State::Send;
                return;
            }
            let first_delay = self.http.settings.timeouts.retry_delay();
            if let Some(wait) = wait_before_retry(&failure, self.n_retries, first_delay) {
                self.n_retries += 1;
                let reason = reason(&failure.error).to_owned();
                let seconds = wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX);
                tracing::info!(provider = %self.http.identity, %reason, seconds, "try again");
                self.ready.push_back(Event::Waiting { reason, seconds });
                self.state = State::Wait(wait);
                return;
            }
        }
        self.last = Some(Err(self.http.presentable(failure.error)));
    }

    /// What `future` gives, unless a limit comes first: `until`, or that of the whole call.
    async fn within<T>(
        &self,
        which: TimeLimit,
        until: Option<Instant>,
        future: impl Future<Output = T>,
    ) -> Result<T, Error> {
        let timeouts = &self.http.settings.timeouts;
        let deadline = self.deadline.unwrap_or_else(|| Instant::now() + timeouts.total());
        let (which, until) = match until {
            Some(until) if until <= deadline => (which, until),
            _ => (TimeLimit::Total, deadline),
        };
        timeout_at(until, future).await.map_err(|_| Error::Timeout {
            which,
            limit: match which {
                TimeLimit::Connect => timeouts.connect(),
                TimeLimit::FirstByte => timeouts.first_byte(),
                TimeLimit::Idle => timeouts.idle(),
                TimeLimit::Total => timeouts.total(),
            },
        })
    }
}
