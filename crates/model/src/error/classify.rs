//! From a status and a body, of any shape, to an [`Error`].
//!
//! Must never fail: what cannot be understood becomes a message.

use std::time::Duration;

use serde_json::Value;

use super::Error;

/// Longest message of a provider that is shown.
const MAX_MESSAGE_CHARS: usize = 600;

/// The error of an answer whose status is not a success.
pub(crate) fn from_response(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Error {
    let report = match serde_json::from_slice::<Value>(body) {
        Ok(value) => Report::of(&value),
        Err(_) => Report { words: Vec::new(), message: readable(body), status: None },
    };
    report.classify(status, retry_after)
}

/// The error of an event inside a stream.
pub(crate) fn from_event(value: &Value) -> Error {
    let report = Report::of(value);
    report.classify(report.status.unwrap_or(200), None)
}

/// What a body says, whatever its shape.
struct Report {
    /// Machine words: codes and types.
    words: Vec<String>,
    message: String,
    /// A status inside the body.
    status: Option<u16>,
}

impl Report {
    fn of(value: &Value) -> Report {
        // Some gateways answer with a list that holds one error.
        let value = value.get(0).unwrap_or(value);
        let error = value.get("error").filter(|error| !error.is_null()).unwrap_or(value);
        let mut words = Vec::new();
        let mut status = None;
        for place in [error, value] {
            for name in ["code", "type", "status"] {
                match place.get(name) {
                    Some(Value::String(word)) => words.push(word.clone()),
                    Some(Value::Number(number)) => {
                        let number = number.as_u64().and_then(|n| u16::try_from(n).ok());
                        status = status.or(number.filter(|n| (400..600).contains(n)));
                    }
                    _ => {}
                }
            }
        }
        Report { words, message: message(value, error), status }
    }

    fn classify(&self, status: u16, retry_after: Option<Duration>) -> Error {
        let message = match self.message.as_str() {
            "" => format!("no message (status {status})"),
            message => shortened(message),
        };
        let lower = self.message.to_lowercase();
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

fn message(value: &Value, error: &Value) -> String {
    let text = |place: &Value, pointer: &str| {
        place
            .pointer(pointer)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    let found = text(error, "")
        .or_else(|| text(error, "/message"))
        .or_else(|| text(value, "/message"))
        .or_else(|| text(value, "/detail"))
        .or_else(|| invalid_member(value))
        .or_else(|| text(error, "/detail"))
        .or_else(|| text(value, "/errors/0/message"))
        .or_else(|| text(value, "/errors/0"));
    let Some(mut found) = found else {
        return if error.is_null() { String::new() } else { error.to_string() };
    };
    // OpenRouter says only "Provider returned error" itself and puts the provider's words here.
    if let Some(raw) = text(error, "/metadata/raw") {
        found = format!("{found}: {raw}");
    }
    found
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
