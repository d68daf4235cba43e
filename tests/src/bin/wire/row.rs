//! A delivery's outcome as a line, in the words of the recordings' index.

use model::{Error, Report, Stop, ToolCall, Usage};
use serde_json::{Map, Value, json};

use crate::Recording;
use crate::asked::Sum;
use crate::delivery::Mode;

/// A line, and what the summary says of it.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) mode: Mode,
    pub(crate) line: Value,
    pub(crate) is_complete: bool,
    /// How the decoder alone read it differently.
    pub(crate) difference: Option<String>,
}

pub(crate) fn of(recording: &Recording, mode: Mode, over_http: &Sum, alone: &Sum) -> Row {
    let stop = over_http.end.as_ref().and_then(|end| end.as_ref().ok());
    let failure = over_http.end.as_ref().and_then(|end| end.as_ref().err());
    let is_complete = stop.is_some();
    // Anthropic explains a refusal that the model did not word.
    let (refusal, explanation) = match stop {
        Some(Stop::Refusal(why)) if recording.protocol == "anthropic-messages" => ("", why.as_str()),
        Some(Stop::Refusal(words)) => (words.as_str(), ""),
        _ => ("", ""),
    };
    let report = alone.report.as_ref();
    let finish = match (stop, report) {
        (Some(stop), _) => Some(finish(stop)),
        (None, Some(_)) => Some("error"),
        (None, None) => None,
    };
    let calls = if is_complete { &over_http.calls } else { &alone.calls };
    let mut line = json!({
        "id": recording.id,
        "mode": mode.to_string(),
        "text": over_http.text,
        "reasoning": over_http.reasoning,
        "refusal": refusal,
        "tool_calls": calls.iter().map(call).collect::<Vec<_>>(),
        "finish": finish,
        "usage": usage(if is_complete { &over_http.usage } else { &alone.usage }),
        "error": failure.map(|failure| error(recording, failure, report)),
        "complete": is_complete,
    });
    if !explanation.is_empty() {
        line["explanation"] = json!(explanation);
    }
    let difference = mode.ends().then(|| difference(over_http, alone)).flatten();
    Row { id: recording.id.clone(), mode, line, is_complete, difference }
}

/// The index has one word for an answer that the model or a filter declined.
fn finish(stop: &Stop) -> &'static str {
    match stop {
        Stop::Complete => "stop",
        Stop::MaxTokens => "length",
        Stop::ToolUse => "tool_calls",
        Stop::Refusal(_) | Stop::ContentFilter => "refusal",
        Stop::Paused => "pause",
        Stop::Other(reason)
            if ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"].contains(&reason.as_str()) =>
        {
            "error"
        }
        Stop::Other(_) => "unknown",
    }
}

fn call(call: &ToolCall) -> Value {
    let is_whole = call.is_free_text || call.arguments_object().is_some();
    let mut value =
        json!({ "id": call.id, "name": call.name, "arguments": call.arguments, "args_ok": is_whole });
    if call.is_free_text {
        value["custom"] = json!(true);
    }
    value
}

fn usage(usage: &Usage) -> Value {
    if *usage == Usage::default() {
        return Value::Null;
    }
    let mut value = json!({
        "input": usage.input_tokens,
        "output": usage.output_tokens,
        "cached": usage.cached_input_tokens,
        "cache_write": usage.cache_write_tokens,
        "reasoning": usage.reasoning_tokens,
    });
    if let Some(cost) = usage.cost {
        value["cost"] = json!(cost.amount());
    }
    value
}

fn error(recording: &Recording, failure: &Error, report: Option<&Report>) -> Value {
    let mut value = Map::new();
    let kind = report.map(|report| report.code.as_str()).filter(|code| !code.is_empty());
    value.insert("type".to_owned(), json!(kind.unwrap_or(kind_of(failure))));
    let message = report.map(|report| report.message.clone()).filter(|message| !message.is_empty());
    value.insert("message".to_owned(), json!(message.unwrap_or_else(|| failure.to_string())));
    value.insert("shown".to_owned(), json!(failure.user_message()));
    if recording.status >= 400 {
        value.insert("status".to_owned(), json!(recording.status));
    }
    if let Error::RateLimited { retry_after: Some(wait), .. }
    | Error::Overloaded { retry_after: Some(wait), .. } = failure
    {
        value.insert("retry_after_s".to_owned(), json!(wait.as_secs_f64()));
    }
    Value::Object(value)
}

fn kind_of(error: &Error) -> &'static str {
    match error {
        Error::NotConfigured { .. } => "not_configured",
        Error::BadSetting { .. } => "bad_setting",
        Error::Unauthorized { .. } => "unauthorized",
        Error::OutOfCredit { .. } => "out_of_credit",
        Error::UnknownModel { .. } => "unknown_model",
        Error::RateLimited { .. } => "rate_limited",
        Error::Overloaded { .. } => "overloaded",
        Error::ServerFailed { .. } => "server_failed",
        Error::ContextTooLong { .. } => "context_too_long",
        Error::BadRequest { .. } => "bad_request",
        Error::CutOff { .. } => "cut_off",
        Error::Timeout { .. } => "timeout",
        Error::Network { .. } => "network",
        Error::NotLent { .. } => "not_lent",
        Error::Protocol { .. } => "protocol",
    }
}

fn difference(over_http: &Sum, alone: &Sum) -> Option<String> {
    if over_http.text != alone.text || over_http.reasoning != alone.reasoning {
        return Some(format!("text {:?} and {:?}", over_http.text, alone.text));
    }
    let shown = |sum: &Sum| match &sum.end {
        Some(Ok(stop)) => format!("{stop}; {:?}; {:?}", sum.usage, sum.calls),
        Some(Err(error)) => kind_of(error).to_owned(),
        None => String::new(),
    };
    let (first, second) = (shown(over_http), shown(alone));
    (first != second).then(|| format!("{first} and {second}"))
}
