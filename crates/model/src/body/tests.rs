//! Bodies as they are sent, and what is learned about a server.

use serde_json::{Value, json};

use super::{Dialect, Shape, body, infill_body};
use crate::error::Error;
use crate::infill::{InfillFormat, InfillRequest};
use crate::message::{Message, Request};
use crate::protocol::Protocol;
use crate::settings::{Effort, Settings};

fn request() -> Request {
    Request {
        system: "be brief".to_owned(),
        messages: vec![Message::user("a"), Message::assistant("b"), Message::user("c")],
        max_output_tokens: 9,
        temperature: Some(0.2),
        effort: None,
        asked: String::new(),
    }
}

#[track_caller]
fn check(protocol: Protocol, model: &str, host: &str, settings: &Settings, expect: Value) {
    let dialect = Dialect::guess(model, host, settings);
    let body = body(Shape { protocol, model, dialect, settings }, &request());
    assert_eq!(body, expect);
}

#[test]
fn anthropic_messages_mark_the_prefixes_that_may_be_kept() {
    check(
        Protocol::AnthropicMessages,
        "claude-x",
        "api.anthropic.com",
        &Settings::default(),
        json!({"max_tokens":9,"messages":[{"content":[{"cache_control":{"type":"ephemeral"},"text":"a","type":"text"}],"role":"user"},{"content":"b","role":"assistant"},{"content":[{"cache_control":{"type":"ephemeral"},"text":"c","type":"text"}],"role":"user"}],"model":"claude-x","stream":true,"system":[{"cache_control":{"type":"ephemeral"},"text":"be brief","type":"text"}],"temperature":0.2}),
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
    assert_eq!(renamed.map(Dialect::output_limit), Some("max_completion_tokens"));
    let back = complain(renamed.unwrap(), "Unrecognized request argument supplied: max_completion_tokens");
    assert_eq!(back, Some(start));
    let cold = complain(start, "`temperature` is deprecated for this model.").unwrap();
    assert_eq!(cold.temperature(Some(0.5)), None);
    assert_eq!(complain(cold, "temperature is not supported"), None);
    assert!(
        !complain(start, "stream_options: Extra inputs are not permitted").unwrap().takes_stream_options()
    );
    assert_eq!(
        complain(start, "reasoning_effort: Extra inputs are not permitted")
            .unwrap()
            .effort(Some(Effort::Low)),
        None
    );
    assert_eq!(complain(start, "temperature: range: 0..1"), None);
    assert_eq!(complain(start, "max_completion_tokens is too large"), None);
    assert_eq!(start.corrected(&Error::CutOff { cause: "temperature unsupported".to_owned() }), None);
}

fn settings(value: Value) -> Settings {
    serde_json::from_value(value).unwrap()
}

#[test]
fn responses_keep_nothing_at_the_provider() {
    check(
        Protocol::OpenaiResponses,
        "gpt-5.4",
        "api.openai.com",
        &settings(json!({ "effort": "low" })),
        json!({"input":[{"content":"a","role":"user"},{"content":"b","role":"assistant"},{"content":"c","role":"user"}],"instructions":"be brief","max_output_tokens":9,"model":"gpt-5.4","reasoning":{"effort":"low"},"store":false,"stream":true}),
    );
}

#[test]
fn gemini_has_roles_and_members_of_its_own() {
    let contents = json!([{"parts":[{"text":"a"}],"role":"user"},{"parts":[{"text":"b"}],"role":"model"},{"parts":[{"text":"c"}],"role":"user"}]);
    for (model, thinking) in [
        ("gemini-3-pro", json!({"thinkingLevel":"HIGH"})),
        ("models/gemini-2.5-pro", json!({"thinkingBudget":24_576})),
    ] {
        check(
            Protocol::Gemini,
            model,
            "generativelanguage.googleapis.com",
            &settings(json!({ "effort": "high", "extra_body": { "generationConfig": { "topK": 3 } } })),
            json!({"contents":contents,"generationConfig":{"maxOutputTokens":9,"temperature":0.2,"thinkingConfig":thinking,"topK":3},"systemInstruction":{"parts":[{"text":"be brief"}]}}),
        );
    }
}

#[test]
fn ollama_is_told_not_to_cut_and_how_much_to_hold() {
    let expected = |num_ctx: u64| json!({"messages":[{"content":"be brief","role":"system"},{"content":"a","role":"user"},{"content":"b","role":"assistant"},{"content":"c","role":"user"}],"model":"qwen3","options":{"num_ctx":num_ctx,"num_predict":9,"temperature":0.2},"shift":false,"stream":true,"think":false,"truncate":false});
    for (extra, num_ctx) in [
        (json!({ "effort": "minimal" }), 8_192),
        (json!({ "effort": "minimal", "context_tokens": 40_000 }), 40_000),
        (json!({ "effort": "minimal", "extra_body": { "options": { "num_ctx": 3 }, "stream": false } }), 3),
    ] {
        check(Protocol::Ollama, "qwen3", "localhost:11434", &settings(extra), expected(num_ctx));
    }
    let long = Request { messages: vec![Message::user("x".repeat(40_000))], ..request() };
    let settings = Settings::default();
    let shape = Shape {
        protocol: Protocol::Ollama,
        model: "m",
        dialect: Dialect::guess("m", "h", &settings),
        settings: &settings,
    };
    assert_eq!(body(shape, &long).pointer("/options/num_ctx"), Some(&json!(32_768)));
}

#[test]
fn effort_is_asked_for_in_the_words_of_each_protocol() {
    let of = |protocol, model, pointer: &str| {
        let settings = settings(json!({ "effort": "max" }));
        let dialect = Dialect::guess(model, "h", &settings);
        body(Shape { protocol, model, dialect, settings: &settings }, &request()).pointer(pointer).cloned()
    };
    assert_eq!(of(Protocol::AnthropicMessages, "claude-x", "/output_config/effort"), Some(json!("max")));
    assert_eq!(of(Protocol::OpenaiChat, "m", "/reasoning_effort"), Some(json!("max")));
    assert_eq!(of(Protocol::OpenaiResponses, "m", "/reasoning/effort"), Some(json!("max")));
    assert_eq!(of(Protocol::Ollama, "m", "/think"), Some(json!("high")));
}

#[test]
fn a_request_says_more_of_the_effort_than_the_settings() {
    let of = |model, effort, max_output_tokens| {
        let settings = settings(json!({ "effort": "max" }));
        let dialect = Dialect::guess(model, "h", &settings);
        let shape = Shape { protocol: Protocol::AnthropicMessages, model, dialect, settings: &settings };
        let body = body(shape, &Request { effort, max_output_tokens, ..request() });
        ["thinking", "output_config", "temperature"].map(|name| body.get(name).cloned())
    };
    assert_eq!(of("claude-x", Some(Effort::Low), 9)[1], Some(json!({ "effort": "low" })));
    let older = |effort, tokens| of("anthropic/claude-sonnet-4.5", effort, tokens);
    let thinking = json!({ "type": "enabled", "budget_tokens": 4_096 });
    assert_eq!(older(Some(Effort::Medium), 20_000), [Some(thinking), None, None]);
    assert_eq!(older(None, 8_192)[0], Some(json!({ "type": "enabled", "budget_tokens": 4_096 })));
    assert_eq!(older(Some(Effort::Minimal), 8_192), [None, None, Some(json!(0.2))]);
    assert_eq!(older(Some(Effort::High), 2_000), [None, None, Some(json!(0.2))]);
}

#[test]
fn filling_in_the_middle_has_three_shapes() {
    let request = InfillRequest {
        prefix: "a".to_owned(),
        suffix: "b".to_owned(),
        max_output_tokens: 9,
        temperature: Some(0.2),
        stop: vec!["\n".to_owned()],
    };
    let settings = Settings::default();
    let of = |format| {
        infill_body(format, "m", &request, Dialect::guess("m", "h", &settings), &settings.extra_body)
    };
    let by_suffix = json!({"max_tokens":9,"model":"m","prompt":"a","stop":["\n"],"stream":true,"suffix":"b","temperature":0.2});
    assert_eq!(of(InfillFormat::OpenaiCompletions), by_suffix);
    assert_eq!(of(InfillFormat::MistralFim), by_suffix);
    assert_eq!(
        of(InfillFormat::LlamaInfill),
        json!({"cache_prompt":true,"input_prefix":"a","input_suffix":"b","n_predict":9,"prompt":"","stop":["\n"],"stream":true,"temperature":0.2})
    );
}
