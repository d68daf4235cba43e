//! What a provider sends, event by event, for a recorded answer; and what it reads from a request.

use serde_json::{Value, json};

use super::{RecordedAnswer, RecordedStop};
use crate::protocol::Protocol;

/// The name of the only model there is.
pub(super) const MODEL: &str = "recorded";

/// Characters per token: the counts are there to be shown, not to be exact.
const CHARS_PER_TOKEN: usize = 4;

/// Bytes of a body that are sent at once.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) bytes: Vec<u8>,
    /// Whether it is a piece of the answer's text.
    pub(super) is_piece: bool,
}

/// The protocol that a path belongs to.
pub(super) fn protocol_of(path: &str) -> Option<Protocol> {
    let path = path.split('?').next().unwrap_or(path);
    Protocol::ALL.into_iter().find(|protocol| path.ends_with(&format!("/{}", protocol.operation())))
}

/// The texts of a request: instructions, then messages.
pub(super) fn prompt(body: &Value) -> Vec<String> {
    let messages = body.get("messages").and_then(Value::as_array).into_iter().flatten();
    body.get("system")
        .into_iter()
        .chain(messages.filter_map(|message| message.get("content")))
        .map(text_of)
        .collect()
}

/// The last message of the user; empty when there is none.
pub(super) fn last_user_message(body: &Value) -> String {
    let messages = body.get("messages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let last = messages.iter().rfind(|message| message.get("role").and_then(Value::as_str) == Some("user"));
    last.and_then(|message| message.get("content")).map(text_of).unwrap_or_default()
}

/// The text of a content that is a string or a list of blocks.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            blocks.iter().filter_map(|block| block.get("text")?.as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// An error's body in a protocol's shape.
pub(super) fn error_body(protocol: Protocol, kind: &str, message: &str) -> String {
    match protocol {
        Protocol::AnthropicMessages => {
            json!({ "type": "error", "error": { "type": kind, "message": message } })
        }
        Protocol::OpenaiChat => {
            json!({ "error": { "message": message, "type": kind, "param": null, "code": null } })
        }
    }
    .to_string()
}

/// The list of models.
pub(super) fn models_body() -> String {
    json!({ "object": "list", "data": [{ "id": MODEL, "object": "model", "type": "model", "owned_by": "recording" }] })
        .to_string()
}

/// The stream of an answer.
pub(super) fn frames(
    protocol: Protocol,
    answer: &RecordedAnswer,
    request: &Value,
    piece_chars: usize,
) -> Vec<Frame> {
    let input_tokens = prompt(request).iter().map(|text| tokens(text)).sum();
    match protocol {
        Protocol::AnthropicMessages => anthropic(answer, input_tokens, piece_chars),
        Protocol::OpenaiChat => chat(answer, request, input_tokens, piece_chars),
    }
}

fn anthropic(answer: &RecordedAnswer, input_tokens: usize, piece_chars: usize) -> Vec<Frame> {
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

fn chat(answer: &RecordedAnswer, request: &Value, input_tokens: usize, piece_chars: usize) -> Vec<Frame> {
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

fn output_tokens(answer: &RecordedAnswer) -> usize {
    tokens(&answer.reasoning) + tokens(&answer.text) + tokens(&answer.refusal)
}

fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(CHARS_PER_TOKEN)
}

fn pieces(text: &str, piece_chars: usize) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    let pieces: Vec<String> = chars.chunks(piece_chars.max(1)).map(|piece| piece.iter().collect()).collect();
    pieces.into_iter()
}
