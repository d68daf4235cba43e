//! An answer as Anthropic Messages.

use serde_json::{Value, json};

use super::super::{RecordedAnswer, RecordedStop};
use super::{Frame, MODEL, error_body, output_tokens, pieces};
use crate::protocol::Protocol;

pub(super) fn frames(answer: &RecordedAnswer, input_tokens: usize, piece_chars: usize) -> Vec<Frame> {
    let event = |value: Value| {
        let name = value.get("type").and_then(Value::as_str).unwrap_or_default();
        Frame { bytes: format!("event: {name}\ndata: {value}\n\n").into_bytes(), is_piece: false }
    };
    let message = json!({
        "id": "msg_recorded", "type": "message", "role": "assistant", "model": MODEL, "content": [],
        "stop_reason": null, "stop_sequence": null,
        "usage": { "input_tokens": input_tokens, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0, "output_tokens": 1 },
    });
    let mut frames = vec![event(json!({ "type": "message_start", "message": message }))];
    let mut index = 0;
    let mut block = |kind: &str, member: &str, text: &str, frames: &mut Vec<Frame>| {
        let mut start = json!({ "type": kind });
        start[member] = json!("");
        frames.push(event(json!({ "type": "content_block_start", "index": index, "content_block": start })));
        if index == 0 {
            frames.push(event(json!({ "type": "ping" })));
        }
        for piece in pieces(text, piece_chars) {
            let mut delta = json!({ "type": format!("{member}_delta") });
            delta[member] = json!(piece);
            let delta = event(json!({ "type": "content_block_delta", "index": index, "delta": delta }));
            frames.push(Frame { is_piece: kind == "text", ..delta });
        }
        frames.push(event(json!({ "type": "content_block_stop", "index": index })));
        index += 1;
    };
    if !answer.reasoning.is_empty() {
        block("thinking", "thinking", &answer.reasoning, &mut frames);
    }
    if !answer.text.is_empty() {
        block("text", "text", &answer.text, &mut frames);
    }
    if let Some(message) = &answer.error {
        let body = error_body(Protocol::AnthropicMessages, "api_error", message);
        frames.push(Frame { bytes: format!("event: error\ndata: {body}\n\n").into_bytes(), is_piece: false });
        return frames;
    }
    let stop_reason = match answer.stop {
        RecordedStop::Complete => "end_turn",
        RecordedStop::MaxTokens => "max_tokens",
        RecordedStop::Refusal | RecordedStop::ContentFilter => "refusal",
        RecordedStop::Paused => "pause_turn",
        RecordedStop::ToolUse => "tool_use",
    };
    let mut delta = json!({ "stop_reason": stop_reason, "stop_sequence": null });
    if !answer.refusal.is_empty() {
        delta["stop_details"] = json!({ "type": "refusal", "explanation": answer.refusal });
    }
    let usage = json!({ "output_tokens": output_tokens(answer) });
    frames.push(event(json!({ "type": "message_delta", "delta": delta, "usage": usage })));
    frames.push(event(json!({ "type": "message_stop" })));
    frames
}
