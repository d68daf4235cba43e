//! Ollama's own chat. Without `truncate:false` and a context of its own size it cuts a long prompt and says nothing.

use serde_json::{Map, Value, json};

use super::{Shape, members, system_turn, turn};
use crate::message::Request;
use crate::settings::Effort;

/// Smallest context that is asked for.
const MIN_CONTEXT_TOKENS: u64 = 8_192;

/// No text has fewer bytes per token but such as nobody edits; a context too large costs memory, one too small the call.
const BYTES_PER_TOKEN: u64 = 2;

/// Tokens of the template round one message.
const TURN_TOKENS: u64 = 16;

pub(super) fn body(shape: Shape<'_>, request: &Request) -> Map<String, Value> {
    let turns = system_turn(request).into_iter().chain(request.messages.iter().map(turn));
    let options = members([
        ("num_ctx", Some(json!(shape.settings.context_tokens.unwrap_or_else(|| context_tokens(request))))),
        ("num_predict", Some(json!(request.max_output_tokens))),
        ("temperature", shape.temperature(request).map(Value::from)),
    ]);
    let think = shape.effort(request).map(|effort| match effort {
        Effort::Minimal => json!(false),
        Effort::Low => json!("low"),
        Effort::Medium => json!("medium"),
        Effort::High | Effort::Max => json!("high"),
    });
    members([
        ("model", Some(json!(shape.model))),
        ("messages", Some(turns.collect())),
        ("truncate", Some(json!(false))),
        // Without this a full context forgets its beginning while the answer grows.
        ("shift", Some(json!(false))),
        ("think", think),
        ("options", Some(Value::Object(options))),
    ])
}

/// Room for prompt and answer. A power of two: the server loads the model again whenever the number changes.
fn context_tokens(request: &Request) -> u64 {
    let texts = request.messages.iter().map(|message| message.text.len()).chain([request.system.len()]);
    let prompt = texts.map(|n_bytes| n_bytes as u64 / BYTES_PER_TOKEN + TURN_TOKENS).sum::<u64>();
    let all = prompt.saturating_add(u64::from(request.max_output_tokens));
    all.checked_next_power_of_two().unwrap_or(all).max(MIN_CONTEXT_TOKENS)
}
