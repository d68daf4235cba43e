//! From a status and a body, of any shape, to an [`Error`].
//!
//! Must never fail: what cannot be understood becomes a message.

use std::time::Duration;

use serde_json::Value;

use super::Error;
use crate::decode::first_data;

/// Longest message of a provider that is shown.
const MAX_MESSAGE_CHARS: usize = 600;

/// The error of an answer whose status is not a success. `retry_after` is what its headers said.
pub(crate) fn from_response(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Error {
    Report::of_body(body).error(status, retry_after)
}

/// What a provider says of a failure, whatever shape it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The provider's word for the kind of failure; empty when there is none.
    pub code: String,
    /// The message as it came.
    pub message: String,
    /// What a gateway passes on from the provider behind it; empty when there is none.
    pub upstream: String,
    /// A status inside the body.
    pub status: Option<u16>,
    /// How long the body asks to be left alone.
    pub retry_after: Option<Duration>,
    /// All machine words: codes, types, reasons.
    words: Vec<String>,
}

impl Report {
    /// The report in the body of an answer: JSON, events, a web page or any other text, whatever its type says.
    pub fn of_body(body: &[u8]) -> Report {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let begin = body.trim_ascii_start();
        let data = (begin.starts_with(b"data:") || begin.starts_with(b"event:"))
            .then(|| first_data(begin))
            .flatten();
        // A line of several: a stream that failed at once.
        let first_line = || begin.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let value = match &data {
            Some(data) => serde_json::from_str::<Value>(data).ok(),
            None => serde_json::from_slice(begin).or_else(|_| serde_json::from_slice(first_line())).ok(),
        };
        match value {
            Some(value) => Report::of(&value),
            None => Report { message: readable(begin), ..Report::default() },
        }
    }

    /// The report in a value.
    pub(crate) fn of(value: &Value) -> Report {
        // Some gateways answer with a list that holds one error.
        let value = value.get(0).unwrap_or(value);
        let error = value.get("error").filter(|error| !error.is_null()).unwrap_or(value);
        let mut report = Report::default();
        for place in [error, value] {
            for name in ["code", "type", "status", "error_type"] {
                match place.get(name) {
                    Some(Value::String(word)) => report.words.push(word.clone()),
                    Some(Value::Number(number)) => {
                        let number = number.as_u64().and_then(|n| u16::try_from(n).ok());
                        report.status = report.status.or(number.filter(|n| (400..600).contains(n)));
                    }
                    _ => {}
                }
            }
        }
        for detail in error.get("details").and_then(Value::as_array).into_iter().flatten() {
            report.words.extend(text(detail, "/reason"));
            // Google's RetryInfo: `34.07s`.
            report.retry_after = report.retry_after.or_else(|| seconds(detail.get("retryDelay")?));
        }
        let asked = |pointer: &str| seconds(error.pointer(pointer)?);
        report.retry_after = report
            .retry_after
            .or_else(|| asked("/retry_after"))
            .or_else(|| asked("/metadata/retry_after_seconds"))
            .or_else(|| asked("/metadata/headers/Retry-After"));
        report.code = code(error).or_else(|| code(value)).unwrap_or_default();
        report.message = message(value, error);
        // OpenRouter says only "Provider returned error" itself and puts the provider's words here.
        report.upstream = text(error, "/metadata/raw").unwrap_or_default();
        report
    }

    /// The error of a report that came inside a stream.
    pub(crate) fn error_in_stream(&self) -> Error {
        self.error(self.status.unwrap_or(200), None)
    }

    /// The error of a report that came with a status, and headers that asked to wait.
    pub fn error(&self, status: u16, retry_after: Option<Duration>) -> Error {
        self.classify(status, retry_after.or(self.retry_after))
    }

    fn classify(&self, status: u16, retry_after: Option<Duration>) -> Error {
        let whole = match self.upstream.as_str() {
            "" => self.message.clone(),
            upstream => format!("{}: {upstream}", self.message),
        };
        let message = match whole.trim() {
            "" => format!("no message (status {status})"),
            message => shortened(message),
        };
        let lower = whole.to_lowercase();
        let word = |wanted: &[&str]| self.words.iter().any(|word| wanted.contains(&word.as_str()));
        let says = |wanted: &[&str]| wanted.iter().any(|part| lower.contains(part));
        let unauthorized = || Error::Unauthorized {
            endpoint: "the provider".to_owned(),
            key_source: "no key".to_owned(),
            message: message.clone(),
        };
        let unknown_model = || Error::UnknownModel {
            endpoint: "the provider".to_owned(),
            model: String::new(),
            message: message.clone(),
        };
        let out_of_credit =
            || Error::OutOfCredit { endpoint: "the provider".to_owned(), message: message.clone() };

        if word(&[
            "context_length_exceeded",
            "exceed_context_size_error",
            "request_too_large",
            "model_context_window_exceeded",
        ]) || status == 413
            || ((400..500).contains(&status) || status == 200) && status != 429 && says(&TOO_LONG)
        {
            return Error::ContextTooLong { message };
        }
        if word(&["insufficient_quota", "billing_error", "billing_not_active", "insufficient_balance"])
            || status == 402
            || status == 400 && says(&["credit balance is too low"])
        {
            return out_of_credit();
        }
        if word(&["authentication_error", "permission_error", "invalid_api_key", "API_KEY_INVALID"])
            || matches!(status, 401 | 403)
            || status == 400 && says(&["api key not valid", "invalid api key", "incorrect api key"])
        {
            return unauthorized();
        }
        if word(&["rate_limit_error", "rate_limit_exceeded", "RESOURCE_EXHAUSTED"]) || status == 429 {
            return Error::RateLimited { retry_after, message };
        }
        if word(&["overloaded_error", "server_is_overloaded", "slow_down", "UNAVAILABLE"])
            || matches!(status, 503 | 529)
        {
            return Error::Overloaded { retry_after, message };
        }
        if word(&["model_not_found", "not_found_error"])
            || status == 404
            || status == 400 && says(&UNKNOWN_MODEL)
        {
            return unknown_model();
        }
        if word(&["api_error", "server_error", "internal_error", "internal_server_error", "timeout_error"])
            || status >= 500
            || status == 408
        {
            return Error::ServerFailed { status, message };
        }
        if (300..400).contains(&status) {
            return Error::Protocol {
                message: format!("the address redirects (status {status}); redirects are not followed"),
            };
        }
        Error::BadRequest { status, message }
    }
}

/// How providers say that a prompt does not fit.
const TOO_LONG: [&str; 8] = [
    "maximum context length",
    "context length",
    "context window",
    "context size",
    "prompt is too long",
    "input is too long",
    "too many tokens",
    "reduce the length of",
];

/// How providers say that they do not know a model, besides 404.
const UNKNOWN_MODEL: [&str; 6] = [
    "is not a valid model",
    "model not found",
    "invalid model",
    "unknown model",
    "model does not exist",
    "no such model",
];

/// A text that is not blank.
fn text(place: &Value, pointer: &str) -> Option<String> {
    place.pointer(pointer).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// Seconds as a number, or as a text with or without its unit.
fn seconds(value: &Value) -> Option<Duration> {
    let n = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().trim_end_matches('s').parse().ok()?,
        _ => return None,
    };
    Duration::try_from_secs_f64(n).ok()
}

/// The word or number that says what kind of failure it is.
fn code(place: &Value) -> Option<String> {
    ["code", "type", "status"].iter().find_map(|name| match place.get(name)? {
        Value::String(word) if !word.is_empty() => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn message(value: &Value, error: &Value) -> String {
    text(error, "")
        .or_else(|| text(error, "/message"))
        .or_else(|| text(value, "/message"))
        .or_else(|| text(value, "/detail"))
        .or_else(|| invalid_member(value))
        .or_else(|| text(error, "/detail"))
        .or_else(|| text(value, "/errors/0/message"))
        .or_else(|| text(value, "/errors/0"))
        .or_else(|| text(error, "/error"))
        .unwrap_or_else(|| if error.is_null() { String::new() } else { error.to_string() })
}

/// What FastAPI servers such as vLLM say about a member: where it is, and what is wrong with it.
fn invalid_member(value: &Value) -> Option<String> {
    let detail = value.pointer("/detail/0")?;
    let what = detail.get("msg")?.as_str()?;
    let place =
        detail.get("loc").and_then(Value::as_array).and_then(|loc| loc.last()).and_then(Value::as_str);
    Some(place.map_or_else(|| what.to_owned(), |place| format!("{place}: {what}")))
}

/// The readable part of a body that is not JSON.
pub(crate) fn readable(body: &[u8]) -> String {
    let body = String::from_utf8_lossy(body);
    let lower = body.to_ascii_lowercase();
    let inside = |open: &str, close: &str| {
        let start = lower.find(open)? + open.len();
        let end = start + lower.get(start..)?.find(close)?;
        body.get(start..end)
    };
    if lower.trim_start().starts_with('<') {
        let title = inside("<title>", "</title>").or_else(|| inside("<h1>", "</h1>"));
        return format!("a web page: {}", one_line(title.unwrap_or("without a title")));
    }
    shortened(&body)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text in one line and of bounded length.
pub(crate) fn shortened(text: &str) -> String {
    let text = one_line(text);
    match text.char_indices().nth(MAX_MESSAGE_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
