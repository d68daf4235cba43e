//! An answer as Ollama's own chat.

use serde_json::{Value, json};

use super::super::{RecordedAnswer, RecordedStop};
use super::{Frame, MODEL, error_body, output_tokens, pieces};
use crate::protocol::Protocol;

pub(super) fn frames(answer: &RecordedAnswer, input_tokens: usize, piece_chars: usize) -> Vec<Frame> {
    let frame = |value: &Value, is_piece| Frame { bytes: format!("{value}\n").into_bytes(), is_piece };
    let line = |message: Value| json!({ "model": MODEL, "message": message, "done": false });
    let mut frames = Vec::new();
    for piece in pieces(&answer.reasoning, piece_chars) {
        frames.push(frame(&line(json!({ "role": "assistant", "content": "", "thinking": piece })), false));
    }
    for piece in pieces(&answer.text, piece_chars) {
        frames.push(frame(&line(json!({ "role": "assistant", "content": piece })), true));
    }
    if let Some(message) = &answer.error {
        let body = error_body(Protocol::Ollama, "", message);
        frames.push(Frame { bytes: format!("{body}\n").into_bytes(), is_piece: false });
        return frames;
    }
    if answer.stop == RecordedStop::ToolUse {
        let calls = json!([{ "function": { "name": "tool", "arguments": {} } }]);
        frames.push(frame(&line(json!({ "role": "assistant", "content": "", "tool_calls": calls })), false));
    }
    let mut last = line(json!({ "role": "assistant", "content": "" }));
    last["done"] = json!(true);
    last["done_reason"] = match answer.stop {
        RecordedStop::Complete | RecordedStop::ToolUse => json!("stop"),
        RecordedStop::MaxTokens => json!("length"),
        // It has no words for these.
        RecordedStop::Refusal | RecordedStop::ContentFilter | RecordedStop::Paused => Value::Null,
    };
    last["prompt_eval_count"] = json!(input_tokens);
    last["eval_count"] = json!(output_tokens(answer));
    frames.push(frame(&last, false));
    frames
}
