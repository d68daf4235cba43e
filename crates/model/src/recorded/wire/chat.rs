//! An answer as a chat completion.

use serde_json::{Value, json};

use super::super::{RecordedAnswer, RecordedStop};
use super::{Frame, MODEL, error_body, output_tokens, pieces};
use crate::protocol::Protocol;

pub(super) fn frames(
    answer: &RecordedAnswer,
    request: &Value,
    input_tokens: usize,
    piece_chars: usize,
) -> Vec<Frame> {
    let frame =
        |value: &Value, is_piece| Frame { bytes: format!("data: {value}\n\n").into_bytes(), is_piece };
    let chunk = |choices: Value| json!({ "id": "chatcmpl-recorded", "object": "chat.completion.chunk", "created": 0, "model": MODEL, "choices": choices });
    let delta = |delta: Value| chunk(json!([{ "index": 0, "delta": delta, "finish_reason": null }]));
    let mut frames = vec![frame(&delta(json!({ "role": "assistant", "content": "" })), false)];
    for piece in pieces(&answer.reasoning, piece_chars) {
        frames.push(frame(&delta(json!({ "reasoning_content": piece })), false));
    }
    for piece in pieces(&answer.text, piece_chars) {
        frames.push(frame(&delta(json!({ "content": piece })), true));
    }
    for piece in pieces(&answer.refusal, piece_chars) {
        frames.push(frame(&delta(json!({ "refusal": piece })), false));
    }
    if let Some(message) = &answer.error {
        let body = error_body(Protocol::OpenaiChat, "server_error", message);
        frames.push(Frame { bytes: format!("data: {body}\n\n").into_bytes(), is_piece: false });
        return frames;
    }
    let finish_reason = match answer.stop {
        RecordedStop::Complete | RecordedStop::Refusal => Some("stop"),
        RecordedStop::MaxTokens => Some("length"),
        RecordedStop::ContentFilter => Some("content_filter"),
        RecordedStop::ToolUse => Some("tool_calls"),
        RecordedStop::Paused => None,
    };
    frames.push(frame(&chunk(json!([{ "index": 0, "delta": {}, "finish_reason": finish_reason }])), false));
    if request.pointer("/stream_options/include_usage") == Some(&Value::Bool(true)) {
        let output_tokens = output_tokens(answer);
        let mut last = chunk(json!([]));
        last["usage"] = json!({
            "prompt_tokens": input_tokens, "completion_tokens": output_tokens, "total_tokens": input_tokens + output_tokens,
        });
        frames.push(frame(&last, false));
    }
    frames.push(Frame { bytes: b"data: [DONE]\n\n".to_vec(), is_piece: false });
    frames
}
