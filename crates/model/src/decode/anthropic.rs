//! Anthropic Messages: named events, ended by `message_stop`.
//!
//! Events, blocks and deltas of unknown kinds are ignored, as the API's versioning asks.

use serde_json::{Map, Value};

use super::sse::SseEvent;
use super::{count, json, push_reasoning, push_text, text};
use crate::error::{Error, from_event};
use crate::event::{Event, Stop, Usage};

/// Names whose data must be JSON; data of other names is not looked at when it is none.
const KNOWN: [&str; 8] = [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
    "ping",
    "error",
];

/// What is known of an answer so far.
#[derive(Debug, Default)]
pub(super) struct Anthropic {
    is_stopped: bool,
    stop_reason: Option<String>,
    refusal: String,
    /// The counts that came last, by name: later events repeat only some of them.
    usage: Map<String, Value>,
}

impl Anthropic {
    pub(super) fn event(&mut self, event: &SseEvent, out: &mut Vec<Event>) -> Result<(), Error> {
        let value = match json(&event.data) {
            Ok(value) => value,
            Err(_) if event.name == "error" => return Err(from_event(&Value::String(event.data.clone()))),
            Err(error) if event.name.is_empty() || KNOWN.contains(&event.name.as_str()) => return Err(error),
            Err(_) => return Ok(()),
        };
        match text(&value, "/type").unwrap_or(&event.name) {
            "message_start" => self.count(value.pointer("/message/usage")),
            "content_block_start" => match text(&value, "/content_block/type") {
                Some("text") => push_text(text(&value, "/content_block/text").unwrap_or_default(), out),
                Some("thinking") => {
                    push_reasoning(text(&value, "/content_block/thinking").unwrap_or_default(), out)
                }
                _ => {}
            },
            "content_block_delta" => match text(&value, "/delta/type") {
                Some("text_delta") => push_text(text(&value, "/delta/text").unwrap_or_default(), out),
                Some("thinking_delta") => {
                    push_reasoning(text(&value, "/delta/thinking").unwrap_or_default(), out)
                }
                _ => {}
            },
            "message_delta" => {
                if let Some(reason) = text(&value, "/delta/stop_reason") {
                    self.stop_reason = Some(reason.to_owned());
                }
                if let Some(why) = text(&value, "/delta/stop_details/explanation") {
                    self.refusal = why.to_owned();
                }
                self.count(value.get("usage"));
            }
            "message_stop" => self.is_stopped = true,
            "error" => return Err(from_event(&value)),
            _ => {}
        }
        Ok(())
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_stopped
    }

    pub(super) fn end(&self) -> Option<(Stop, Usage)> {
        self.is_stopped.then(|| (self.stop(), self.usage()))
    }

    fn stop(&self) -> Stop {
        match self.stop_reason.as_deref() {
            Some("end_turn" | "stop_sequence") => Stop::Complete,
            Some("max_tokens" | "model_context_window_exceeded") => Stop::MaxTokens,
            Some("tool_use") => Stop::ToolUse,
            Some("refusal") => Stop::Refusal(self.refusal.clone()),
            Some("pause_turn" | "compaction") => Stop::Paused,
            other => Stop::Other(other.unwrap_or_default().to_owned()),
        }
    }

    fn count(&mut self, usage: Option<&Value>) {
        for (name, value) in usage.and_then(Value::as_object).into_iter().flatten() {
            if !value.is_null() {
                self.usage.insert(name.clone(), value.clone());
            }
        }
    }

    fn usage(&self) -> Usage {
        let named = |name: &str| self.usage.get(name).and_then(Value::as_u64);
        let (read, written) = (named("cache_read_input_tokens"), named("cache_creation_input_tokens"));
        Usage {
            // The API counts cached tokens apart from the others.
            input_tokens: named("input_tokens")
                .map(|fresh| fresh.saturating_add(read.unwrap_or(0)).saturating_add(written.unwrap_or(0))),
            cached_input_tokens: read,
            cache_write_tokens: written,
            output_tokens: named("output_tokens"),
            reasoning_tokens: self
                .usage
                .get("output_tokens_details")
                .and_then(|details| count(details, "/thinking_tokens")),
        }
    }
}
