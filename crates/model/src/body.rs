//! Bodies of requests, one shape per protocol, and what servers of one protocol disagree about.

use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::message::{Message, Request, Role};
use crate::protocol::Protocol;
use crate::settings::{OutputLimitField, Settings};

/// What a server takes. Starts as a guess by model and address and is corrected when the server says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    output_limit_field: OutputLimitField,
    takes_temperature: bool,
    takes_stream_options: bool,
}

/// Words of a server that does not take a member, as opposed to its value.
const NOT_TAKEN: [&str; 9] = [
    "unsupported",
    "not support",
    "unrecognized",
    "unknown",
    "unexpected",
    "not permitted",
    "not allowed",
    "deprecated",
    "instead",
];

impl Dialect {
    pub(crate) fn guess(model: &str, host: &str, settings: &Settings) -> Dialect {
        let reasons = is_openai_reasoning_model(model);
        let guess = match reasons || host == "api.openai.com" {
            true => OutputLimitField::MaxCompletionTokens,
            false => OutputLimitField::MaxTokens,
        };
        Dialect {
            output_limit_field: settings.output_limit_field.unwrap_or(guess),
            takes_temperature: settings.send_temperature.unwrap_or(!reasons),
            takes_stream_options: true,
        }
    }

    /// The dialect that avoids what `error` complains about, when it is about a member that can be left out or renamed.
    pub(crate) fn corrected(self, error: &Error) -> Option<Dialect> {
        let Error::BadRequest { message, .. } = error else { return None };
        let message = message.to_lowercase();
        if !NOT_TAKEN.iter().any(|words| message.contains(words)) {
            return None;
        }
        let other = match self.output_limit_field {
            OutputLimitField::MaxTokens => OutputLimitField::MaxCompletionTokens,
            OutputLimitField::MaxCompletionTokens => OutputLimitField::MaxTokens,
        };
        if message.contains("max_completion_tokens") {
            Some(Dialect { output_limit_field: other, ..self })
        } else if message.contains("temperature") && self.takes_temperature {
            Some(Dialect { takes_temperature: false, ..self })
        } else if message.contains("stream_options") && self.takes_stream_options {
            Some(Dialect { takes_stream_options: false, ..self })
        } else {
            None
        }
    }
}

/// Whether a name is one of the models of OpenAI that take `max_completion_tokens` only and no temperature: o1, o3-mini,
/// gpt-5 and later, also behind a gateway's prefix.
fn is_openai_reasoning_model(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    let number = |rest: &str| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..digits).and_then(|digits| digits.parse::<u32>().ok())
    };
    if let Some(rest) = name.strip_prefix("gpt-") {
        return number(rest).is_some_and(|version| version >= 5);
    }
    name.strip_prefix('o').is_some_and(|rest| number(rest).is_some())
}

/// The body of a call. Members of `extra` win over ours, except that the answer always streams.
pub(crate) fn body(
    protocol: Protocol,
    model: &str,
    request: &Request,
    dialect: Dialect,
    extra: &Map<String, Value>,
) -> Value {
    let mut body = match protocol {
        Protocol::AnthropicMessages => anthropic(model, request),
        Protocol::OpenaiChat => chat(model, request, dialect),
    };
    if let (Some(temperature), true) = (request.temperature, dialect.takes_temperature) {
        // Through text, so that 0.2 does not become 0.20000000298023224.
        let exact = temperature.to_string().parse::<f64>().unwrap_or_else(|_| f64::from(temperature));
        body.insert("temperature".to_owned(), json!(exact));
    }
    for (name, value) in extra {
        body.insert(name.clone(), value.clone());
    }
    body.insert("stream".to_owned(), Value::Bool(true));
    Value::Object(body)
}

fn anthropic(model: &str, request: &Request) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(model));
    body.insert("max_tokens".to_owned(), json!(request.max_output_tokens));
    if !request.system.is_empty() {
        // The instructions are the same for every call, so the provider may keep them.
        let block =
            json!({ "type": "text", "text": request.system, "cache_control": { "type": "ephemeral" } });
        body.insert("system".to_owned(), json!([block]));
    }
    body.insert("messages".to_owned(), request.messages.iter().map(message).collect());
    body
}

fn chat(model: &str, request: &Request, dialect: Dialect) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(model));
    let limit = match dialect.output_limit_field {
        OutputLimitField::MaxTokens => "max_tokens",
        OutputLimitField::MaxCompletionTokens => "max_completion_tokens",
    };
    body.insert(limit.to_owned(), json!(request.max_output_tokens));
    let system = (!request.system.is_empty()).then(|| json!({ "role": "system", "content": request.system }));
    body.insert(
        "messages".to_owned(),
        system.into_iter().chain(request.messages.iter().map(message)).collect(),
    );
    if dialect.takes_stream_options {
        body.insert("stream_options".to_owned(), json!({ "include_usage": true }));
    }
    body
}

fn message(message: &Message) -> Value {
    let role = match message.role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    json!({ "role": role, "content": message.text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            system: "be brief".to_owned(),
            messages: vec![Message::user("a"), Message::assistant("b"), Message::user("c")],
            max_output_tokens: 9,
            temperature: Some(0.2),
        }
    }

    #[track_caller]
    fn check(protocol: Protocol, model: &str, host: &str, settings: &Settings, expect: Value) {
        let dialect = Dialect::guess(model, host, settings);
        let body = body(protocol, model, &request(), dialect, &settings.extra_body);
        assert_eq!(body, expect);
    }

    #[test]
    fn anthropic_messages_cache_the_instructions() {
        check(
            Protocol::AnthropicMessages,
            "claude-x",
            "api.anthropic.com",
            &Settings::default(),
            json!({"max_tokens":9,"messages":[{"content":"a","role":"user"},{"content":"b","role":"assistant"},{"content":"c","role":"user"}],"model":"claude-x","stream":true,"system":[{"cache_control":{"type":"ephemeral"},"text":"be brief","type":"text"}],"temperature":0.2}),
        );
    }

    #[test]
    fn chat_completions_ask_for_usage() {
        check(
            Protocol::OpenaiChat,
            "qwen",
            "localhost:11434",
            &Settings::default(),
            json!({"max_tokens":9,"messages":[{"content":"be brief","role":"system"},{"content":"a","role":"user"},{"content":"b","role":"assistant"},{"content":"c","role":"user"}],"model":"qwen","stream":true,"stream_options":{"include_usage":true},"temperature":0.2}),
        );
    }

    #[test]
    fn reasoning_models_get_their_own_limit_and_no_temperature() {
        check(
            Protocol::OpenaiChat,
            "openai/gpt-5.4-mini",
            "openrouter.ai",
            &Settings::default(),
            json!({"max_completion_tokens":9,"messages":[{"content":"be brief","role":"system"},{"content":"a","role":"user"},{"content":"b","role":"assistant"},{"content":"c","role":"user"}],"model":"openai/gpt-5.4-mini","stream":true,"stream_options":{"include_usage":true}}),
        );
        for (model, expected) in [
            ("o1", true),
            ("o3-mini", true),
            ("gpt-5", true),
            ("gpt-6-x", true),
            ("gpt-4o", false),
            ("gpt-4.1", false),
            ("gpt-oss-120b", false),
            ("olmo-2", false),
            ("openchat", false),
            ("", false),
        ] {
            assert_eq!(is_openai_reasoning_model(model), expected, "{model}");
        }
    }

    #[test]
    fn settings_override_the_guess_and_the_body_but_not_streaming() {
        let settings: Settings = serde_json::from_value(json!({
            "output_limit_field": "max_tokens",
            "send_temperature": true,
            "extra_body": { "reasoning_effort": "low", "max_tokens": 5, "stream": false },
        }))
        .unwrap();
        check(
            Protocol::OpenaiChat,
            "o3",
            "api.openai.com",
            &settings,
            json!({"max_tokens":5,"messages":[{"content":"be brief","role":"system"},{"content":"a","role":"user"},{"content":"b","role":"assistant"},{"content":"c","role":"user"}],"model":"o3","reasoning_effort":"low","stream":true,"stream_options":{"include_usage":true},"temperature":0.2}),
        );
    }

    #[test]
    fn a_server_that_does_not_take_a_member_is_asked_without_it() {
        let start = Dialect::guess("m", "h", &Settings::default());
        let complain = |dialect: Dialect, message: &str| {
            dialect.corrected(&Error::BadRequest { status: 400, message: message.to_owned() })
        };
        let renamed = complain(
            start,
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        );
        assert_eq!(
            renamed,
            Some(Dialect { output_limit_field: OutputLimitField::MaxCompletionTokens, ..start })
        );
        let back =
            complain(renamed.unwrap(), "Unrecognized request argument supplied: max_completion_tokens");
        assert_eq!(back, Some(start));
        let cold = complain(start, "`temperature` is deprecated for this model.").unwrap();
        assert!(!cold.takes_temperature);
        assert_eq!(complain(cold, "temperature is not supported"), None);
        assert!(
            !complain(start, "stream_options: Extra inputs are not permitted").unwrap().takes_stream_options
        );
        assert_eq!(complain(start, "temperature: range: 0..1"), None);
        assert_eq!(complain(start, "max_completion_tokens is too large"), None);
        assert_eq!(start.corrected(&Error::CutOff { cause: "temperature unsupported".to_owned() }), None);
    }
}
