//! Anthropic Messages, with marks where the provider may keep a prefix.

use serde_json::{Map, Value, json};

use super::{Shape, members, turn};
use crate::message::{Message, Request};
use crate::settings::Effort;

/// The instructions are the same for every call, the first message begins as that of the next revision will, and the
/// conversation so far is what a repair begins with: these ends of a prefix are marked. The API takes four.
pub(super) fn body(shape: Shape<'_>, request: &Request) -> Map<String, Value> {
    let last = request.messages.len().saturating_sub(1);
    let messages = request.messages.iter().enumerate().map(|(idx, message)| {
        let mut turn = turn(message);
        if (idx == 0 || idx == last) && !message.text.is_empty() {
            turn["content"] = blocks(message);
        }
        turn
    });
    let system = (!request.system.is_empty()).then(|| json!([marked(&request.system)]));
    members([
        ("model", Some(json!(shape.model))),
        ("max_tokens", Some(json!(request.max_output_tokens))),
        ("system", system),
        ("messages", Some(messages.collect())),
        ("temperature", shape.temperature(request).map(Value::from)),
        ("output_config", shape.effort().map(|effort| json!({ "effort": word(effort) }))),
    ])
}

/// A message with a mark at its end and, where it is known, at the end of what the next request repeats of it.
fn blocks(message: &Message) -> Value {
    match message.text.split_at_checked(message.n_stable) {
        Some((stable, rest)) if !stable.is_empty() && !rest.is_empty() => {
            json!([marked(stable), marked(rest)])
        }
        Some(_) | None => json!([marked(&message.text)]),
    }
}

fn marked(text: &str) -> Value {
    json!({ "type": "text", "text": text, "cache_control": { "type": "ephemeral" } })
}

fn word(effort: Effort) -> &'static str {
    match effort {
        Effort::Minimal | Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
        Effort::Max => "max",
    }
}
