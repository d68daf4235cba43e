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
    let effort = shape.effort(request);
    let is_older = thinks_by_budget(shape.model);
    let budget = effort.filter(|_| is_older).and_then(|effort| budget(effort, request.max_output_tokens));
    // With a budget, no other temperature than 1 is taken.
    let temperature = shape.temperature(request).filter(|_| budget.is_none());
    let system = (!request.system.is_empty()).then(|| json!([marked(&request.system)]));
    members([
        ("model", Some(json!(shape.model))),
        ("max_tokens", Some(json!(request.max_output_tokens))),
        ("system", system),
        ("messages", Some(messages.collect())),
        ("temperature", temperature.map(Value::from)),
        ("thinking", budget.map(|tokens| json!({ "type": "enabled", "budget_tokens": tokens }))),
        ("output_config", effort.filter(|_| !is_older).map(|effort| json!({ "effort": word(effort) }))),
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

/// Models that take a number of tokens to think with and no effort.
const BUDGETED: [&str; 8] = [
    "claude-3-7-sonnet",
    "claude-sonnet-4-0",
    "claude-sonnet-4-2025",
    "claude-sonnet-4-5",
    "claude-opus-4-0",
    "claude-opus-4-1",
    "claude-opus-4-2025",
    "claude-haiku-4-5",
];

/// The API takes no smaller budget.
const MIN_BUDGET_TOKENS: u32 = 1_024;

fn thinks_by_budget(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model).replace('.', "-");
    BUDGETED.iter().any(|known| name.starts_with(known))
}

/// Tokens to think with, out of those of the answer: half of them stay for its text. None for no thinking at all.
fn budget(effort: Effort, max_output_tokens: u32) -> Option<u32> {
    let wanted = match effort {
        Effort::Minimal => return None,
        Effort::Low => MIN_BUDGET_TOKENS,
        Effort::Medium => 4_096,
        Effort::High => 16_384,
        Effort::Max => 32_000,
    };
    Some(wanted.min(max_output_tokens / 2)).filter(|tokens| *tokens >= MIN_BUDGET_TOKENS)
}

fn word(effort: Effort) -> &'static str {
    match effort {
        Effort::Minimal | Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
        Effort::Max => "max",
    }
}
