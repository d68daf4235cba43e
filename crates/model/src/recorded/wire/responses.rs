//! An answer as OpenAI responses.

use serde_json::{Value, json};

use super::super::{RecordedAnswer, RecordedStop};
use super::{Frame, MODEL, output_tokens, pieces};

pub(super) fn frames(answer: &RecordedAnswer, input_tokens: usize, piece_chars: usize) -> Vec<Frame> {
    let event = |value: Value| {
        let name = value.get("type").and_then(Value::as_str).unwrap_or_default();
        Frame { bytes: format!("event: {name}\ndata: {value}\n\n").into_bytes(), is_piece: false }
    };
    let response = |status: &str| json!({ "id": "resp_recorded", "object": "response", "model": MODEL, "status": status, "output": [] });
    let mut frames = vec![event(json!({ "type": "response.created", "response": response("in_progress") }))];
    let deltas = |kind: &str, text: &str, is_piece| -> Vec<Frame> {
        let delta = |piece| {
            event(json!({ "type": format!("response.{kind}.delta"), "output_index": 0, "delta": piece }))
        };
        pieces(text, piece_chars).map(|piece| Frame { is_piece, ..delta(piece) }).collect()
    };
    frames.extend(deltas("reasoning_summary_text", &answer.reasoning, false));
    frames.extend(deltas("output_text", &answer.text, true));
    frames.extend(deltas("refusal", &answer.refusal, false));
    if let Some(message) = &answer.error {
        let mut failed = response("failed");
        failed["error"] = json!({ "code": "server_error", "message": message });
        frames.push(event(json!({ "type": "response.failed", "response": failed })));
        return frames;
    }
    let (status, reason) = match answer.stop {
        RecordedStop::Complete | RecordedStop::Refusal | RecordedStop::ToolUse => ("completed", None),
        RecordedStop::MaxTokens => ("incomplete", Some("max_output_tokens")),
        RecordedStop::ContentFilter => ("incomplete", Some("content_filter")),
        RecordedStop::Paused => ("incomplete", Some("paused")),
    };
    let item = match answer.stop {
        RecordedStop::ToolUse => Some(
            json!({ "type": "function_call", "call_id": "call_1", "name": "tool", "arguments": "{}", "status": "completed" }),
        ),
        RecordedStop::Complete
        | RecordedStop::MaxTokens
        | RecordedStop::Refusal
        | RecordedStop::ContentFilter
        | RecordedStop::Paused => None,
    };
    frames.extend(
        item.map(|item| {
            event(json!({ "type": "response.output_item.done", "output_index": 1, "item": item }))
        }),
    );
    let output_tokens = output_tokens(answer);
    let mut whole = response(status);
    whole["incomplete_details"] = reason.map_or(Value::Null, |reason| json!({ "reason": reason }));
    whole["usage"] = json!({
        "input_tokens": input_tokens, "output_tokens": output_tokens, "total_tokens": input_tokens + output_tokens,
    });
    frames.push(event(json!({ "type": format!("response.{status}"), "response": whole })));
    frames
}
