//! An answer as Gemini's `streamGenerateContent`.

use serde_json::{Value, json};

use super::super::{RecordedAnswer, RecordedStop};
use super::{Frame, MODEL, error_body, output_tokens, pieces};
use crate::protocol::Protocol;

pub(super) fn frames(answer: &RecordedAnswer, input_tokens: usize, piece_chars: usize) -> Vec<Frame> {
    let frame =
        |value: &Value, is_piece| Frame { bytes: format!("data: {value}\r\n\r\n").into_bytes(), is_piece };
    let chunk = |parts: Value| json!({ "candidates": [{ "content": { "role": "model", "parts": parts }, "index": 0 }], "modelVersion": MODEL });
    let mut frames = Vec::new();
    for piece in pieces(&answer.reasoning, piece_chars) {
        frames.push(frame(&chunk(json!([{ "text": piece, "thought": true }])), false));
    }
    for piece in pieces(&answer.text, piece_chars) {
        frames.push(frame(&chunk(json!([{ "text": piece }])), true));
    }
    if let Some(message) = &answer.error {
        let body = error_body(Protocol::Gemini, "INTERNAL", message);
        frames.push(Frame { bytes: format!("data: {body}\r\n\r\n").into_bytes(), is_piece: false });
        return frames;
    }
    let reason = match answer.stop {
        RecordedStop::Complete | RecordedStop::ToolUse => "STOP",
        RecordedStop::MaxTokens => "MAX_TOKENS",
        RecordedStop::Refusal | RecordedStop::ContentFilter => "SAFETY",
        RecordedStop::Paused => "OTHER",
    };
    let parts = match answer.stop {
        RecordedStop::ToolUse => json!([{ "functionCall": { "name": "tool", "args": {} } }]),
        RecordedStop::Complete
        | RecordedStop::MaxTokens
        | RecordedStop::Refusal
        | RecordedStop::ContentFilter
        | RecordedStop::Paused => json!([{ "text": "" }]),
    };
    let output_tokens = output_tokens(answer);
    let mut last = chunk(parts);
    last["candidates"][0]["finishReason"] = json!(reason);
    last["usageMetadata"] = json!({
        "promptTokenCount": input_tokens, "candidatesTokenCount": output_tokens,
        "totalTokenCount": input_tokens + output_tokens,
    });
    frames.push(frame(&last, false));
    frames
}
