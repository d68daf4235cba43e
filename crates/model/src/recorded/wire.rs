//! What a provider sends, event by event, for a recorded answer; and what it reads from a request.

mod anthropic;
mod chat;
mod gemini;
mod ollama;
mod responses;

use serde_json::{Value, json};

use super::RecordedAnswer;
use crate::protocol::Protocol;

/// The name of the only model there is.
pub(super) const MODEL: &str = "recorded";

/// What the model takes, as lists of models say it.
const CONTEXT_TOKENS: u64 = 64_000;

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
    Protocol::ALL.into_iter().find(|protocol| {
        path.ends_with(match protocol {
            Protocol::AnthropicMessages => "/messages",
            Protocol::OpenaiChat => "/chat/completions",
            Protocol::OpenaiResponses => "/responses",
            Protocol::Gemini => ":streamGenerateContent",
            Protocol::Ollama => "/api/chat",
        })
    })
}

/// The texts of a request: instructions, then messages.
pub(super) fn prompt(body: &Value) -> Vec<String> {
    let instructions =
        ["system", "instructions", "systemInstruction"].iter().filter_map(|name| body.get(name));
    instructions.map(text_of).chain(turns(body).map(|(_, text)| text)).collect()
}

/// The last message of the user; empty when there is none.
pub(super) fn last_user_message(body: &Value) -> String {
    turns(body).filter(|(role, _)| role == "user").last().map(|(_, text)| text).unwrap_or_default()
}

/// Role and text of every turn.
fn turns(body: &Value) -> impl Iterator<Item = (String, String)> {
    let turns = ["messages", "input", "contents"].iter().find_map(|name| body.get(name)?.as_array());
    turns.into_iter().flatten().map(|turn| {
        let role = turn.get("role").and_then(Value::as_str).unwrap_or_default().to_owned();
        (role, turn.get("content").map(text_of).unwrap_or_else(|| text_of(turn)))
    })
}

/// The text of a content that is a string, a list of blocks, or an object that holds such a list.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Object(members) => members.get("parts").map(text_of).unwrap_or_default(),
        Value::Array(blocks) => blocks.iter().filter_map(|block| block.get("text")?.as_str()).collect(),
        _ => String::new(),
    }
}

/// An error's body in a protocol's shape.
pub(super) fn error_body(protocol: Protocol, kind: &str, message: &str) -> String {
    match protocol {
        Protocol::AnthropicMessages => {
            json!({ "type": "error", "error": { "type": kind, "message": message } })
        }
        Protocol::OpenaiChat | Protocol::OpenaiResponses => {
            json!({ "error": { "message": message, "type": kind, "param": null, "code": null } })
        }
        Protocol::Gemini => json!({ "error": { "message": message, "status": kind } }),
        Protocol::Ollama => json!({ "error": message }),
    }
    .to_string()
}

/// The list of models.
pub(super) fn models_body() -> String {
    json!({ "object": "list", "data": [{ "id": MODEL, "object": "model", "type": "model", "owned_by": "recording", "context_length": CONTEXT_TOKENS }] })
        .to_string()
}

/// The model as Ollama describes one.
pub(super) fn ollama_model_body() -> String {
    json!({ "model_info": { "recorded.context_length": CONTEXT_TOKENS } }).to_string()
}

/// The model as Gemini describes one.
pub(super) fn model_body() -> String {
    json!({ "name": format!("models/{MODEL}"), "inputTokenLimit": CONTEXT_TOKENS }).to_string()
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
        Protocol::AnthropicMessages => anthropic::frames(answer, input_tokens, piece_chars),
        Protocol::OpenaiChat => chat::frames(answer, request, input_tokens, piece_chars),
        Protocol::OpenaiResponses => responses::frames(answer, input_tokens, piece_chars),
        Protocol::Gemini => gemini::frames(answer, input_tokens, piece_chars),
        Protocol::Ollama => ollama::frames(answer, input_tokens, piece_chars),
    }
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
